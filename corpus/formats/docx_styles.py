"""Tell the headings of a Word document: by style, by outline level, or by bold type."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from docx.document import Document as WordDocument
from lxml.etree import _Element as Element

from corpus.formats.joining import STOPS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

# Built-in styles keep their English names in the file whatever the language of Word; WPS and
# converters write the Chinese ones.
_HEADING_NAME = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_BOLD_MAX = 40  # characters; a longer paragraph in bold is emphasis

# A heading in bold has the level of its number: 一、 is 2, for chapters stand above without one.
_NUMBERED = (
    (2, re.compile(r"[一二三四五六七八九十]{1,3}、")),
    (3, re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")),
    (4, re.compile(r"\d{1,2}[.．、](?!\d)")),
)
_OFF = frozenset(("0", "false", "off", "none"))
_MAX_BASED_ON = 20  # Word allows ten styles in a chain; a damaged file may have a circle


@dataclass
class _Style:
    name: str
    based_on: str | None
    bold: bool | None
    outline: int | None
    numbering: Element | None


@dataclass
class Styles:
    """The styles of one document by id."""

    _known: dict[str, _Style] = field(default_factory=dict)
    _default: str | None = None

    @classmethod
    def of(cls, document: WordDocument) -> Styles:
        """Read the styles of a document."""
        styles = cls()
        for node in document.styles.element.iter(f"{W}style"):
            identity = node.get(f"{W}styleId") or ""
            name = node.find(f"{W}name")
            base = node.find(f"{W}basedOn")
            properties = node.find(f"{W}pPr")
            styles._known[identity] = _Style(
                name="" if name is None else name.get(f"{W}val") or "",
                based_on=None if base is None else base.get(f"{W}val"),
                bold=_bold(node),
                outline=_outline(properties),
                numbering=None if properties is None else properties.find(f"{W}numPr"),
            )
            if node.get(f"{W}type") == "paragraph" and node.get(f"{W}default") in ("1", "true"):
                styles._default = identity
        return styles

    def heading_level(self, paragraph: Element, text: str) -> int:
        """Return the level (1-6) of a heading, 0 for running text."""
        properties = paragraph.find(f"{W}pPr")
        level = _outline(properties)
        for style in self.chain(paragraph):
            if level is None and (found := _HEADING_NAME.match(style.name.strip())):
                level = int(found[1])
            if level is None:
                level = style.outline
        if level is not None:
            return level if 1 <= level <= 6 else 0
        return self._bold_level(paragraph, text.strip())

    def chain(self, paragraph: Element) -> list[_Style]:
        """Return the style of a paragraph and those it is based on, nearest first."""
        node = paragraph.find(f"{W}pPr/{W}pStyle")
        identity = self._default if node is None else node.get(f"{W}val")
        return self._chain(identity)

    def _chain(self, identity: str | None) -> list[_Style]:
        found: list[_Style] = []
        while identity in self._known and len(found) < _MAX_BASED_ON:
            found.append(self._known[identity])
            identity = self._known[identity].based_on
        return found

    def _bold_level(self, paragraph: Element, text: str) -> int:
        if len(text) > _BOLD_MAX or text[-1:] in STOPS or not any(c.isalpha() for c in text):
            return 0
        inherited = next((s.bold for s in self.chain(paragraph) if s.bold is not None), False)
        for run in paragraph.iter(f"{W}r"):
            if not any((t.text or "").strip() for t in run.iter(f"{W}t")):
                continue
            node = run.find(f"{W}rPr/{W}rStyle")
            named = [] if node is None else self._chain(node.get(f"{W}val"))
            styled = next((s.bold for s in named if s.bold is not None), inherited)
            own = _bold(run)
            if not (styled if own is None else own):
                return 0
        return next((level for level, pattern in _NUMBERED if pattern.match(text)), 1)


def _bold(node: Element) -> bool | None:
    """Return whether a run or style is bold; ``b`` is for Chinese characters too."""
    bold = node.find(f"{W}rPr/{W}b")
    return None if bold is None else (bold.get(f"{W}val") or "1").lower() not in _OFF


def _outline(properties: Element | None) -> int | None:
    """Return the outline level of a paragraph or style, counted from 1; 10 is running text."""
    node = None if properties is None else properties.find(f"{W}outlineLvl")
    value = "" if node is None else node.get(f"{W}val") or ""
    return int(value) + 1 if value.isascii() and value.isdigit() else None
