"""Terms that are a part of what the reports call an indicator: 财政收入 beside 财政总收入."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from chat.reports.series import Aspect, Point, Series
from chat.skills.asked import Asked, read_term
from chat.skills.base import Inquiry, Outcome
from chat.skills.fitting import fitting, newest_year
from chat.skills.naming import Spelling
from chat.skills.stretches import not_singled_out
from chat.skills.values import FAIRLY, LackingError, Shelf, quotes, sentence_of
from chat.skills.wording import Task
from chat.types import Status

_MOST = 4  # indicators told; a term that is a part of more says too little
# What a name adds that makes a part of the whole: 技改 of 工业投资.
_PART = re.compile(
    r"技改|技术改造|更新改造|基本建设|房地产|农村|城镇|城市|民间|国有|中央|市属|区属"
)
# A verb that stands before the name in the report: 提升公办幼儿园招生覆盖率.
_VERB = re.compile(r"(?:提升|提高|降低|推动|实施|完成|实现|安排|确保|力争|控制|[的了])+")
_MOVED = {
    Aspect.LEVEL: ("", ""),
    Aspect.GROWTH: ("增长", "下降"),
    Aspect.CHANGE: ("增加", "减少"),
}
_RATIO = re.compile(r"率$|比重$|占比$|强度$")


@dataclass(frozen=True)
class _Told:
    """An indicator that a term may mean, with the value of the year asked for."""

    key: str
    series: Series
    point: Point

    @property
    def text(self) -> str:
        """Name and value as the report writes them."""
        falls = self.point.found.figure.direction < 0
        moved = _MOVED[self.series.aspect][falls]
        return f"{self.series.title}{moved}{self.point.text}"


def partly_named(inquiry: Inquiry, shelf: Shelf) -> Outcome | None:
    """Answer for each indicator of which the question's term is a part, by its name.

    :raises LackingError: if the reports give only a part of what is asked for (工业技改投资), or
        several years together.
    """
    asked = read_term(inquiry.question.text, shelf.rows)
    if asked is None or asked.task not in (Task.VALUE, Task.DIFFERENCE) or not _plain(asked):
        return None
    term = asked.indicators[0].folded
    adding = shelf.naming.holding(term, inquiry.words)
    if not 0 < len(adding) <= _MOST:
        return None
    named = [replace(asked, indicators=(Spelling(k, k, 0),)) for k in adding]
    regions = shelf.regions(named[0])
    if len(regions) != 1:
        return None
    told = [t for n in named if (t := _told(shelf, n, regions[0])) is not None]
    if not told:
        _say_if_together(shelf, named, regions[0])
        return None
    notes = shelf.told_region(asked, regions)
    if len(adding) == 1 and _VERB.fullmatch(more := adding[told[0].key]):
        return _outcome(told, told[0].point.text, notes)
    if len(adding) == 1 and _PART.search(more) and not _RATIO.search(term):
        raise LackingError(
            f"报告没有给出{term}的这项数字，相近的是{told[0].text}。", [told[0].point.found]
        )
    titles = "、".join(t.series.title for t in told)
    note = f"报告没有单独给出“{term}”，给出的是{titles}。"
    return _outcome(told, "，".join(t.text for t in told), (*notes, note))


def _outcome(told: list[_Told], answer: str, notes: tuple[str, ...]) -> Outcome:
    return Outcome(
        Status.ANSWERED,
        answer,
        explanation=sentence_of(told[0].point.found),
        confidence=FAIRLY,
        quotes=quotes(t.point.found for t in told),
        notes=notes,
    )


def _plain(asked: Asked) -> bool:
    """Tell whether one value of one year, or of the newest, is asked for."""
    return (
        len(asked.years) <= 1
        and asked.span is None
        and not (asked.before or asked.scope or asked.level or asked.limit)
        and not (asked.goals and asked.done)
    )


def _told(shelf: Shelf, asked: Asked, region: str) -> _Told | None:
    goal = True if asked.goals else False if asked.done else None
    for series in fitting(shelf.all_series(asked.indicators[0].key, region), asked):
        year = asked.years[0] if asked.years else newest_year([series], goal)
        target = goal if goal is not None else not series.actual
        for point in series.points:
            if point.year == year and point.target is target and not point.others:
                return _Told(asked.indicators[0].key, series, point)
    return None


def _say_if_together(shelf: Shelf, named: list[Asked], region: str) -> None:
    if not named[0].years:
        return
    for asked in named:
        name = replace(asked.indicators[0], folded=_title(shelf, asked, region))
        grows = asked.rate or asked.growth
        lacking = not_singled_out(shelf, name, region, asked.years[0], growth=grows)
        if lacking is not None:
            raise lacking


def _title(shelf: Shelf, asked: Asked, region: str) -> str:
    """Return an indicator as the reports write it."""
    key = asked.indicators[0].key
    found = shelf.over_years(key, region)
    return found[0].figure.indicator if found else key
