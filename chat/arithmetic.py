"""Sums, differences and ratios over figures that the report gives, with the working shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from chat.evidence import Reading
from chat.numbers import Candidate, candidates, two_clauses_before
from chat.reckoning import Amount, Result, difference, ratio, total
from chat.reports.series import SCALES, split_unit
from chat.span import Span, folded, shown
from chat.types import Evidence
from corpus.cleaning import fold_text
from corpus.figures.bounds import bound_of
from corpus.types import Figure
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
_JOINED = re.compile(
    r"(?<=\S)(?:[和与跟及、]|加(?!起来|在一起))\S{1,14}(?:一共|总共|合计|共计|加起来|加在一起|相加|之和|总和)"
)
_FIT = 0.4  # share of the question that the clause of the two figures must meet
_PLACES, _BELOW = 3, 1.5  # places looked at, and how far below the best score
_NAMED = 0.6  # share of a label that the question must name
_TELLING = 0.15  # weight from which a word of a label counts


@dataclass(frozen=True)
class Term:
    """A figure to reckon with.

    :ivar text: as it stands in the report.
    """

    candidate: Candidate
    figure: Figure
    value: Decimal
    text: str


def operation_of(question: Question) -> Operation | None:
    """Return what the question wants reckoned, if anything."""
    if question.kind not in (Kind.NUMBER, Kind.CLAUSE, Kind.YES_NO):
        return None
    return next((op for op, pattern in _OPERATIONS if pattern.search(question.folded)), None)


def needs_sum(question: Question) -> bool:
    """Tell whether two things are to be added: 锅炉和货车一共淘汰了多少, not 一共接种了多少."""
    return operation_of(question) is Operation.SUM and _JOINED.search(question.folded) is not None


def lacks_sum(reading: Reading, span: Span) -> bool:
    """Tell whether two things were to be added and what is told is neither their sum nor called so.

    减免房租、税费共7.9亿元 gives the sum itself.
    """
    if not needs_sum(reading.question) or span.reckoned:
        return False
    told = re.escape(fold_text(span.text))
    said = folded(reading.document(span.evidence[0]), span.evidence[0]).text
    return re.search(rf"(?:共|合计|总计|总额)[^，。；]{{0,6}}{told}", said) is None


def arithmetic_span(reading: Reading, direct: Span | None) -> Span | None:
    """Return the result with its working, or None where the report does not give the figures.

    A figure that the report gives itself (同比增长7.5%) is better than one reckoned: only figures
    of the same unit, named in the question or joined by 由…到…, are reckoned with.

    :param direct: the quantity that would be given without reckoning.
    """
    operation = operation_of(reading.question)
    if operation is None or not reading.evidence:
        return None
    if operation is Operation.DIFFERENCE:
        return _from_to(reading, direct) or _of_named(reading, operation)
    return _of_named(reading, operation)


def _from_to(reading: Reading, direct: Span | None) -> Span | None:
    """Subtract the two ends of a 由…降至… in the best evidence."""
    for place in reading.evidence[:_PLACES]:
        if place.score < reading.evidence[0].score - _BELOW:
            return None
        text = folded(reading.document(place), place).text
        terms = _terms(reading, place)
        best: tuple[float, Term, Term] | None = None
        for match in _FROM_TO.finditer(text):
            first, second = _inside(terms, match.span("from")), _inside(terms, match.span("to"))
            if first is None or second is None or first.figure.unit != second.figure.unit:
                continue
            if not _of_years_asked(reading.question, first, second):
                continue
            fit = reading.coverage(text[two_clauses_before(text, match.start()) : match.end()])
            if best is None or fit > best[0]:
                best = (fit, first, second)
        if best is not None and best[0] >= _FIT and not _given(direct, best[1], best[2]):
            return _result(Operation.DIFFERENCE, [best[1], best[2]], reading)
    return None


def _of_years_asked(question: Question, first: Term, second: Term) -> bool:
    """Tell whether a change is that of the one year asked for: not over five years for 去年."""
    before, after = first.figure.period, second.figure.period
    if question.years is None or question.years[0] != question.years[1]:
        return True
    if before is None or after is None or before[0] == question.years[0]:
        return True  # 比2016年提高了: the year asked for is that where the change began
    return after[1] - before[1] <= 1


def _given(direct: Span | None, first: Term, second: Term) -> bool:
    """Tell whether the report gives the difference itself: a fitting quantity beside the pair."""
    if direct is None or direct.support is None:
        return False
    if any(t.text in direct.text or direct.text in t.text for t in (first, second)):
        return False  # one of the two ends, with the word that bounds it
    return direct.support.unit > 0 and direct.support.coverage >= _FIT


def _inside(terms: list[Term], span: tuple[int, int]) -> Term | None:
    inside = [t for t in terms if span[0] <= t.candidate.quantity.start < span[1]]
    return inside[-1] if inside else None


def _terms(reading: Reading, place: Evidence) -> list[Term]:
    """Return the quantities of a place that are figures with an exact decimal value."""
    document = reading.document(place)
    found = []
    for candidate in candidates(document, place):
        figure = reading.figure_at(document.id, *candidate.source)
        if figure is not None and isinstance(figure.value, Decimal):
            told = shown(document, figure.start, figure.end)
            found.append(Term(candidate, figure, figure.value, told))
    return found


def _of_named(reading: Reading, operation: Operation) -> Span | None:
    """Reckon with the figures of one place whose indicators are all named in the question."""
    for place in reading.evidence[:_PLACES]:
        if place.score < reading.evidence[0].score - _BELOW:
            return None
        named = [t for t in _terms(reading, place) if _is_named(reading, t)]
        same = [t for t in named if t.figure.unit == named[0].figure.unit]
        if len(same) >= 2 and (operation is Operation.SUM or len(same) == 2):
            return _result(operation, same, reading)
    return None


def _is_named(reading: Reading, term: Term) -> bool:
    """Tell whether the question names most of what a figure measures, and its year if any."""
    asked = reading.question
    label = fold_text(term.figure.indicator)
    words = [w for w in reading.words.cut(label) if w.weight >= _TELLING and len(w.text) > 1]
    met = sum(w.weight for w in words if w.text in asked.folded)
    if not words or met < _NAMED * sum(w.weight for w in words):
        return False
    period = term.figure.period
    if asked.years is None or period is None:
        return True
    return asked.years[0] <= period[1] and period[0] <= asked.years[1]


def _result(operation: Operation, terms: list[Term], reading: Reading) -> Span | None:
    """Return the result of an operation over terms of one unit, the working as explanation."""
    amounts = [_amount(t) for t in terms]
    found: Result | None
    if operation is Operation.SUM:
        found = total(amounts)
    elif operation is Operation.DIFFERENCE:
        found = difference(amounts[0], amounts[1])
    else:
        low, high = sorted(amounts[:2], key=lambda a: a.value)
        found = ratio(high, low)
    if found is None:
        return None
    labels = [x for t in terms for x in (*t.candidate.labels, fold_text(t.figure.indicator))]
    return Span(
        found.text,
        (terms[0].candidate.evidence,),
        explanation=found.working,
        support=reading.support(*labels),
        reckoned=True,
    )


def _amount(term: Term) -> Amount:
    scale, base = split_unit(term.figure.unit)
    value = Fraction(term.value) * SCALES[scale]
    return Amount(value, scale, base, bound_of(term.figure.qualifier), term.text)
