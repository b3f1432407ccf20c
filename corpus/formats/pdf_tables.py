"""Find ruled tables on a page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from corpus.formats.pdf_page import Glyph, Rule

_TOUCH = 2.0  # points between rules that meet; double borders and rounding
_MAX_RULES = 2_000  # a page with more is a drawing


@dataclass(frozen=True)
class Table:
    """A grid: ``levels`` are its horizontal rules from top to bottom.

    :ivar edges: for each row the upright rules between its cells, from left to right.
    """

    left: float
    bottom: float
    right: float
    top: float
    levels: tuple[float, ...]
    edges: tuple[tuple[float, ...], ...]

    def holds(self, glyph: Glyph) -> bool:
        """Whether a glyph stands in the table."""
        x, y = (glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def cell(self, glyph: Glyph) -> tuple[int, int]:
        """Return row and column of a glyph in the table, both from 0."""
        band = self._band((glyph.bottom + glyph.top) / 2)
        return band, bisect_right(self.edges[band], (glyph.left + glyph.right) / 2)

    def columns(self, band: int) -> int:
        """Return how many cells a row has; a cell across columns counts once."""
        return len(self.edges[band]) + 1

    def _band(self, y: float) -> int:
        return max(0, bisect_left(self.levels, -y, key=lambda level: -level) - 1)


def find_tables(rules: list[Rule]) -> list[Table]:
    """Return the tables that the rules of a page draw: at least two cells side by side."""
    if not 4 <= len(rules) <= _MAX_RULES:
        return []
    tables = []
    for group in _groups(rules):
        uprights = [r for r in group if r.upright]
        levels = sorted(_distinct([(r.bottom + r.top) / 2 for r in group if not r.upright]))[::-1]
        edges = _distinct([(r.left + r.right) / 2 for r in uprights])
        if len(levels) < 2 or len(edges) < 3:
            continue  # a frame around text, or a page's border
        left, right = min(r.left for r in group), max(r.right for r in group)
        bottom, top = min(r.bottom for r in group), max(r.top for r in group)
        bands = zip(levels, [*levels[1:], bottom], strict=True)
        passing = tuple(_passing(uprights, (high + low) / 2, left, right) for high, low in bands)
        tables.append(Table(left, bottom, right, top, tuple(levels), passing))
    return tables


def _passing(uprights: list[Rule], y: float, left: float, right: float) -> tuple[float, ...]:
    """Return where upright rules inside a table pass a height; a cell across columns has none."""
    found = [(r.left + r.right) / 2 for r in uprights if r.bottom - 1 <= y <= r.top + 1]
    return tuple(x for x in _distinct(found) if left + _TOUCH < x < right - _TOUCH)


def _groups(rules: list[Rule]) -> list[list[Rule]]:
    """Group rules that touch each other."""
    parent = list(range(len(rules)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    order = sorted(range(len(rules)), key=lambda i: rules[i].left)
    for place, i in enumerate(order):
        for j in order[place + 1 :]:
            if rules[j].left > rules[i].right + _TOUCH:
                break
            if (
                rules[j].bottom <= rules[i].top + _TOUCH
                and rules[j].top >= rules[i].bottom - _TOUCH
            ):
                parent[root(j)] = root(i)
    groups: dict[int, list[Rule]] = {}
    for i, rule in enumerate(rules):
        groups.setdefault(root(i), []).append(rule)
    return list(groups.values())


def _distinct(values: list[float]) -> list[float]:
    """Return the values, those nearer than two rules that touch taken for one."""
    result: list[float] = []
    for value in sorted(values):
        if not result or value - result[-1] > _TOUCH:
            result.append(value)
    return result
