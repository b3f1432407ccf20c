"""Single figures: the right year, the right indicator, target or actual, growth or level."""

from __future__ import annotations

from dataclasses import replace

from chat.reports.series import Aspect, Point, Series
from chat.skills.asked import Asked
from chat.skills.base import Outcome
from chat.skills.fitting import fitting, newest_year, say_what_is_given
from chat.skills.stretches import not_singled_out, reached_and_aimed
from chat.skills.values import (
    SURE,
    LackingError,
    Shelf,
    Value,
    nearest,
    quotes,
    remarks,
    sentence_of,
    value_of,
)
from chat.types import Status


def looked_up(shelf: Shelf, asked: Asked) -> Outcome | None:
    """Answer a question for one figure, None where it is not clear which.

    :raises LackingError: if the reports give the indicator but not for the year asked.
    """
    regions = shelf.regions(asked)
    if len(asked.indicators) != 1 or len(regions) != 1 or len(asked.years) > 1:
        return None
    if asked.span is not None or (asked.goals and asked.done):
        return None
    name = asked.indicators[0]
    given = shelf.all_series(name.key, regions[0])
    held = fitting(given, asked)
    notes = list(shelf.told_region(asked, regions))
    goal = True if asked.goals else False if asked.done else None
    _say_if_together(shelf, asked, held, regions[0], goal)
    if not held:
        say_what_is_given(given, asked)
        return None
    if goal is None and (both := _both(shelf, asked, held, regions[0])) is not None:
        return replace(both, notes=tuple(notes))
    year = asked.years[0] if asked.years else newest_year(held, goal)
    if year is None:
        return None
    if goal is None and asked.years and _only_planned(shelf, held, year, regions[0]):
        goal = True  # 到2026年达到多少: what is ahead can only be aimed at
    telling = [s for s in held if _has(s, year, goal)]
    if len({(s.aspect, s.base) for s in telling}) > 1:
        telling = [s for s in telling if s.base in asked.text]
        if len(telling) != 1:
            return None
    series = (telling or held)[0]
    reports = [r for r in shelf.rows if r.region == regions[0]]
    if not asked.years and len(reports) > 1:
        notes.append(f"问题没有写明年份，按报告给出的最近一年（{year}年）回答。")
    point = _point(series, year, name.written, goal)
    if any(o.document.id == point.found.document.id for o in point.others):
        return None  # one report says two things: reading it in full decides better
    value = Value(series, point)
    notes += remarks([value], goal=goal)
    return Outcome(
        Status.ANSWERED,
        _told(series, point),
        explanation=sentence_of(point.found),
        confidence=SURE,
        quotes=quotes([point.found]),
        notes=tuple(dict.fromkeys(notes)),
    )


def _say_if_together(
    shelf: Shelf, asked: Asked, held: list[Series], region: str, goal: bool | None
) -> None:
    """Say that the reports give several years together where one of them is asked for.

    :raises LackingError: if so.
    """
    if goal is True or not asked.years or any(_has(s, asked.years[0], goal) for s in held):
        return
    grows = asked.rate or asked.growth
    lacking = not_singled_out(shelf, asked.indicators[0], region, asked.years[0], growth=grows)
    if lacking is not None:
        raise lacking


def _both(shelf: Shelf, asked: Asked, held: list[Series], region: str) -> Outcome | None:
    """Tell what was reached and what is aimed at, where a level is asked for without a year."""
    if asked.years or asked.rate or asked.growth or asked.direction:
        return None
    return reached_and_aimed(shelf, asked.indicators[0], region, held)


def since_last_year(shelf: Shelf, asked: Asked) -> Outcome | None:
    """Answer by how much an indicator grew over the year before, as the report itself says it.

    :raises LackingError: if only its yearly average over several years is given.
    """
    regions = shelf.regions(asked)
    if len(asked.indicators) != 1 or len(regions) != 1 or len(asked.years) != 2:
        return None
    name, year = asked.indicators[0], asked.years[0]
    held = shelf.all_series(name.key, regions[0])
    rates = asked.percent or asked.rate
    moves = (Aspect.GROWTH,) if rates else (Aspect.GROWTH, Aspect.CHANGE)
    for series in (s for aspect in moves for s in held if s.aspect is aspect):
        point = next((p for p in series.points if p.year == year and not p.target), None)
        if point is not None and point.until is None and not point.others:
            return Outcome(
                Status.ANSWERED,
                _told(series, point),
                explanation=sentence_of(point.found),
                confidence=SURE,
                quotes=quotes([point.found]),
                notes=shelf.told_region(asked, regions),
            )
    levels = [s for s in held if s.aspect is Aspect.LEVEL]
    if any({year, year - 1} <= {p.year for p in s.actual} for s in levels):
        return None  # both are given: reckoned
    lacking = not_singled_out(shelf, name, regions[0], year, growth=True)
    if lacking is not None and asked.growth:
        raise lacking
    return None


def _has(series: Series, year: int, goal: bool | None) -> bool:
    return any(p.year == year and (goal is None or p.target is goal) for p in series.points)


def _only_planned(shelf: Shelf, held: list[Series], year: int, region: str) -> bool:
    newest = max((r.year or 0 for r in shelf.rows if r.region == region), default=0)
    points = [p for s in held for p in s.points if p.year == year]
    return year >= newest and bool(points) and all(p.target for p in points)


def _point(series: Series, year: int, name: str, goal: bool | None) -> Point:
    target = goal if goal is not None else not series.actual
    for point in series.points:
        if point.year == year and point.target is target:
            return point
    if not series.points:
        raise LackingError(f"报告没有给出{year}年的{name}。", nearest([series], year))
    return value_of(series, year, name, goal=goal).point


def _told(series: Series, point: Point) -> str:
    falls = series.growth and point.found.figure.direction < 0
    return f"下降{point.text}" if falls else point.text
