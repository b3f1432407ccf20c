"""Let the reader look at the best places found: where in them the answer stands, or that none has it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chat.evidence import Reading
from chat.reader.reader import PassageReader
from chat.span import folded
from chat.types import Evidence, ReadSpan

PASSAGES = 3  # read for a question; the reader was trained on groups of three
# Characters read of a passage, around its best place: the time taken grows with them, and what
# stands further off hardly ever changes what is found (docs/performance.md).
WINDOW = 150
_DOUBTFUL = (
    0.5  # probability of no answer from which the question is put once more, in the report's words
)


@dataclass(frozen=True)
class _Excerpt:
    """Neighbouring places of one passage, in the order of the text, with their folded texts."""

    places: list[Evidence]
    texts: list[str]


def consult(reading: Reading, reader: PassageReader) -> Reading:
    """Return what was found with the reader's spans in the best places of the best passages."""
    parts: dict[tuple[str, int], list[Evidence]] = {}
    for place in reading.evidence:
        key = (place.passage.document_id, place.passage.start)
        if key in parts or len(parts) < PASSAGES:
            parts.setdefault(key, []).append(place)
    excerpts = [_excerpt(reading, group) for group in parts.values()]
    texts = ["".join(e.texts) for e in excerpts]
    asked = reading.question.folded
    answering, none = reader.read(asked, texts)
    if none >= _DOUBTFUL and (again := _in_their_words(reading, texts)) != asked:
        second, still_none = reader.read(again, texts)
        if still_none < none:
            answering, none = second, still_none
    found: dict[int, ReadSpan] = {}
    for excerpt, read in zip(excerpts, answering, strict=True):
        start = 0
        for place, text in zip(excerpt.places, excerpt.texts, strict=True):
            end = start + len(text)
            score, first, last = read.best(start, end) or (0.0, start, end)
            mass = read.mass(start, end)
            found[id(place)] = ReadSpan(score, mass, first - start, last - start)
            start = end
    evidence = [replace(e, read=found[id(e)]) if id(e) in found else e for e in reading.evidence]
    return replace(reading, evidence=evidence, none=none)


def _in_their_words(reading: Reading, texts: list[str]) -> str:
    """Return the question with phrases of the vocabulary put as the texts have them.

    The reader knows no vocabulary, least of all what an office has added to it (``腰包总数`` stands for
    ``财政总收入``). What some text has is left as it is.
    """
    asked, whole = reading.question.folded, "\n".join(texts)
    told, position = "", 0
    for start, end, partners in reading.matcher.links:
        there = [p for p in partners if p in whole]
        if start < position or asked[start:end] in whole or not there:
            continue
        told += asked[position:start] + max(there, key=len)
        position = end
    return told + asked[position:]


def _excerpt(reading: Reading, group: list[Evidence]) -> _Excerpt:
    """Return the best place of a passage with the better of its neighbours, as far as there is room.

    :param group: places of the passage, best first.
    """
    best = group[0]
    places = sorted(group, key=lambda e: e.segment.start)
    texts = [folded(reading.document(e), e).text for e in places]
    first = last = places.index(best)
    room = WINDOW - len(texts[first])
    while True:
        beside = [i for i in (first - 1, last + 1) if 0 <= i < len(places)]
        beside = [i for i in beside if len(texts[i]) <= room]
        if not beside:
            return _Excerpt(places[first : last + 1], texts[first : last + 1])
        taken = max(beside, key=lambda i: places[i].score)
        room -= len(texts[taken])
        first, last = min(first, taken), max(last, taken)
