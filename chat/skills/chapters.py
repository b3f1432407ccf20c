"""What the paragraphs of a report speak of: work done, plans, difficulties."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from corpus.cleaning import fold_text
from corpus.types import Document, Paragraph
from corpus.years import named_years


class Role(StrEnum):
    """What a stretch of a report is about."""

    PAST = "past"
    PLAN = "plan"
    PROBLEM = "problem"
    OTHER = "other"


# A heading → what stands under it; the first row that fits counts. (role, pattern, example)
HEADINGS: tuple[tuple[Role, str, str], ...] = (
    (Role.OTHER, r"(成就|成绩|回顾|进展).*(任务|目标|安排|部署)|历史方位|国际形势", "发展成就和主要目标任务"),
    (Role.PROBLEM, r"^.{0,8}(存在|面临|主要)的?(困难|问题|挑战|不足)", "存在的主要问题"),
    (Role.PAST, r"回顾|过去|一年来|五年来|成就|成绩|取得.*进展|总结|(国家|年)决算", "2011年工作回顾"),
    (Role.PLAN, r"安排|部署|任务|目标|今后|未来|打算|重点工作|总体要求|预算|(下|新)一(步|年)|今年|工作建议|规划", "主要任务"),
)  # fmt: skip
_HEADINGS = tuple((role, re.compile(pattern)) for role, pattern, _ in HEADINGS)
_PROBLEM = re.compile(
    r"(?:看到|认识到|深感|存在|面临|面对|还有)[^。]{0,40}?(?:困难|问题|不足|挑战|缺点|短板|差距)"
)
_PROBLEM_REACH = 90  # characters of a paragraph that say whether it is about difficulties
# Words of a sentence where no heading tells (reports without chapters).
_WILL = re.compile(r"必须|应当|应该|力争|争取|确保|准备|计划在|打算|今后|将(?!军|来|士)|(?<![主重需首只想])要(?![求素点闻地领])|继续|进一步|着力|加快|推动")  # fmt: skip
_DONE = re.compile(r"了|已经?|比上年|同比|取得|胜利|去年|过去|来，|以来|增长(?!方式)|达到|超额|实现了|完成")  # fmt: skip


@dataclass(frozen=True)
class Chapter:
    """A chapter of the highest rank: ``heading`` as written, empty before the first one."""

    heading: str
    paragraphs: tuple[Paragraph, ...]


def chapters(document: Document) -> list[Chapter]:
    """Return the chapters of a report in order, the paragraphs before the first one as one."""
    names = {s.path[0] for s in document.sections}
    result: list[Chapter] = []
    for paragraph in document.paragraphs:
        top = paragraph.section[0] if paragraph.section and paragraph.section[0] in names else ""
        if result and (result[-1].heading == top or not top):
            result[-1] = Chapter(result[-1].heading, (*result[-1].paragraphs, paragraph))
        else:
            result.append(Chapter(top, (paragraph,)))
    return result


def roles(document: Document) -> list[Role]:
    """Return the role of every paragraph of a report, in order.

    A chapter whose heading tells nothing goes on with the plans once these have begun: the chapters
    加大宏观政策实施力度, 推进更高水平对外开放 follow 今年发展主要目标. Within a review the paragraphs on
    what is still lacking are told apart.
    """
    result: list[Role] = []
    planning = False
    for chapter in chapters(document):
        role = role_of_heading(chapter.heading, document.year)
        if role is None and planning:
            role = Role.PLAN
        planning = planning or role is Role.PLAN
        result += [_role(document, p, role) for p in chapter.paragraphs]
    return result


def role_of_heading(heading: str, year: int | None) -> Role | None:
    """Return what stands under a heading, None where it does not say.

    :param year: of the report: work of that year is still to be done.
    """
    folded = fold_text(heading)
    for role, pattern in _HEADINGS:
        if pattern.search(folded):
            return None if role is Role.OTHER else role
    years = [y for _, y in named_years(folded)]
    if years and year is not None:
        return Role.PLAN if max(years) >= year else Role.PAST
    return None


def _role(document: Document, paragraph: Paragraph, given: Role | None) -> Role:
    text = fold_text(document.text[paragraph.start : paragraph.end])
    if given is not Role.PLAN and _PROBLEM.search(text[:_PROBLEM_REACH]):
        return Role.PROBLEM
    if given is not None:
        return given
    will, done = len(_WILL.findall(text)), len(_DONE.findall(text))
    return Role.PLAN if will > done else Role.PAST if done > will else Role.OTHER
