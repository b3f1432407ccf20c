"""The shortest span of the evidence that the kind of the question asks for."""

from __future__ import annotations

import re
from collections.abc import Callable

import jieba.posseg

from chat.arithmetic import arithmetic_span
from chat.evidence import Reading
from chat.lists import list_span, measures_span
from chat.numbers import choose, number_span
from chat.span import Span, folded, shown
from chat.types import Evidence
from corpus.sentences import clause_ranges
from corpus.types import Document
from index.words import WordModel
from retriever.kinds import Kind
from retriever.question import Question

_DATE = re.compile(
    r"(?:(?:19|20)\d\d年|[一二][〇○零一二三四五六七八九]{3}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末|年底|年末)?|去年|今年|明年"
)
_REASON = re.compile(r"(?:因为|由于|得益于|归功于|为了|为|原因是|主要是)(?P<reason>[^。；]{4,60})")
_MAX_CLAUSE = 60


def span_for(
    question: Question, reading: Reading, documents: dict[str, Document], model: WordModel
) -> Span:
    """Return the short answer from the evidence, which must not be empty."""
    reckoned = arithmetic_span(question, reading.matcher, model, reading.evidence, documents)
    if reckoned is not None:
        return reckoned
    finder = _FINDERS.get(question.kind)
    found = finder(question, reading, documents, model) if finder is not None else None
    return found if found is not None else clause_span(question, reading, documents, model)


def clause_span(
    question: Question, reading: Reading, documents: dict[str, Document], model: WordModel
) -> Span:
    """Return the clause of the best segment that meets the question best."""
    best = reading.evidence[0]
    document = documents[best.passage.document_id]
    text = folded(document, best)
    scored = []
    for start, end in clause_ranges(text.text, 0, len(text.text)):
        piece = text.text[start:end]
        words = tuple(model.cut(piece))
        met = reading.matcher.matches([piece], [words], [model.vectors(list(words))])
        new = sum(w.weight for w in words if w.text not in question.folded)
        # A clause that only repeats the question tells nothing new.
        scored.append((reading.matcher.weighted(met) + 0.05 * min(new, 4.0), start, end))
    if not scored:
        return Span(shown(document, best.segment.start, best.segment.end), (best,), found=False)
    _, start, end = max(scored)
    return Span(shown(document, *text.source_range(start, end)), (best,), found=False)


def _number(question: Question, reading: Reading, documents: dict[str, Document], model: WordModel) -> Span | None:
    chosen = choose(reading.matcher, model, reading.evidence, documents)
    return None if chosen is None else number_span(chosen[0], documents)


def _date(question: Question, reading: Reading, documents: dict[str, Document], model: WordModel) -> Span | None:
    for place in reading.evidence[:3]:
        if place.score < reading.evidence[0].score - 1.0:
            break
        document = documents[place.passage.document_id]
        text = folded(document, place)
        found = [m for m in _DATE.finditer(text.text) if m[0]]
        if found:
            longest = max(found, key=lambda m: (len(m[0]) > 4, _near(reading, text.text, m.start())))
            return Span(shown(document, *text.source_range(*longest.span())), (place,))
        if place.segment.years:
            return Span(f"{place.segment.years[-1]}年", (place,))
    return None


def _near(reading: Reading, text: str, position: int) -> float:
    """Return how much of the question stands in the clause around a position."""
    start, end = next(
        (r for r in clause_ranges(text, 0, len(text)) if r[0] <= position < r[1]), (0, len(text))
    )
    return reading.matcher.bigram_coverage(text[start:end])


def _named(flags: frozenset[str]) -> Callable[[Question, Reading, dict[str, Document], WordModel], Span | None]:
    """Return a finder of names whose part of speech is among the flags."""

    def find(question: Question, reading: Reading, documents: dict[str, Document], model: WordModel) -> Span | None:
        for place in reading.evidence[:2]:
            document = documents[place.passage.document_id]
            text = shown(document, place.segment.start, place.segment.end)
            names: list[tuple[float, str]] = []
            position = 0
            for pair in jieba.posseg.cut(text):
                if pair.flag in flags and len(pair.word) >= 2 and pair.word not in question.text:
                    names.append((_near(reading, text, position), pair.word))
                position += len(pair.word)
            if "nr" in flags and document.speaker and document.speaker in text:
                names.append((1.0, document.speaker))
            if names:
                return Span(max(names)[1], (place,))
        return None

    return find


def _reason(question: Question, reading: Reading, documents: dict[str, Document], model: WordModel) -> Span | None:
    best = reading.evidence[0]
    document = documents[best.passage.document_id]
    text = shown(document, best.sentence.start, best.sentence.end)
    match = _REASON.search(text)
    return Span(match["reason"].rstrip("，"), (best,)) if match else None


def _how(question: Question, reading: Reading, documents: dict[str, Document], model: WordModel) -> Span | None:
    return measures_span(reading.evidence, documents)


def _list(question: Question, reading: Reading, documents: dict[str, Document], model: WordModel) -> Span | None:
    return list_span(reading.matcher, model, reading.evidence, documents)


def _whole(question: Question, reading: Reading, documents: dict[str, Document], model: WordModel) -> Span | None:
    """Return the whole segment: what decides a yes or no, or defines a term in passing."""
    best: Evidence = reading.evidence[0]
    document = documents[best.passage.document_id]
    text = shown(document, best.segment.start, best.segment.end)
    return Span(text.rstrip("。；"), (best,)) if len(text) <= _MAX_CLAUSE else None


_FINDERS: dict[Kind, Callable[[Question, Reading, dict[str, Document], WordModel], Span | None]] = {
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.PERSON: _named(frozenset({"nr", "nrt", "nrfg"})),
    Kind.PLACE: _named(frozenset({"ns", "nt"})),
    Kind.REASON: _reason,
    Kind.HOW: _how,
    Kind.LIST: _list,
    Kind.YES_NO: _whole,
    Kind.DEFINITION: _whole,
}
