"""What reports tell of several years together, where a question asks for one of them or for none."""

from __future__ import annotations

import re

from chat.reports.series import Aspect, Point, Series, own, split_unit, written
from chat.skills.asked import Asked
from chat.skills.base import Outcome
from chat.skills.naming import Spelling
from chat.skills.values import SURE, LackingError, Shelf, quotes, sentence_of
from chat.types import Status
from corpus.types import FigureKind
from retriever.figures import FoundFigure

_AVERAGE = re.compile(r"年均|年平均|平均每年|每年平均|递增|每年增长")
_BEFORE = 22  # characters before a figure in which 年均 may stand


def totals(shelf: Shelf, name: Spelling, region: str) -> list[FoundFigure]:
    """Return what came about over several years together, that of the newest report first."""
    return [
        f
        for f in shelf.over_years(name.key, region)
        if f.figure.kind in (FigureKind.ACTUAL, FigureKind.COUNT)
        and own(f.document, f.figure.subject)
    ]


def not_singled_out(
    shelf: Shelf, name: Spelling, region: str, year: int, *, growth: bool
) -> LackingError | None:
    """Say that the reports give several years together where one of them is asked for, else None."""
    averages = [f for f in shelf.averages(name.key, region) if averaged(f)]
    held = averages if growth else totals(shelf, name, region)
    found = next((f for f in held if _covers(f, year)), None)
    if found is None:
        return None
    years, told = _years(found), written(found.figure)
    if growth:
        told = f"下降{told}" if found.figure.direction < 0 else told
        said = (
            f"报告给出的是{years}{name.written}的增长（{told}），没有给出{year}年比上年增长多少。"
        )
    else:
        said = f"报告给出的是{years}合在一起的{name.written}（{told}），没有单列{year}年的。"
    return LackingError(said, [found], firm=True)


def reached_and_aimed(
    shelf: Shelf, name: Spelling, region: str, held: list[Series]
) -> Outcome | None:
    """Tell what was reached last and what is aimed at next, None where the reports lack one of them.

    :param held: the levels of the indicator.
    """
    newest = max((r.year or 0 for r in shelf.rows if r.region == region), default=0)
    aimed = next(
        ((s, p) for s in held for p in s.targets if p.year == newest and p.until is None), None
    )
    if aimed is None or aimed[1].others:
        return None
    series, target = aimed
    reached = _reached(shelf, name, region, series, target.year)
    if reached is None:
        return None
    found, when = reached
    return Outcome(
        Status.ANSWERED,
        f"{written(found.figure)}（{when}），{target.year}年的目标是{target.text}",
        explanation=sentence_of(found),
        confidence=SURE,
        quotes=quotes([found, target.found]),
    )


def _reached(
    shelf: Shelf, name: Spelling, region: str, series: Series, before: int
) -> tuple[FoundFigure, str] | None:
    """Return the newest figure of what was reached before a year, and when that was."""
    done: list[Point] = [p for p in series.actual if p.year < before and p.until is None]
    if done:
        last = done[-1]
        clash = any(o.document.id == last.found.document.id for o in last.others)
        return None if clash else (last.found, f"{last.year}年")
    sums = [
        f
        for f in totals(shelf, name, region)
        if split_unit(f.figure.unit)[1] == series.base and series.aspect is Aspect.LEVEL
    ]
    if len({written(f.figure) for f in sums if f.document.id == sums[0].document.id}) != 1:
        return None
    return sums[0], f"{_years(sums[0])}合计"


def of_the_span(shelf: Shelf, asked: Asked) -> Outcome | None:
    """Tell what came about over just the years asked for together (五年新增就业多少人), else None."""
    regions = shelf.regions(asked)
    if len(asked.indicators) != 1 or len(regions) != 1 or asked.goals or "多少" not in asked.text:
        return None
    sums = totals(shelf, asked.indicators[0], regions[0])
    found = [f for f in sums if f.figure.period == asked.span]
    if len({written(f.figure) for f in found}) != 1:
        return None
    return Outcome(
        Status.ANSWERED,
        written(found[0].figure),
        explanation=sentence_of(found[0]),
        confidence=SURE,
        quotes=quotes(found[:1]),
        notes=shelf.told_region(asked, regions),
    )


def averaged(found: FoundFigure) -> bool:
    """Tell whether a figure of growth is the yearly average of several years."""
    before = found.document.text[max(0, found.figure.start - _BEFORE) : found.figure.start]
    return _AVERAGE.search(re.split(r"[。；]", before)[-1]) is not None


def _covers(found: FoundFigure, year: int) -> bool:
    period = found.figure.period
    return period is not None and period[0] <= year <= period[1]


def _years(found: FoundFigure) -> str:
    period = found.figure.period
    assert period is not None
    return f"{period[0]}—{period[1]}年"
