"""The shortest span of the evidence that the kind of the question asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from chat.arithmetic import arithmetic_span
from chat.evidence import Reading, displayed
from chat.forms import fits
from chat.lists import list_span, measures_span
from chat.matcher import ENDING
from chat.numbers import two_clauses_before
from chat.quantity_ranker import QuantityRanker
from chat.span import Span, Support, folded, shown
from chat.verdict import said
from corpus.cleaning import fold_text
from corpus.sentences import clause_ranges
from corpus.types import FigureKind
from retriever.kinds import Kind, figure_kind_of

_DATE = re.compile(
    r"(?:(?:19|20)\d\d年|[一二][〇○零一二三四五六七八九]{3}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末|年底|年末)?|去年|今年|明年"
)
_TIME = re.compile(
    r"\d{4}|\d:\d|\d(?:[年月日号天周点时]|个月|季度|小时|分钟|世纪)|[一二三四五六七八九十]+(?:年|月|日|号|天|周|季度)|[去今明前后当同次]年|年[初中底末内]|[上下]半年|"
    r"周[一二三四五六日末天]|星期|元旦|五一|十一|当天|当日|即时|"
    r"春节|国庆|[春夏秋冬][季天]|期间|时期|之?[前后]|[早晚]上|[上下]午"
)
_RANK = re.compile(r"第[\d一二三四五六七八九十]|[首前末后倒并榜]|最|领先|\d+(?:位|名|强)")
_REASON = re.compile(r"(?:因为|由于|得益于|归功于|为了|为|原因是|主要是)(?P<reason>[^。；]{4,60})")
# Whether a sentence gives a reason or a purpose at all: a report that only tells what is done does not
# tell why. Of the sentences that answer why in govqa train, 92% hold one of these.
_WHY = re.compile(r"为什么|为何|为啥|为的是|原因|凭什么|缘故|理由")
_REASONED = re.compile(
    r"因|由于|为(?!止|期|主|准)|以(?!上|下|内|外|前|后|来)|旨在|目的|得益|归功|鉴于|使|从而|避免|防止|保障|保证|满足|适应|"
    r"确保|促进|有利|考虑|需要|必须|才能|针对|让|增强|对冲|主要是|破解|解决|缓解|化解|补齐|填补|是[^，。]{0,20}(?:基础|前提|来源|关键|根本|基石|保障)|突出|"
    r"不足|不够|困难|问题|影响|压力|下降|偏|降低|提高|提升|减少|改善|方便|防治|关系|重要|造成|放松|面对|推动"
)
# 为什么取消扩招 is not answered by a sentence in which nothing ends: of 16 such questions in govqa and the
# invented districts 14 have no answer. These are also said of what a rule forbids in other words.
_FORBIDDEN = frozenset({"不让", "不准", "不给"})
_MAX_CLAUSE = 60
READ_PLACES = 3  # places that the reader chooses from
READ_REACH = 1.5  # how far their scores may be below the best
# Kinds whose short answer the reader gives, and the score below which it sees none. Measured on govqa
# validation: F1 of persons 22 → 64, dates 65 → 95, places 41 → 78, others 34 → 48; figures and measures
# stay with the rankers, which do better there, and lists whose members were found.
READ_KINDS: dict[Kind, float] = {
    Kind.DATE: 0.05,
    Kind.PERSON: 0.05,
    Kind.PLACE: 0.05,
    Kind.REASON: 0.05,
    Kind.CLAUSE: 0.35,
    Kind.LIST: 0.30,
}


Finder = Callable[[Reading], Span | None]


class SpanFinder:
    """Finds the short answer in what was read."""

    def __init__(self, quantities: QuantityRanker | None = None) -> None:
        """Read the shipped quantity ranker unless one is given."""
        self._quantities = quantities or QuantityRanker()

    def find(self, reading: Reading) -> Span:
        """Return the short answer from the evidence, which must not be empty."""
        kind = reading.question.kind
        direct = self._quantities.span(reading) if kind is Kind.NUMBER else None
        reckoned = arithmetic_span(reading, direct)
        if reckoned is not None:
            return reckoned
        finder = _FINDERS.get(kind)
        found = None if kind is Kind.LIST else read_span(reading)
        if found is None:
            found = direct if finder is None else finder(reading)
        return found if found is not None else clause_span(reading)


def _listed(reading: Reading) -> Span | None:
    """Return the members of a list where they can be told apart, else what the reader points at."""
    found = list_span(reading)
    return found if found is not None and found.items else read_span(reading) or found


def of_form(reading: Reading, span: Span) -> bool:
    """Tell whether an answer has the form that is asked for: a date, a rank, the right sibling, a reason."""
    question = reading.question
    if span.amiss:
        return False
    if question.kind is Kind.DATE:
        return span.found
    if question.kind is Kind.REASON and _WHY.search(question.folded):
        place = span.evidence[0]
        said = fold_text(shown(reading.document(place), *displayed(place)))
        ended = ENDING.search(question.folded)
        if ended and ended[0] not in _FORBIDDEN and ENDING.search(said) is None:
            return False
        return _REASONED.search(said) is not None
    told = fold_text(span.text)
    ranked = question.kind is Kind.NUMBER and figure_kind_of(question.folded) is FigureKind.RANK
    return fits(question.folded, told) and (not ranked or _RANK.search(told) is not None)


def read_span(reading: Reading) -> Span | None:
    """Return the reader's likeliest answer among the best places, None where it is not to be asked."""
    best = reading.evidence[0].score
    near = [e for e in reading.evidence[:READ_PLACES] if e.score >= best - READ_REACH]
    place = max(near, key=lambda e: e.read.score)
    if place.read.score < READ_KINDS.get(reading.question.kind, 1.0):
        return None
    document = reading.document(place)
    text = folded(document, place)
    told = shown(document, *text.source_range(place.read.start, place.read.end))
    if reading.question.kind is Kind.DATE and not _TIME.search(fold_text(told)):
        return None  # a name is no answer to 什么时候
    return Span(told, (place,), support=_fit(reading, text.text, place.read.start))


def clause_span(reading: Reading) -> Span:
    """Return the clause of the best segment that meets the question best."""
    best = reading.evidence[0]
    document = reading.document(best)
    text = folded(document, best)
    scored = []
    for start, end in clause_ranges(text.text, 0, len(text.text)):
        piece = text.text[start:end]
        words = reading.words.cut(piece)
        new = sum(w.weight for w in words if w.text not in reading.question.folded)
        # A clause that only repeats the question tells nothing new.
        scored.append((reading.coverage(piece) + 0.05 * min(new, 4.0), start, end))
    if not scored:
        return Span(shown(document, best.segment.start, best.segment.end), (best,), found=False)
    _, start, end = max(scored)
    told = shown(document, *text.source_range(start, end))
    return Span(told, (best,), found=reading.question.kind is Kind.CLAUSE)


def _date(reading: Reading) -> Span | None:
    for place in reading.evidence[:3]:
        if place.score < reading.evidence[0].score - 1.0:
            break
        document = reading.document(place)
        text = folded(document, place)
        found = [m for m in _DATE.finditer(text.text) if m[0]]
        if found:
            longest = max(
                found, key=lambda m: (len(m[0]) > 4, _near(reading, text.text, m.start()))
            )
            told = shown(document, *text.source_range(*longest.span()))
            return Span(told, (place,), support=_fit(reading, text.text, longest.start()))
        if place.segment.years:
            support = _fit(reading, text.text, len(text.text) - 1)
            return Span(f"{place.segment.years[-1]}年", (place,), support=support)
    return None


def _near(reading: Reading, text: str, position: int) -> float:
    """Return how much of the question stands in the clause around a position."""
    start, end = next(
        (r for r in clause_ranges(text, 0, len(text)) if r[0] <= position < r[1]), (0, len(text))
    )
    return reading.matcher.bigram_coverage(text[start:end])


def _fit(reading: Reading, text: str, position: int) -> Support:
    """Return how well the clauses around a date or name fit the question."""
    stop = min(
        (text.find(c, position) for c in "，；。" if text.find(c, position) >= 0), default=-1
    )
    around = text[two_clauses_before(text, position) : stop if stop >= 0 else len(text)]
    return reading.support(around)


def _named(flags: frozenset[str]) -> Finder:
    """Return a finder of names whose part of speech is among the flags."""

    def find(reading: Reading) -> Span | None:
        import jieba.posseg  # 0.3 s, which most questions do without

        for place in reading.evidence[:2]:
            document = reading.document(place)
            text = shown(document, place.segment.start, place.segment.end)
            names: list[tuple[float, str, int]] = []
            position = 0
            for pair in jieba.posseg.cut(text):
                new = pair.word not in reading.question.text
                if pair.flag in flags and len(pair.word) >= 2 and new:
                    names.append((_near(reading, text, position), pair.word, position))
                position += len(pair.word)
            if names:
                _, name, at = max(names)
                return Span(name, (place,), support=_fit(reading, fold_text(text), at))
        return None

    return find


def _reason(reading: Reading) -> Span | None:
    best = reading.evidence[0]
    document = reading.document(best)
    text = shown(document, best.sentence.start, best.sentence.end)
    match = _REASON.search(text)
    return Span(match["reason"].rstrip("，"), (best,)) if match else None


def _whole(reading: Reading) -> Span | None:
    """Return the whole segment: what decides a yes or no, or defines a term in passing."""
    best = reading.evidence[0]
    text = shown(reading.document(best), best.segment.start, best.segment.end)
    return Span(text.rstrip("。；"), (best,)) if len(text) <= _MAX_CLAUSE else None


def _yes_no(reading: Reading) -> Span | None:
    """Return the sentence that decides, after the word that answers where it is plain."""
    found = _whole(reading)
    word = said(reading, reading.evidence[0]) if found is not None else ""
    return replace(found, text=f"{word}：{found.text}") if found is not None and word else found


# Numbers are found by the quantity ranker; a kind without a finder gets a clause.
_FINDERS: dict[Kind, Finder] = {
    Kind.DATE: _date,
    Kind.PERSON: _named(frozenset({"nr", "nrt", "nrfg"})),
    Kind.PLACE: _named(frozenset({"ns", "nt"})),
    Kind.REASON: _reason,
    Kind.HOW: measures_span,
    Kind.LIST: _listed,
    Kind.YES_NO: _yes_no,
    Kind.DEFINITION: _whole,
}
