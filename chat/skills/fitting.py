"""Which series of an indicator can hold the answer, and what to say where none can."""

from __future__ import annotations

import re

from chat.features import unit_fits
from chat.reports.series import Aspect, Series
from chat.skills.asked import Asked
from chat.skills.values import LackingError, nearest
from corpus.cleaning import fold_text
from corpus.quantities import quantities
from corpus.types import FigureKind
from retriever.figures import FoundFigure

# A name that measures a part or a rate; the share of any other is no level of it: 比重从44.2%.
_RATIO = re.compile(r"率|比|占|重$|强度|系数|度$|幅|份额|水平|指数|覆盖")
_RATES = frozenset({"%", "个百分点"})
_SHARE_ASKED = re.compile(r"占|比重|比例|份额|百分之")
_PARTS = "。；\n"
_GIVEN = {Aspect.LEVEL: "占比", Aspect.GROWTH: "增速", Aspect.CHANGE: "增减数"}


def fitting(held: list[Series], asked: Asked) -> list[Series]:
    """Return the series that can hold the answer, the likeliest first."""
    if asked.rate or asked.growth:
        chosen = [s for s in held if s.aspect is Aspect.GROWTH]
    elif asked.goals:
        chosen = [s for s in held if s.aspect is not Aspect.CHANGE and s.targets]
    elif asked.direction:
        chosen = [s for s in held if s.aspect is not Aspect.LEVEL]
    else:
        chosen = [s for s in held if s.aspect is Aspect.LEVEL and not _only_share(s, asked)]
        if not chosen and "涨幅" in asked.indicators[0].written:
            chosen = held
    return sorted(chosen, key=lambda s: -len(s.points))


def _only_share(series: Series, asked: Asked) -> bool:
    """Tell what an indicator is of another one (占比), where its own size is asked for."""
    name = asked.indicators[0]
    return (
        all(p.found.figure.kind is FigureKind.SHARE for p in series.points)
        and _RATIO.search(f"{name.key}{name.written}") is None
        and _SHARE_ASKED.search(asked.text) is None
    )


def say_what_is_given(given: list[Series], asked: Asked) -> None:
    """Say that only growth or shares are given, where a size in units of its own is asked for.

    :raises LackingError: if so.
    """
    sized = bool(asked.units) and _RATES.isdisjoint(asked.units)
    if asked.rate or asked.growth or asked.direction or asked.goals or not sized:
        return
    name, year = asked.indicators[0], asked.years[0] if asked.years else None
    near = [s for s in given if year is None or any(p.year == year for p in s.points)]
    if not near or any(_told_beside(p.found, asked.units) for s in near for p in s.points):
        return
    told = "、".join(dict.fromkeys(_GIVEN[s.aspect] for s in near))
    raise LackingError(
        f"报告没有给出{name.written}的数额，给出的是它的{told}。", nearest(near, year), firm=True
    )


def _told_beside(found: FoundFigure, units: tuple[str, ...]) -> bool:
    """Tell whether a quantity of these units stands in the same part of the sentence.

    财政收入增加1501亿元，总额达到11377亿元: reading may find it.
    """
    text, figure = found.document.text, found.figure
    begin = max(text.rfind(c, 0, figure.start) for c in _PARTS) + 1
    ends = [at for c in _PARTS if (at := text.find(c, figure.end)) >= 0]
    part = fold_text(text[begin : min(ends, default=len(text))])
    return any(unit_fits(q.unit, "", units) for q in quantities(part))


def newest_year(held: list[Series], goal: bool | None) -> int | None:
    """Return the last year of which series tell: a target, what was reached, or (None) what they do."""
    years = [
        p.year
        for s in held
        for p in s.points
        if p.target is (goal if goal is not None else not s.actual)
    ]
    return max(years, default=None)
