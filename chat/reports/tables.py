"""What the figures page shows: rows of a table, a CSV file, and charts with their numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from chat.page.strings import Language, strings
from chat.reports.charts import Form, chart
from chat.reports.series import Series, written
from retriever.figures import FoundFigure

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "document", "title", "indicator", "name", "subject", "value", "unit", "from_year", "to_year",
    "kind", "direction", "qualifier", "text", "start", "end", "page",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A line of the table.

    :ivar anchor: of the figure in its report: ``c523-530``.
    """

    indicator: str
    value: str
    period: str
    kind: str
    subject: str
    document: str
    title: str
    anchor: str


@dataclass(frozen=True)
class Drawing:
    """A chart with its numbers."""

    name: str
    unit: str
    region: str
    svg: Markup
    rows: tuple[tuple[str, str, str], ...]  # year, actual or target, value as written


def rows_of(found: Iterable[FoundFigure], language: Language) -> list[Row]:
    """Return the figures as lines of the table."""
    words = strings(language)
    return [
        Row(
            indicator=f.figure.indicator or f.figure.name,
            value=_signed(f),
            period=period_text(f.figure.period),
            kind=words[f"kind_{f.figure.kind.value}"],
            subject=f.figure.subject,
            document=f.document.id,
            title=f.document.title,
            anchor=f"c{f.figure.start}-{f.figure.end}",
        )
        for f in found
    ]


def period_text(period: tuple[int, int] | None) -> str:
    """Return the years of a figure: 2021, or 2017—2021."""
    if period is None:
        return ""
    return str(period[0]) if period[0] == period[1] else f"{period[0]}—{period[1]}"


def drawing_of(series: Series, language: Language, form: Form = "bar", **size: int) -> Drawing:
    """Return the chart of a series with its numbers."""
    words = strings(language)
    return Drawing(
        name=series.title + ("增速" if series.growth else ""),
        unit=series.unit,
        region=series.region,
        svg=chart(series, form, **size),
        rows=tuple(
            (str(p.year), words["target" if p.target else "actual"], p.text) for p in series.points
        ),
    )


def csv_of(found: Iterable[FoundFigure]) -> str:
    """Return the figures as CSV, with a mark at its beginning by which Excel knows it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for f in found:
        figure = f.figure
        first, last = figure.period or ("", "")
        row = (
            f.document.id, f.document.title, figure.indicator, figure.name, figure.subject,
            figure.value, figure.unit, first, last, figure.kind.value, figure.direction,
            figure.qualifier, figure.text, figure.start, figure.end, f.page or "",
        )  # fmt: skip
        writer.writerow([_plain(v) for v in row])
    return "\ufeff" + out.getvalue()


def _plain(value: object) -> object:
    """Keep a spreadsheet from reading a text of a report as a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def _signed(found: FoundFigure) -> str:
    figure = found.figure
    falls = figure.kind.value in ("growth", "change") and figure.direction < 0
    return ("−" if falls else "") + written(figure)
