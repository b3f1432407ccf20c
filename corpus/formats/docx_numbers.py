"""Write out the list numbers that Word counts itself: 一、 （一） 1."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.parser import parse_xml
from lxml.etree import _Element as Element

from corpus.formats.docx_styles import Styles, W

_DIGITS = "〇一二三四五六七八九"
_CHINESE = frozenset(
    ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital",
     "taiwaneseCounting", "taiwaneseCountingThousand")
)  # fmt: skip
_LEVELS = 9


@dataclass(frozen=True)
class _Level:
    format: str
    text: str
    start: int


@dataclass
class Numbering:
    """The lists of one document and how far each has counted."""

    _styles: Styles
    _abstract: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _lists: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: WordDocument, styles: Styles) -> Numbering:
        """Read the list definitions of a document."""
        numbering = cls(styles)
        try:
            part = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
        except KeyError:
            return numbering
        root = parse_xml(part.blob)
        for node in root.iter(f"{W}abstractNum"):
            numbering._abstract[node.get(f"{W}abstractNumId") or ""] = {
                _number(level.get(f"{W}ilvl")): _Level(
                    _value(level, "numFmt"),
                    _value(level, "lvlText"),
                    _number(_value(level, "start"), 1),
                )
                for level in node.iter(f"{W}lvl")
            }
        for node in root.iter(f"{W}num"):
            numbering._lists[node.get(f"{W}numId") or ""] = _value(node, "abstractNumId")
        return numbering

    def next(self, paragraph: Element) -> str:
        """Return the number of a paragraph and move its list on; empty for bullets and no list."""
        identity, depth = self._place(paragraph)
        levels = self._abstract.get(self._lists.get(identity, ""), {})
        level = levels.get(depth)
        if level is None:
            return ""
        # Lists with one definition count together, as Word does.
        counts = self._counts.setdefault(
            self._lists[identity],
            [levels[d].start - 1 if d in levels else 0 for d in range(_LEVELS)],
        )
        counts[depth] += 1
        for deeper in range(depth + 1, _LEVELS):
            counts[deeper] = levels[deeper].start - 1 if deeper in levels else 0
        if level.format in ("bullet", "none", ""):
            return ""

        def written(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            shown = levels.get(place)
            return "" if shown is None else _write(counts[place], shown.format)

        return re.sub(r"%([1-9])", written, level.text)

    def _place(self, paragraph: Element) -> tuple[str, int]:
        """Return the list and the depth of a paragraph, its own or those of its style."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        nodes = [own, *(style.numbering for style in self._styles.chain(paragraph))]
        identity = next((v for n in nodes if n is not None and (v := _value(n, "numId"))), "")
        depth = next((v for n in nodes if n is not None and (v := _value(n, "ilvl"))), "0")
        return identity, min(_number(depth), _LEVELS - 1)


def _value(node: Element, tag: str) -> str:
    child = node.find(f"{W}{tag}")
    return "" if child is None else child.get(f"{W}val") or ""


def _number(value: str | None, default: int = 0) -> int:
    return (
        int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else default
    )


def _write(number: int, style: str) -> str:
    if style in _CHINESE and 0 < number < 100:
        tens, ones = divmod(number, 10)
        head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
        return head + (_DIGITS[ones] if ones else "")
    if style in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        return chr((97 if style == "lowerLetter" else 65) + number - 1)
    if style.startswith("decimalEnclosed") and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    return str(number)
