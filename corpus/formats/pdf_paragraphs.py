"""Join the lines of a PDF into paragraphs by where they begin and end."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from corpus.formats.joining import ends_sentence, glue, width
from corpus.formats.pdf_rows import Line

# Lengths in ems. A paragraph begins two ems to the right; half of that is told from a crooked scan.
_INDENT = 1.2
_SAME_EDGE = 0.5
_SLACK = 1.5  # a full line may end so much before the column does, for want of stretching
_SIZE_STEP = 0.08  # share by which a heading's characters differ from the text's
_FOOTNOTE_SIZE = 0.9  # share of the text's size below which lines at the foot of a page are notes
_LOOSE_GAP = 1.4  # of the usual distance between lines: a paragraph set off by space
_COLUMN_SHARE = 0.8  # of the usual width that a page's own column has at least
_INDENTED_SHARE = 0.03  # of the lines of a document that indents its paragraphs

_OPENERS = "“‘（《〈「『【〔([\"'"
_CLOSERS = "”’）》〉」』】〕)]\"'，。、；：！？,.;:!?%％"
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、](?!\d))"
)


@dataclass
class Paragraph:
    """A paragraph's text; ``breaks`` holds page (from 0) and offset where it goes on to a page."""

    page: int
    text: str
    breaks: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class _Edges:
    left: float
    right: float

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True)
class _Layout:
    """What is usual in a document: the edges of its columns, distance of lines, size of text."""

    edges: dict[tuple[int, int], _Edges]
    common: dict[int, _Edges]
    whole: _Edges
    leading: float
    size: float
    indents: bool

    def edge(self, page: int, line: Line) -> _Edges:
        """Return the edges of the column that a line of a page stands in."""
        usual = self.common.get(line.column, self.whole)
        own = self.edges.get((page, line.column), usual)
        # The centred lines of a cover page have no column of their own.
        return own if own.width >= _COLUMN_SHARE * usual.width else usual


def paragraphs(pages: list[list[Line]]) -> list[Paragraph]:
    """Return the paragraphs of a document; one broken by a column or page is whole again."""
    layout = _layout(pages)
    result: list[Paragraph] = []
    last: tuple[int, Line] | None = None
    for number, lines in enumerate(pages):
        notes = _notes_from(lines, layout)
        for line in lines[:notes]:
            last = _add(result, last, (number, line), layout)
        if notes < len(lines):
            below: list[Paragraph] = []
            note: tuple[int, Line] | None = None
            for line in lines[notes:]:
                note = _add(below, note, (number, line), layout)
            # They go before the page's last paragraph, which may go on overleaf.
            result[-1:-1] = below
    return result


def _add(
    result: list[Paragraph],
    last: tuple[int, Line] | None,
    this: tuple[int, Line],
    layout: _Layout,
) -> tuple[int, Line]:
    """Add a line of a page to the last paragraph or as a new one; return it as the last line."""
    if last is not None and result and not _begins(last, this, layout):
        _extend(result[-1], last[0], *this)
    else:
        result.append(Paragraph(this[0], this[1].text))
    return this


def _extend(paragraph: Paragraph, before: int, page: int, line: Line) -> None:
    if paragraph.text.endswith("-") and paragraph.text[-2:-1].islower() and line.text[:1].islower():
        paragraph.text = paragraph.text[:-1]
    paragraph.text += glue(paragraph.text, line.text)
    if page != before:
        paragraph.breaks.append((page, len(paragraph.text)))
    paragraph.text += line.text


def _begins(last: tuple[int, Line], this: tuple[int, Line], layout: _Layout) -> bool:
    """Tell whether a line begins a paragraph, given the line before it."""
    before, line = last[1], this[1]
    if before.row or line.row:
        return True
    em = max(before.size, line.size)
    if abs(before.size - line.size) > _SIZE_STEP * em:
        return True
    edges, own = layout.edge(*last), layout.edge(*this)
    if edges.right - before.right > _first_word(line) + _SLACK * em:
        return True
    indent = line.left - own.left
    if indent >= _INDENT * em:
        # A block set in as a whole goes on; a new paragraph looks the same but follows a stop.
        if _centred(line, own, em) and not ends_sentence(before.text):
            # The second line of a centred heading whose first line fills the column.
            return before.left - edges.left >= _INDENT * em or bool(_NUMBERED.match(line.text))
        same = abs(indent - (before.left - edges.left)) <= _SAME_EDGE * em
        return not same or ends_sentence(before.text) or _NUMBERED.match(line.text) is not None
    if not ends_sentence(before.text):
        return False
    near = last[0] == this[0] and before.column == line.column and before.bottom > line.bottom
    if near and before.bottom - line.bottom > _LOOSE_GAP * layout.leading:
        return True
    # Without indents a full line that ends in a stop tells nothing; a number then begins an item.
    return not layout.indents and _NUMBERED.match(line.text) is not None


def _centred(line: Line, edges: _Edges, em: float) -> bool:
    return abs((line.left - edges.left) - (edges.right - line.right)) <= em


def _first_word(line: Line) -> float:
    """Return the width in points of what could not be broken off the beginning of a line.

    Chinese breaks anywhere but before closing and behind opening punctuation; Latin words and
    numbers stay whole.
    """
    text = line.text
    end = 0
    while True:
        while end < len(text) and text[end] in _OPENERS:
            end += 1
        if end < len(text) and text[end].isascii() and not text[end].isspace():
            while end < len(text) and text[end].isascii() and not text[end].isspace():
                end += 1
        else:
            end += 1
        while end < len(text) and text[end] in _CLOSERS:
            end += 1
        # 中”“提低” cannot be broken between the quotes either.
        if end >= len(text) or text[end] not in _OPENERS:
            break
    return (line.right - line.left) * width(text[:end]) / max(1, width(text))


def _notes_from(lines: list[Line], layout: _Layout) -> int:
    """Return the number of lines before the footnotes of a page."""
    place = len(lines)
    while (
        place and not lines[place - 1].row and lines[place - 1].size < _FOOTNOTE_SIZE * layout.size
    ):
        place -= 1
    return place if place else len(lines)


def _layout(pages: list[list[Line]]) -> _Layout:
    members: dict[tuple[int, int], list[Line]] = {}
    for number, lines in enumerate(pages):
        for line in lines:
            if not line.row:
                members.setdefault((number, line.column), []).append(line)
    flat = [line for lines in members.values() for line in lines]
    sizes = Counter[float]()
    for line in flat:
        sizes[round(line.size * 4) / 4] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 12.0
    edges = {
        key: found for key, lines in members.items() if (found := _edges(lines, size)) is not None
    }
    common = {
        column: _Edges(
            median(e.left for (_, c), e in edges.items() if c == column),
            median(e.right for (_, c), e in edges.items() if c == column),
        )
        for column in {c for _, c in edges}
    }
    # Lines across all columns, such as a title, are too few to tell their own edges.
    known: list[_Edges] | list[Line] = list(common.values()) or flat
    whole = _Edges(
        min((x.left for x in known), default=0.0), max((x.right for x in known), default=0.0)
    )
    steps = [
        a.bottom - b.bottom
        for lines in members.values()
        for a, b in pairwise(lines)
        if 0 < a.bottom - b.bottom < 4 * size
    ]
    indented = sum(
        x.left - e.left >= _INDENT * size
        for key, lines in members.items()
        if (e := edges.get(key)) is not None
        for x in lines
    )
    return _Layout(
        edges=edges,
        common=common,
        whole=whole,
        leading=median(steps) if steps else 1.5 * size,
        size=size,
        indents=indented >= _INDENTED_SHARE * len(flat),
    )


def _edges(lines: list[Line], size: float) -> _Edges | None:
    """Return the edges of a column that at least two lines share; None if too few lines tell.

    Lines in the size of the text count alone: notes and wide tables have edges of their own.
    """
    lines = [x for x in lines if abs(x.size - size) <= _SIZE_STEP * size]
    if len(lines) < 4:
        return None
    lefts = sorted(x.left for x in lines)
    rights = sorted((x.right for x in lines), reverse=True)
    near = _SAME_EDGE * size
    left = next((a for a, b in pairwise(lefts) if b - a <= near), None)
    right = next((a for a, b in pairwise(rights) if a - b <= near), None)
    return None if left is None or right is None else _Edges(left, right)
