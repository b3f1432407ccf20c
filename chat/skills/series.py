"""The values of an indicator over the years: all of them, the highest, the first above a value."""

from __future__ import annotations

from fractions import Fraction

from chat.reckoning import Amount, comparable, difference
from chat.reports.series import SCALES, Aspect, Point, Series, split_unit
from chat.skills.asked import Asked, Limit
from chat.skills.base import Outcome
from chat.skills.values import (
    FAIRLY,
    SURE,
    LackingError,
    Shelf,
    Value,
    main_series,
    nearest,
    quotes,
    remarks,
)
from chat.types import Status
from corpus.figures.bounds import Bound

_FEWEST = 2
_MOST = 30  # years told


def over_years(shelf: Shelf, asked: Asked) -> Outcome | None:
    """List the values of an indicator, oldest first.

    :raises LackingError: if the reports do not give the indicator.
    """
    drawn = _drawn(shelf, asked)
    if drawn is None:
        return None
    series, notes = drawn
    points = series.points[-_MOST:]
    told = [f"{p.year}年{_signed(series, p)}" for p in points]
    values = [Value(series, p) for p in points]
    return Outcome(
        Status.ANSWERED,
        "，".join(told),
        explanation=_course(series, asked),
        items=tuple(f"{p.year}年：{_signed(series, p)}" for p in points),
        confidence=SURE,
        quotes=quotes(p.found for p in points),
        notes=(*notes, *_gaps(series), *remarks(values, goal=_goal(asked))),
    )


def extreme_year(shelf: Shelf, asked: Asked) -> Outcome | None:
    """Name the year of the highest or lowest value.

    :raises LackingError: if the reports do not give the indicator.
    """
    drawn = _drawn(shelf, asked)
    if drawn is None:
        return None
    series, notes = drawn
    pick = min if asked.lowest else max
    best = pick(p.value for p in series.points)
    chosen = [p for p in series.points if p.value == best]
    years = "、".join(f"{p.year}年" for p in chosen)
    told = "，".join(f"{p.year}年{_signed(series, p)}" for p in series.points)
    values = [Value(series, p) for p in series.points]
    gaps = _gaps(series)
    return Outcome(
        Status.ANSWERED,
        f"{years}（{_signed(series, chosen[0])}）",
        explanation=f"报告给出的各年：{told}",
        confidence=FAIRLY if gaps else SURE,
        quotes=quotes(p.found for p in (*chosen, *(p for p in series.points if p not in chosen))),
        notes=(*notes, *gaps, *remarks(values, goal=_goal(asked))),
    )


def passing_year(shelf: Shelf, asked: Asked, *, last: bool) -> Outcome | None:
    """Name the first, or last, year in which a value was passed.

    :raises LackingError: if the reports do not say.
    """
    drawn = _drawn(shelf, asked)
    if drawn is None or asked.limit is None:
        return None
    series, notes = drawn
    limit = asked.limit
    name = asked.indicators[0].written
    scale, base = split_unit(series.unit)
    if limit.base not in ("", base):
        raise LackingError(
            f"报告里{name}的单位是“{series.unit}”，与所问的“{limit.text}”不同。", nearest([series])
        )
    passed = [_passes(p, limit, SCALES[scale]) for p in series.points]
    if not any(passed):
        edge = (max if limit.sign > 0 else min)(series.points, key=lambda p: p.value)
        raise LackingError(
            f"报告给出的各年里，没有一年{name}{'超过' if limit.sign > 0 else '低于'}{limit.text}，"
            f"最{'高' if limit.sign > 0 else '低'}的是{edge.year}年的{edge.text}。",
            [edge.found],
        )
    at = len(passed) - 1 - passed[::-1].index(True) if last else passed.index(True)
    point = series.points[at]
    if not last and at == 0:
        raise LackingError(
            f"报告给出的最早一年（{point.year}年，{point.text}）已经"
            f"{'超过' if limit.sign > 0 else '低于'}{limit.text}，看不出是哪一年首次达到。",
            [point.found],
        )
    beside = series.points[at - 1] if not last else None
    shown = [p for p in (beside, point) if p is not None]
    between: tuple[str, ...] = ()
    if beside is not None and beside.year < point.year - 1:
        years = "、".join(f"{y}年" for y in range(beside.year + 1, point.year))
        between = (f"报告没有给出{years}的数，也可能在那时就已达到。",)
    values = [Value(series, p) for p in shown]
    return Outcome(
        Status.ANSWERED,
        f"{point.year}年",
        explanation="，".join(f"{p.year}年{name}{_signed(series, p)}" for p in shown),
        confidence=FAIRLY if between else SURE,
        quotes=quotes(p.found for p in (point, *(p for p in shown if p is not point))),
        notes=(*notes, *between, *remarks(values, goal=_goal(asked))),
    )


def _drawn(shelf: Shelf, asked: Asked) -> tuple[Series, tuple[str, ...]] | None:
    """Return the series asked for with the years asked for, and notes on it."""
    if len(asked.indicators) != 1:
        return None
    regions = shelf.regions(asked)
    if len(regions) != 1:
        return None
    spelling = asked.indicators[0]
    held = main_series(shelf, spelling, regions[0], Aspect.GROWTH if asked.rate else None)
    if asked.goals and not held.targets:
        held = main_series(shelf, spelling, regions[0], Aspect.GROWTH)
    points = held.targets if asked.goals else held.actual or held.targets
    if asked.done and not asked.goals:
        points = held.actual
    first, last = asked.span or (0, 9999)
    if len(asked.years) == 2 and asked.span is None:
        first, last = min(asked.years), max(asked.years)
    chosen = [p for p in points if first <= p.year <= last and p.until is None]
    if len(chosen) < _FEWEST:
        if not chosen:
            return None
        kind = "目标" if asked.goals else "数"
        raise LackingError(
            f"报告只给出一年（{chosen[0].year}年）的{spelling.written}{kind}：{chosen[0].text}，"
            "看不出变化。",
            [chosen[0].found],
        )
    return held.of(chosen), shelf.told_region(asked, regions)


def _passes(point: Point, limit: Limit, times: int) -> bool:
    value: Fraction = point.value * times
    if limit.sign > 0:
        if value == limit.value:
            return limit.reached or point.bound is Bound.AT_LEAST
        return value > limit.value
    return value < limit.value or (limit.reached and value == limit.value)


def _gaps(series: Series) -> tuple[str, ...]:
    """Return the note on years between the first and last that the reports do not give."""
    years = {p.year for p in series.points}
    lacking = [y for y in range(min(years), max(years)) if y not in years]
    if not lacking or len(lacking) > _MOST:
        return ()
    return (f"报告没有给出{'、'.join(f'{y}年' for y in lacking)}的数。",)


def _course(series: Series, asked: Asked) -> str:
    """Return how the last value stands to the first, in a sentence with the working."""
    first, last = series.points[0], series.points[-1]
    name = asked.indicators[0].written
    head = f"{name}{'增速' if series.growth and '涨幅' not in name else ''}"
    if first.value == last.value:
        return f"{head}：{first.year}年和{last.year}年相同，都是{first.text}"
    amounts: list[Amount] = [Value(series, p).amount(f"{p.year}年") for p in (first, last)]
    if not comparable(amounts):
        return head
    rising = last.value > first.value
    ordered = amounts[::-1] if rising else amounts
    return f"{head}{last.year}年比{first.year}年{'高' if rising else '低'}：{difference(*ordered).working}"


def _signed(series: Series, point: Point) -> str:
    """Write a value; a fall of a growth rate says so."""
    return f"下降{point.text}" if series.growth and point.value < 0 else point.text


def _goal(asked: Asked) -> bool | None:
    if asked.goals:
        return True
    return False if asked.done else None
