"""Understand what a question wants summed up: a topic, a chapter, the whole report."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from chat.skills.chapters import Role
from corpus.cleaning import fold_text
from retriever.question import TIMES

_FILE = Path(__file__).parent / "topics.toml"


@dataclass(frozen=True)
class Topic:
    """A field of public life.

    :ivar names: how askers call it, folded.
    :ivar words: folded words by which a report speaks of it.
    :ivar apart: folded words that hold one of these and mean something else.
    """

    names: tuple[str, ...]
    words: tuple[str, ...]
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """What is to be summed up.

    :ivar subject: what the question names, folded; empty for a chapter or the whole report.
    :ivar topics: the known topics that it names; empty for a subject of the asker's own.
    :ivar role: only what was done, only what is planned; None for both.
    """

    subject: str = ""
    topics: tuple[Topic, ...] = ()
    role: Role | None = None


_GOT = "成绩|成效|成就|成果|进展|进步|变化|突破"
_MEANT = "安排|打算|计划|部署|任务|目标|考虑|规划|想法"
_WORK = "工作|事情|事儿|事|实事|好事|措施|举措|办法|行动|努力|动作|做法|内容|亮点|政策"
_WHAT = r"(?:些)?(?:哪些|什么|啥|何|哪几项|哪几个|哪几方面)(?:方面)?(?:的)?(?:样的)?(?:新|主要|具体|重点|重要|大)?(?:的)?"
_LINK = r"(?:都|又|还|主要|具体|分别|已经|一共|共|究竟|到底)*"
# How such a question ends → what it wants. (role, pattern at the end, example)
ENDINGS: tuple[tuple[Role | None, str, str], ...] = (
    (Role.PLAN, rf"{_LINK}(?:打算|准备|计划|将要?|要)(?:再)?(?:做|干|办|开展|采取|推进|抓)(?:好|些)?{_WHAT}(?:{_WORK})?", "养老方面打算做些什么"),
    (Role.PAST, rf"{_LINK}(?:做|干|办|开展|采取|实施|推出|落实|完成|取得)(?:了|过|出了?)(?:些)?{_WHAT}(?:{_WORK}|{_GOT})?", "教育方面做了什么"),
    (Role.PAST, rf"{_LINK}(?:有|是|取得){_WHAT}(?:{_GOT})", "生态方面有哪些成绩"),
    (Role.PAST, rf"的?(?:主要|突出|重大)?(?:{_GOT})(?:有|是)?(?:哪些|什么|如何|怎么样|怎样)", "教育方面的成绩有哪些"),
    (Role.PLAN, rf"{_LINK}有{_WHAT}(?:{_MEANT})", "教育方面有什么打算"),
    (Role.PLAN, rf"的?(?:主要|重点)?(?:{_MEANT})(?:有|是)?(?:哪些|什么|如何|怎么样)", "教育方面的安排是什么"),
    (Role.PLAN, r"(?:打算|准备|计划|将)?(?:要|会)?(?:怎么|如何|怎样|咋)(?:安排|打算|部署|规划)", "就业工作怎么安排"),
    (Role.PLAN, r"(?:打算|准备|计划|将|要|会)(?:要|会)?(?:怎么|如何|怎样|咋)(?:做|干|搞|抓|办|样)", "就业方面打算怎么做"),
    (None, rf"{_LINK}(?:做|干|抓|开展|采取)(?:好|些)?{_WHAT}(?:{_WORK})?", "教育方面做哪些工作"),
    (None, rf"{_LINK}有{_WHAT}(?:{_WORK})", "乡村振兴有哪些工作"),
    (None, r"的?(?:主要|重点|具体)?(?:工作|措施|举措|内容)(?:有|是|包括)(?:哪些|什么)", "教育方面的工作有哪些"),
    (None, r"(?:怎么|如何|怎样|咋)(?:做|干|搞|抓)(?:的|了)?", "保障性住房方面怎么做"),
    (None, r"(?:报告)?(?:里|中|上)?(?:都|又|还|主要|是)*(?:怎么|如何|咋)(?:讲|说|提|写|谈)(?:到|的|了)?", "养老方面报告怎么说"),
    (None, rf"(?:报告)?(?:里|中|上)?{_LINK}(?:讲|说|提|写|谈)(?:到|的|了|过)?{_WHAT}(?:内容)?", "外交工作讲了些什么"),
    (None, r"(?:工作)?(?:情况|进展|搞得|做得|干得)?(?:怎么样|怎样|咋样|如何)(?:了)?", "教育工作怎么样"),
)  # fmt: skip
_ENDINGS = tuple((role, re.compile(rf"(?:{pattern})$")) for role, pattern, _ in ENDINGS)
# How a request to tell begins (介绍一下教育方面的情况).
_TELL = re.compile(
    r"^(?:请|麻烦|帮我|给我|能不能|能否|能|可以|可不可以|你)*"
    r"(?:介绍|总结|概括|概述|归纳|梳理|汇总|说说|讲讲|谈谈|说一说|讲一讲|谈一谈|列举|列出|摘录)(?:一?下)?(?:子)?"
)
_END_MARKS = re.compile(r"[\s?？!！。.,，、~～]+$|[呀啊呢哦哈嘛噢啦吗吧]+[\s?？!！。]*$")
_TIME = re.compile(
    rf"(?:到|截至|至|从)?(?:{'|'.join(sorted(TIMES, key=len, reverse=True))}|(?:19|20)?\d\d年(?:度|底|末)?|"
    r"“?十[一二三四五六]五”?(?:期间|时期)?|[一二三四五]年(?:来|里|间|内)|这些年|这几年|近几年|近年来?|近期|下一步|接下来|下一阶段|"
    r"目前|当前|现在|今后|以后|往后|将来|未来|明后年)(?:里|间|内|以来)?"
)
_FRONT = re.compile(
    r"^(?:请问|我想(?:知道|了解|问)|想(?:知道|了解|问)|(?:这份|这个|本|该)?(?:政府)?(?:工作)?报告(?:里面|里|中|上)?|政府(?:工作)?|国家|国务院|[省市区县镇]里|我们|咱们|"
    r"全[国省市区县]|在|对于|对|关于|有关|针对|里|中|的|，|,|、|\s)+"
)
_MARK = re.compile(
    r"(?:方面|领域|工作|这一?块|这一?方面|这方面|问题|情况|内容|上|的|里|都|又|报告|，|,|\s)+$"
)
_MARKED = re.compile(r"方面|领域|工作|这一?块|情况|^(?:报告)?(?:里|中)?(?:关于|有关|对于)")
_JOINED = re.compile(r"和|与|及|以及|、")
# The same ends that name a plan or a review by the time that a question gives.
_AHEAD = re.compile(r"今年|明年|今后|未来|下一步|接下来|下一阶段|将来")
_BEHIND = re.compile(r"过去|去年|上年|前年|五年来|年来|已经|以来|上届|本届")


def wanted(folded: str, own: tuple[str, ...]) -> Wanted | None:
    """Return what a folded question wants summed up by topic, None if it wants no such thing.

    :param own: names of the place that the reports are about; they tell nothing.
    """
    text = bare(folded)
    told = _TELL.match(text)
    role, body = _ending(text)
    if told is not None:
        body = body[told.end() :]
    elif body == text:
        return None
    if _AHEAD.search(folded):
        role = Role.PLAN
    elif _BEHIND.search(folded):
        role = Role.PAST
    body = without_times(body)
    for name in own:
        body = body.replace(name, "")
    marked = _MARKED.search(body) is not None
    found = topics_named(body)
    if found is not None:
        return Wanted(_plain(_subject(body)), found, role)
    subject = _plain(_subject(body))
    if not marked or "报告" in subject or not 2 <= len(subject) <= 12:
        return None
    return Wanted(subject, (), role)


def topics_named(text: str) -> tuple[Topic, ...] | None:
    """Return the topics that a text names and nothing else beside them, None where it does more."""
    subject = _subject(text)
    for whole in (text, subject):
        if (topic := _named().get(_plain(whole))) is not None:
            return (topic,)
    parts = [_named().get(_plain(_subject(p))) for p in _JOINED.split(subject)]
    known = tuple(t for t in parts if t is not None)
    return known if len(known) == len(parts) > 1 else None


def bare(folded: str) -> str:
    """Return a folded question without the marks and particles at its end."""
    text = folded.strip()
    while (stripped := _END_MARKS.sub("", text)) != text:
        text = stripped
    return text


def without_times(text: str) -> str:
    """Return a text without years and words of time."""
    return _TIME.sub("", text)


def _ending(text: str) -> tuple[Role | None, str]:
    """Return the role that the longest ending asks for, and the text before it."""
    best: tuple[int, Role | None] | None = None
    for role, pattern in _ENDINGS:
        match = pattern.search(text)
        if match is not None and (best is None or match.start() < best[0]):
            best = (match.start(), role)
    return (None, text) if best is None else (best[1], text[: best[0]])


def _subject(text: str) -> str:
    while (cut := _MARK.sub("", _FRONT.sub("", text))) != text:
        text = cut
    return text


def _plain(text: str) -> str:
    return text.strip("“”\"'‘’ ")


@lru_cache(maxsize=1)
def shipped_topics() -> tuple[Topic, ...]:
    """Return the shipped topics, read once a process."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["topic"]
    return tuple(
        Topic(
            tuple(_plain(fold_text(n)) for n in row["names"]),
            tuple(fold_text(w) for w in row["words"]),
            tuple(fold_text(w) for w in row.get("except", ())),
        )
        for row in rows
    )


@lru_cache(maxsize=1)
def _named() -> dict[str, Topic]:
    return {name: topic for topic in shipped_topics() for name in topic.names}
