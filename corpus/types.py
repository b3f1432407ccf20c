"""What a report is made of; every range counts code points of ``Document.text``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FootnoteMark:
    """A glossary number glued to a term: ``document.text[start:end] == str(number)``."""

    number: int
    start: int
    end: int


@dataclass(frozen=True)
class GlossaryEntry:
    """One entry of 名词解释.

    :ivar uses: ranges in the body where the term stands (the mark itself excluded).
    """

    number: int
    term: str
    start: int
    end: int
    definition_start: int
    uses: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading and the text under it; ``path`` runs from the chapter down to this heading."""

    path: tuple[str, ...]
    heading_start: int
    heading_end: int
    end: int


@dataclass(frozen=True)
class Paragraph:
    """A line of running text.

    :ivar section: headings above it, the inline lead of the paragraph last where it has one.
    :ivar period: first and last year that its figures speak of unless a sentence names others.
    """

    section: tuple[str, ...]
    start: int
    end: int
    period: tuple[int, int] | None = None


@dataclass(frozen=True)
class Document:
    """A report: its text as read, untouched, and what was found in it.

    :ivar year: year of the report's date, or of its title.
    :ivar date: ISO date of the meeting, or empty.
    """

    id: str
    title: str
    text: str
    region: str = ""
    year: int | None = None
    date: str = ""
    meeting: str = ""
    speaker: str = ""
    header_end: int = 0
    sections: tuple[Section, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    marks: tuple[FootnoteMark, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """A sentence with the years it speaks of.

    :ivar years: years named in it, else taken over from the sentence before in its paragraph.
    :ivar period: the years that its surroundings speak of; a sum over five years has five.
    """

    start: int
    end: int
    years: tuple[int, ...] = ()
    period: tuple[int, int] | None = None


@dataclass(frozen=True)
class Passage:
    """What is indexed: whole sentences of one paragraph, ``text == document.text[start:end]``."""

    document_id: str
    section: tuple[str, ...]
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...] = ()
