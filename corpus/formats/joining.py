"""Join lines that a page's width has broken inside a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

STOPS = "。！？；：…!?;:"
_CLOSERS = "”’」』）)》〉】]\"'"

# A line shorter than this, in half widths, was ended by its author: editors wrap at 60 and more.
_WRAP_WIDTH = 50


def width(text: str) -> int:
    """Return the width of a text in half widths: a Chinese character has two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends with a stop, closing quotes and brackets behind it allowed."""
    return line.rstrip().rstrip(_CLOSERS)[-1:] in STOPS if line.strip() else True


def glue(before: str, after: str) -> str:
    """Return what stands between two halves of a broken line: a space between Latin words only.

    A number may be broken anywhere, so digits are put together again.
    """
    if not before or not after:
        return ""
    left, right = before[-1], after[0]
    if left.isspace() or right.isspace():
        return ""
    latin = left.isascii() and right.isascii()
    if not latin or left == "-":
        return ""
    if (left.isdigit() or left == ".") and right in "0123456789.%":
        return ""
    return " " if (left.isalnum() or left in ",.;:)") and (right.isalnum() or right == "(") else ""


def join_lines(lines: Iterable[str]) -> list[str]:
    """Join the lines of a paragraph in plain text: a long line without a stop goes on.

    Nothing but their length and their ends tells here; a PDF knows more (``pdf_paragraphs``).
    """
    result: list[str] = []
    last = ""
    for raw in lines:
        line = raw.strip()
        if not line:
            continue
        if result and width(last) >= _WRAP_WIDTH and not ends_sentence(last):
            result[-1] += glue(last, line) + line
        else:
            result.append(line)
        last = line
    return result


_BLANK_RUN = re.compile(r"[ \t\r\n\f]+")
_WIDE = "[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_BROKEN = re.compile(f"(?<={_WIDE})[ \t]*\n\\s*(?={_WIDE})")


def collapse(text: str) -> str:
    """Collapse white space as a browser does; a line break between Chinese characters goes."""
    return _BLANK_RUN.sub(" ", _BROKEN.sub("", text))
