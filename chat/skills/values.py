"""Find the values that a question wants reckoned with, or say which one the reports lack."""

from __future__ import annotations

import weakref
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chat.reckoning import Amount, amount_of
from chat.reports.series import Aspect, Point, Series, series_of, written
from chat.skills.asked import Asked
from chat.skills.base import Outcome, Quoted
from chat.skills.naming import Naming, Spelling, key_of
from chat.types import Status
from corpus.figures.bounds import Bound
from corpus.sentences import clause_ranges, sentence_ranges
from corpus.types import FigureKind
from index.library import Library
from index.stores.protocol import Description
from retriever.figures import FoundFigure

MOST_REPORTS = 64  # with more, a question must name its place before figures are compared
SURE, FAIRLY, REFUSED = 0.96, 0.9, 0.9  # confidence of a result, one with gaps, a refusal
_LONGEST = 200  # characters of a sentence that is quoted whole
_NEAR = 3  # quotes beside a refusal


class LackingError(Exception):
    """What is lacking to reckon, as a sentence for the asker; with the nearest figures.

    :ivar firm: reading the report would bring up the very figure that does not answer.
    """

    def __init__(self, said: str, near: Iterable[FoundFigure] = (), *, firm: bool = False) -> None:
        super().__init__(said)
        self.said = said
        self.near = tuple(near)
        self.firm = firm


@dataclass(frozen=True)
class Value:
    """A value with the series that it belongs to."""

    series: Series
    point: Point

    def amount(self, label: str = "") -> Amount:
        """Return it to reckon with."""
        return amount_of(self.series, self.point, label)


class Shelf:
    """The figures of the reports that a question may be about, by region."""

    def __init__(self, library: Library, rows: Sequence[Description]) -> None:
        """Remember the reports, newest first; they are read when they are asked for."""
        self.library = library
        self.rows = sorted(rows, key=lambda r: -(r.year or 0))
        self.naming = _naming(library, self.rows)
        self.taken = ""  # place to answer for where the question names none

    def regions(self, asked: Asked) -> tuple[str, ...]:
        """Return the places to answer for: those named, else that of the newest fitting report."""
        if asked.regions:
            return asked.regions
        if self.taken:
            return (self.taken,)
        keys = {s.key for s in asked.indicators}
        partly = ""
        for row in self.rows:
            held = {key_of(f.name) for f in self.library.figures[row.id]}
            if keys <= held:
                return (row.region,)
            partly = partly or (row.region if keys & held else "")
        return (partly or self.rows[0].region,)

    def told_region(self, asked: Asked, regions: tuple[str, ...]) -> tuple[str, ...]:
        """Return the note that says which place was taken, where others were possible."""
        if asked.regions or len({r.region for r in self.rows}) < 2:
            return ()
        return (f"问题没有写明地方，按{place(regions[0])}的报告回答。",)

    def all_series(self, key: str, region: str) -> list[Series]:
        """Return the series of an indicator in a region, ways to write it brought together."""
        named = [
            FoundFigure(f.document, replace(f.figure, name=key)) for f in self.found(key, region)
        ]
        return series_of(named)

    def averages(self, key: str, region: str) -> list[FoundFigure]:
        """Return the growth of an indicator over several years, newest report first."""
        return [f for f in self.over_years(key, region) if f.figure.kind is FigureKind.GROWTH]

    def over_years(self, key: str, region: str) -> list[FoundFigure]:
        """Return the figures that tell of several years together, newest report first."""
        return [
            f
            for f in self.found(key, region)
            if f.figure.period is not None and f.figure.period[0] < f.figure.period[1]
        ]

    def places(self) -> list[str]:
        """Return the places that the reports are about, that of the newest report first."""
        return list(dict.fromkeys(r.region for r in self.rows))

    def told_over(self, asked: Asked) -> bool:
        """Tell whether a report itself says what came about over the years asked for."""
        years = asked.years or (asked.span if asked.ranged and asked.span else ())
        if not years:
            return False
        stretches = {(min(years), max(years)), (min(years) + 1, max(years))}
        return any(
            f.figure.period in stretches and f.figure.period[0] < f.figure.period[1]
            for spelling in asked.indicators
            for region in self.regions(asked)
            for f in self.found(spelling.key, region)
            if f.figure.period is not None
        )

    def found(self, key: str, region: str) -> list[FoundFigure]:
        """Return the figures of an indicator in the reports of a region, newest report first."""
        return [
            FoundFigure(self.library.document(row.id), figure)
            for row in self.rows
            if row.region == region
            for figure in self.library.figures[row.id]
            if key_of(figure.name) == key
        ]


def main_series(shelf: Shelf, spelling: Spelling, region: str, aspect: Aspect | None) -> Series:
    """Return the series that a question means: levels, unless growth is asked or alone is given.

    :raises LackingError: if the reports give no such series of the indicator.
    """
    held = shelf.all_series(spelling.key, region)
    order = [aspect] if aspect is not None else [Aspect.LEVEL, Aspect.GROWTH]
    for wanted in order:
        fitting = [s for s in held if s.aspect is wanted]
        if fitting:
            return max(fitting, key=lambda s: len(s.points))
    raise LackingError(f"报告没有给出{spelling.written}的{_ASPECTS[aspect]}。", nearest(held))


_ASPECTS = {
    None: "数字",
    Aspect.LEVEL: "数额",
    Aspect.GROWTH: "各年增速（比上年增长多少）",
    Aspect.CHANGE: "增减数",
}


def value_of(series: Series, year: int, name: str, *, goal: bool | None) -> Value:
    """Return the value of a year.

    :param goal: the target, what was reached, or (None) what the series mostly tells.
    :raises LackingError: if the reports do not give it, or give more than one.
    """
    target = goal if goal is not None else not series.actual
    point = next((p for p in series.points if p.year == year and p.target is target), None)
    if point is None:
        said = _lacking(series, year, name, target=target, goal=goal)
        raise LackingError(said, nearest([series], year))
    if point.until is not None:
        raise LackingError(
            f"报告给出的{year}年{name}是一个区间（{point.text}），不能据此计算。", [point.found]
        )
    rival = next((o for o in point.others if o.document.id == point.found.document.id), None)
    if rival is not None:
        raise LackingError(
            f"同一份报告给出的{year}年{name}不止一个数（{point.text}、{written(rival.figure)}），"
            "说法不同，不能据此计算。",
            [point.found, rival],
        )
    return Value(series, point)


def _lacking(series: Series, year: int, name: str, *, target: bool, goal: bool | None) -> str:
    kind = "目标" if target else ""
    other = next((p for p in series.points if p.year == year and p.target is not target), None)
    if other is not None:
        told = "实际数" if other.target is False else "目标"
        wanted = "目标" if target else "实际数"
        return f"报告只给出{year}年{name}的{told}（{other.text}），没有给出{wanted}。"
    years = sorted({p.year for p in series.points if p.target is target})
    if not years:
        return f"报告没有给出{year}年{name}的{kind or '数字'}。"
    given = "、".join(f"{y}年" for y in years)
    growth = "增速" if series.aspect is Aspect.GROWTH and "涨幅" not in name else ""
    if target and goal is None:  # a target was not asked for, but is all that there is
        return f"报告没有给出{year}年的{name}{growth}，给出的是{given}的目标。"
    return f"报告没有给出{year}年的{name}{growth}{kind}，给出的是{given}的。"


def nearest(held: Iterable[Series], year: int | None = None) -> list[FoundFigure]:
    """Return the figures to show beside a refusal, those of the nearest years first."""
    points = [p for s in held for p in s.points]
    points.sort(key=lambda p: abs(p.year - year) if year is not None else -p.year)
    return [p.found for p in points[:_NEAR]]


def refused(missing: LackingError, notes: tuple[str, ...] = ()) -> Outcome:
    """Return the refusal that says what is missing."""
    return Outcome(
        Status.UNANSWERABLE,
        missing.said,
        confidence=REFUSED,
        quotes=quotes(missing.near),
        notes=notes,
    )


def quotes(found: Iterable[FoundFigure]) -> tuple[Quoted, ...]:
    """Return the sentences in which figures stand, one for each, none twice."""
    return tuple(dict.fromkeys(_quoted(f) for f in found))


def sentence_of(found: FoundFigure) -> str:
    """Return the text quoted for a figure, on one line."""
    quoted = _quoted(found)
    return " ".join(found.document.text[quoted.start : quoted.end].split())


def _quoted(found: FoundFigure) -> Quoted:
    document, figure = found.document, found.figure
    at = bisect_right(document.paragraphs, figure.start, key=lambda p: p.start) - 1
    begin, end = figure.start, figure.end
    if at >= 0 and figure.end <= document.paragraphs[at].end:
        paragraph = document.paragraphs[at]
        ranges = sentence_ranges(document.text, paragraph.start, paragraph.end)
        begin, end = _holding(ranges, figure.start, figure.end)
        if end - begin > _LONGEST:
            begin, end = _holding(
                clause_ranges(document.text, begin, end), figure.start, figure.end
            )
    return Quoted(document.id, begin, end)


def _holding(ranges: list[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    held = [r for r in ranges if r[0] < end and start < r[1]]
    return (held[0][0], held[-1][1]) if held else (start, end)


def remarks(values: Iterable[Value], *, goal: bool | None) -> tuple[str, ...]:
    """Return what a reader should know of values: conflicts, targets, rough ones."""
    held = list(values)
    notes = [n for v in held if (n := conflict(v))]
    targets = [v for v in held if v.point.target]
    if goal is None and targets:
        notes.append("其中的数是报告提出的目标或安排，不是完成后的实际数。")
    rough = list(dict.fromkeys(v.point.text for v in held if v.point.bound is not Bound.EXACT))
    if rough and len(held) > 1:
        notes.append(f"“{'”“'.join(rough)}”不是确数，算出的结果也只是大致的数。")
    return tuple(dict.fromkeys(notes))


def conflict(value: Value) -> str:
    """Return the sentence that tells what other reports give for the same year, or nothing."""
    point = value.point
    others = [o for o in point.others if o.document.id != point.found.document.id]
    if not others:
        return ""
    told = "，".join(
        f"{o.document.year}年的报告是{written(o.figure)}" for o in others if o.document.year
    )
    return (
        f"{point.year}年的这个数各份报告不同：{point.found.document.year}年的报告是{point.text}，"
        f"{told}；这里用较新的。"
    )


def place(region: str) -> str:
    """Return how a region is called: 国务院 speaks for 全国."""
    return "全国" if region == "国务院" else region


_held: OrderedDict[tuple[int, tuple[str, ...]], tuple[weakref.ref[Library], Naming]] = OrderedDict()
_KEPT = 8


def _naming(library: Library, rows: Sequence[Description]) -> Naming:
    """Return the names of the reports' figures, made once for a library and choice of reports."""
    key = (id(library), tuple(r.id for r in rows))
    found = _held.get(key)
    if found is not None and found[0]() is library:
        return found[1]
    naming = Naming(f for row in rows for f in library.figures[row.id])
    _held[key] = (weakref.ref(library), naming)
    while len(_held) > _KEPT:
        _held.popitem(last=False)
    return naming
