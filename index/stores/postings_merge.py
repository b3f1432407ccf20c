"""Put the inverted lists of several segments into one, in constant memory."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.stores.postings import Hashes, Numbers, Postings, frequency_part

_AT_ONCE = 8_000_000  # postings in memory


@dataclass(frozen=True)
class Source:
    """A segment to be merged.

    :ivar numbers: ``(passages,) int32``: new number of each passage, -1 for one that goes.
    """

    postings: Postings
    numbers: Numbers


def merge_postings(sources: list[Source], folder: Path) -> None:
    """Write the lists of the sources, merged, into the folder.

    New numbers must rise from source to source and within each.
    """
    kept = [s.postings.lengths[s.numbers >= 0] for s in sources]
    lengths = np.concatenate(kept) if kept else np.zeros(0, np.int32)
    mean = float(lengths.mean(dtype=np.float64)) if len(lengths) else 1.0
    hashes = _union([s.postings.hashes for s in sources])
    held, offset = [], [np.zeros(1, dtype=np.int64)]
    total = 0
    with ExitStack() as stack:
        files = {
            name: stack.enter_context((folder / f"bm25.{name}").open("wb"))
            for name in ("documents", "counts", "tops")
        }
        for first, last in _ranges(sources, hashes):
            ids, documents, counts = _gather(sources, hashes, first, last)
            sizes = np.bincount(ids, minlength=last - first)
            present = sizes > 0
            starts = np.cumsum(sizes) - sizes
            part = frequency_part(counts, lengths[documents], mean)
            if len(part):
                np.maximum.reduceat(part, starts[present]).tofile(files["tops"])
            documents.tofile(files["documents"])
            counts.tofile(files["counts"])
            held.append(hashes[first:last][present])
            offset.append(total + np.cumsum(sizes[present], dtype=np.int64))
            total += len(documents)
    lengths.tofile(folder / "bm25.lengths")
    np.concatenate([*held, np.zeros(0, np.uint64)]).tofile(folder / "bm25.hashes")
    np.concatenate(offset).tofile(folder / "bm25.offsets")


def _union(parts: list[Hashes]) -> Hashes:
    """Return the different tokens of all sources, ascending."""
    result = np.zeros(0, np.uint64)
    for part in parts:  # one by one: all at once would need the sum of their sizes
        result = np.union1d(result, part)
    return result


def _ranges(sources: list[Source], hashes: Hashes) -> list[tuple[int, int]]:
    """Divide the tokens so that the lists of each range fit into memory together."""
    frequency = np.zeros(len(hashes), dtype=np.int64)
    for source in sources:
        rows = np.searchsorted(hashes, source.postings.hashes)
        frequency[rows] += np.diff(source.postings.offsets)
    filled = np.cumsum(frequency) // _AT_ONCE
    cuts = np.flatnonzero(np.diff(filled)) + 1
    edges = [0, *cuts.tolist(), len(hashes)]
    return [(a, b) for a, b in pairwise(edges) if a < b]


def _gather(
    sources: list[Source], hashes: Hashes, first: int, last: int
) -> tuple[npt.NDArray[np.int64], Numbers, npt.NDArray[np.uint8]]:
    """Return token (counted from ``first``), passage and frequency of every posting of a range."""
    ids, documents, counts = [], [], []
    for source in sources:
        own = source.postings
        low = int(np.searchsorted(own.hashes, hashes[first]))
        high = int(np.searchsorted(own.hashes, hashes[last - 1], side="right"))
        if low == high:
            continue
        begin, end = int(own.offsets[low]), int(own.offsets[high])
        row = np.searchsorted(hashes[first:last], own.hashes[low:high])
        token = np.repeat(row, np.diff(own.offsets[low : high + 1]))
        number = source.numbers[own.documents[begin:end]]
        stays = number >= 0
        ids.append(token[stays])
        documents.append(number[stays])
        counts.append(own.counts[begin:end][stays])
    token = np.concatenate([*ids, np.zeros(0, np.int64)])
    order = np.argsort(token, kind="stable")  # sources come in rising order of numbers
    number = np.concatenate([*documents, np.zeros(0, np.int32)])[order]
    count = np.concatenate([*counts, np.zeros(0, np.uint8)])[order]
    return token[order], number, count
