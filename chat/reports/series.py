"""Bring the figures of one indicator together: by year, actual and target, in one unit, exact."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from corpus.figures.bounds import BEHIND_WORDS, Bound, bound_of
from corpus.types import Document, Figure, FigureKind
from retriever.figures import FoundFigure

# What stands before a unit → how many of the unit. 万亿元, 万吨, 亿美元; 千米 and 千瓦 are units of
# their own.
_SCALE = re.compile(r"^(万亿|百亿|千亿|亿|万)(?=.)")
SCALES = {"万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "亿": 10**8, "万": 10**4, "": 1}
# 减少1240万: people are counted, with or without 人.
_BARE_SCALE = re.compile(r"(?:万亿|亿|万)?$")
_PEOPLE = re.compile(r"人口|人数|人员|毕业生|贫困")
# A word of growth just before a number, 超 or 约 between them allowed; 新增就业 is none.
_GROWTH = re.compile(
    r"(?:增长|增速|增幅|涨幅|上涨|递增|增加|(?<!新)增|下降|降低|减少|降)[^，。；、到至为]{0,4}$"
)
_LEVELS = (FigureKind.ACTUAL, FigureKind.SHARE, FigureKind.COUNT)
_MOVES = (FigureKind.GROWTH, FigureKind.CHANGE)
_RATE_UNITS = frozenset({"%", "％", "‰", "倍", "番"})
_PERCENT = "％"
# 6.5%-7%: one value, given by its two ends.
_RANGE = re.compile(r"\s*(?:[-—–－~～至到]+)\s*")
_FIRST_END = re.compile(r"[\d.．]+[%％]?\s*(?:[-—–－~～至到]+)\s*$")
_SHARE = re.compile(r"占|比重|比例|之比|强度|率")


class Aspect(StrEnum):
    """What the values of a series say of their indicator."""

    LEVEL = "level"  # 82.7万亿元, 58.5%
    GROWTH = "growth"  # 增长6.9%
    CHANGE = "change"  # 减少1240万人, 提高2.7个百分点


@dataclass(frozen=True)
class Point:
    """One value of a series.

    :ivar value: in the unit of its series, exact; where two ends are given, the first.
    :ivar text: as it is written in the report, with the word that bounds it.
    :ivar until: the figure of the second end, where two are given.
    :ivar others: what other reports, or other places of the same one, give instead, newest first.
    :ivar given: all that the reports give for the year, newest first.
    """

    year: int
    value: Fraction
    text: str
    target: bool
    found: FoundFigure
    until: FoundFigure | None = None
    others: tuple[FoundFigure, ...] = ()
    given: tuple[FoundFigure, ...] = ()

    @property
    def bound(self) -> Bound:
        """How the value is bounded: 以上, 左右."""
        return bound_of(self.found.figure.qualifier)


@dataclass(frozen=True)
class Series:
    """The values of one indicator of one region, oldest first.

    :ivar unit: of all its points.
    """

    region: str
    name: str
    unit: str
    aspect: Aspect
    points: tuple[Point, ...]

    @property
    def growth(self) -> bool:
        """Whether the values say how much the indicator grew, not how large it was."""
        return self.aspect is not Aspect.LEVEL

    @property
    def title(self) -> str:
        """The indicator as the newest report writes it."""
        newest = max(self.points, key=lambda p: p.found.document.year or 0)
        return newest.found.figure.indicator or self.name

    @property
    def base(self) -> str:
        """The unit without its scale: 元 of 亿元."""
        return split_unit(self.unit)[1]

    @property
    def actual(self) -> tuple[Point, ...]:
        """The points that were reached."""
        return tuple(p for p in self.points if not p.target)

    @property
    def targets(self) -> tuple[Point, ...]:
        """The points that are aimed at."""
        return tuple(p for p in self.points if p.target)

    def told_by(self, point: Point, report: str) -> Point:
        """Return the point as a certain report gives it; as it is, if that report does not."""
        chosen = next((g for g in point.given if g.document.id == report), None)
        if chosen is None or point.found.document.id == report:
            return point
        return _told(chosen, point.year, list(point.given), split_unit(self.unit)[0], self.aspect)

    def of(self, points: Iterable[Point]) -> Series:
        """Return the same series with some of its points only."""
        return replace(self, points=tuple(points))


def series_of(found: Iterable[FoundFigure]) -> list[Series]:
    """Return the series that figures make up, in the order in which they first appear.

    Only figures of a single year that speak of the report's own region count. Where reports give a
    year different values, the newest stands and the others are kept beside it; a rough value
    (不到70万亿元) gives way to an exact one that it agrees with.
    """
    groups: dict[tuple[str, str, str, Aspect], list[FoundFigure]] = defaultdict(list)
    for item in found:
        if _fits(item):
            figure = item.figure
            base = _base(figure)
            groups[item.document.region, figure.name, base, _aspect(item, base)].append(item)
    return [_series(*key, members) for key, members in groups.items()]


def written(figure: Figure) -> str:
    """Return a figure with the word that bounds it on its side: 超13亿美元, 7.5%左右."""
    text = "".join(figure.text.split())  # 7 4 7 7 2 亿元, as some files have it
    if figure.qualifier in ("多", "余") and figure.qualifier in text:
        return text  # 4万多亿元
    behind = figure.qualifier in BEHIND_WORDS
    return f"{text}{figure.qualifier}" if behind else f"{figure.qualifier}{text}"


def own(document: Document, subject: str) -> bool:
    """Tell whether a figure's subject is the region that its report speaks for."""
    return not subject or subject.startswith("全") or document.region.endswith(subject)


def split_unit(unit: str) -> tuple[str, str]:
    """Return the scale of a unit and what it counts: 亿元 → 亿, 元."""
    unit = unit.replace(_PERCENT, "%")
    match = _SCALE.match(unit)
    return (match[1], unit[match.end() :]) if match else ("", unit)


def _fits(item: FoundFigure) -> bool:
    figure = item.figure
    # 中央财政赤字 is an indicator of the country, though the body is 中央财政.
    named = own(item.document, figure.subject) or figure.indicator.startswith(figure.subject)
    form = figure.comparison.form if figure.comparison is not None else ""
    return (
        figure.kind in (*_LEVELS, *_MOVES, FigureKind.TARGET)
        and figure.period is not None
        and figure.period[0] == figure.period[1]
        and named
        and (form != "of" or _SHARE.search(figure.indicator) is not None)
    )


def _base(figure: Figure) -> str:
    base = split_unit(figure.unit)[1]
    if _BARE_SCALE.fullmatch(figure.unit) and _PEOPLE.search(figure.name):
        return "人"
    return base


def _aspect(item: FoundFigure, base: str) -> Aspect:
    figure = item.figure
    if figure.kind in _MOVES or (figure.kind is FigureKind.TARGET and _grows(item)):
        # 价格上涨2.6%, 价格涨幅2.6%: the rate of a rate is no growth.
        return Aspect.GROWTH if base in _RATE_UNITS else Aspect.CHANGE
    return Aspect.LEVEL


def _grows(item: FoundFigure) -> bool:
    """Tell whether a target says how much to grow: 增长7.5%左右, not 提高到3%."""
    figure = item.figure
    before = _FIRST_END.sub("", item.document.text[max(figure.start - 18, 0) : figure.start])[-8:]
    return _GROWTH.search(before) is not None or figure.indicator.endswith("涨幅")


def _series(
    region: str, name: str, base: str, aspect: Aspect, members: list[FoundFigure]
) -> Series:
    scale = Counter(_scale(m.figure) for m in members).most_common(1)[0][0]
    held: dict[tuple[int, bool], list[FoundFigure]] = defaultdict(list)
    for item in members:
        if item.figure.period is not None:
            held[item.figure.period[0], item.figure.kind is FigureKind.TARGET].append(item)
    points = [_point(key[0], held[key], scale, aspect) for key in sorted(held)]
    return Series(region, name, scale + base, aspect, tuple(points))


def _point(year: int, given: list[FoundFigure], scale: str, aspect: Aspect) -> Point:
    """Return the value of a year out of all that reports give for it."""
    newest = sorted(given, key=lambda g: -(g.document.year or 0))  # stable: first mention first
    chosen = newest[0]
    ranged = any(_joined(chosen, o) for o in newest)
    if bound_of(chosen.figure.qualifier) is not Bound.EXACT and not ranged:
        exact = (o for o in newest if bound_of(o.figure.qualifier) is Bound.EXACT)
        chosen = next((o for o in exact if _agree(o, chosen, scale)), chosen)
    return _told(chosen, year, newest, scale, aspect)


def _told(
    chosen: FoundFigure, year: int, given: list[FoundFigure], scale: str, aspect: Aspect
) -> Point:
    figure = chosen.figure
    until = next((o for o in given if _joined(chosen, o)), None)
    others = [
        o for o in given if o is not chosen and o is not until and not _agree(chosen, o, scale)
    ]
    text = written(figure)
    if until is not None:
        text = "".join(chosen.document.text[figure.start : until.figure.end].split())
    value = _value(figure, scale)
    falls = aspect is not Aspect.LEVEL and figure.direction < 0
    return Point(
        year=year,
        value=-value if falls else value,
        text=text,
        target=figure.kind is FigureKind.TARGET,
        found=chosen,
        until=until,
        others=tuple(others),
        given=tuple(given),
    )


def _joined(first: FoundFigure, second: FoundFigure) -> bool:
    """Tell whether two figures are the ends of one range: 6.5%-7%."""
    between = first.document.text[first.figure.end : second.figure.start]
    same = first.document.id == second.document.id and first.figure.end < second.figure.start
    return same and _RANGE.fullmatch(between) is not None


def _agree(first: FoundFigure, second: FoundFigure, scale: str) -> bool:
    """Tell whether two reports can both be right: 67.7万亿元 and 不到70万亿元."""
    a, b = _value(first.figure, scale), _value(second.figure, scale)
    if a == b:
        return True
    for value, (limit, bound) in (
        (a, (b, bound_of(second.figure.qualifier))),
        (b, (a, bound_of(first.figure.qualifier))),
    ):
        if bound is Bound.AT_LEAST and value >= limit and value <= limit * Fraction(11, 10):
            return True
        if bound is Bound.AT_MOST and value <= limit and value >= limit * Fraction(9, 10):
            return True
        if bound is Bound.ABOUT and abs(value - limit) <= limit / 20:
            return True
    return False


def _value(figure: Figure, scale: str) -> Fraction:
    return Fraction(figure.value) * Fraction(SCALES[_scale(figure)], SCALES[scale])


def _scale(figure: Figure) -> str:
    """Return the scale of a figure's unit; 万 alone is one too."""
    if figure.unit in SCALES:
        return figure.unit if _PEOPLE.search(figure.name) else ""
    return split_unit(figure.unit)[0]
