"""Whether a question asks for what was done or for what is to be done, and which of them a text tells."""

from __future__ import annotations

import re

from corpus.types import Document, Sentence

_DONE = re.compile(
    r"了(?:多少|几|哪|什么|啥|谁|没|吗)|(?:[了过](?:没有|没|吗)?|[好完成通]没有?)[?？。]*$|已经|从前|以前"
)
_AHEAD = re.compile(
    r"今年|明年|要|将|计划|打算|目标|准备|力争|预计|20[23]\d|规划|未来|今后|预期|安排|拟"
)
_AUTUMN = "09"  # a report of the autumn tells what was done in its own year


def looks_back(asked: str) -> bool:
    """Tell whether a folded question asks for what was done: 盖了多少所, not 要盖多少所."""
    return _DONE.search(asked) is not None and not looks_ahead(asked)


def looks_ahead(asked: str) -> bool:
    """Tell whether a folded question asks for what is to be done: 要盖多少所, 今年的目标."""
    return _AHEAD.search(asked) is not None


def lies_ahead(document: Document, stretch: Sentence) -> bool:
    """Tell whether a stretch of a report speaks of nothing but the report's own year and later ones."""
    if document.year is None or document.date[5:7] >= _AUTUMN:
        return False
    if stretch.years:
        return min(stretch.years) >= document.year
    return stretch.period is not None and stretch.period[0] >= document.year
