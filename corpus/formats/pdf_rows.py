"""Put the glyphs of a page into rows, and cut rows into pieces at wide gaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from corpus.formats.pdf_page import Glyph

# Lengths in ems, the width of a Chinese character of the line.
_SEGMENT_GAP = 1.2  # between columns and cells; justified lines stretch by half an em at most
_WORD_GAP = 0.22  # between Latin words set without a space character


@dataclass(frozen=True)
class Line:
    """A line of one column.

    :ivar size: em of its characters in points.
    :ivar column: 0 for a line across the page, else its column counted from 1.
    :ivar row: a table's row, which never joins its neighbours.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    column: int = 0
    row: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a row between two wide gaps: part of a column, or a table's cell."""

    glyphs: tuple[Glyph, ...]
    left: float
    right: float


def rows_of(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Group glyphs that stand beside each other; a raised mark is beside its word."""
    rows: list[list[Glyph]] = []
    bottom = top = 0.0
    for glyph in sorted(glyphs, key=lambda g: -(g.bottom + g.top)):
        common = min(top, glyph.top) - max(bottom, glyph.bottom)
        if rows and common >= 0.5 * min(top - bottom, glyph.top - glyph.bottom):
            rows[-1].append(glyph)
            if glyph.top - glyph.bottom > (top - bottom):
                bottom, top = glyph.bottom, glyph.top
        else:
            rows.append([glyph])
            bottom, top = glyph.bottom, glyph.top
    return rows


def segments_of(row: list[Glyph]) -> list[Segment]:
    """Cut a row at its wide gaps; spaces at the ends of a piece go."""
    ordered = sorted(row, key=lambda g: g.left)
    em = em_of(ordered)
    pieces: list[list[Glyph]] = []
    edge = 0.0
    for glyph in ordered:
        if glyph.char.isspace():
            if pieces:
                pieces[-1].append(glyph)
            continue
        if not pieces or glyph.left - edge >= _SEGMENT_GAP * em:
            pieces.append([])
        pieces[-1].append(glyph)
        edge = max(edge, glyph.right) if len(pieces[-1]) > 1 else glyph.right
    for piece in pieces:
        while piece[-1].char.isspace():
            piece.pop()
    return [Segment(tuple(piece), piece[0].left, max(g.right for g in piece)) for piece in pieces]


def line_of(segments: list[Segment], column: int = 0) -> Line:
    """Return the line that the pieces of a row make."""
    glyphs = [g for s in segments for g in s.glyphs]
    em = em_of(glyphs)
    ink = [g for g in glyphs if not g.char.isspace()]
    return Line(
        text=text_of(glyphs, em),
        left=segments[0].left,
        right=segments[-1].right,
        bottom=median(g.bottom for g in ink),
        top=median(g.top for g in ink),
        size=em,
        column=column,
    )


def em_of(glyphs: Iterable[Glyph]) -> float:
    """Return the width of a Chinese character among the glyphs, else one guessed by the height."""
    listed = list(glyphs)
    wide = [g.right - g.left for g in listed if g.char >= "\u2e80" and g.right > g.left]
    if wide:
        return max(1.0, median(wide))
    return max(1.0, median(g.top - g.bottom for g in listed) / 1.2)


def text_of(glyphs: Iterable[Glyph], em: float) -> str:
    """Return the characters with a space where a gap stands for one; ``em`` in points."""
    parts: list[str] = []
    last: Glyph | None = None
    for glyph in glyphs:
        if last is not None and not glyph.char.isspace() and not last.char.isspace():
            gap = glyph.left - last.right
            latin = last.char.isascii() and glyph.char.isascii()
            if gap > _SEGMENT_GAP * em or (latin and gap > _WORD_GAP * em):
                parts.append(" ")
        parts.append(glyph.char)
        last = glyph
    return "".join(parts)
