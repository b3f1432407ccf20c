"""Read what a question wants reckoned: indicators, years, places and the task, or nothing.

A question counts as read only when every word of it is accounted for: one word more
(人均, 工业) and it asks for something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from chat.reports.series import SCALES, split_unit
from chat.skills.naming import Naming, Spelling
from chat.skills.wording import (
    BETWEEN,
    DIRECTIONS,
    DONE,
    GOAL,
    GROWTH,
    LIMIT,
    LIMITS,
    NAME,
    PERCENT,
    PLACE,
    RATE,
    SCOPES,
    TASKS,
    TIME,
    Task,
)
from corpus.cleaning import fold_text
from corpus.figures.mentions import mentions
from corpus.years import plan_years
from index.stores.protocol import Description
from retriever.kinds import units_of
from retriever.places import own_names
from retriever.question import TIMES

_Y = r"((?:19|20)\d\d)"
_RANGE = re.compile(rf"(?<!\d){_Y}年?(?:到|至|—|–|-|~|－)+{_Y}年?")
_SINCE = re.compile(rf"(?<!\d){_Y}年?(?:以来|以后|之后|起)")
_ONE = re.compile(rf"(?<!\d){_Y}(?:年(?:度|底|末)?|(?=[、和与跟到至比,，的]))")
_PLAN = re.compile(r"[“\"]?(十[一二三四五六]|[六七八九十])五[”\"]?(?:规划)?(?:时期|期间|末)?")
_PAST = re.compile(r"(?:近|最近|过去|这|前)([两二三四五六七八九十]|\d{1,2})年(?:来|间|里|以来)?")
_ALL = re.compile(
    r"历年来?|逐年|各年|每年|近些年来?|近几年来?|近年来?|最近几年|这几年来?|这些年来?|多年来|年年"
)
_BEFORE = re.compile(r"(?<=[比较])(?:上一?年|前一年|去年)")
_TIMES = re.compile("|".join(sorted(TIMES, key=len, reverse=True)))
_COUNT = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_TASKS = tuple((task, re.compile(pattern)) for task, pattern, _ in TASKS)
_DIRECTIONS = tuple((re.compile(pattern), sign) for pattern, sign, _ in DIRECTIONS)
_LIMITS = tuple((re.compile(pattern), sign) for pattern, sign, _ in LIMITS)
_BETWEEN = re.compile("|".join(sorted(BETWEEN.split("|"), key=len, reverse=True)))
_RATE, _GROWTH, _GOAL, _DONE, _PERCENT = (
    re.compile(p) for p in (RATE, GROWTH, GOAL, DONE, PERCENT)
)
_SCOPES = re.compile(rf"(?:{'|'.join(p for p, _ in SCOPES)})(?={NAME})")
_MARKS = re.compile(f"[{NAME}{TIME}{PLACE}{LIMIT}]")
_LOW = re.compile(r"最(?:低|少|小|慢)|(?:慢|低|少|小)$")
COUNTRY = ("全国", "我国", "中国")
# Right before a name, and no own name of the reports: the whole that they are a part of.
_LEVEL = re.compile(rf"(?:全[市省国县区州]|[我本][市省国县区])(?=的?{TIME}*的?{NAME})")
_TERM = re.compile(
    rf"(?:{_BETWEEN.pattern}|[{TIME}{PLACE}])*+(?P<term>[\u4e00-\u9fffA-Za-z0-9]{{3,10}}?)"
    rf"(?:{_BETWEEN.pattern}|[{TIME}{PLACE}])*+"
)


@dataclass(frozen=True)
class Limit:
    """A value to be passed: 超过80万亿元.

    :ivar value: in single units.
    :ivar sign: 1 upwards, -1 downwards.
    :ivar reached: whether the value itself counts: 达到.
    """

    value: Fraction
    base: str
    sign: int
    reached: bool
    text: str


@dataclass(frozen=True)
class Asked:
    """What a question wants reckoned.

    :ivar years: single years in the order of the question.
    :ivar span: first and last year of a stretch; open ends are the library's.
    :ivar ranged: the stretch was named by its two ends.
    :ivar regions: places named, of those that reports are about.
    :ivar rate: it speaks of growth rates (增速).
    :ivar growth: it asks how much something grew.
    :ivar goals: targets are asked for.
    :ivar done: what was reached is asked for.
    :ivar direction: 1 if the first value should be larger, -1 smaller, 0 not said.
    :ivar lowest: the smallest, slowest is wanted.
    :ivar percent: the result is wanted in percent.
    :ivar before: one of the years is meant by 比上年.
    :ivar units: that the answer may carry, empty if the question does not say.
    :ivar level: the whole of another level than that of the reports (全市); else empty.
    :ivar scope: a word before the first name that makes it another indicator: 人均; else empty.
    """

    task: Task
    indicators: tuple[Spelling, ...]
    years: tuple[int, ...]
    span: tuple[int, int] | None
    ranged: bool
    regions: tuple[str, ...]
    rate: bool
    growth: bool
    goals: bool
    done: bool
    direction: int
    lowest: bool
    percent: bool
    limit: Limit | None
    text: str
    before: bool
    scope: str
    units: tuple[str, ...] = ()
    level: str = ""


def read(question: str, naming: Naming, rows: Sequence[Description]) -> Asked | None:
    """Return what a question wants reckoned, None where a word of it is not understood.

    :param naming: the indicators of the reports.
    :param rows: the reports; 去年 counts from the newest of them.
    """
    folded = fold_text(question).strip()
    text, spellings = naming.mark(folded)
    return _read(folded, text, spellings, rows)


def read_term(question: str, rows: Sequence[Description]) -> Asked | None:
    """Return the same where a question asks for one term that names no indicator in full."""
    folded = fold_text(question).strip()
    newest = max((r.year for r in rows if r.year is not None), default=None)
    if newest is None:
        return None
    bare, *_ = _times(_places(folded, rows)[0], newest)
    match = _TERM.fullmatch(bare)
    if match is None or (at := folded.find(match["term"])) < 0:
        return None
    term = match["term"]
    text = folded[:at] + NAME * len(term) + folded[at + len(term) :]
    return _read(folded, text, [Spelling(term, term, at)], rows)


def _read(
    folded: str, text: str, spellings: list[Spelling], rows: Sequence[Description]
) -> Asked | None:
    """Return what is asked in a text with marks in place of the names."""
    newest = max((r.year for r in rows if r.year is not None), default=None)
    if newest is None or not spellings:
        return None
    text, regions = _places(text, rows)
    text, years, span, ranged, before = _times(text, newest)
    text, limit = _limit(text)
    scope = _SCOPES.search(text)
    if scope is not None:
        text = _SCOPES.sub("", text)
    level = _LEVEL.search(text) if "占" not in text else None
    if level is not None:
        text = _LEVEL.sub("", text)
    if _MARKS.sub("", _BETWEEN.sub("", text)):
        return None
    task = next((task for task, pattern in _TASKS if pattern.search(text)), None)
    if task is None:
        return None
    if span is not None and not ranged and task is Task.VALUE and not _GOAL.search(folded):
        task = Task.SERIES
    sign = next((sign for pattern, sign in _DIRECTIONS if pattern.search(text)), 0)
    return Asked(
        task=task,
        indicators=tuple(spellings),
        years=tuple(dict.fromkeys(years)),
        span=span,
        ranged=ranged,
        regions=regions,
        rate=_RATE.search(text) is not None,
        growth=_GROWTH.search(text) is not None,
        goals=_GOAL.search(folded) is not None,
        done=_DONE.search(text) is not None,
        direction=sign,
        lowest=_LOW.search(text.rstrip("？?。呢吗 ")) is not None,
        percent=_PERCENT.search(text) is not None,
        limit=limit,
        text=text,
        before=before,
        scope=scope[0] if scope is not None else "",
        units=units_of(folded),
        level=level[0] if level is not None else "",
    )


def _places(text: str, rows: Sequence[Description]) -> tuple[str, tuple[str, ...]]:
    """Mark the names of the places that reports are about; 全区 and the like name none."""
    found: list[tuple[int, str]] = []
    for region in dict.fromkeys(r.region for r in rows):
        own = own_names([r for r in rows if r.region == region])
        for name in sorted((*own, "国务院"), key=len, reverse=True):
            if (at := text.find(name)) >= 0 and len(name) > 1:
                if name[0] not in "全我本" or name in COUNTRY:
                    found.append((at, region))
                text = text.replace(name, PLACE)
    return text, tuple(dict.fromkeys(region for _, region in sorted(found)))


def _times(text: str, newest: int) -> tuple[str, list[int], tuple[int, int] | None, bool, bool]:
    """Mark the years: single ones in order, a stretch, if it is named by its ends, if 比上年."""
    years: list[tuple[int, int]] = []
    span: tuple[int, int] | None = None
    ranged = before = False
    if match := _RANGE.search(text):
        span, ranged = (int(match[1]), int(match[2])), True
        text = _marked(text, match)
    elif match := _SINCE.search(text):
        span = (int(match[1]), newest)
        text = _marked(text, match)
    elif match := _PAST.search(text):
        count = _COUNT[match[1]] if match[1] in _COUNT else int(match[1])
        span = (newest - count, newest)
        text = _marked(text, match)
    elif match := _ALL.search(text):
        span = (0, 9999)
        text = text[: match.start()] + "历年" + text[match.end() :]
    elif match := _PLAN.search(text):
        span = plan_years(match[1])
        text = _marked(text, match)
    while match := _ONE.search(text):
        years.append((match.start(), int(match[1])))
        text = _marked(text, match)
    if match := _BEFORE.search(text):
        stated = [y for _, y in years]
        years.append((match.start(), (stated[-1] if stated else newest - 1) - 1))
        text = _marked(text, match)
        before = True
    while match := _TIMES.search(text):
        first, last = TIMES[match[0]]
        if first == last:
            years.append((match.start(), newest + first))
        elif span is None:
            span = (newest + first, newest + last)
        text = _marked(text, match)
    if before and len(years) == 1:  # 比上年增长多少: the year is the last one reported
        years.insert(0, (-1, newest - 1))
    return text, [y for _, y in sorted(years)], span, ranged, before


def _marked(text: str, match: re.Match[str]) -> str:
    """Put as many marks as characters, so that positions stay."""
    return text[: match.start()] + TIME * len(match[0]) + text[match.end() :]


def _limit(text: str) -> tuple[str, Limit | None]:
    """Mark the amount that a value is to pass, if there is one."""
    for mention in mentions(text):
        written = text[mention.left : mention.right]
        head = text[max(0, mention.left - 4) : mention.right]
        sign = next((sign for pattern, sign in _LIMITS if pattern.search(head)), 0)
        if not sign:
            continue
        scale, base = split_unit(mention.unit)
        if mention.unit in SCALES:
            scale, base = mention.unit, ""
        passed = re.search(r"达到|升到|降到|降至|不低于|上了", head)
        limit = Limit(
            Fraction(mention.value) * SCALES[scale], base, sign, passed is not None, written
        )
        return f"{text[: mention.left]}{LIMIT}{text[mention.right :]}", limit
    return text, None
