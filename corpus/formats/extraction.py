"""Collect the lines that a reader finds into the text of a document."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from corpus.errors import DocumentError

# The longest report of the State Council has 30,000 characters and a five-year plan 80,000; what
# goes beyond this is a data dump, which would fill the index and the memory of the parent.
MAX_CHARACTERS = 20_000_000

NOTES_TITLE = "注释"

# Noncharacters, which no file may contain, hold a footnote mark in a line until the line is added.
_MARK_OPEN, _MARK_CLOSE = "\ufdd0", "\ufdd1"
_MARK = re.compile(f"{_MARK_OPEN}(\\d+){_MARK_CLOSE}")
_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")


@dataclass(frozen=True)
class Source:
    """The text of a file and what its format says about it; offsets count code points of ``text``.

    :ivar pages: start of each page in ``text`` (PDF only); page n is ``pages[n - 1]`` onwards.
    :ivar headings: start of a heading line and its level, 1 (outermost) to 6, where the format
        says so.
    :ivar marks: start, end and number of each footnote mark (``[3]`` in ``text``), where the
        format says so; the notes stand at the end under 注释.
    :ivar warnings: Chinese sentences for the person who added the file.
    """

    text: str
    pages: tuple[int, ...] = ()
    headings: tuple[tuple[int, int], ...] = ()
    marks: tuple[tuple[int, int, int], ...] = ()
    warnings: tuple[str, ...] = ()


def visible(text: str) -> str:
    """Return the text without what nobody can see or JSON cannot carry.

    Control characters, noncharacters and half surrogate pairs go; all line breaks become newlines.
    """
    text = _BREAKS.sub("\n", text)
    if text.isprintable():
        return text
    return "".join(c for c in text if c in "\n\t" or _kept(c))


def _kept(char: str) -> bool:
    category = unicodedata.category(char)
    code = ord(char)
    nonchar = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    return category not in ("Cc", "Cs") and not nonchar


def mark(number: int) -> str:
    """Return a footnote mark to put into a line; the line shows it as ``[number]``."""
    return f"{_MARK_OPEN}{number}{_MARK_CLOSE}"


class TextBuilder:
    """Grows the text line by line and remembers where pages, headings and marks stand.

    A footnote mark is written ``[3]``, for a bare 3 behind 100家 or M0 would change a figure; its
    note goes to the end under 注释, for a note of 200 characters inside a sentence would end up in
    every quotation of that sentence.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._parts: list[str] = []
        self._length = 0
        self._pages: list[int] = []
        self._headings: list[tuple[int, int]] = []
        self._marks: list[tuple[int, int, int]] = []
        self._notes: list[tuple[int, str]] = []
        self._warnings: list[str] = []

    def line(self, text: str, level: int = 0) -> None:
        """Add a paragraph, heading (``level`` 1-6) or table row; white space at its ends goes.

        :raises DocumentError: if the text grows beyond ``MAX_CHARACTERS``.
        """
        for piece in text.split("\n"):
            if content := piece.strip():
                if level:
                    self._headings.append((self._length, min(level, 6)))
                self._append(content)
                self._append("\n")

    def page(self) -> None:
        """Begin a page at the next line."""
        self._pages.append(self._length)

    def page_inside(self, offset: int) -> None:
        """Begin a page ``offset`` characters after where the next line will start."""
        self._pages.append(self._length + offset)

    def note(self, number: int, text: str) -> None:
        """Keep the text of footnote ``number`` for the end."""
        self._notes.append((number, " ".join(text.split())))

    def warn(self, message: str) -> None:
        """Add a Chinese sentence about the file, once."""
        if message not in self._warnings:
            self._warnings.append(message)

    def source(self) -> Source:
        """Return what was collected.

        :raises DocumentError: if there is no text.
        """
        if self._notes:
            self.line(NOTES_TITLE, level=1)
            for number, text in self._notes:
                self.line(f"{number}.{text}")
            self._notes = []
        text = "".join(self._parts)
        if not text:
            raise DocumentError(f"文件“{self._name}”里没有文字，请换一个有正文的文件。")
        return Source(
            text=text,
            pages=tuple(min(p, len(text)) for p in self._pages),
            headings=tuple(self._headings),
            marks=tuple(self._marks),
            warnings=tuple(self._warnings),
        )

    def _append(self, content: str) -> None:
        position = 0
        for found in _MARK.finditer(content):
            self._add(content[position : found.start()])
            shown = f"[{found[1]}]"
            self._marks.append((self._length, self._length + len(shown), int(found[1])))
            self._add(shown)
            position = found.end()
        self._add(content[position:])
        if self._length > MAX_CHARACTERS:
            raise DocumentError(
                f"文件“{self._name}”的文字超过{MAX_CHARACTERS // 10_000}万字，请拆分后再导入。"
            )

    def _add(self, piece: str) -> None:
        self._parts.append(piece)
        self._length += len(piece)
