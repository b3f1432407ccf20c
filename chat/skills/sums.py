"""Differences, ratios, growth, shares and sums of figures, with the working shown."""

from __future__ import annotations

import re

from chat.reckoning import (
    PERCENT,
    Amount,
    Result,
    comparable,
    difference,
    growth,
    ratio,
    share,
    total,
)
from chat.reports.series import Aspect, Series
from chat.skills.asked import Asked
from chat.skills.base import Outcome
from chat.skills.naming import Spelling
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
from chat.skills.wording import Task
from chat.types import Status
from retriever.figures import FoundFigure

# What stands at one time; its values of several years do not add up.
_STOCK = re.compile(
    r"里程|总数|人口|余额|率$|率[（(]|比重|比例|覆盖|储备|寿命|标准|浓度|拥有量|参保"
)
_PRICE = re.compile(r"价格|涨幅")
_FROM_TO = re.compile(r"从.*到|由.*到")


def reckoned(shelf: Shelf, asked: Asked) -> Outcome | None:
    """Answer a question for a difference, ratio, share or sum.

    :raises LackingError: if a figure is missing, or the figures do not go together.
    """
    regions = shelf.regions(asked)
    values = _values(shelf, asked, regions)
    if values is None:
        return None
    goal = _goal(asked)
    labels = _labels(values, asked, regions)
    amounts = [v.amount(label) for v, label in zip(values, labels, strict=True)]
    if not comparable(amounts):
        told = "、".join(a.text for a in amounts)
        raise LackingError(f"这几个数的单位不同（{told}），不能放在一起计算。", _found(values))
    if asked.task is Task.SUM:
        result, text = _sum(values, amounts)
    elif asked.task is Task.RATIO:
        result, text = _whole(ratio(*amounts[:2]), "这两个数不能相除。", values)
    elif asked.task is Task.SHARE:
        part, whole = sorted(amounts, key=lambda a: a.value)
        result, text = _whole(share(part, whole), "这两个数算不出占比。", values)
    else:
        result, text = _difference(asked, values, amounts)
    return Outcome(
        Status.ANSWERED,
        text,
        explanation=result.working,
        confidence=SURE,
        quotes=quotes(_found(values)),
        notes=(
            *shelf.told_region(asked, regions),
            *_year_note(asked, values),
            *remarks(values, goal=goal),
        ),
    )


def _values(shelf: Shelf, asked: Asked, regions: tuple[str, ...]) -> list[Value] | None:
    """Return the values to reckon with in the order of the question, None if it is not clear."""
    years = asked.years
    if asked.ranged and asked.span is not None and not years:
        years = asked.span
    names, goal = asked.indicators, _goal(asked)
    if len(names) == 1 and len(regions) == 1:
        if asked.goals and asked.done and len(years) == 1 and asked.task is not Task.SUM:
            return _goal_and_done(shelf, names[0], regions[0], years[0])
        if len(years) < 2:
            return None
        if asked.task is Task.SUM and asked.ranged:
            years = tuple(range(years[0], years[-1] + 1))
        series = _series(shelf, asked, names[0], regions[0])
        _summable(asked, series, names[0])
        if asked.task is not Task.SUM and len(years) > 2:
            return None
        values = _of_years(series, years, names[0].written, goal)
        if _FROM_TO.search(asked.text) or (asked.ranged and asked.task is not Task.SUM):
            values.reverse()
        return values
    pairs = [(n, r) for r in regions for n in names]
    if len(pairs) < 2 or len(years) > 1 or (len(names) > 1 and len(regions) > 1):
        return None
    held = [(n, r, _series(shelf, asked, n, r)) for n, r in pairs]
    year = years[0] if years else _common(held, goal)
    return [value_of(s, year, _named(n, r, regions), goal=goal) for n, r, s in held]


def _goal_and_done(shelf: Shelf, name: Spelling, region: str, year: int) -> list[Value]:
    """Return what was reached and what was aimed at."""
    held = [s for s in shelf.all_series(name.key, region) if s.targets and s.actual]
    for series in sorted(held, key=lambda s: (s.aspect is Aspect.CHANGE, -len(s.points))):
        if {year} <= {p.year for p in series.targets} & {p.year for p in series.actual}:
            return [value_of(series, year, name.written, goal=g) for g in (False, True)]
    near = nearest(held or shelf.all_series(name.key, region), year)
    raise LackingError(f"报告没有同时给出{year}年{name.written}的目标和实际数。", near)


def _series(shelf: Shelf, asked: Asked, name: Spelling, region: str) -> Series:
    """Return the series to reckon in; a rate of growth only where one is asked for."""
    if asked.rate:
        return main_series(shelf, name, region, Aspect.GROWTH)
    series = main_series(shelf, name, region, None)
    if series.aspect is Aspect.LEVEL:
        return series
    if _PRICE.search(name.key) or _PRICE.search(name.written):
        return series
    changes = [s for s in shelf.all_series(name.key, region) if s.aspect is Aspect.CHANGE]
    if asked.task is Task.SUM and changes:
        return max(changes, key=lambda s: len(s.points))
    raise LackingError(
        f"报告只给出{name.written}的增速，没有给出数额，不能这样计算。", nearest([series])
    )


def _summable(asked: Asked, series: Series, name: Spelling) -> None:
    if asked.task is not Task.SUM:
        return
    if series.base in PERCENT:
        raise LackingError(f"{name.written}是百分比，各年的数不能相加。", nearest([series]))
    if series.aspect is Aspect.LEVEL and _STOCK.search(name.key):
        raise LackingError(f"{name.written}是某一时点的数，各年的数不能相加。", nearest([series]))


def _of_years(series: Series, years: tuple[int, ...], name: str, goal: bool | None) -> list[Value]:
    """Return the values of years, from one report where one gives them all.

    So a difference is not taken between a revised value and one that was not.
    """
    values = [value_of(series, y, name, goal=goal) for y in years]
    held = [{g.document.id: g.document.year or 0 for g in v.point.given} for v in values]
    common = set(held[0]).intersection(*held[1:])
    if not common:
        return values
    report = max(common, key=lambda d: held[0][d])
    return [Value(series, series.told_by(v.point, report)) for v in values]


def _common(held: list[tuple[Spelling, str, Series]], goal: bool | None) -> int:
    years = [
        {p.year for p in s.points if p.target is (goal if goal is not None else not s.actual)}
        for _, _, s in held
    ]
    both = set.intersection(*years)
    if not both:
        names = "、".join(dict.fromkeys(n.written for n, _, _ in held))
        raise LackingError(
            f"报告没有给出{names}同一年的数字，不能放在一起计算。", nearest(s for _, _, s in held)
        )
    return max(both)


def _sum(values: list[Value], amounts: list[Amount]) -> tuple[Result, str]:
    if amounts[0].base in PERCENT:
        raise LackingError("百分比不能相加。", _found(values))
    result = total(amounts)
    return result, result.text


def _difference(asked: Asked, values: list[Value], amounts: list[Amount]) -> tuple[Result, str]:
    first, second = amounts[:2]
    level = values[0].series.aspect is Aspect.LEVEL and first.base not in PERCENT
    whole = difference(first, second)
    text = whole.text
    if level and (asked.percent or asked.growth):
        grew = growth(first, second)
        if grew is not None and asked.percent:
            return grew, _turned(asked, first, second, grew.text)
        if grew is not None:
            both = Result(whole.value, whole.text, f"{whole.working}；{grew.working}")
            return both, _turned(asked, first, second, f"{whole.text}（{grew.text}）")
    return whole, _turned(asked, first, second, text)


def _turned(asked: Asked, first: Amount, second: Amount, text: str) -> str:
    """Say so where the values stand the other way round than the question has it."""
    if first.value == second.value:
        return "两个数相同"
    rising = first.value > second.value
    if not asked.direction or (asked.direction > 0) is rising:
        return text
    pair = ("高", "低") if first.base in PERCENT else ("多", "少")
    return f"不是{pair[rising]}了，而是{pair[not rising]}{text}"


def _whole(result: Result | None, why: str, values: list[Value]) -> tuple[Result, str]:
    if result is None:
        raise LackingError(why, _found(values))
    return result, result.text


def _labels(values: list[Value], asked: Asked, regions: tuple[str, ...]) -> list[str]:
    """Return what stands before each value in the working, where values differ in it."""
    years = len({v.point.year for v in values}) > 1
    labels = []
    for i, value in enumerate(values):
        label = ""
        if len(regions) > 1:
            label += place(regions[i % len(regions)])
        if years:
            label += f"{value.point.year}年"
        if len(asked.indicators) > 1:
            label += asked.indicators[i].written
        if len({v.point.target for v in values}) > 1:
            label += "目标" if value.point.target else "实际"
        labels.append(label)
    return labels


def _named(name: Spelling, region: str, regions: tuple[str, ...]) -> str:
    return f"{place(region)}{name.written}" if len(regions) > 1 else name.written


def _year_note(asked: Asked, values: list[Value]) -> tuple[str, ...]:
    if asked.years or asked.span is not None:
        return ()
    year = values[0].point.year
    return (f"问题没有写明年份，按报告都给出的最近一年（{year}年）计算。",)


def _goal(asked: Asked) -> bool | None:
    if asked.goals:
        return True
    return False if asked.done else None


def _found(values: list[Value]) -> list[FoundFigure]:
    return [v.point.found for v in values]
