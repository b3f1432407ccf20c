"""Tell which lines of a report are headings: by their numbering, their length and their end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from corpus.cleaning import clean
from corpus.lines import Line
from corpus.sentences import flowing_ranges

_COUNT = "[一二三四五六七八九十]{1,3}"
# Ways of numbering, as they usually nest. The order in a report decides where it differs.
NUMBERING: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("第一部分", re.compile(rf"第({_COUNT}|\d{{1,2}})(?:部分|[篇章节])[、：:\s]?")),
    ("一、", re.compile(rf"({_COUNT})(?:、|$)")),
    ("（一）", re.compile(rf"[（(]({_COUNT})[）)]")),
    ("1.", re.compile(r"(\d{1,2})[.．、](?!\d)")),
    ("（1）", re.compile(r"[（(](\d{1,2})[）)]")),
    ("第一，", re.compile(rf"第({_COUNT})[，,、]")),
)
_ORDER = {name: place for place, (name, _) in enumerate(NUMBERING)}
BARE, SENTENCE = "", "句"  # kinds of a title line without number: a phrase, a whole sentence
_SUBSECTIONS = frozenset(["一、", "（一）", "1.", "（1）"])
_CHINESE = {c: n for n, c in enumerate("一二三四五六七八九", 1)}
_BARE_MAX, _NUMBERED_MAX, _SENTENCE_MAX = 30, 60, 80
_TABLE_LINES = 4  # so many title lines without text between them are no titles
_STOPS = "。；：，！？、…,;:!?."
_NO_TITLE = re.compile(r"[（(—－“”]{0,2}(?:摘要|目录|附[：:]?|完)?[）)]?$|[\d\sa-zA-Z.%/:\-]+$")
TABLE_BAR = " | "  # between the cells of a table row
_TOLD = "h"
GREETING = re.compile(r"(?:各位代表|各位委员|同志们|各位同志)[：:，,！!]")
_GREETING_LINE = re.compile(rf"(?:{GREETING.pattern})+$")


@dataclass(frozen=True)
class Head:
    """A heading found in a line.

    :ivar kind: row of ``NUMBERING``, ``BARE`` or ``SENTENCE``.
    :ivar number: 0 where the heading has none.
    :ivar end: end of the heading; of its first sentence where text follows in the same line.
    :ivar inline: the line is the paragraph that the heading opens.
    """

    kind: str
    number: int
    start: int
    end: int
    name: str
    inline: bool = False


def chinese_number(text: str) -> int:
    """Return the value of 一 … 九十九."""
    if "十" not in text:
        return _CHINESE.get(text, 0)
    tens, _, ones = text.partition("十")
    return _CHINESE.get(tens, 1) * 10 + _CHINESE.get(ones, 0)


def numbering(content: str) -> tuple[str, int] | None:
    """Return the kind and the number that a line opens with."""
    for kind, pattern in NUMBERING:
        if match := pattern.match(content):
            value = match[1]
            return kind, int(value) if value.isdigit() else chinese_number(value)
    return None


def order(kind: str) -> int:
    """Return how deep a way of numbering usually stands; title lines stand above all."""
    if kind.startswith(_TOLD):  # above the numbered ones, outermost first
        return int(kind.removeprefix(_TOLD)) - 10
    return _ORDER.get(kind, -1)


def is_greeting(content: str) -> bool:
    """Tell whether a line is nothing but an address: 各位代表！."""
    return _GREETING_LINE.match(content) is not None


def find_heads(
    text: str, lines: list[Line], told: dict[int, int] | None = None
) -> list[Head | None]:
    """Return the heading of every line, None for running text.

    :param told: start of a line → level, where the format of the file says that it is a heading.
    """
    contents = [clean(text, x.start, x.end, ()).text for x in lines]
    heads: list[Head | None] = []
    rejected: dict[str, int] = {}
    for i, line in enumerate(lines):
        following = contents[i + 1] if i + 1 < len(lines) else ""
        head = _head(text, line, contents[i], following)
        # A list of numbered sentences is no list of headings, its last item neither.
        if (
            head is not None
            and not head.inline
            and contents[i][-1] == "。"
            and _listed(head, following, rejected)
        ):
            rejected[head.kind] = head.number
            head = None
        level = (told or {}).get(line.start)
        if (
            level is not None
            and (head is None or head.kind == BARE)
            and TABLE_BAR not in contents[i]
        ):
            head = Head(f"{_TOLD}{level}", 0, line.start, line.end, contents[i])
        heads.append(head)
    heads = _settle_sentences(text, lines, contents, _without_tables(heads))
    return _place_lost_numbers(heads)


def _head(text: str, line: Line, content: str, following: str) -> Head | None:
    if not content:  # a line of nothing but invisible characters
        return None
    found = numbering(content)
    if content[-1] not in _STOPS:
        if found is not None:
            fits = len(content) <= _NUMBERED_MAX
            return Head(*found, line.start, line.end, content) if fits else None
        if content.startswith(("——", "—", "－－", "（", "(")) or not following:
            return None
        plain = "。" not in content and TABLE_BAR not in content
        fits = len(content) <= _BARE_MAX and plain and not _NO_TITLE.match(content)
        return Head(BARE, 0, line.start, line.end, content) if fits else None
    if found is None or content[-1] != "。":
        return None
    parts = flowing_ranges(text, line.start, line.end)
    name = clean(text, *parts[0], ()).text
    if not name.endswith("。") or len(name) > _NUMBERED_MAX:
        return None
    if len(parts) == 1:
        return Head(*found, line.start, line.end, name.rstrip("。"))
    if found[0] not in _SUBSECTIONS:
        return None
    start, end = parts[0]
    return Head(*found, start, end - 1, name.rstrip("。"), inline=True)


def _listed(head: Head, following: str, rejected: dict[str, int]) -> bool:
    """Tell whether a numbered sentence is an item of a list: nothing stands under it."""
    return rejected.get(head.kind) == head.number - 1 > 0 or not _opens(following)


def _opens(following: str) -> bool:
    """Tell whether a line is running text that a heading may stand above."""
    return bool(following) and following[-1] in _STOPS and numbering(following) is None


def _without_tables(heads: list[Head | None]) -> list[Head | None]:
    """Take title lines that stand one under the other for what they are: cells of a table."""
    result = list(heads)
    start = 0
    for i, head in enumerate([*heads, None]):
        if head is not None and head.kind == BARE:
            continue
        if i - start >= _TABLE_LINES:
            result[start:i] = [None] * (i - start)
        start = i + 1
    return result


def _settle_sentences(
    text: str, lines: list[Line], contents: list[str], heads: list[Head | None]
) -> list[Head | None]:
    """Take long lines without a stop as titles where a report has them throughout (1964)."""
    long = [
        i
        for i, line in enumerate(lines[:-1])
        if heads[i] is None
        and _BARE_MAX < len(contents[i]) <= _SENTENCE_MAX
        and contents[i][-1] not in _STOPS + "”）"
        and "\n" not in text[line.start : line.end]
        and not contents[i].startswith(("—", "（", "("))
        and _opens(contents[i + 1])
    ]
    result = list(heads)
    if len(long) >= 3:
        for i in long:
            result[i] = Head(SENTENCE, 0, lines[i].start, lines[i].end, contents[i])
        return [
            replace(h, kind=SENTENCE) if h and h.kind == BARE and "，" in h.name else h
            for h in result
        ]
    return result


def _place_lost_numbers(heads: list[Head | None]) -> list[Head | None]:
    """Give a title line between headings k and k + 2 the number that it lost."""
    result = list(heads)
    found = [i for i, head in enumerate(heads) if head is not None]
    for place, i in enumerate(found):
        head = result[i]
        if head is None or head.kind != BARE:
            continue
        before = _neighbour(result[found[j]] for j in range(place - 1, -1, -1))
        after = _neighbour(heads[found[j]] for j in range(place + 1, len(found)))
        if before is None or after is None or before.kind != after.kind:
            continue
        if after.number == before.number + 2:
            result[i] = replace(head, kind=before.kind, number=before.number + 1)
    return result


def _neighbour(heads: Iterable[Head | None]) -> Head | None:
    """Return the nearest heading of the outermost numbering before the next title line."""
    best: Head | None = None
    for other in heads:
        if other is None or other.kind == SENTENCE or other.inline:
            continue
        if other.kind == BARE:
            break
        if best is None or order(other.kind) < order(best.kind):
            best = other
    return best
