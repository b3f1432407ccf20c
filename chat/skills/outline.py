"""Sum up a chapter or the whole report: its headings, or the telling sentence of each paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chat.skills.asking import bare, without_times
from chat.skills.base import Inquiry, Outcome
from chat.skills.chapters import Chapter, Role, chapters, role_of_heading, roles
from chat.skills.gather import LONGEST_ITEM, Told, opened
from chat.skills.summaries import by_fit, outcome_of, which_report
from corpus.cleaning import fold_text
from corpus.sentences import SEGMENT_ENDS, clause_ranges, flowing_ranges
from corpus.types import Document, Paragraph, Section

MOST = 12
_WHOLE_MOST = 20  # of the whole report
_OF_CHAPTER = 3  # sentences of a chapter without headings, where the whole report is told
_CONFIDENCE = 0.9
_NUMBERS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)}
_SAYS = r"(?:主要|都|大概|具体|一共|到底)*(?:讲|说|写|谈|提)(?:的|了|到)?(?:是)?(?:些)?(?:什么|啥|哪些)|(?:的)?(?:主要)?(?:内容|意思|标题)|(?:有|是|包括)(?:些)?(?:什么|哪些)"
_PART = r"(?:大)?(?:部分|章节?|节|篇章?|板块|段)"
_ORDINAL = re.compile(rf"第([一二三四五六七八九十\d]{{1,2}})(?:个)?{_PART}.{{0,4}}?(?:{_SAYS})")
_QUOTED_PART = re.compile(
    rf"^[“\"《]?(.{{3,40}}?)[”\"》]?(?:这|那)?(?:一)?(?:个)?{_PART}.{{0,4}}?(?:{_SAYS})"
)
_WHOLE = re.compile(
    rf"^(?:这份|这个|这篇|本次|整个|整份|全篇)*(?:政府)?(?:工作)?报告(?:里|中)?(?:{_SAYS})(?:内容|方面|事情)?(?:是什么|有哪些)?$|"
    r"^(?:请|帮我|给我)*(?:介绍|总结|概括|概述|归纳|说说|讲讲)(?:一下)?(?:这份|这个|这篇|本次|整个|整份|全篇|全文)*(?:政府)?(?:工作)?(?:报告)?(?:的)?(?:主要)?(?:内容|要点|大意)?$|"
    rf"^(?:这份)?(?:政府)?(?:工作)?报告(?:一共|总共)?(?:分|有|包括|包含)(?:为|成|了)?(?:哪|几|多少)[几些]?(?:个)?{_PART}"
)
_LIST = r"(?:有|是|包括)?(?:哪些|什么|啥|哪几项|哪几个方面|哪几方面|哪几个|几项)(?:方面)?"
# What is left of a question once times and places are taken out → the chapter it asks for.
# (role, pattern, example)
CHAPTERS: tuple[tuple[Role, str, str], ...] = (
    (Role.PROBLEM, rf"(?:还|都|主要|仍然)*(?:存在|面临|有|遇到)(?:着|的)?{_LIST}(?:主要|突出|的)*(?:困难|问题|挑战|不足|短板|差距)(?:和(?:困难|问题|挑战|不足))?", "还存在哪些问题"),
    (Role.PROBLEM, rf"(?:存在|面临)?的?(?:主要|突出)?的?(?:困难|问题|挑战|不足|短板)(?:和(?:困难|问题|挑战|不足))?{_LIST}", "面临的困难有哪些"),
    (Role.PROBLEM, r"(?:还|仍)?(?:存在|面临)(?:着)?(?:哪些|什么)(?:困难|问题|挑战)和(?:困难|问题|挑战)", "面临哪些困难和问题"),
    (Role.PAST, rf"(?:都|主要|一共)*(?:取得|做出)(?:了|的)?(?:过)?(?:{_LIST})?(?:的)?(?:主要|突出|重大|重要|伟大|新)*(?:的)?(?:成绩|成就|成效|成果|进展)(?:{_LIST})?", "取得了哪些成绩"),
    (Role.PAST, rf"(?:的)?(?:主要|突出|重大|重要)*(?:的)?(?:发展|工作)?(?:成绩|成就|成效|成果)(?:{_LIST}|怎么样|如何)?", "主要成绩"),
    (Role.PAST, rf"(?:都|主要|重点|一共)*(?:做|干|完成|办)(?:了|过|成了?)(?:{_LIST})(?:主要|重点|大)?(?:工作|事情?|大事|实事)?", "主要做了哪些工作"),
    (Role.PAST, r"(?:的)?(?:政府)?(?:工作)(?:完成得|情况|进展|做得)?(?:怎么样|如何|回顾)", "工作怎么样"),
    (Role.PLAN, rf"(?:的)?(?:主要|重点|总体)*(?:的)?(?:工作)?(?:任务|工作|安排|部署|打算|计划)(?:{_LIST}|怎么样|如何)?", "重点工作有哪些"),
    (Role.PLAN, r"(?:都|还)?有(?:哪些|什么|啥)(?:主要|重点|大)*(?:的)?(?:工作)?(?:任务|工作|安排|部署|打算|计划)", "有哪些重点工作"),
    (Role.PLAN, rf"(?:打算|准备|计划|要|将|会)?(?:重点|主要|着力|着重)?(?:要)?(?:做|干|抓|办)(?:好)?(?:{_LIST})(?:主要|重点|大)?(?:工作|事情?|大事|实事)?", "打算做什么"),
    (Role.PLAN, r"(?:的)?(?:工作)?(?:打算|准备|计划|要)?(?:怎么|如何|怎样)(?:干|安排|部署)", "工作怎么安排"),
)  # fmt: skip
_CHAPTERS = tuple((role, re.compile(rf"^{pattern}$")) for role, pattern, _ in CHAPTERS)
_FRONT = re.compile(
    r"^(?:请问|报告(?:里|中)?(?:说|提到)?|政府(?:的)?(?:工作(?=还|仍|存|面|有))?(?:中|里)?(?!工作报告)|国家|国务院|我们|在|的|，|,|\s)+"
)
_TELLING = re.compile(
    r"\d[\d.]*(?:亿|万)?|首次|首个|第一|率先|成功|突破|历史|全面|胜利|实现|完成|翻"
)

_COUNTED = re.compile(r"(?:——)?(?:[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]{1,2}[，、]|[（(][一二三四五六七八九十]{1,2}[)）])")  # fmt: skip
_OPENS = 20.0  # weight of a sentence that opens a paragraph against one figure in another


@dataclass(frozen=True)
class _Part:
    heading: str
    paragraphs: tuple[Paragraph, ...]


def outline(inquiry: Inquiry) -> Outcome | None:
    """Sum up the chapter asked for, or the report, None for any other question."""
    text = bare(inquiry.question.folded)
    if _WHOLE.search(text):
        document = by_fit(inquiry, None)[0]
        return _outcome(
            inquiry, document, _whole(document), "报告各部分的内容摘录如下。", _WHOLE_MOST
        )
    if (match := _ORDINAL.search(text)) is not None:
        return _numbered(inquiry, _number(match[1]))
    if (match := _QUOTED_PART.search(text)) is not None:
        return _named(inquiry, match[1])
    role = chapter_role(text, inquiry.scope.own)
    return None if role is None else _of_role(inquiry, role)


def chapter_role(text: str, own: tuple[str, ...]) -> Role | None:
    """Return which chapters a folded question wants summed up, None if it names something else.

    :param own: names of the place that the reports are about; they tell nothing.
    """
    text = without_times(text)
    for name in own:
        text = text.replace(name, "")
    text = _FRONT.sub("", text)
    return next((role for role, pattern in _CHAPTERS if pattern.search(text)), None)


def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    tens, _, ones = written.rpartition("十") if "十" in written else ("", "", written)
    if "十" in written:
        return _NUMBERS.get(tens, 1) * 10 + _NUMBERS.get(ones, 0)
    return _NUMBERS.get(ones, 0)


def _numbered(inquiry: Inquiry, number: int) -> Outcome | None:
    document = by_fit(inquiry, None)[0]
    parts = [c for c in chapters(document) if c.heading]
    if not 1 <= number <= len(parts):
        return None
    return _chapter(inquiry, document, parts[number - 1])


def _named(inquiry: Inquiry, name: str) -> Outcome | None:
    """Sum up what stands under a heading, named whole or in part."""
    asked = name.strip('“”"《》 ')
    for document in by_fit(inquiry, None):
        for chapter in chapters(document):
            if chapter.heading and asked in fold_text(chapter.heading):
                return _chapter(inquiry, document, chapter)
        for section in document.sections:
            if asked in fold_text(section.path[-1]):
                inside = tuple(
                    p for p in document.paragraphs if section.heading_start <= p.start < section.end
                )
                heading = _heading(section)
                told = _sentences(document, _Part(heading, inside))
                return _outcome(inquiry, document, told, f"“{heading}”一节的内容摘录如下。")
    return None


def _chapter(inquiry: Inquiry, document: Document, chapter: Chapter) -> Outcome | None:
    told = _headings(document, chapter) or _sentences(document, chapter)
    return _outcome(inquiry, document, told, f"“{chapter.heading}”部分的内容摘录如下。")


def _of_role(inquiry: Inquiry, role: Role) -> Outcome | None:
    """Sum up the chapters that review the work, or that plan it; or the difficulties told."""
    years = inquiry.question.years
    for document in by_fit(inquiry, Role.PAST if role is Role.PAST else None):
        if years is not None and document.year is not None and role is not Role.PROBLEM:
            # 2011年主要做了哪些工作, 2021年重点工作: the year tells past from plan.
            role = Role.PAST if years[1] < document.year else Role.PLAN
        told = _difficulties(document) if role is Role.PROBLEM else _all_of(document, role, years)
        if told:
            what = {
                Role.PAST: "已经做的工作",
                Role.PLAN: "今后的安排",
                Role.PROBLEM: "存在的困难和问题",
            }[role]
            return _outcome(inquiry, document, told, f"报告讲到{what}，摘录如下。")
    return None


def _all_of(document: Document, role: Role, years: tuple[int, int] | None) -> list[Told]:
    """Return the headings of the chapters of a role; the telling sentences where there are none.

    Where chapters speak of just the years asked, only these count.
    """
    kinds = {p.start: kind for p, kind in zip(document.paragraphs, roles(document), strict=True)}
    parts = [
        _Part(c.heading, tuple(p for p in c.paragraphs if kinds[p.start] is role))
        for c in chapters(document)
        if c.heading
    ]
    parts = [p for p in parts if p.paragraphs]
    exact = [
        _Part(p.heading, inside)
        for p in parts
        if (inside := tuple(q for q in p.paragraphs if q.period == years))
    ]
    parts = exact or parts
    headings = [t for p in parts for t in _headings(document, p)]
    return headings or [t for p in parts for t in _sentences(document, p)]


def _headings(document: Document, chapter: Chapter | _Part) -> list[Told]:
    """Return the headings right below a chapter, none if there are fewer than two."""
    if not chapter.paragraphs:
        return []
    first, last = chapter.paragraphs[0].start, chapter.paragraphs[-1].end
    below = [
        Told(s.heading_start, s.heading_end, chapter.heading, Role.OTHER, 1.0)
        for s in document.sections
        if len(s.path) == 2 and first - 200 <= s.heading_start <= last
        and s.path[0] == chapter.heading
    ]  # fmt: skip
    return below if len(below) >= 2 else []


def _heading(section: Section) -> str:
    return section.path[-1]


def _sentences(document: Document, part: Chapter | _Part) -> list[Told]:
    """Return a sentence of every paragraph: the one that opens it, of a review the most telling.

    A paragraph that counts itself (一是…) is told by its first sentence; one that opens with a short
    lead (忠诚干事。) by lead and next sentence.
    """
    review = role_of_heading(part.heading, document.year) is Role.PAST
    told: list[Told] = []
    for paragraph in part.paragraphs:
        best: tuple[float, int, int] | None = None
        for number, (first, last) in enumerate(opened(document.text, paragraph)):
            start, end = _bounded(document.text, first, last)
            text = fold_text(document.text[start:end])
            if len(text) < 8 or "各位代表" in text or "请予审议" in text:
                continue
            score = float(len(_TELLING.findall(text))) + min(len(text), 60) / 60
            if number == 0 and (_COUNTED.match(text) or not review):
                score += _OPENS
            if best is None or score > best[0]:
                best = (score, start, end)
        if best is not None:
            told.append(Told(best[1], best[2], part.heading, Role.OTHER, best[0]))
    return told


def _difficulties(document: Document) -> list[Told]:
    """Return the parts of the sentences on what is still lacking."""
    told: list[Told] = []
    for paragraph, role in zip(document.paragraphs, roles(document), strict=True):
        if role is not Role.PROBLEM:
            continue
        heading = paragraph.section[0] if paragraph.section else document.title
        for start, end in flowing_ranges(
            document.text, paragraph.start, paragraph.end, SEGMENT_ENDS
        ):
            text = document.text[start:end]
            lead = re.match(r"(?:主要是|主要表现在|突出表现在|一是|主要有)[：:，,]?", text)
            begun = start + (lead.end() if lead else 0)
            if end - begun >= 8 and not re.search(r"对(?:于)?(?:这些|以上|上述)|我们(?:要|一定)|决不|绝不", text):  # fmt: skip
                told.append(Told(*_bounded(document.text, begun, end), heading, role, 1.0))
    return told


def _bounded(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the first clauses of a sentence that is too long to be quoted whole."""
    if end - start <= LONGEST_ITEM:
        return start, end
    fitting = [b for _, b in clause_ranges(text, start, end) if b - start <= LONGEST_ITEM]
    return start, (fitting[-1] if fitting else start + LONGEST_ITEM)


def _whole(document: Document) -> list[Told]:
    """Return of every chapter the headings below it; its telling sentences where there are none."""
    told: list[Told] = []
    for chapter in chapters(document):
        if not chapter.heading:
            continue
        below = _headings(document, chapter)
        if not below:
            sentences = sorted(_sentences(document, chapter), key=lambda t: -t.weight)
            below = sorted(sentences[:_OF_CHAPTER], key=lambda t: t.start)
        told += below
    return told


def _outcome(
    inquiry: Inquiry, document: Document, told: list[Told], lead: str, limit: int = MOST
) -> Outcome | None:
    if not told:
        return None
    chosen = told
    notes = which_report(inquiry, document)
    if len(told) > limit and not all(_is_heading(document, t) for t in told):
        best = {t.start for t in sorted(told, key=lambda t: -t.weight)[:limit]}
        chosen = [t for t in told if t.start in best]
        notes = (f"一共有{len(told)}处，这里摘录{len(chosen)}处。", *notes)
    return outcome_of(document, lead, chosen, _CONFIDENCE, notes)


def _is_heading(document: Document, told: Told) -> bool:
    return any(s.heading_start == told.start for s in document.sections)
