"""Tell what a number says about its indicator: level, growth, change, share, rank or target."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from corpus.figures.mentions import Mention
from corpus.figures.wording import Words
from corpus.types import Comparison, FigureKind

# Verbs of motion right before a number, by direction. (words, direction, example)
MOTION: tuple[tuple[str, int, str], ...] = (
    ("增长 增加 递增 提高 提升 上升 上涨 扩大 增产 增收 高出 净增 猛增 翻 快 高(?!达) 多 长 前移 增幅 增速 增长率 年均增长率 增长率 递增率 涨幅 多增加", 1, "增长"),
    ("下降 降低 减少 减 降 缩小 缩减 压缩 压减 回落 跌 少 减产 降幅 缩短 下调 精简 低", -1, "下降"),
)  # fmt: skip
_UP = "|".join(sorted(MOTION[0][0].split(), key=len, reverse=True))
_DOWN = "|".join(sorted(MOTION[1][0].split(), key=len, reverse=True))
_MOVE = re.compile(
    rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:了|为|达|达到|约|大约|近|只|连续|或|略|高于|超过)*$"
)
_ARRIVE = re.compile(
    r"(?:^(?:到|至)|(?:提高|提升|上升|增加|增长|扩大|发展|下降|降低|减少|缩小|回落|降|增|升|调整|跃升|变|转|压缩|压减|跃|改)(?:到|至|为))(?:了)?[^，。；、]{0,8}$"
)
_RISING = re.compile(rf"(?:{_UP}|发展|跃)[^，。；]{{0,2}}(?:到|至|为)[^，。；、]{{0,8}}$")
_FALLING = re.compile(rf"(?:{_DOWN})[^，。；]{{0,2}}(?:到|至|为)[^，。；、]{{0,8}}$")
_DEPART = re.compile(r"(?:从|由)[^，。；]{0,12}$")
_RATE_NAME = re.compile(r"(?:幅度|涨幅|增速|增幅|增长率|递增率|(?:增长|递增|发展)的?速度)$")
_CHANGE_NAME = re.compile(r"(?:增加|减少|提高|降低)的[^，。；]{1,8}$")
_OF = re.compile(
    r"占(?!比|有|地)(?P<whole>[^，。；占]{0,24}?)(?:的?(?:比重|比例|份额))?(?:的|为|达到?|超过?|近|约|由|从)*$"
)
_THAN = re.compile(
    r"(?:(?<![占可])比(?!重|例)|较(?![快大高多好低小为]))(?P<base>[^，。；]{1,20}?)(?:同期)?(?:平均|实际|分别|累计|只|又|就)*(?:每年)?(?:平均)?(?:增|减|提高|上升|下降|降低|多|少|高|低|快|翻|扩大|缩)[^，。；]{0,4}$"
)
_TIMES_OF = re.compile(r"(?:为|是|等于|相当于|率的|的|达到?)$")
# 压减政府性基金项目30%: the verb of motion opens the clause.
_CUTTING = re.compile(
    r"(?:并|再|共)?(?:压减|削减|减少|降低|缩减|压缩|提高|下调|上调|核减)(?!到|至|为|了?$)"
)
# 增产二千二百万吨，即百分之七点八: the same as a rate.
_RESTATED = re.compile(r"(?:即|也就是|合)(?:增长|增加)?")
_COUNTED = frozenset({"count", "person"})


@dataclass(frozen=True)
class Reading:
    """Kind of a figure, what it is compared with, direction, and its place in 由…到…."""

    kind: FigureKind
    comparison: Comparison | None
    direction: int
    departs: bool = False
    arrives: bool = False


def read_role(mention: Mention, words: Words, indicator: str, previous: Reading | None) -> Reading:
    """Read what a number says from the words around it.

    :param previous: what the number before it in the sentence says.
    """
    departed = previous is not None and previous.departs
    if previous is not None and mention.unit == "%" and _RESTATED.fullmatch(words.clause):
        return replace(previous, kind=FigureKind.GROWTH)
    head, clause, behind = words.head, words.clause, words.behind
    arrives = _ARRIVE.search(head) is not None
    departs = not arrives and _DEPART.search(head) is not None
    if departs and not re.search(r"(?:到|至|为|升|降|增|减|提高)", behind):
        departs = False
    move = _MOVE.search(head)
    direction = 0 if move is None else (1 if move["up"] else -1)
    comparison: Comparison | None = None
    if departs:
        comparison = Comparison("from")
    elif arrives:
        direction = 1 if _RISING.search(head) else (-1 if _FALLING.search(head) else 0)
        comparison = Comparison("to") if departed else None
    elif (of := _OF.search(clause)) and mention.measure in ("share", "fraction"):
        comparison = Comparison("of", of["whole"].strip("的"))
    elif move and (than := _THAN.search(clause)):
        comparison = Comparison("than", than["base"])
    kind = _kind(mention, head, indicator, move is not None, behind)
    return Reading(kind, comparison, direction, departs, arrives)


def _kind(mention: Mention, head: str, indicator: str, moves: bool, behind: str) -> FigureKind:
    if mention.measure == "rank":
        return FigureKind.RANK
    if mention.unit in ("%", "‰"):
        if (
            moves
            or _CUTTING.match(head)
            or _RATE_NAME.search(indicator)
            or re.match(r"的(?:速度|增速|增幅|增长率)", behind)
        ):
            return FigureKind.GROWTH
        return FigureKind.SHARE
    if mention.measure == "fraction":
        return FigureKind.GROWTH if moves else FigureKind.SHARE
    if mention.unit.endswith("百分点"):
        return FigureKind.CHANGE
    if mention.unit.endswith(("倍", "番", "成")):
        return FigureKind.SHARE if _TIMES_OF.search(head) else FigureKind.GROWTH
    if moves or _CHANGE_NAME.search(indicator):
        return FigureKind.CHANGE
    if mention.measure == "bare" and not mention.unit:
        return FigureKind.SHARE
    if re.search(r"每[百千万]?[户人亩]|人均|户均|平均每", indicator):
        return FigureKind.ACTUAL
    if mention.measure in _COUNTED or mention.measure == "bare":
        return FigureKind.COUNT
    return FigureKind.ACTUAL
