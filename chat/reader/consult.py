"""Let the reader look at the best places found: where in them the answer stands, or that none has it."""

from __future__ import annotations

from dataclasses import replace

from chat.evidence import Reading
from chat.reader.reader import Reader
from chat.span import folded
from chat.types import Evidence, ReadSpan

PASSAGES = 3  # read for a question; the reader was trained on groups of three


def consult(reading: Reading, reader: Reader) -> Reading:
    """Return what was found with the reader's spans in the passages of the best places."""
    parts: dict[tuple[str, int], list[Evidence]] = {}
    for place in reading.evidence:
        key = (place.passage.document_id, place.passage.start)
        if key in parts or len(parts) < PASSAGES:
            parts.setdefault(key, []).append(place)
    ordered = [sorted(group, key=lambda e: e.segment.start) for group in parts.values()]
    spelt = [[folded(reading.document(e), e).text for e in group] for group in ordered]
    answering, none = reader.read(reading.question.folded, ["".join(t) for t in spelt])
    found: dict[int, ReadSpan] = {}
    for group, texts, read in zip(ordered, spelt, answering, strict=True):
        start = 0
        for place, text in zip(group, texts, strict=True):
            end = start + len(text)
            score, first, last = read.best(start, end) or (0.0, start, end)
            mass = read.mass(start, end)
            found[id(place)] = ReadSpan(score, mass, first - start, last - start)
            start = end
    evidence = [replace(e, read=found[id(e)]) if id(e) in found else e for e in reading.evidence]
    return replace(reading, evidence=evidence, none=none)
