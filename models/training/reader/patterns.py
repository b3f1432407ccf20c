"""Questions that running text answers at length: what its own turns of phrase reveal."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Pattern:
    """A turn of phrase, ``about`` and ``told`` its groups, with ways to ask for what is told."""

    found: re.Pattern[str]
    asks: tuple[str, ...]
    example: str


_ABOUT = r"(?P<about>[^，。；：“”、]{%s})"
PATTERNS = tuple(
    Pattern(re.compile(found), asks, example)
    for found, asks, example in (
        (
            r"(?:^|[。；])" + _ABOUT % "2,16" + r"(?:，)?(?:就是|是指|是|指的是|系)(?P<told>[^。；！？]{10,110})(?=[。；])",
            ("什么是{}", "{}是什么", "{}指的是什么", "{}是什么样的", "介绍一下{}"),
            "家庭农场是以家庭成员为主要劳动力的新型农业经营主体。",
        ),
        (
            r"(?:^|[，。；])" + _ABOUT % "2,24" + r"(?:表示|认为|指出|介绍|强调|透露|解释|提出|建议|要求|说)(?:，|：“?)"
            r"(?P<told>[^。”！？]{10,130})",
            ("{}说了什么", "{}怎么看", "{}认为什么", "{}有什么看法", "{}提出了什么要求", "{}是怎么解释的"),
            "项目负责人表示，下一步将扩大试点的范围。",
        ),
        (
            r"(?:通过|利用|采取|采用|依靠|借助)(?P<told>[^，。；]{4,60})，" + _ABOUT % "4,40" + r"(?=[，。；])",
            ("怎样{}", "如何{}", "通过什么方式{}", "{}靠的是什么", "怎么{}"),
            "通过发展乡村旅游，带动村民增收。",
        ),
        (
            _ABOUT % "4,40" + r"，(?:导致|造成|使得|使|致使|引发|带来)(?P<told>[^。；]{4,80})(?=[。；])",
            ("{}造成了什么影响", "{}带来什么后果", "{}结果怎么样", "{}有什么影响"),
            "连日降雨，导致多处道路中断。",
        ),
        (
            _ABOUT % "5,45" + r"，(?:旨在|以便|目的是|从而|以期|用以)(?P<told>[^。；]{5,70})(?=[。；])",
            ("为什么{}", "{}的目的是什么", "{}是为了什么", "{}有什么意义"),
            "当地修建了水库，旨在解决灌溉用水。",
        ),
        (
            _ABOUT % "2,20" + r"(?:负责|主要用于|用于|承担|具有|拥有|主要从事|专门)(?P<told>[^。；]{6,90})(?=[。；])",
            ("{}负责什么", "{}有什么作用", "{}有什么特点", "{}是做什么的", "{}有什么功能"),
            "委员会负责协调各部门的工作。",
        ),
        (
            _ABOUT % "3,30" + r"(?:包括|分为|如下|有)(?:：|，)?(?P<told>[^。：]{6,90}[、；][^。]{2,70})(?=。)",
            ("{}包括哪些", "{}有哪些", "{}分别是什么", "{}具体包括什么"),
            "主要任务包括：一是修好支渠；二是清淤通水。",
        ),
    )
)  # fmt: skip
_WHOLE = ("是什么情况", "怎么样", "有什么特点", "情况如何", "做了什么", "有什么规定", "发生了什么", "如何", "的经过是怎样的")  # fmt: skip
_VAGUE = re.compile(r"^(?:这|那|该|其|它|他|她|此|但|而|也|就|都|还|并)")


@dataclass(frozen=True)
class Told:
    """A question and where in the sentence its answer stands.

    :ivar asking: the part of the question that no word is taken from.
    """

    question: str
    asking: str
    start: int
    end: int


def told_at_length(sentence: str, rng: random.Random) -> list[Told]:
    """Return questions that whole clauses of a sentence answer."""
    found = []
    for pattern in PATTERNS:
        for match in pattern.found.finditer(sentence):
            about = match["about"]
            if not _VAGUE.match(about):
                before, after = rng.choice(pattern.asks).split("{}")
                told = match["told"]
                start = match.start("told") + len(told) - len(told.lstrip("，：“"))
                found.append(
                    Told(before + about + after, before or after, start, match.end("told"))
                )
    return found


def whole(sentence: str, kept: list[str], rng: random.Random) -> Told:
    """Return a question for the whole sentence by some of its words, in their order."""
    asking = rng.choice(_WHOLE)
    start = len(sentence) - len(sentence.lstrip("，：；、"))
    return Told("".join(kept) + asking, asking, start, len(sentence.rstrip("。！？")))
