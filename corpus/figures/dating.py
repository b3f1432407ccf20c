"""Resolve the years of a figure from its sentence, its paragraph and its chapter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.figures.mentions import Mention
from corpus.figures.periods import NOW, Period, Role, TimePhrase
from corpus.figures.roles import Reading
from corpus.figures.wording import Words
from corpus.types import FigureKind

_AVERAGE = re.compile(
    r"年均|平均每年|每年平均|每年递增|年平均|年递增|每年[^，。；]{0,4}(?:递增|增长)"
)
# A level reached within a range of years is of the last of them.
_LEVEL = re.compile(
    r"(?:达到?|突破|超过了?|总数|总里程|总量|(?:提高|提升|上升|增加|下降|降低|减少|缩小|降|升|增|扩大)[到至])"
    r"(?:了|近|约)?[^，。；、]{0,4}$"
)
# A sum is of all of them, and so is a flow (六五期间投资达到…); a stock counts at one time.
_SUM = re.compile(r"合计|累计|总计|先后|(?<!公)共[^同产享青和]")
_STOCK = re.compile(
    r"里程|总数|人数|参保|率|余额|储备|人口|(?<!竣工)面积|规模|水平|标准|比重|寿命|总量"
)
# What is done or happens over the years adds up, however its number is put: 新增就业超过6400万人.
_FLOW = re.compile(
    r"新增|新建|新开|改造|竣工|淘汰|减税|减负|减免|转移|招收|培训|发放|救助|毕业|回国|出国"
)
# Words that lift a topic year: what follows is a sum over the longer period.
_SUMMED = re.compile(r"累计|先后|五年|年来|(?<!公)共[^同产享青和]|总共")
_NOW = (Role.POINT, Role.RANGE, Role.ENDS, Role.COMPARE)
_SPANS = (Role.RANGE, Role.ENDS)
_MOMENT = re.compile(NOW)
# 比…平均每年增加四十九亿元，高出四倍: the difference of two averages is of the years averaged.
_AGAINST = re.compile("相比$")
_DIFFERENCE = re.compile(r"(?:高出|多出|快|低)了?$")
# 每年资助金额近1000亿元，资助学生近8000万人次: a yearly amount is of the last year.
_YEARLY = re.compile(r"每年(?!平均|递增)[^；。增]*$")
_WITHIN_YEAR = re.compile(r"全年|当年|年末|年底")
# What reports give year by year: within a chapter on several years it is that of the last.
_BY_YEAR = re.compile(
    r"生产总值|gdp|增加值|总?产[值量]|进出口|出口|进口|零售|可支配收入|纯收入|平均工资|预算收入|财政收入|"
    r"税收收入|营业收入|吞吐量|游客|旅游收入|总收入",
    re.IGNORECASE,
)
# 五年年均增长7.4%, 是“十二五”时期的1.7倍: a time that holds for that number alone.
_ASIDE = re.compile(r"[”\"]?(?:时期|期间)?(?:来|里|中|间)?(?:年均|平均每年|每年平均|的[\d.]+倍)")
_TOPIC_MAX = 12


@dataclass(frozen=True)
class Timing:
    """What is known of time at a number.

    :ivar times: time phrases of the sentence that reach to the number.
    :ivar topic: time that opened this sentence or an earlier one of the paragraph.
    :ivar span: years of the chapter.
    :ivar since: year of the last value in the sentence where a change began.
    :ivar departed: the number before was such a value.
    """

    times: tuple[TimePhrase, ...]
    topic: TimePhrase | None
    span: Period | None
    since: int | None = None
    departed: bool = False


def topic_after(text: str, times: list[TimePhrase], topic: TimePhrase | None) -> TimePhrase | None:
    """Return the topic from this sentence on: a time that opens it holds for those behind it."""
    if _SUMMED.search(text[:8]):
        topic = None
    opening = next((t for t in times if t.start <= _TOPIC_MAX), None)
    if opening is None or opening.role in (Role.BASE, Role.START) or opening.ends_year:
        return topic
    if _ASIDE.match(text, opening.end):
        return topic
    if _MOMENT.fullmatch(text, opening.start, opening.end):
        return topic
    before = text[: opening.start]
    # 一九七八年决定引进…: without a comma behind it the year dates one event.
    lasting = opening.role is not Role.POINT or text[opening.end : opening.end + 1] in "，全我"
    opens = re.fullmatch(r"(?:从|自|在|刚刚过去的|过去的)?", before) is not None
    return opening if lasting and opens and opening.role is not Role.ASIDE else None


def years_of(mention: Mention, words: Words, reading: Reading, timing: Timing) -> Period | None:
    """Return the first and last year of a figure; None where nothing names one."""
    span, topic = timing.span, timing.topic
    before = [
        t
        for t in timing.times
        if t.start < mention.left
        and (t.start >= words.clause_start or not _ASIDE.match(words.sentence, t.end))
    ]
    near = [t for t in before if t.start >= words.head_start]
    in_clause = [t for t in before if t.start >= words.clause_start]
    if mention.unit.endswith("倍"):  # 二十六年递增率的1.3倍 is of the years compared, not of those
        in_clause = [t for t in in_clause if t.role is not Role.EARLIER]
    points = [t for t in before if t.role in _NOW or (t.role is Role.EARLIER and t in in_clause)]
    now = points[-1] if points else topic
    bases = [t.first for t in before if t.role in (Role.BASE, Role.COMPARE)]
    if not bases and topic is not None and topic.role is Role.COMPARE:
        bases = [topic.first]
    if reading.departs:
        return _departure(near, now, bases, timing)
    end = now.last if now is not None else (span[1] if span else None)
    if end is None:
        return None
    if timing.departed and timing.since is not None:
        return _arrival(near, end, timing.since, span)
    if _AVERAGE.search(words.clause) or (
        _DIFFERENCE.fullmatch(words.clause) and _AVERAGE.search(words.sentence)
    ):
        return _averaged(in_clause, now, bases, span, end)
    compared = in_clause
    if reading.kind in (FigureKind.GROWTH, FigureKind.CHANGE):
        # 同1952年相比，产值增长八点一倍，国民收入增长四点二倍
        compared = [
            t for t in before if t in in_clause or _AGAINST.search(words.sentence, t.start, t.end)
        ]
    first_base = next((t for t in compared if t.role in (Role.BASE, Role.COMPARE)), None)
    if first_base is not None and first_base.role is Role.BASE:
        return first_base.first, _later(end, first_base.first, span)
    chosen = (now.first, now.last) if now is not None else span
    if not points and span is not None and _SUMMED.search(words.clause):
        chosen = span
    by_year = now is None and not bases and _is_of_a_year(words, reading)
    if chosen is None or not (by_year or _is_state(mention, words, reading, points)):
        return chosen
    return chosen[1], chosen[1]


def _is_of_a_year(words: Words, reading: Reading) -> bool:
    """Tell a yearly amount (粮食总产量7.4万吨) from what the years of a chapter add up to."""
    if reading.kind not in (FigureKind.ACTUAL, FigureKind.COUNT):
        return False
    if _SUM.search(words.clause) or _SUMMED.search(words.clause):
        return False
    if _WITHIN_YEAR.search(words.clause):
        return True
    flows = _FLOW.search(words.head) is not None
    return not flows and _BY_YEAR.search(words.clause) is not None


def _is_state(mention: Mention, words: Words, reading: Reading, points: list[TimePhrase]) -> bool:
    """Tell what holds at one time (a rank, a rate, a level reached) from what adds up over years."""
    if reading.kind is FigureKind.RANK:
        return True
    if reading.kind is FigureKind.SHARE:
        return mention.measure != "share" or mention.unit == "%"
    if reading.kind not in (FigureKind.ACTUAL, FigureKind.COUNT) or _SUM.search(words.clause):
        return False
    counted = reading.kind is FigureKind.COUNT and mention.measure != "person"
    if not counted and _YEARLY.search(words.sentence):
        return True
    within_range = bool(points) and points[-1].role in _SPANS
    if _LEVEL.search(f"{words.clause}{mention.qualifier}") is None or _FLOW.search(words.head):
        return False
    return not within_range or _STOCK.search(words.clause) is not None


def _departure(
    near: list[TimePhrase], now: TimePhrase | None, bases: list[int], timing: Timing
) -> Period | None:
    """Return the year of the first value of 由…到…: named, or the one before the term."""
    here = [t for t in near if t.role in (Role.START, Role.POINT)]
    if here:
        return here[-1].first, here[-1].first
    if bases:
        return bases[-1], bases[-1]
    if timing.since is not None:
        return timing.since, timing.since
    if now is not None and now.role in _SPANS:
        base = now.first - (now.role is Role.RANGE)
        return base, base
    return (timing.span[0] - 1, timing.span[0] - 1) if timing.span else None


def _arrival(near: list[TimePhrase], end: int, since: int, span: Period | None) -> Period:
    """Return the year of the second value of 由…到…: named, or the last of the term."""
    here = [t for t in near if t.role is Role.POINT]
    last = here[-1].last if here else _later(end, since, span)
    return last, last


def _later(end: int, base: int, span: Period | None) -> int:
    return max(end, span[1]) if span is not None and end <= base else end


def _averaged(
    in_clause: list[TimePhrase],
    now: TimePhrase | None,
    bases: list[int],
    span: Period | None,
    end: int,
) -> Period:
    """Return the years of a yearly average; it starts with the first year counted."""
    ranges = [t for t in in_clause if t.role in (*_SPANS, Role.EARLIER)]
    if ranges:
        return ranges[-1].first, ranges[-1].last
    if bases:
        return bases[-1] + 1, max(end, bases[-1] + 1)
    if now is not None and now.role in _SPANS:
        return now.first, now.last
    return span or (end, end)
