"""Read a Word document: paragraphs, headings, tables, list numbers and footnotes."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.parser import parse_xml
from lxml.etree import LxmlError
from lxml.etree import _Element as Element

from corpus.errors import DocumentError
from corpus.formats.archive import check_docx, damaged, text_parts
from corpus.formats.docx_numbers import Numbering
from corpus.formats.docx_styles import Styles, W
from corpus.formats.extraction import Source, TextBuilder, mark, visible
from corpus.formats.joining import collapse

# Deleted, moved away, or written twice for old versions of Word; and properties, which hold no text.
_SKIPPED = frozenset(
    f"{W}{tag}"
    for tag in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "tcPr", "sdtPr")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_TEXT_BOX = f"{W}txbxContent"
_NOTE_MARKS = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_CHARACTERS = {f"{W}tab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}


def read_docx(data: bytes, name: str) -> Source:
    """Return the text of a Word document.

    Headings are paragraphs in a heading style or with an outline level, and short paragraphs all
    in bold. List numbers that Word counts itself (一、 （一）) are written out. Headers and
    footers are left out.

    :raises DocumentError: if the container is damaged, no docx, encrypted or a bomb, or has no text.
    """
    check_docx(data, name)
    try:
        document = docx.Document(io.BytesIO(text_parts(data)))
        reader = _Reader(document, name)
        reader.add(document.element.body)
        reader.add_notes()
    except (KeyError, ValueError, AttributeError, TypeError, IndexError, LxmlError) as error:
        # python-docx has no error of its own for parts that are missing or not what they should be.
        raise damaged(name) from error
    except RecursionError as error:
        raise DocumentError(
            f"文件“{name}”的表格或文本框嵌套过深，无法读取；请用Word或WPS另存为txt后再导入。"
        ) from error
    return reader.builder.source()


class _Reader:
    """Walks the body of one document."""

    def __init__(self, document: WordDocument, name: str) -> None:
        self.builder = TextBuilder(name)
        self._styles = Styles.of(document)
        self._numbering = Numbering.of(document, self._styles)
        self._notes = {kind: _note_texts(document, kind) for kind in ("footnotes", "endnotes")}
        self._seen: dict[tuple[str, str], int] = {}  # number of each note met

    def add(self, container: Element) -> None:
        """Add the paragraphs and tables in a body, cell or text box."""
        for block in _blocks(container):
            if block.tag == f"{W}tbl":
                self._add_table(block)
            else:
                self._add_paragraph(block)

    def add_notes(self) -> None:
        """Add the notes whose marks were met."""
        for (kind, identity), number in self._seen.items():
            self.builder.note(number, self._notes[kind][identity])

    def _add_paragraph(self, paragraph: Element) -> None:
        text = self._text(paragraph)
        # The counter of a list moves on at an empty item too.
        number = self._numbering.next(paragraph)
        level = self._styles.heading_level(paragraph, number + text) if text.strip() else 0
        self.builder.line(number + text if text.strip() else "", level)
        for box in paragraph.iter(_TEXT_BOX):
            if not _inside(box, _SKIPPED, paragraph) and not _inside(box, {_TEXT_BOX}, paragraph):
                self.add(box)

    def _add_table(self, table: Element) -> None:
        rows = [list(_cells(row)) for row in _children(table, f"{W}tr")]
        if all(len(row) <= 1 for row in rows):  # a frame around text
            for row in rows:
                for cell in row:
                    self.add(cell)
            return
        for row in rows:
            texts = [collapse(self._cell_text(cell)).strip() for cell in row]
            if any(texts):
                self.builder.line(" | ".join(texts))

    def _cell_text(self, cell: Element) -> str:
        parts = []
        for block in _blocks(cell):
            if block.tag == f"{W}tbl":
                parts += [self._cell_text(c) for r in _children(block, f"{W}tr") for c in _cells(r)]
            else:
                parts.append(self._numbering.next(block) + self._text(block))
        return "\n".join(p for p in parts if p.strip())

    def _text(self, paragraph: Element) -> str:
        """Return the words of a paragraph, its text boxes left out, its note marks put in."""
        words: list[str] = []
        steps = list(reversed(paragraph))
        while steps:
            node = steps.pop()
            tag = node.tag
            if tag in _SKIPPED or tag == _TEXT_BOX:
                continue
            if tag == f"{W}t":
                words.append(visible(node.text or "").replace("\n", " "))
            elif tag == f"{W}br":
                words.append("\n" if node.get(f"{W}type") in (None, "textWrapping") else "")
            elif tag in _CHARACTERS:
                words.append(_CHARACTERS[tag])
            elif tag in _NOTE_MARKS:
                words.append(self._note_mark(_NOTE_MARKS[tag], node.get(f"{W}id") or ""))
            else:
                steps.extend(reversed(node))
        return "".join(words)

    def _note_mark(self, kind: str, identity: str) -> str:
        if not self._notes[kind].get(identity):
            return ""
        return mark(self._seen.setdefault((kind, identity), len(self._seen) + 1))


def _children(node: Element, tag: str) -> Iterator[Element]:
    """Yield the children of a kind, looking through content controls and insertions."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _children(child, tag)


_TRANSPARENT = frozenset(
    f"{W}{tag}" for tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")
)


def _cells(row: Element) -> Iterator[Element]:
    return _children(row, f"{W}tc")


def _blocks(container: Element) -> Iterator[Element]:
    for child in container:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _blocks(child)


def _inside(node: Element, tags: frozenset[str] | set[str], top: Element) -> bool:
    parent = node.getparent()
    while parent is not None and parent is not top:
        if parent.tag in tags:
            return True
        parent = parent.getparent()
    return False


def _note_texts(document: WordDocument, kind: str) -> dict[str, str]:
    """Return the text of each footnote or endnote by its id; separators have no text."""
    relation = RELATIONSHIP_TYPE.FOOTNOTES if kind == "footnotes" else RELATIONSHIP_TYPE.ENDNOTES
    try:
        part = document.part.part_related_by(relation)
    except KeyError:
        return {}
    notes = parse_xml(part.blob)
    return {
        note.get(f"{W}id") or "": " ".join(
            visible("".join(t.text or "" for t in p.iter(f"{W}t"))) for p in note.iter(f"{W}p")
        ).strip()
        for note in notes
        if isinstance(note.tag, str) and note.get(f"{W}type") in (None, "normal")
    }
