"""Lay a report out for reading: every line a block, every offset of the text kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from corpus.types import Document, Figure, Section


class BlockKind(StrEnum):
    """What a line of a report is."""

    HEAD = "head"  # title block
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    GLOSSARY_HEADING = "glossary_heading"
    TERM = "term"  # an entry of the glossary
    OTHER = "other"  # furniture, tables


@dataclass(frozen=True)
class Run:
    """A stretch of a line that is shown alike; its text is the report's, untouched.

    :ivar mark: number of the footnote mark that it is, 0 if none.
    :ivar term: number of the glossary entry whose term it is, 0 if none.
    :ivar lead: it is the sentence that heads its paragraph.
    """

    text: str
    figure: bool = False
    mark: int = 0
    term: int = 0
    lead: bool = False


@dataclass(frozen=True)
class Block:
    """One line, ``document.text[start:end]``.

    :ivar level: of a heading, 1 for a chapter.
    :ivar page: number of the page that begins in it, of a PDF; 0 if none does.
    :ivar number: of a glossary entry.
    """

    kind: BlockKind
    start: int
    end: int
    runs: tuple[Run, ...]
    level: int = 0
    page: int = 0
    number: int = 0

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class OutlineEntry:
    """A line of the outline.

    :ivar start: where its block begins, which is its anchor too.
    :ivar level: 1 for a chapter.
    """

    title: str
    start: int
    level: int


def blocks_of(document: Document, figures: tuple[Figure, ...]) -> list[Block]:
    """Return the lines of a report that hold anything, in order."""
    headings = {s.heading_start: s for s in document.sections}
    leads = {p.start: _lead_end(document, p.section, p.start) for p in document.paragraphs}
    entries = {e.start: e for e in document.glossary}
    glossary_from = min(entries, default=len(document.text))
    blocks: list[Block] = []
    for start, end in _lines(document.text):
        kind, level, number = BlockKind.OTHER, 0, 0
        if start in entries:
            kind, number = BlockKind.TERM, entries[start].number
        elif start < document.header_end:
            kind = BlockKind.HEAD
        elif start in headings:
            kind, level = BlockKind.HEADING, len(headings[start].path)
        elif _is_glossary_title(document.text[start:end]) and start <= glossary_from:
            kind = BlockKind.GLOSSARY_HEADING
        elif any(start <= p < end for p in leads):
            kind = BlockKind.PARAGRAPH
        blocks.append(
            Block(
                kind=kind,
                start=start,
                end=end,
                runs=_runs(document, figures, start, end, leads.get(start, start)),
                level=level,
                page=_page_begun(document, blocks[-1].end if blocks else 0, start),
                number=number,
            )
        )
    return blocks


def outline_entries(document: Document) -> list[OutlineEntry]:
    """Return headings and the sentences that head paragraphs, in the order of the text."""
    entries = {
        s.heading_start: OutlineEntry(s.path[-1], s.heading_start, len(s.path))
        for s in document.sections
    }
    paths = {s.path for s in document.sections}
    for paragraph in document.paragraphs:
        if paragraph.section and paragraph.section not in paths and paragraph.start not in entries:
            entries[paragraph.start] = OutlineEntry(
                paragraph.section[-1], paragraph.start, len(paragraph.section)
            )
    return [entries[start] for start in sorted(entries)]


def section_at(document: Document, offset: int) -> Section | None:
    """Return the innermost section that a position stands in."""
    found = [s for s in document.sections if s.heading_start <= offset < s.end]
    return max(found, key=lambda s: len(s.path), default=None)


def _lines(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append((start, start + len(line)))
        start += len(line) + 1
    return found


def _lead_end(document: Document, section: tuple[str, ...], start: int) -> int:
    """Return where the sentence that heads a paragraph ends; its start if there is none."""
    if not section:
        return start
    lead = section[-1]
    return start + len(lead) if document.text.startswith(lead, start) else start


def _is_glossary_title(line: str) -> bool:
    return "".join(line.split()).strip("：:") in ("名词解释", "名词注释", "注释", "名词说明")


def _page_begun(document: Document, before: int, start: int) -> int:
    page = document.page_of(start) or 0
    return page if page and page != (document.page_of(max(before - 1, 0)) if before else 0) else 0


def _runs(
    document: Document, figures: tuple[Figure, ...], start: int, end: int, lead_end: int
) -> tuple[Run, ...]:
    """Cut a line where a figure, a mark, a term or its lead begins or ends."""
    inside = [(f.start, f.end) for f in figures if start <= f.start and f.end <= end]
    marks = {m.start: m for m in document.marks if start <= m.start < end}
    terms = [
        (a, b, e.number) for e in document.glossary for a, b in e.uses if start <= a and b <= end
    ]
    cuts = {start, end, min(lead_end, end)}
    cuts.update(p for pair in inside for p in pair)
    cuts.update(p for m in marks.values() for p in (m.start, m.end))
    cuts.update(p for a, b, _ in terms for p in (a, b))
    edges = sorted(cuts)
    runs = []
    for a, b in pairwise(edges):
        mark = next((m.number for m in marks.values() if m.start <= a < m.end), 0)
        runs.append(
            Run(
                text=document.text[a:b],
                figure=any(s <= a < e for s, e in inside),
                mark=mark,
                term=next((n for s, e, n in terms if s <= a < e), 0),
                lead=a < lead_end,
            )
        )
    return tuple(runs)
