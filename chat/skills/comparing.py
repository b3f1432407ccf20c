"""Which of several indicators, years or places is higher or grew faster."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from chat.reckoning import number
from chat.reports.series import Aspect, Series, written
from chat.skills.asked import Asked
from chat.skills.base import Outcome
from chat.skills.naming import Spelling
from chat.skills.stretches import averaged
from chat.skills.values import (
    SURE,
    LackingError,
    Shelf,
    Value,
    main_series,
    nearest,
    place,
    quotes,
    remarks,
    value_of,
)
from chat.types import Status
from retriever.figures import FoundFigure

_CHANGED = re.compile(
    r"(?:提高|上升|增加|提升|下降|降低|减少|扩大)(?:得|的)?(?:更|比较|较)?(?:多|大|快)"
)

Span = tuple[int, int] | None


@dataclass(frozen=True)
class _Entry:
    """One of the things compared."""

    name: str
    value: Fraction
    told: str
    found: tuple[FoundFigure, ...]


def which_is_more(shelf: Shelf, asked: Asked) -> Outcome | None:
    """Name the one that is higher, larger or grew faster.

    :raises LackingError: if a figure is missing, or figures are defined differently.
    """
    regions = shelf.regions(asked)
    notes = list(shelf.told_region(asked, regions))
    if len(asked.indicators) == 1 and len(regions) == 1:
        if len(asked.years) < 2:
            return None
        entries = _by_year(shelf, asked, regions[0], notes)
    elif len(asked.years) > 1 or (len(asked.indicators) > 1 and len(regions) > 1):
        return None
    else:
        entries = _beside(shelf, asked, regions, notes)
    pick = min if asked.lowest else max
    best = pick(e.value for e in entries)
    first = [e for e in entries if e.value == best]
    same = len(first) == len(entries)
    answer = "相同" if same else "、".join(e.name for e in first)
    return Outcome(
        Status.ANSWERED,
        answer,
        explanation="，".join(e.told for e in entries),
        confidence=SURE,
        quotes=quotes(
            f for e in (*first, *(e for e in entries if e not in first)) for f in e.found
        ),
        notes=tuple(dict.fromkeys(notes)),
    )


def _by_year(shelf: Shelf, asked: Asked, region: str, notes: list[str]) -> list[_Entry]:
    name = asked.indicators[0]
    series = main_series(shelf, name, region, Aspect.GROWTH if asked.rate or asked.growth else None)
    goal = True if asked.goals else None
    values = [value_of(series, y, name.written, goal=goal) for y in asked.years]
    notes += remarks(values, goal=goal)
    return [
        _Entry(
            f"{v.point.year}年", v.point.value, f"{v.point.year}年{v.point.text}", (v.point.found,)
        )
        for v in values
    ]


def _beside(shelf: Shelf, asked: Asked, regions: tuple[str, ...], notes: list[str]) -> list[_Entry]:
    pairs = [(n, r) for r in regions for n in asked.indicators]
    if _CHANGED.search(asked.text) and not asked.years:
        return [_change(shelf, asked, n, r, _called(n, r, regions)) for n, r in pairs]
    aspect = Aspect.GROWTH if asked.rate or asked.growth else Aspect.LEVEL
    if aspect is Aspect.GROWTH:
        return _grown(shelf, asked, pairs, regions, notes)
    held = [main_series(shelf, n, r, aspect) for n, r in pairs]
    if len({s.base for s in held}) > 1:
        units = "、".join(f"{n.written}是{s.unit}" for (n, _), s in zip(pairs, held, strict=True))
        raise LackingError(f"单位不同（{units}），不能比较。", nearest(held))
    values = _same_year(asked, pairs, held, regions, notes)
    return [
        _Entry(name, v.amount().value, f"{name}{v.point.text}", (v.point.found,))
        for name, v in values
    ]


def _same_year(
    asked: Asked,
    pairs: list[tuple[Spelling, str]],
    held: list[Series],
    regions: tuple[str, ...],
    notes: list[str],
) -> list[tuple[str, Value]]:
    goal = True if asked.goals else False if asked.done else None
    years = [
        {p.year for p in s.points if p.target is (goal if goal is not None else not s.actual)}
        for s in held
    ]
    common = set.intersection(*years)
    if not asked.years and not common:
        raise LackingError("报告没有给出它们同一年的数字，不能比较。", nearest(held))
    year = asked.years[0] if asked.years else max(common)
    named = [_called(n, r, regions) for n, r in pairs]
    values = [
        (name, value_of(s, year, name, goal=goal)) for name, s in zip(named, held, strict=True)
    ]
    if not asked.years:
        notes.append(f"问题没有写明年份，按报告都给出的最近一年（{year}年）比较。")
    notes += remarks([v for _, v in values], goal=goal)
    return values


def _grown(
    shelf: Shelf,
    asked: Asked,
    pairs: list[tuple[Spelling, str]],
    regions: tuple[str, ...],
    notes: list[str],
) -> list[_Entry]:
    """Compare growth of one year, else of the same stretch of years, by the same measure."""
    held = [
        [s for s in shelf.all_series(n.key, r) if s.aspect is Aspect.GROWTH and s.base == "%"]
        for n, r in pairs
    ]
    yearly = [max(s, key=lambda s: len(s.points)) for s in held if s]
    named = [_called(n, r, regions) for n, r in pairs]
    if len(yearly) == len(pairs):
        goal = True if asked.goals else None
        wanted = [{p.year for p in s.points if p.target is bool(goal)} for s in yearly]
        if (common := set.intersection(*wanted)) and (not asked.years or asked.years[0] in common):
            values = _same_year(asked, pairs, yearly, regions, notes)
            return [
                _Entry(
                    name,
                    v.point.value,
                    f"{v.point.year}年{name}{'下降' if v.point.value < 0 else '增长'}{v.point.text}",
                    (v.point.found,),
                )
                for name, v in values
            ]
    stretches = [
        {(f.figure.period, averaged(f)): f for f in reversed(shelf.averages(n.key, r))}
        for n, r in pairs
    ]
    both = set(stretches[0]).intersection(*stretches[1:])
    if asked.years:
        raise LackingError(
            f"报告没有同时给出{'、'.join(named)}{asked.years[0]}年的增速，不能比较。",
            [*nearest(yearly), *(f for s in stretches for f in s.values())][:3],
        )
    if not both:
        raise LackingError(
            _uneven(named, held, stretches),
            [*nearest(s for h in held for s in h), *(f for s in stretches for f in s.values())][:4],
        )
    period, average = max(both, key=lambda k: (k[0] or (0, 0))[1])
    assert period is not None
    notes.append(f"比较的是{period[0]}—{period[1]}年的{'年均' if average else ''}增速。")
    entries = []
    for name, stretch in zip(named, stretches, strict=True):
        found = stretch[period, average]
        figure = found.figure
        sign = -1 if figure.direction < 0 else 1
        grew = ("年均" if average else "") + ("下降" if sign < 0 else "增长")
        entries.append(
            _Entry(name, sign * Fraction(figure.value), f"{name}{grew}{written(figure)}", (found,))
        )
    return entries


def _uneven(
    named: list[str],
    held: list[list[Series]],
    stretches: Sequence[Mapping[tuple[Span, bool], FoundFigure]],
) -> str:
    """Say how the growth rates given differ in what they measure."""
    told = []
    for name, yearly, stretch in zip(named, held, stretches, strict=True):
        if yearly:
            told.append(f"{name}是比上年的增速")
        elif stretch:
            told.append(f"{name}是几年的增速")
        else:
            return f"报告没有给出{name}的增速，不能比较。"
    return f"报告给出的增速口径不同（{'，'.join(told)}），不能比较。"


def _change(shelf: Shelf, asked: Asked, name: Spelling, region: str, called: str) -> _Entry:
    """Return by how much an indicator changed from the first year to the last."""
    series = main_series(shelf, name, region, Aspect.LEVEL)
    points = series.actual or series.targets
    if asked.span is not None and asked.ranged:
        points = tuple(p for p in points if p.year in asked.span)
    if len(points) < 2:
        raise LackingError(f"报告没有给出{called}变化前后的数，不能比较。", nearest([series]))
    first, last = points[0], points[-1]
    moved = abs(last.value - first.value)
    way = "提高" if last.value > first.value else "下降"
    unit = "个百分点" if series.base == "%" else series.unit
    told = f"{called}从{first.year}年的{first.text}到{last.year}年的{last.text}，{way}{number(moved)}{unit}"
    return _Entry(called, moved, told, (first.found, last.found))


def _called(name: Spelling, region: str, regions: tuple[str, ...]) -> str:
    if len(regions) > 1:
        return place(region)
    return name.written
