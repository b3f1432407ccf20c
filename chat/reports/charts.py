"""Draw a series as SVG (pygal): drawn on the server, coloured by the page, no script needed."""

from __future__ import annotations

from typing import Literal

import pygal
from lxml import etree
from markupsafe import Markup
from pygal.style import Style

from chat.reports.series import Point, Series

HATCHED = "fill: url(#wz-hatch)"  # a pattern that the page defines
Form = Literal["bar", "line"]
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
    settings = {
        "style": _STYLE, "css": [], "js": [], "width": width, "height": height,
        "explicit_size": False, "show_legend": False, "print_values": True,
        "print_values_position": "top", "show_y_labels": False, "show_y_guides": False,
        "margin": 4, "margin_top": 22, "disable_xml_declaration": True, "pretty_print": False,
        "no_prefix": True,
    }  # fmt: skip
    values = [p.value for p in series.points]
    if min(values) >= 0:
        settings["range"] = (0, max(values) * 1.12 or 1)
    drawn = (
        pygal.Line(**settings, dots_size=4, stroke_style={"width": 2.5})
        if form == "line"
        else pygal.Bar(**settings, rounded_bars=2, spacing=14)
    )
    drawn.x_labels = [str(y) for y in years]
    by_year = {(p.year, p.target): p for p in series.points}
    if form == "bar" and len(by_year) == len(years):  # one bar a year stands in the middle
        drawn.add("", [_value(p) for p in series.points])
    else:
        for target in (False, True):
            drawn.add("", [_value(by_year.get((y, target))) for y in years])
    return _bare(drawn.render_tree())


def _value(point: Point | None) -> dict[str, object] | None:
    if point is None:
        return None
    value: dict[str, object] = {"value": point.value, "formatter": lambda _: point.text}
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
