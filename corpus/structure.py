"""Find title block, headings and paragraphs in the text of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.cleaning import clean
from corpus.headings import (
    BARE,
    GREETING,
    NUMBERING,
    SENTENCE,
    Head,
    chinese_number,
    find_heads,
    is_greeting,
    numbering,
    order,
)
from corpus.lines import Line, read_lines
from corpus.sentences import flowing_ranges
from corpus.types import Paragraph, Section
from corpus.years import named_years, plan_periods, relative_years

__all__ = ["NUMBERING", "Outline", "chinese_number", "outline", "period_of", "title_block"]

_LEAD_MAX = 26  # characters of a short first sentence that names its paragraph
_NUMBERED_LEAD_MAX = 60
_COUNTED = re.compile(r"[一二三四五六七八九十]{1,2}[是要]")  # 一是忠诚干事。
_HEADER_MAX, _HEADER_LINES = 60, 12
_STOPS = "。；：，！？、…,;:!?."


@dataclass(frozen=True)
class Outline:
    """Sections and paragraphs of a report, and where its title block begins and ends."""

    header_end: int
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    header_start: int = 0


def outline(
    text: str,
    end: int,
    year: int | None,
    skipped: list[tuple[int, int]] | None = None,
    told: dict[int, int] | None = None,
) -> Outline:
    """Read the structure of ``text[:end]``.

    :param year: the report's, for relative periods.
    :param skipped: ranges that are no content (page furniture, damage), in order.
    :param told: start of a line → level, where the format of the file says that it is a heading.
    """
    skipped = skipped or []
    lines = read_lines(text, end, skipped)
    body = _header_lines(text, lines)
    start, stop = _block(text, lines[:body], skipped)
    heads = find_heads(text, lines[body:], told)
    builder = _Builder(text, end, year, [head for head in heads if head is not None])
    for line, head in zip(lines[body:], heads, strict=True):
        builder.add(line, head)
    return Outline(stop, *builder.finish(), start)


def title_block(text: str, end: int, skipped: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the range of the title block of ``text[:end]``, (0, 0) if it has none."""
    lines = read_lines(text, end, skipped)
    return _block(text, lines[: _header_lines(text, lines)], skipped)


def _block(text: str, lines: list[Line], skipped: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the range of the title block: from its first line, or 0 where nothing is above it."""
    if not lines:
        return 0, 0
    above = any(a < lines[0].start and text[a:b].strip() for a, b in skipped)
    return (lines[0].start if above else 0), lines[-1].end


def _header_lines(text: str, lines: list[Line]) -> int:
    """Return how many lines at the top are title, date and speaker."""
    for number, line in enumerate(lines[:30]):
        content = text[line.start : line.end]
        if GREETING.match(content) or "各位代表" in content:
            return number
        if len(content) > _HEADER_MAX and content[-1] in _STOPS:
            break
    for number, line in enumerate(lines[:_HEADER_LINES]):
        content = text[line.start : line.end]
        numbered = numbering(content)
        if numbered is not None and numbered[0] in ("第一部分", "一、"):
            return number
        if len(content) > _HEADER_MAX or content[-1] in _STOPS:
            return number
    return min(1, len(lines))


@dataclass
class _Open:
    """A section whose end is not yet known."""

    head: Head
    depth: int
    path: tuple[str, ...]


@dataclass
class _Builder:
    """Grows the tree line by line."""

    text: str
    end: int
    year: int | None
    heads: list[Head]
    stack: list[_Open] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    parents: dict[str, str | None] = field(default_factory=dict)
    period: tuple[int, int] | None = None

    def add(self, line: Line, head: Head | None) -> None:
        """Add a line of the body, with the heading found in it."""
        if head is not None:
            self._place(head)
        elif is_greeting(clean(self.text, line.start, line.end, ()).text):
            # 各位代表！ alone opens what no subsection holds: closing words, thanks.
            self._close(1, line.start)
        if head is None or head.inline:
            self._paragraph(line, head)

    def finish(self) -> tuple[tuple[Section, ...], tuple[Paragraph, ...]]:
        """Return the sections, in the order of their headings, and the paragraphs."""
        self._close(0, self.end)
        self.sections.sort(key=lambda s: s.heading_start)
        return tuple(self.sections), tuple(self.paragraphs)

    def _place(self, head: Head) -> None:
        depth = self._depth(head)
        self._close(depth, head.start)
        self.parents.setdefault(head.kind, self.stack[-1].head.kind if self.stack else None)
        above = self.stack[-1].path if self.stack else ()
        self.stack.append(_Open(head, depth, (*above, head.name)))
        if not head.inline:
            kept = self.period if depth else None
            self.period = period_of(head.name, self.year) or kept

    def _depth(self, head: Head) -> int:
        """Return how many of the open sections the heading lies in."""
        kinds = [x.head.kind for x in self.stack]
        if head.kind in kinds:
            return kinds.index(head.kind)
        if head.kind == SENTENCE:
            return len(kinds)
        if head.kind == BARE:
            return 1 if kinds and self._goes_on(self.stack[0].head, head) else 0
        if head.number != 1:
            parent = self.parents.get(head.kind)
            if parent in kinds:
                return kinds.index(parent) + 1
            return next(
                (i for i, k in enumerate(kinds) if order(k) >= order(head.kind)), len(kinds)
            )
        return len(kinds)

    def _goes_on(self, chapter: Head, title: Head) -> bool:
        """Tell whether the numbers of the chapters go on behind a title line: it is within one."""
        return any(
            h.start > title.start and (h.kind, h.number) == (chapter.kind, chapter.number + 1)
            for h in self.heads
        )

    def _close(self, depth: int, stop: int) -> None:
        while len(self.stack) > depth:
            last = self.stack.pop()
            self.sections.append(Section(last.path, last.head.start, last.head.end, stop))

    def _paragraph(self, line: Line, head: Head | None) -> None:
        path = self.stack[-1].path if self.stack else ()
        parts = flowing_ranges(self.text, line.start, line.end)
        opening = clean(self.text, *parts[0], ()).text
        self.period = _opening_period(opening, self.year) or self.period
        lead = None if head is not None or len(parts) < 2 else _lead(opening)
        section = path if lead is None else (*path, lead)
        self.paragraphs.append(Paragraph(section, line.start, line.end, self.period))


def _lead(opening: str) -> str | None:
    """Return the short first sentence that names its paragraph, if it is one."""
    if not opening.endswith("。"):
        return None
    if numbering(opening) is not None or _COUNTED.match(opening):
        return opening.rstrip("。") if len(opening) <= _NUMBERED_LEAD_MAX else None
    if len(opening) > _LEAD_MAX or re.search(r"\d", opening):
        return None
    return opening.rstrip("。").lstrip("—－")


def period_of(heading: str, year: int | None) -> tuple[int, int] | None:
    """Return the years a heading speaks of: a named year, a relative period or a plan."""
    if years := [y for _, y in named_years(heading)]:
        return min(years), max(years)
    for found in (relative_years(heading, year), plan_periods(heading)):
        if found:
            return found[0][1], found[0][2]
    return None


def _opening_period(sentence: str, year: int | None) -> tuple[int, int] | None:
    """Return the period that the first sentence of a paragraph sets: 这五年…, 一年来…"""
    head = sentence[:12]
    if relative := relative_years(head, year):
        return relative[0][1], relative[0][2]
    if head.startswith(("刚刚过去的", "过去的")) and (years := named_years(head)):
        return years[0][1], years[0][1]
    return None
