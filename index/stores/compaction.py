"""Which segments are worth merging."""

from __future__ import annotations

LARGEST = 2_000_000  # passages of a segment; merging more needs more than 3 GB of memory
_RATIO = 3  # a segment joins those behind it if it is at most so many times as large as they
_SMALL = 3_000  # passages that are always worth joining
_REMOVED = 0.3  # share of removed passages from which a segment is written anew
_MANY = 8  # segments from which a search is slower for it: each costs about 0.3 ms


def worth_compacting(sizes: list[tuple[int, int]]) -> bool:
    """Tell whether a store should be merged behind the scenes: many segments, or much removed.

    :param sizes: passages held and passages written of each segment.
    """
    ranges = segments_to_merge(sizes, LARGEST)
    held, written = sum(h for h, _ in sizes), sum(w for _, w in sizes)
    return bool(ranges) and (len(sizes) >= _MANY or written - held > _REMOVED * written)


def segments_to_merge(sizes: list[tuple[int, int]], limit: int) -> list[tuple[int, int]]:
    """Return ranges of neighbouring segments to be merged, the last range first.

    Each passage is written anew about once for every threefold growth of the store, so adding n
    documents one by one costs O(n log n).

    :param sizes: passages held and passages written of each segment.
    :param limit: passages of a merged segment at most.
    """
    ranges: list[tuple[int, int]] = []
    last = len(sizes)
    while last > 0:
        first = last - 1
        held, written = sizes[first]
        while first > 0:
            more = sizes[first - 1][0]
            if held + more > limit or (more > _RATIO * held and held + more > _SMALL):
                break
            first -= 1
            held += more
            written += sizes[first][1]
        worn = written - held > _REMOVED * written and held <= limit
        if last - first > 1 or worn:
            ranges.append((first, last))
        last = first
    return ranges
