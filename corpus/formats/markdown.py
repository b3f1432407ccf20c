"""Read Markdown: the words without the marks, one paragraph a line."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.formats.extraction import Source, TextBuilder, mark, visible
from corpus.formats.joining import join_lines

_FRONT_MATTER = re.compile(r"\A---\n(?:[^\n]*\n){0,50}?---\n")
# [^1]: the note; without a space behind the colon CommonMark takes it for the address of a link.
_NOTE = re.compile(r"^\[\^([^\]\s]{1,20})\]:[ \t]*(.+(?:\n(?: {2,}|\t)\S.*)*)$", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^([^\]\s]{1,20})\]")
# One character of the private use area stands for a mark while the Markdown is parsed.
_HOLDER = "\uf8f0"


def read_markdown(text: str, name: str) -> Source:
    """Return the text of a Markdown file, ``#`` headings and footnotes marked.

    :raises DocumentError: if there is no text.
    """
    builder = TextBuilder(name)
    plain = _FRONT_MATTER.sub("", visible(text).replace(_HOLDER, ""))
    notes: dict[str, str] = {}

    def keep_note(found: re.Match[str]) -> str:
        notes.setdefault(found[1], found[2])
        return ""

    plain = _NOTE.sub(keep_note, plain)
    numbers: dict[str, int] = {}

    def hold_mark(found: re.Match[str]) -> str:
        if found[1] not in notes:
            return found[0]
        number = numbers.setdefault(found[1], len(numbers) + 1)
        return f"{_HOLDER}{number}{_HOLDER}"

    plain = _NOTE_MARK.sub(hold_mark, plain)
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    _add_blocks(builder, parser.parse(plain))
    for label in [*numbers, *(x for x in notes if x not in numbers)]:
        number = numbers.setdefault(label, len(numbers) + 1)
        builder.note(number, "".join(_inline(t) for t in parser.parseInline(notes[label])))
    return builder.source()


def _add_blocks(builder: TextBuilder, tokens: list[Token]) -> None:
    level = 0
    number = ""
    row: list[str] | None = None
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1])
            case "heading_close":
                level = 0
            case "list_item_open" if token.info:
                # An ordered item loses its number to the list; the report's text has it.
                number = f"{token.info}{token.markup}"
            case "tr_open":
                row = []
            case "tr_close":
                builder.line(" | ".join(row or []))
                row = None
            case "inline" if row is not None:
                row.append(_shown(_inline(token).replace("\n", " ")))
            case "inline":
                lines = _shown(_inline(token)).split("\n")
                for line in join_lines(lines):
                    builder.line(number + line, level)
                    number = ""
            case "code_block" | "fence":
                builder.line(_shown(token.content))
            case "html_block":
                from corpus.formats.html import lines_of

                for line, html_level in lines_of(_shown(token.content)):
                    builder.line(line, html_level)


def _inline(token: Token) -> str:
    """Return the words of an inline token, its line breaks kept."""
    if token.children is None:
        return token.content
    words = []
    for child in token.children:
        match child.type:
            case "text" | "code_inline":
                words.append(child.content)
            case "softbreak" | "hardbreak":
                words.append("\n")
            case "html_inline" if re.match(r"<br\b", child.content, re.IGNORECASE):
                words.append("\n")
    return "".join(words)


def _shown(text: str) -> str:
    return re.sub(f"{_HOLDER}(\\d+){_HOLDER}", lambda m: mark(int(m[1])), text)
