"""Read a report file into a ``Document``: text, facts, structure, glossary."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

from corpus.damage import misread_stretches, warning
from corpus.facts import Facts, Overrides, read_facts
from corpus.furniture import caption_ranges, copy_warning, furniture_ranges, joined, second_copy
from corpus.glossary import find_entries, find_marks, glossary_start, uses_of
from corpus.source import Source, read_source
from corpus.structure import Outline, outline, title_block
from corpus.types import Document, FootnoteMark

BUNDLED = Path(__file__).parent / "reports" / "北仑区_2022.txt"


def read_report(path: Path, *, overrides: Overrides | None = None) -> Document:
    """Read and parse a report file: txt, Markdown, HTML, docx or PDF.

    :param overrides: facts that the user gives.
    :raises DocumentError: if there is no text to be had from the file.
    """
    return parse_source(read_source(path), _stem(path), overrides=overrides)


def parse_report(text: str, name: str, *, overrides: Overrides | None = None) -> Document:
    """Parse the text of a report; ``name`` (the file's, without ending) helps where it is silent.

    A text that is no report is accepted; the facts that it does not give stay empty.
    """
    return parse_source(Source(text), name, overrides=overrides)


def parse_source(source: Source, name: str, *, overrides: Overrides | None = None) -> Document:
    """Parse what was read from a file: its text, and what its format says about it."""
    text = source.text
    damaged = misread_stretches(text)
    copy = second_copy(text)
    captions = caption_ranges(text)
    skipped = joined([*furniture_ranges(text, captions), *damaged, *([copy] if copy else [])])
    terms_at = glossary_start(text)
    body_end = len(text) if terms_at is None else terms_at
    entries = [] if terms_at is None else find_entries(text, terms_at)
    start, end = title_block(text, body_end, skipped)
    shown = [text[a:b] for a, b in captions] + _without(text, start, end, skipped)
    header = ["".join(line.split()) for line in shown]
    facts = read_facts(header, text[end:body_end], name, overrides or Overrides())
    parts = outline(text, body_end, facts.year, skipped, dict(source.headings))
    marks = [FootnoteMark(number, a, b) for a, b, number in source.marks]
    if not marks:  # a format that knows its footnotes leaves nothing to find
        marks = find_marks(text, body_end, entries)
    if not parts.header_end and captions:
        # The caption is all that such a report says of its meeting and speaker.
        parts = replace(parts, header_start=captions[0][0], header_end=captions[0][1])
    document = _document(text, name, facts, parts)
    return replace(
        document,
        pages=source.pages,
        marks=tuple(marks),
        glossary=tuple(
            replace(entry, uses=uses_of(entry.term, text, body_end, marks)) for entry in entries
        ),
        warnings=(
            *source.warnings,
            *map(warning, damaged),
            *([copy_warning(copy)] if copy else []),
        ),
    )


def _stem(path: Path) -> str:
    """Return the name of a file without its ending; one in GB18030 (old zips) is decoded."""
    try:
        path.stem.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(path.stem).decode("gb18030", errors="replace")
    return path.stem


def _document(text: str, name: str, facts: Facts, parts: Outline) -> Document:
    return Document(
        id=document_id(name),
        title=facts.title,
        text=text,
        region=facts.region,
        year=facts.year,
        date=facts.date,
        meeting=facts.meeting,
        speaker=facts.speaker,
        level=facts.level,
        header_start=parts.header_start,
        header_end=parts.header_end,
        sections=parts.sections,
        paragraphs=parts.paragraphs,
    )


def _without(text: str, start: int, end: int, skipped: list[tuple[int, int]]) -> list[str]:
    """Return the lines of ``text[start:end]`` without what is skipped."""
    kept = []
    for first, last in skipped:
        if first < end and last > start:
            kept.append(text[start : max(start, first)])
            start = max(start, last)
    kept.append(text[start : max(start, end)])
    return "\n".join(kept).split("\n")


SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm", ".docx", ".pdf")


def report_files(paths: list[Path]) -> list[Path]:
    """Return the files named, and those of folders that have the ending of a report, in order."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(
                p
                for p in sorted(path.rglob("*"))
                if p.suffix.lower() in SUFFIXES and p.is_file() and not p.name.startswith(".")
            )
        else:
            found.append(path)
    return found


def document_id(name: str) -> str:
    """Return the id of a report: its file name, without what would break an address."""
    return re.sub(r"[\s/\\?#%&+:]+", "_", name).strip("._")[:80] or "report"
