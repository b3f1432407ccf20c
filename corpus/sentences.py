"""Cut text into sentences and clauses, as ranges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_OPEN = "“‘（(《【[「『"
_CLOSE = "”’）)》】]」』"
_ENDS = "。！？!?"
SEGMENT_ENDS = _ENDS + "；;"
# The longest sentence in the 51 reports of the collection has 363 characters. What is longer is
# no sentence but damage or malice, and is cut, since some of what reads sentences takes time that
# grows with the square of their length.
LONGEST = 3000
_PAUSES = "；;，,、：: "


def sentence_ranges(text: str, start: int, end: int, stops: str = _ENDS) -> list[tuple[int, int]]:
    """Return the sentences of ``text[start:end]``, white space trimmed.

    A stop inside brackets does not end a sentence; closing quotes after a stop belong to it.
    None is longer than ``LONGEST``: what is gets cut at a pause.
    ``stops=_ENDS + "；;"`` gives the finer cut at semicolons.
    """
    ranges: list[tuple[int, int]] = []
    depth = 0
    begin = position = start
    marks = _marks(stops)
    while (mark := marks.search(text, position, end)) is not None:
        position = mark.start()
        char = mark[0]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char == "\n":
            depth = 0
            ranges.append((begin, position))
            begin = position + 1
        elif char in stops and (
            depth == 0 or (position + 1 < end and text[position + 1] in _CLOSE)
        ):
            stop = position + 1
            while stop < end and text[stop] in _CLOSE + stops:
                depth = max(0, depth - (text[stop] in _CLOSE))
                stop += 1
            ranges.append((begin, stop))
            begin = position = stop
            continue
        position += 1
    ranges.append((begin, end))
    bounded = (part for s, e in ranges for part in _bounded(text, s, e))
    return [trimmed for s, e in bounded if (trimmed := trim(text, s, e)) is not None]


@lru_cache(maxsize=8)
def _marks(stops: str) -> re.Pattern[str]:
    """Return the pattern of the characters that a sentence may end or not end at."""
    return re.compile(f"[{re.escape(_OPEN + _CLOSE + stops)}\\n]")


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a range into parts of at most ``LONGEST`` characters, behind pauses where there are."""
    while end - start > LONGEST:
        last = max(text.rfind(p, start + LONGEST // 2, start + LONGEST) for p in _PAUSES)
        cut = last + 1 if last >= 0 else start + LONGEST
        yield start, cut
        start = cut
    yield start, end


def flowing_ranges(text: str, start: int, end: int, stops: str = _ENDS) -> list[tuple[int, int]]:
    """Return the sentences of a paragraph that may run over line breaks of the file."""
    flowing = text[start:end].replace("\n", " ")
    return [(start + a, start + b) for a, b in sentence_ranges(flowing, 0, len(flowing), stops)]


def clause_ranges(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the parts between commas and stronger marks; 、 joins, so it does not cut."""
    return [
        (start + m.start(), start + m.end())
        for m in re.finditer(r"[^，,；;。！？!?：:\n]+", text[start:end])
    ]


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the range without white space at its ends, or None if nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None
