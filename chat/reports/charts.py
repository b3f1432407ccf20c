"""Draw a series as SVG (pygal): drawn on the server, coloured by the page, no script needed."""

from __future__ import annotations

from typing import Literal
from unicodedata import normalize

import pygal
from lxml import etree
from markupsafe import Markup
from pygal.style import Style

from chat.reports.series import Point, Series

HATCHED = "fill: url(#wz-hatch)"  # a pattern that the page defines
Form = Literal["bar", "line"]
_LABELS = 6  # that have room below one another's
_APART = 0.19  # of the width, at least, between two values that are written
_SPAN = 40  # years that are drawn to scale
_STYLE = Style(
    background="none", plot_background="none", foreground="currentColor",
    foreground_strong="currentColor", foreground_subtle="currentColor", colors=("#000000", "#000000"),
    font_family="inherit", value_font_family="inherit", label_font_family="inherit",
    label_font_size=15, major_label_font_size=15, value_font_size=15, transition="none",
)  # fmt: skip


def chart(series: Series, form: Form = "bar", width: int = 560, height: int = 260) -> Markup:
    """Return an SVG element of a series; a target is a hatched bar or a hollow dot.

    It carries no words for screen readers: the caller sets a table of the values beside it.
    """
    years = sorted({p.year for p in series.points})
    if form == "line" and years[-1] - years[0] <= _SPAN:
        years = list(range(years[0], years[-1] + 1))  # a year without a value takes its room, too
    told = _told(series, years)
    settings = {
        "style": _STYLE, "css": [], "js": [], "width": width, "height": height,
        "explicit_size": False, "show_legend": False, "print_values": True,
        "print_values_position": "top", "show_y_labels": False, "show_y_guides": False,
        "margin": 4 if form == "bar" else 34, "margin_bottom": 4, "margin_top": 24, "disable_xml_declaration": True, "pretty_print": False,
        "no_prefix": True,
    }  # fmt: skip
    values = [float(p.value) for p in series.points]  # exact up to here
    if min(values) >= 0:
        settings["range"] = (0, max(values) * 1.12 or 1)
    drawn = (
        pygal.Line(**settings, dots_size=4, stroke_style={"width": 2.5})
        if form == "line"
        else pygal.Bar(**settings, rounded_bars=2, spacing=14)
    )
    step = -(-len(years) // _LABELS)
    drawn.x_labels = [str(y) if (years[-1] - y) % step == 0 else "" for y in years]
    by_year = {(p.year, p.target): p for p in series.points}
    if form == "bar" and len(by_year) == len(years):  # one bar a year stands in the middle
        drawn.add("", [_value(p, told) for p in series.points])
    else:
        for target in (False, True):
            drawn.add("", [_value(by_year.get((y, target)), told) for y in years])
    return _bare(drawn.render_tree())


def _told(series: Series, years: list[int]) -> list[Point]:
    """Return the points whose values are written beside them, none so near that they overlap.

    What was reached last counts most, then where it began, then what is aimed at.
    """
    actual, targets = series.actual, series.targets
    by_weight = [*actual[-1:], *actual[:1], *targets[-1:], *actual, *targets]
    told: list[Point] = []
    for point in by_weight:
        at = years.index(point.year) / len(years)
        if all(abs(at - years.index(other.year) / len(years)) > _APART for other in told):
            told.append(point)
    return told


def _value(point: Point | None, told: list[Point]) -> dict[str, object] | None:
    if point is None:
        return None
    text = normalize("NFKC", point.text) if any(point is p for p in told) else ""
    value: dict[str, object] = {"value": float(point.value), "formatter": lambda _: text}
    if point.target:
        value["style"] = HATCHED
    return value


def _bare(root: etree._Element) -> Markup:
    """Return the drawing without the style, script and settings that pygal puts into it."""
    for node in list(root.iter(etree.Comment, "defs", "title", "desc")):
        if (parent := node.getparent()) is not None:
            parent.remove(node)
    root.attrib.pop("id", None)
    root.set("aria-hidden", "true")
    # Texts of reports stand in it as text nodes, which lxml escapes.
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704
