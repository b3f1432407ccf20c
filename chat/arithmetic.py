"""Sums, differences and ratios over figures that the report gives, with the working shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from chat.features import Matcher
from chat.numbers import Candidate, candidates
from chat.span import Span, folded, shown
from chat.types import Evidence
from corpus.types import Document
from index.words import WordModel
from retriever.kinds import Kind
from retriever.question import Question


class Operation(StrEnum):
    """What is to be reckoned."""

    DIFFERENCE = "difference"
    SUM = "sum"
    RATIO = "ratio"


# (operation, pattern on the folded question, example)
OPERATIONS: tuple[tuple[Operation, str, str], ...] = (
    (Operation.SUM, r"(一共|总共|合计|共计|加起来|加在一起|相加|之和|总和)", "建议和提案加起来一共多少件"),
    (Operation.RATIO, r"(多少|几)倍|(翻了|是)几(倍|番)", "新房是旧房的几倍"),
    (
        Operation.DIFFERENCE,
        r"(增加|增长|提高|提升|上升|下降|降低|减少|降|涨|缩小|扩大|变化|改善|高|低|多|少|差|相差|相比|升)(了|出)?(多少|几)(?!(家|人))|相差|差(距)?(是)?多少|(多|少|高|低)(了|出)?(多少|几)",
        "浓度下降了多少",
    ),
)  # fmt: skip
_OPERATIONS = tuple((op, re.compile(p)) for op, p, _ in OPERATIONS)
_FROM_TO = re.compile(
    r"(?:从|由)(?P<from>[^，。；]{1,24}?)(?:提高|提升|上升|增加|增长|扩大|跃升|升|下降|降低|降|减少|缩小|压减|发展|变|调整)?(?:到|至|为)(?P<to>[^，。；]{1,20})"
)
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12}
_MINUS = "−"


@dataclass(frozen=True)
class Figure:
    """A figure as it stands in the report, with its exact value."""

    candidate: Candidate
    value: Decimal
    unit: str
    text: str


def operation_of(question: Question) -> Operation | None:
    """Return what the question wants reckoned, if anything."""
    if question.kind not in (Kind.NUMBER, Kind.CLAUSE, Kind.YES_NO):
        return None
    return next((op for op, pattern in _OPERATIONS if pattern.search(question.folded)), None)


def arithmetic_span(
    question: Question,
    matcher: Matcher,
    model: WordModel,
    evidence: list[Evidence],
    documents: dict[str, Document],
) -> Span | None:
    """Return the result with its working, or None where the report does not give the figures.

    A figure that the report gives itself (同比增长7.5%) is better than one reckoned: only a pair of
    figures of the same unit, named in the question or joined by 由…到…, is reckoned with.
    """
    operation = operation_of(question)
    if operation is None or not evidence:
        return None
    if operation is Operation.DIFFERENCE:
        return _from_to(matcher, evidence, documents)
    if operation is Operation.SUM:
        return _sum(question, matcher, model, evidence, documents)
    return None


def _from_to(
    matcher: Matcher, evidence: list[Evidence], documents: dict[str, Document]
) -> Span | None:
    """Subtract the two ends of a 由…降至… in the best evidence."""
    for place in evidence[:3]:
        if place.score < evidence[0].score - 1.5:
            return None
        document = documents[place.passage.document_id]
        text = folded(document, place).text
        found = candidates(document, place)
        best: tuple[float, Figure, Figure] | None = None
        for match in _FROM_TO.finditer(text):
            first = _inside(document, found, match.span("from"))
            second = _inside(document, found, match.span("to"))
            if first is None or second is None or first.unit != second.unit:
                continue
            begin = max((text.rfind(c, 0, match.start()) + 1 for c in "，。；"), default=0)
            fit = matcher.bigram_coverage(text[begin : match.end()])
            if best is None or fit > best[0]:
                best = (fit, first, second)
        if best is not None and best[0] > 0:
            return _difference(best[1], best[2], place)
    return None


def _inside(document: Document, found: list[Candidate], span: tuple[int, int]) -> Figure | None:
    inside = [c for c in found if span[0] <= c.quantity.start < span[1]]
    return figure(document, inside[-1]) if inside else None


def figure(document: Document, candidate: Candidate) -> Figure | None:
    """Return a candidate with its exact value in the unit's own terms, None if it has none."""
    quantity = candidate.quantity
    scale = re.sub(r"[多余来]", "", quantity.scale)
    if quantity.value is None or scale not in _SCALES:
        return None
    start, end = folded(document, candidate.evidence).source_range(quantity.start, quantity.end)
    unit = quantity.unit
    value = quantity.value * _SCALES[scale]
    return Figure(candidate, value, unit, shown(document, start, end))


def _difference(first: Figure, second: Figure, place: Evidence) -> Span:
    high, low = (first, second) if first.value >= second.value else (second, first)
    difference = high.value - low.value
    unit = "个百分点" if first.unit in ("%", "％") else first.unit
    result = f"{plain(difference)}{unit}"
    working = f"{high.text} {_MINUS} {low.text} = {result}"
    return Span(result, (place,), explanation=working)


def _sum(
    question: Question,
    matcher: Matcher,
    model: WordModel,
    evidence: list[Evidence],
    documents: dict[str, Document],
) -> Span | None:
    """Add figures of one sentence whose indicators are both named in the question."""
    for place in evidence[:2]:
        document = documents[place.passage.document_id]
        text = folded(document, place).text
        figures = []
        for candidate in candidates(document, place):
            label = text[slice(*candidate.before)]
            words = [w for w in model.cut(label) if w.weight >= 0.3]
            named = [w for w in words if w.text in question.folded]
            known = figure(document, candidate)
            if known is not None and words and len(named) >= max(1, len(words) // 2):
                figures.append(known)
        if len(figures) >= 2 and len({f.unit for f in figures}) == 1:
            total = sum((f.value for f in figures), Decimal(0))
            result = f"{plain(total)}{figures[0].unit}"
            working = " + ".join(f.text for f in figures) + f" = {result}"
            return Span(result, (place,), explanation=working)
    return None


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and trailing zeros: 300 stays 300."""
    text = format(value.normalize(), "f")
    return text
