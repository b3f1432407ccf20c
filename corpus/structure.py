"""Find title block, headings and paragraphs in the text of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.cleaning import clean
from corpus.sentences import sentence_ranges, trim
from corpus.types import Paragraph, Section
from corpus.years import named_years, plan_periods, relative_years

# Numbering of headings, outermost first; the level is the place in this table plus one, for a
# bare title line stands above them all.
NUMBERING: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("一、", re.compile(r"([一二三四五六七八九十]{1,3})、")),
    ("（一）", re.compile(r"[（(]([一二三四五六七八九十]{1,3})[）)]")),
    ("1.", re.compile(r"(\d{1,2})[.．、](?!\d)")),
)
_CHINESE = {c: n for n, c in enumerate("一二三四五六七八九", 1)}
_BARE_MAX, _NUMBERED_MAX, _LEAD_MAX = 30, 40, 26
_STOPS = "。；：，！？、…,;:!?."
_GREETING = re.compile(r"^(各位代表|各位委员|同志们|各位同志)[：:，,！!]")


@dataclass(frozen=True)
class Line:
    """A line with text: its trimmed range and what it was found to be (level 0 is running text)."""

    start: int
    end: int
    level: int = 0


@dataclass(frozen=True)
class Outline:
    """Sections and paragraphs of a report, and where its title block ends."""

    header_end: int
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]


def chinese_number(text: str) -> int:
    """Return the value of 一 … 九十九."""
    if "十" not in text:
        return _CHINESE.get(text, 0)
    tens, _, ones = text.partition("十")
    return _CHINESE.get(tens, 1) * 10 + _CHINESE.get(ones, 0)


def outline(text: str, end: int, year: int | None) -> Outline:
    """Read the structure of ``text[:end]``; ``year`` is the report's, for relative periods."""
    lines = [Line(*r) for r in _lines(text, end)]
    body = _header_lines(text, lines)
    header_end = lines[body - 1].end if body else 0
    levelled = [Line(x.start, x.end, _level(text, x)) for x in lines[body:]]
    return Outline(header_end, *_tree(text, end, _place_lost_numbers(text, levelled), year))


def _lines(text: str, end: int) -> list[tuple[int, int]]:
    ranges = []
    start = 0
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if (trimmed := trim(text, start, stop)) is not None:
            ranges.append(trimmed)
        start = stop + 1
    return ranges


def _header_lines(text: str, lines: list[Line]) -> int:
    """Return how many lines at the top are title, date and speaker."""
    for number, line in enumerate(lines[:30]):
        content = text[line.start : line.end]
        if _GREETING.match(content) or "各位代表" in content:
            return number
    for number, line in enumerate(lines[:12]):
        content = text[line.start : line.end]
        if NUMBERING[0][1].match(content) or len(content) > 60 or content[-1] in _STOPS:
            return number
    return min(1, len(lines))


def _level(text: str, line: Line) -> int:
    content = text[line.start : line.end]
    if content[-1] in _STOPS or content.startswith(("——", "—", "－－")):
        return 0
    for depth, (_, pattern) in enumerate(NUMBERING):
        if pattern.match(content):
            return depth + 2 if len(content) <= _NUMBERED_MAX else 0
    return 1 if len(content) <= _BARE_MAX and not content.startswith(("（", "(")) else 0


def _place_lost_numbers(text: str, lines: list[Line]) -> list[Line]:
    """Give a bare title between headings k and k + 2 the level of its numbered neighbours."""
    result = list(lines)
    for i, line in enumerate(lines):
        if line.level != 1:
            continue
        before = next((x for x in reversed(result[:i]) if x.level), None)
        after = next((x for x in lines[i + 1 :] if x.level), None)
        if before is None or after is None or before.level != after.level or before.level < 2:
            continue
        numbers = [_number(text, x) for x in (before, after)]
        if numbers[1] == numbers[0] + 2:
            result[i] = Line(line.start, line.end, before.level)
    return result


def _number(text: str, line: Line) -> int:
    match = NUMBERING[line.level - 2][1].match(text, line.start)
    if match is None:
        return -99
    return int(match[1]) if match[1].isdigit() else chinese_number(match[1])


def _tree(
    text: str, end: int, lines: list[Line], year: int | None
) -> tuple[tuple[Section, ...], tuple[Paragraph, ...]]:
    sections: list[Section] = []
    paragraphs: list[Paragraph] = []
    stack: list[tuple[int, str]] = []
    heads = [line for line in lines if line.level]
    period: tuple[int, int] | None = None
    for line in lines:
        content = clean(text, line.start, line.end, ()).text
        if line.level:
            stack = [*(x for x in stack if x[0] < line.level), (line.level, content)]
            stop = next(
                (x.start for x in heads if x.start > line.start and x.level <= line.level), end
            )
            path = tuple(name for _, name in stack)
            sections.append(Section(path, line.start, line.end, stop))
            period = period_of(content, year) or (period if line.level > 1 else None)
            continue
        path = tuple(name for _, name in stack)
        lead = _lead(text, line)
        opening = clean(text, *sentence_ranges(text, line.start, line.end)[0], ()).text
        period = _opening_period(opening, year) or period
        paragraphs.append(
            Paragraph(path if lead is None else (*path, lead), line.start, line.end, period)
        )
    return tuple(sections), tuple(paragraphs)


def _lead(text: str, line: Line) -> str | None:
    """Return the short first sentence that names its paragraph, if it has one."""
    parts = sentence_ranges(text, line.start, line.end)
    if len(parts) < 2:
        return None
    first = clean(text, *parts[0], ()).text
    if not first.endswith("。") or len(first) > _LEAD_MAX or re.search(r"\d", first):
        return None
    return first.rstrip("。").lstrip("—－")


def period_of(heading: str, year: int | None) -> tuple[int, int] | None:
    """Return the years a heading speaks of: a named year, a relative period or a plan."""
    if years := [y for _, y in named_years(heading)]:
        return min(years), max(years)
    for found in (relative_years(heading, year), plan_periods(heading)):
        if found:
            return found[0][1], found[0][2]
    return None


def _opening_period(sentence: str, year: int | None) -> tuple[int, int] | None:
    """Return the period that the first sentence of a paragraph sets: 这五年…, 一年来…"""
    head = sentence[:12]
    if relative := relative_years(head, year):
        return relative[0][1], relative[0][2]
    if head.startswith(("刚刚过去的", "过去的")) and (years := named_years(head)):
        return years[0][1], years[0][1]
    return None
