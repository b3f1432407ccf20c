"""Order the glyphs of a page into lines: column by column, table rows in one line each."""

from __future__ import annotations

from statistics import median

from corpus.formats.pdf_page import Glyph, PageContent
from corpus.formats.pdf_rows import Line, Segment, em_of, line_of, rows_of, segments_of, text_of
from corpus.formats.pdf_tables import Table, find_tables

# Lengths in ems, the width of a Chinese character.
_GUTTER_MIN = 0.8  # between two columns of text
_COLUMN_MIN = 8.0  # an average line of a column of text; cells are shorter
# Of the rows of a page: so many lines stand on either side of a gutter, so few run across it.
_BESIDE_MIN, _ACROSS_MAX, _ROWS_MIN = 0.2, 0.35, 4
_REACH = 6  # ems from the middle of the page, or from its thirds, where a gutter is looked for


def page_lines(content: PageContent) -> list[Line]:
    """Return the lines of a page in reading order."""
    tables = find_tables(content.rules)
    loose: list[Glyph] = []
    held: dict[int, list[Glyph]] = {}
    for glyph in content.glyphs:
        place = next((i for i, t in enumerate(tables) if t.holds(glyph)), None)
        (loose if place is None else held.setdefault(place, [])).append(glyph)
    rows = [segments_of(row) for row in rows_of(loose)]
    rows = [row for row in rows if row]
    lines = _columns(rows) or [line_of(row) for row in rows]
    lines = _borderless_rows(lines, rows) if not any(x.column for x in lines) else lines
    for place, glyphs in held.items():
        lines = _put_in(lines, _table_lines(tables[place], glyphs), tables[place])
    return lines


def _columns(rows: list[list[Segment]]) -> list[Line]:
    """Return the lines of a page in two or three columns, none if it has one."""
    gutters = _gutters(rows)
    if not gutters:
        return []
    lines: list[Line] = []
    waiting: list[list[Line]] = [[] for _ in range(len(gutters) + 1)]

    def flush() -> None:
        for column in waiting:
            lines.extend(column)
            column.clear()

    for row in rows:
        parts: list[list[Segment]] = [[] for _ in waiting]
        for segment in row:
            parts[sum(segment.left >= g for g in gutters)].append(segment)
        across = any(s.left < g - 0.1 and s.right > g + 0.1 for s in row for g in gutters)
        if across:
            flush()
            lines.append(line_of(row))
            continue
        for number, part in enumerate(parts):
            if part:
                waiting[number].append(line_of(part, number + 1))
    flush()
    return lines


def _gutters(rows: list[list[Segment]]) -> list[float]:
    """Return the middle of each gap that runs down the page between columns of text."""
    if len(rows) < _ROWS_MIN:
        return []
    left = min(s.left for row in rows for s in row)
    right = max(s.right for row in rows for s in row)
    em = median(em_of(s.glyphs) for row in rows for s in row)
    found: list[float] = []
    for share in (((1 / 2),), (1 / 3, 2 / 3)):
        found = [
            g for s in share if (g := _gutter(rows, left + (right - left) * s, em)) is not None
        ]
        if len(found) == len(share):
            return found
    return []


def _gutter(rows: list[list[Segment]], near: float, em: float) -> float | None:
    """Return the middle of the free gap nearest to ``near`` with text on both sides of it.

    The lines of two columns need not stand at the same height, so each side counts by itself.
    """
    half = _GUTTER_MIN * em / 2
    steps = [near + i * em / 4 for i in range(-_REACH * 4, _REACH * 4 + 1)]
    crossing = [
        sum(any(s.left < x + half and s.right > x - half for s in row) for row in rows)
        for x in steps
    ]
    least = min(crossing)
    if least > _ACROSS_MAX * len(rows):
        return None
    free = [x for x, count in zip(steps, crossing, strict=True) if count == least]
    middle = median(free)
    sides = (
        [s for row in rows for s in row if s.right <= middle],
        [s for row in rows for s in row if s.left >= middle],
    )
    for side in sides:
        if len(side) < _BESIDE_MIN * len(rows):
            return None
        if sum(s.right - s.left for s in side) < _COLUMN_MIN * em * len(side):
            return None
    lows = [min(s.glyphs[0].bottom for s in side) for side in sides]
    highs = [max(s.glyphs[0].top for s in side) for side in sides]
    common = min(highs) - max(lows)
    # A block on the right below one on the left is no second column.
    beside = common >= 0.5 * min(h - low for h, low in zip(highs, lows, strict=True))
    return middle if beside else None


def _borderless_rows(lines: list[Line], rows: list[list[Segment]]) -> list[Line]:
    """Join the pieces of neighbouring rows with `` | `` where they stand below each other."""
    result = list(lines)
    for i, row in enumerate(rows):
        near = [rows[j] for j in (i - 1, i + 1) if 0 <= j < len(rows)]
        if len(row) >= 2 and any(_aligned(row, other) for other in near):
            em = lines[i].size
            text = " | ".join(text_of(s.glyphs, em) for s in row)
            line = lines[i]
            result[i] = Line(
                text, line.left, line.right, line.bottom, line.top, em, line.column, row=True
            )
    return result


def _aligned(row: list[Segment], other: list[Segment]) -> bool:
    """Tell whether each piece of a row stands above or below one of the other."""
    return len(other) >= 2 and all(
        any(min(a.right, b.right) > max(a.left, b.left) for b in other) for a in row
    )


def _table_lines(table: Table, glyphs: list[Glyph]) -> list[Line]:
    """Return one line a row of a ruled table, its cells joined with `` | ``."""
    cells: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        cells.setdefault(table.cell(glyph), []).append(glyph)
    lines = []
    for band in sorted({row for row, _ in cells}):
        inside = [g for (row, _), members in cells.items() if row == band for g in members]
        texts = []
        for column in range(table.columns(band)):
            parts = [line_of(segments) for r in rows_of(cells.get((band, column), []))
                     if (segments := segments_of(r))]  # fmt: skip
            texts.append("".join(p.text for p in parts))
        if not any(texts):
            continue
        text = texts[0] if len(texts) == 1 else " | ".join(texts)
        lines.append(
            Line(
                text,
                min(g.left for g in inside),
                max(g.right for g in inside),
                min(g.bottom for g in inside),
                max(g.top for g in inside),
                em_of(inside),
                row=True,
            )
        )
    return lines


def _put_in(lines: list[Line], rows: list[Line], table: Table) -> list[Line]:
    """Put a table's rows before the first line below it."""
    place = next(
        (
            i
            for i, line in enumerate(lines)
            if line.top <= table.bottom + 1 and line.left < table.right and line.right > table.left
        ),
        len(lines),
    )
    return [*lines[:place], *rows, *lines[place:]]
