"""Take glyphs and ruled lines from a page of a PDF; all lengths in points, origin bottom left."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

Turn = Callable[[float, float], tuple[float, float]]

# A page of a report has some 1,500 characters and a dense table 10,000; maps and drawings have
# more lines than a table could have.
MAX_GLYPHS, MAX_SEGMENTS = 200_000, 20_000
_FAR = 1e5  # points; a place beyond is a damaged number
_AXIS = 1.0  # points that a ruled line may lean
_MIN_RULE = 6.0  # points; shorter strokes are dots and dashes

# Chromium and Word may name glyphs of Chinese fonts by the radical instead of the character. Most
# radicals fold by NFKC; these, of simplified characters, do not.
_RADICALS = str.maketrans(
    "⺁⺎⺝⺟⺠⻁⻄⻅⻆⻉⻋⻌⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "厂兀月母民虎西见角贝车辶长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and the box of its font's line, not of its ink."""

    char: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A stroke along an axis, from (left, bottom) to (right, top)."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def upright(self) -> bool:
        """Whether it runs from bottom to top."""
        return self.top - self.bottom > self.right - self.left


@dataclass(frozen=True)
class PageContent:
    """What a page shows: ``pictures`` counts its images, for a scan is an image without glyphs."""

    glyphs: list[Glyph]
    rules: list[Rule]
    pictures: int


def read_page(page: pdfium.PdfPage) -> PageContent:
    """Return glyphs and rules of a page as it is seen, its rotation undone.

    :raises pypdfium2.PdfiumError: if the page cannot be read.
    """
    rotation = page.get_rotation()
    width, height = page.get_size()
    turn = _turner(rotation, width, height)
    glyphs = [_turned(g, turn) for g in _glyphs(page)] if rotation else _glyphs(page)
    rules: list[Rule] = []
    pictures = 0
    for item in page.get_objects(
        filter=(pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE), max_depth=1
    ):
        if item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
        elif len(rules) < MAX_SEGMENTS:
            rules += _rules(item)
    if rotation:
        rules = [_turned_rule(r, turn) for r in rules]
    return PageContent(glyphs, rules, pictures)


def fold(char: str) -> str:
    """Return the plain character for a radical or compatibility form."""
    code = ord(char)
    if 0x2E80 <= code <= 0x2FDF:
        return unicodedata.normalize("NFKC", char.translate(_RADICALS))
    if 0xF900 <= code <= 0xFAFF or 0xFB00 <= code <= 0xFB06:
        return unicodedata.normalize("NFKC", char)
    return char


def _glyphs(page: pdfium.PdfPage) -> list[Glyph]:
    text_page = page.get_textpage()
    try:
        return _glyphs_of(text_page.raw)
    finally:
        text_page.close()


def _glyphs_of(raw: object) -> list[Glyph]:
    count = min(pdfium_c.FPDFText_CountChars(raw), MAX_GLYPHS)
    box = pdfium_c.FS_RECTF()
    place = ctypes.byref(box)
    glyphs = []
    high = 0
    for i in range(count):
        code = pdfium_c.FPDFText_GetUnicode(raw, i)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else 0
        high = 0
        # pdfium puts spaces and line breaks of its own between glyphs; ours come from the boxes.
        if code < 32 or code == 0xFFFE or code > 0x10FFFF:
            continue
        if code == 32 and pdfium_c.FPDFText_IsGenerated(raw, i) == 1:
            continue
        if not pdfium_c.FPDFText_GetLooseCharBox(raw, i, place):
            continue
        edges = (box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top))
        if all(math.isfinite(e) and abs(e) < _FAR for e in edges) and edges[3] > edges[1]:
            glyphs.append(Glyph(fold(chr(code)), *edges))
    return glyphs


def _rules(item: pdfium.PdfObject) -> list[Rule]:
    """Return the strokes along an axis in a path; a thin filled box is one of them."""
    path = item.raw
    count = pdfium_c.FPDFPath_CountSegments(path)
    if not 0 < count <= MAX_SEGMENTS:
        return []
    matrix = item.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    rules: list[Rule] = []
    start = last = (0.0, 0.0)
    for i in range(count):
        segment = pdfium_c.FPDFPath_GetPathSegment(path, i)
        if not pdfium_c.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            continue
        point = matrix.on_point(x.value, y.value)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium_c.FPDF_SEGMENT_LINETO:
            rules.append(_rule(last[0], last[1], point[0], point[1]))
        last = point
        if pdfium_c.FPDFPathSegment_GetClose(segment):
            rules.append(_rule(last[0], last[1], start[0], start[1]))
            last = start
    return [r for r in rules if _is_rule(r)]


def _rule(x0: float, y0: float, x1: float, y1: float) -> Rule:
    return Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _is_rule(rule: Rule) -> bool:
    wide, high = rule.right - rule.left, rule.top - rule.bottom
    sound = all(abs(e) < _FAR for e in (rule.left, rule.bottom, rule.right, rule.top))
    return sound and min(wide, high) <= _AXIS and max(wide, high) >= _MIN_RULE


def _turner(rotation: int, width: float, height: float) -> Turn:
    """Return the function from the page's own coordinates to those of the page as it is seen."""
    if rotation == 90:
        return lambda x, y: (y, height - x)
    if rotation == 180:
        return lambda x, y: (width - x, height - y)
    return lambda x, y: (width - y, x)


def _turned(glyph: Glyph, turn: Turn) -> Glyph:
    x0, y0 = turn(glyph.left, glyph.bottom)
    x1, y1 = turn(glyph.right, glyph.top)
    return Glyph(glyph.char, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _turned_rule(rule: Rule, turn: Turn) -> Rule:
    x0, y0 = turn(rule.left, rule.bottom)
    x1, y1 = turn(rule.right, rule.top)
    return _rule(x0, y0, x1, y1)
