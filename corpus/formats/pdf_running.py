"""Take running headers, footers and page numbers off the pages of a PDF."""

from __future__ import annotations

import re
from collections import Counter

from corpus.formats.pdf_rows import Line

# Headers and footers are the outermost lines; a header over a rule with a date has two.
_OUTER = 2
_HEIGHT_STEP = 3.0  # points within which two lines stand at the same height
# Odd and even pages may have headers of their own, and the first page of a chapter none.
_SHARE = 0.4

_PAGE_NUMBER = re.compile(
    r"[—–\-－·•\s]*第?\s*(?:\d{1,4}|[ivxlIVXL]{1,6})\s*页?"
    r"(?:\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[—–\-－·•\s]*"
)


def without_running_lines(pages: list[list[Line]]) -> list[list[Line]]:
    """Return the pages' lines without what repeats at the same height, and without page numbers."""
    seen: Counter[tuple[str, str, int]] = Counter()
    for lines in pages:
        seen.update({key for _, key in _outer(lines)})
    needed = max(2, round(len(pages) * _SHARE))
    result = []
    for lines in pages:
        gone = {
            place
            for place, key in _outer(lines)
            if seen[key] >= needed or _PAGE_NUMBER.fullmatch(lines[place].text.strip())
        }
        result.append([line for i, line in enumerate(lines) if i not in gone])
    return result


def _outer(lines: list[Line]) -> list[tuple[int, tuple[str, str, int]]]:
    """Return the outermost lines of a page by place, with what they have in common across pages."""
    order = sorted((i for i, line in enumerate(lines) if not line.row), key=lambda i: -lines[i].top)
    found = []
    for side, places in (("top", order[:_OUTER]), ("bottom", order[::-1][:_OUTER])):
        for place in places:
            line = lines[place]
            words = re.sub(r"\d+|\s+", "", line.text)
            found.append((place, (side, words, round(line.bottom / _HEIGHT_STEP))))
    return found
