"""Turn the lines of a file into the lines that its author wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.sentences import trim

_STOPS = "。！？：；!?:;…”’）)】」》"
_FULL_STOPS = "。！？!?"
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十]|—"
)
_INDENT = re.compile(r"[\u3000\u2003\xa0 \t]{2,}|\u3000")
# 国务院总理周恩来各位代表： — the greeting belongs on a line of its own.
_GLUED_GREETING = re.compile(
    r"(?<=[^\s，。；、“])[ \t\u3000\xa0]*各位代表[：:！!]?[ \t\u3000\xa0]*$"
)
# …提出意见。　　一、过去五年工作回顾
_GLUED_HEADING = re.compile(
    r"(?<=[。！])[ \t\u3000\xa0]{2,}(?=(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])[^。！；\n]{2,60}(?:。|$))"
)
_TITLE_MAX = 40  # a longer line without a stop is a piece of a paragraph


@dataclass(frozen=True)
class Line:
    """A line with text.

    :ivar start: where it begins, white space trimmed; it may run over line breaks of the file.
    :ivar indented: the author opened a paragraph with it.
    """

    start: int
    end: int
    indented: bool = False


def read_lines(text: str, end: int, skipped: list[tuple[int, int]]) -> list[Line]:
    """Return the lines of ``text[:end]``: without what is skipped, broken paragraphs joined.

    :param skipped: ranges that are no content, in order.
    """
    return _join(text, _split(text, _pieces(text, end, skipped)))


def _pieces(text: str, end: int, skipped: list[tuple[int, int]]) -> list[Line]:
    """Return what is left of the lines of the file."""
    result: list[Line] = []
    waiting = [r for r in skipped if r[0] < end]
    start = 0
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        indented = _INDENT.match(text, start, stop) is not None
        position = start
        while waiting and waiting[0][0] < stop:
            first, last = waiting[0]
            _add(result, text, position, max(position, first), indented)
            position = max(position, min(last, stop))
            if last > stop:
                break
            waiting.pop(0)
        _add(result, text, position, stop, indented)
        start = stop + 1
    return result


def _add(result: list[Line], text: str, start: int, end: int, indented: bool) -> None:
    if (trimmed := trim(text, start, end)) is not None:
        result.append(Line(*trimmed, indented))


def _split(text: str, lines: list[Line]) -> list[Line]:
    """Cut lines in which a greeting or a heading is glued to what stands before it."""
    result: list[Line] = []
    for number, line in enumerate(lines):
        glued = _GLUED_HEADING.search(text[line.start : line.end])
        if glued is None and number < 30:
            glued = _GLUED_GREETING.search(text[line.start : line.end])
        if glued is None or not glued.start():
            result.append(line)
            continue
        cut = line.start + glued.start()
        _add(result, text, line.start, cut, line.indented)
        _add(result, text, cut, line.end, True)
    return result


@dataclass(frozen=True)
class _Layout:
    """How a file is set.

    :ivar width: characters of a full line where paragraphs are broken into lines, else 0.
    :ivar indents: paragraphs are indented.
    """

    width: int
    indents: bool


def _layout(text: str, lines: list[Line]) -> _Layout:
    running = [x for x in lines if x.end - x.start >= 12]
    open_ends = sum(text[x.end - 1] not in _STOPS for x in running)
    wrapped = len(running) >= 4 and open_ends > 0.35 * len(running)
    width = sorted(x.end - x.start for x in running)[len(running) * 9 // 10] if wrapped else 0
    return _Layout(width, sum(x.indented for x in lines) > 0.1 * len(lines))


def _join(text: str, lines: list[Line]) -> list[Line]:
    """Make one line of the lines that a paragraph was broken into."""
    layout = _layout(text, lines)
    result: list[Line] = []
    last = 0  # length of the last line of the file in the paragraph
    for line in lines:
        if result and _continues(text, (result[-1], line), last, layout):
            result[-1] = Line(result[-1].start, line.end, result[-1].indented)
        else:
            result.append(line)
        last = line.end - line.start
    return result


def _continues(text: str, pair: tuple[Line, Line], last: int, layout: _Layout) -> bool:
    """Tell whether the first line, whose last part has ``last`` characters, goes on in the second."""
    line, following = pair
    mark = text[line.end - 1]
    if layout.indents and following.indented:
        return False
    if _NUMBERED.match(text, following.start, following.end):
        return False
    if "\n" not in text[line.end : following.start]:
        return False
    if layout.width:
        full = last >= 0.75 * layout.width
        return full and (mark not in _FULL_STOPS or (layout.indents and last >= layout.width - 2))
    if mark in "，、":
        return last > 4
    return mark not in _STOPS and last > _TITLE_MAX and following.end - following.start > 8
