"""Follow through a report which paragraphs look back, which lay plans, and of which years."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.cleaning import CleanText, clean
from corpus.figures.periods import Period, arabic_years
from corpus.passages import plans_in
from corpus.sentences import sentence_ranges
from corpus.structure import period_of
from corpus.types import Document

# Headings and openings that begin a chapter of plans, or a look back. (pattern, example)
PLAN: tuple[tuple[str, str], ...] = (
    (r"今年[^，。]{0,10}(?:工作|任务|安排|目标|部署|要求|建议|重点)", "今年政府工作的总体要求"),
    (r"(?:今后|未来|下一个?)五年[^，。]{0,12}(?:目标|任务|工作|打算|设想|发展|思路)?", "今后五年的奋斗目标和主要任务"),
    (r"主要(?:工作)?(?:任务|安排)|工作安排|(?<![过成现到于])(?:奋斗目标|预期目标)|总体要求", "2022年主要工作安排"),
    (r"^下一步", "下一步工作"),
)  # fmt: skip
REVIEW: tuple[tuple[str, str], ...] = (
    (r"回顾|总结", "本届政府工作回顾"),
    (r"^(?:过去|刚刚过去的?)[^，。]{0,8}(?:年|工作)", "过去五年的政府工作"),
    (r"^(?:一年来|五年来|这五年|去年|上年)", "一年来，我们抓紧抓实疫情防控措施"),
    (r"(?:去年|上年)[^，。]{0,8}(?:工作|执行情况)", "去年工作"),
)  # fmt: skip
_PLAN = re.compile("|".join(p for p, _ in PLAN))
_PLAN_LATE = re.compile("|".join(p for p, _ in PLAN[1:]))
_REVIEW = re.compile("|".join(p for p, _ in REVIEW))
_NUMBERED = re.compile(r"^[一二三四五六七八九十]{1,3}、")
_HEADING_MAX = 40


@dataclass(frozen=True)
class Stretch:
    """Clean text of a paragraph, or of the part behind a heading within it.

    :ivar span: years that its figures speak of unless a sentence names others.
    :ivar plan: it lays plans, so its figures are targets.
    """

    text: CleanText
    span: Period | None
    plan: bool


def stretches(document: Document) -> list[Stretch]:
    """Return the running text of a report with its years, in order."""
    result = []
    span: Period | None = None
    before: tuple[str, ...] = ()
    plan = False
    # A report of the autumn tells what was done 今年.
    year = None if document.date[5:7] >= "09" else document.year
    given: Period | None = None
    for paragraph in document.paragraphs:
        chapter = paragraph.section[:1]
        if chapter != before and chapter:
            plan = _turns(chapter[0], plan, year)
            before = chapter
            span = paragraph.period or span
        for heading in paragraph.section[1:]:
            plan = _turns(heading, plan, year)
        if paragraph.period != given and paragraph.period is not None:
            span = given = paragraph.period
        for part in _parts(document, paragraph.start, paragraph.end):
            opening = part.text[:_HEADING_MAX]
            if _is_heading(part.text):
                plan = _turns(part.text, plan, year)
                span = period_of(part.text, document.year) or span
                continue
            first = re.split(r"[，。；：]", opening)[0]
            plan = _turns(first, plan, year)
            ahead = [(a, b) for a, b in plans_in(first) if document.year and b > document.year]
            if ahead and not _looks_back(first, document.year):
                plan, span = True, ahead[0]
            if plan and document.year and (span is None or span[1] < document.year):
                span = (document.year, document.year)
            result.append(Stretch(part, span or _year_before(document.year), plan))
    return result


def _year_before(year: int | None) -> Period | None:
    """Return the year that a report looks back on where it does not say."""
    return None if year is None else (year - 1, year - 1)


def _turns(words: str, plan: bool, year: int | None) -> bool:
    """Tell whether plans are laid from here on, given whether they were before."""
    if _REVIEW.search(words):
        return False
    if (_PLAN if year is not None else _PLAN_LATE).search(words):
        return True
    named = re.match(r"((?:19|20)\d\d)年[^，。]{0,12}(?:工作|任务|安排|目标)", arabic_years(words))
    return plan if named is None or year is None else int(named[1]) >= year


def _looks_back(words: str, year: int | None) -> bool:
    """Tell a plan that a past year is spoken of under: 1996年是实施“九五”计划的第一年."""
    named = [int(y) for y in re.findall(r"((?:19|20)\d\d)年", arabic_years(words))]
    past = bool(named) and year is not None and named[0] < year
    return past or re.search(r"去年|上年|第.年|头一年|开局之年", words) is not None


def _parts(document: Document, start: int, end: int) -> list[CleanText]:
    """Cut a paragraph before and behind headings that a careless copy left inside it."""
    ranges = [(s, e) for s, e in sentence_ranges(document.text, start, end)]
    cuts: list[tuple[int, int]] = []
    open_start: int | None = None
    for s, e in ranges:
        if _is_heading(clean(document.text, s, e, ()).text):
            if open_start is not None:
                cuts.append((open_start, s))
            cuts.append((s, e))
            open_start = None
        elif open_start is None:
            open_start = s
    if open_start is not None:
        cuts.append((open_start, end))
    parts = [clean(document.text, s, e, document.marks) for s, e in cuts]
    return [part for part in parts if part.text]


def _is_heading(text: str) -> bool:
    return (
        len(text) <= _HEADING_MAX
        and _NUMBERED.match(text) is not None
        and text[-1] not in "。；！？"
    )
