"""Bring the figures of one indicator together: by year, actual and target, in one unit."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from corpus.types import Document, Figure, FigureKind
from retriever.figures import FoundFigure

# What stands before a unit → how many of the unit. 万亿元, 万吨, 亿美元; 千米 and 千瓦 are units of
# their own.
_SCALE = re.compile(r"^(万亿|百亿|千亿|亿|万)(?=.)")
# A word of growth just before a number, 超 or 约 between them allowed.
_GROWTH = re.compile(r"(?:增长|增速|增幅|递增|增加|增|下降|降低|减少|降)[^，。；、到至为]{0,4}$")
_TIMES = {"万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "亿": 10**8, "万": 10**4, "": 1}
_LEVELS = (FigureKind.ACTUAL, FigureKind.SHARE, FigureKind.COUNT)


@dataclass(frozen=True)
class Point:
    """One value of a series.

    :ivar value: in the unit of its series.
    :ivar text: as it is written in the report, with the word that bounds it.
    """

    year: int
    value: float
    text: str
    target: bool
    found: FoundFigure


@dataclass(frozen=True)
class Series:
    """The values of one indicator of one region, oldest first.

    :ivar unit: of all its points.
    :ivar growth: the values say how much the indicator grew, not how large it was.
    """

    region: str
    name: str
    unit: str
    growth: bool
    points: tuple[Point, ...]

    @property
    def title(self) -> str:
        """The indicator as the newest report writes it."""
        newest = max(self.points, key=lambda p: p.found.document.year or 0)
        return newest.found.figure.indicator or self.name

    @property
    def actual(self) -> tuple[Point, ...]:
        """The points that were reached."""
        return tuple(p for p in self.points if not p.target)

    @property
    def targets(self) -> tuple[Point, ...]:
        """The points that are aimed at."""
        return tuple(p for p in self.points if p.target)


def series_of(found: Iterable[FoundFigure]) -> list[Series]:
    """Return the series that figures make up, in the order in which they first appear.

    Only figures of a single year that speak of the report's own region count; where two reports
    give a value for the same year, the newer report's stands.
    """
    groups: dict[tuple[str, str, str, bool], list[FoundFigure]] = defaultdict(list)
    chosen = [f for f in found if _fits(f)]
    for item in chosen:
        figure = item.figure
        growth = figure.kind is FigureKind.GROWTH or (
            figure.kind is FigureKind.TARGET and _grows(item)
        )
        groups[item.document.region, figure.name, _split(figure.unit)[1], growth].append(item)
    return [_series(*key, members) for key, members in groups.items()]


def written(figure: Figure) -> str:
    """Return a figure with the word that bounds it on its side: 超13亿美元, 7.5%左右."""
    behind = figure.qualifier in ("左右", "以上", "以下", "以内", "上下", "多", "余")
    return f"{figure.text}{figure.qualifier}" if behind else f"{figure.qualifier}{figure.text}"


def own(document: Document, subject: str) -> bool:
    """Tell whether a figure's subject is the region that its report speaks for."""
    return not subject or subject.startswith("全") or document.region.endswith(subject)


def _fits(item: FoundFigure) -> bool:
    figure = item.figure
    return (
        figure.kind in (*_LEVELS, FigureKind.GROWTH, FigureKind.TARGET)
        and figure.period is not None
        and figure.period[0] == figure.period[1]
        and own(item.document, figure.subject)
        and (figure.comparison is None or figure.comparison.form in ("from", "to", "than"))
    )


def _grows(item: FoundFigure) -> bool:
    """Tell whether a target says how much to grow: 增长7.5%左右, not 提高到3%."""
    before = item.document.text[max(item.figure.start - 8, 0) : item.figure.start]
    return _GROWTH.search(before) is not None


def _series(region: str, name: str, base: str, growth: bool, members: list[FoundFigure]) -> Series:
    scale = Counter(_split(m.figure.unit)[0] for m in members).most_common(1)[0][0]
    points: dict[tuple[int, bool], Point] = {}
    for item in sorted(members, key=lambda m: m.document.year or 0):
        figure = item.figure
        assert figure.period is not None
        target = figure.kind is FigureKind.TARGET
        sign = -1 if growth and figure.direction < 0 else 1
        times = Fraction(_TIMES[_split(figure.unit)[0]], _TIMES[scale])
        points[figure.period[0], target] = Point(
            year=figure.period[0],
            value=sign * float(Fraction(figure.value) * times),
            text=written(figure),
            target=target,
            found=item,
        )
    return Series(region, name, scale + base, growth, tuple(points[k] for k in sorted(points)))


def _split(unit: str) -> tuple[str, str]:
    """Return the scale of a unit and what it counts: 亿元 → 亿, 元."""
    match = _SCALE.match(unit)
    return (match[1], unit[match.end() :]) if match else ("", unit)
