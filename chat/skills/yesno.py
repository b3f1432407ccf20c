"""Yes or no to a threshold: the figure is looked up, then compared exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from corpus.figures.bounds import Bound, bound_of
from corpus.figures.mentions import mentions
from retriever.question import asked_years

_RELATIONS: dict[str, int] = {
    "超过": 1, "超出": 1, "突破": 1, "高于": 1, "大于": 1, "多于": 1, "达到": 0, "达": 0,
    "不到": -1, "不足": -1, "低于": -1, "少于": -1, "小于": -1, "跌破": -1,
}  # fmt: skip
_RELATION = "|".join(sorted(_RELATIONS, key=len, reverse=True))
_ASKING = r"有没有|有无|是否|是不是|能不能|会不会"
_THRESHOLD = re.compile(
    rf"^(?P<subject>.{{2,60}}?)(?P<asking>{_ASKING})?(?:已经|已|都|也|将|会|能|又)*(?P<relation>{_RELATION})(?:了)?"
    rf"(?P<amount>[\d.〇零一二两三四五六七八九十百千万亿]+[^，,]{{0,8}}?)(?:大关|以上|以下)?(?:了)?"
    rf"(?P<end>吗|没有|没|么|不)?[\s?？。]*$"
)
_GROWS = re.compile(r"(?:增长|下降|提高|增加|减少|降低|上升)$")


@dataclass(frozen=True)
class Threshold:
    """A question whether a figure passes a threshold.

    :ivar asked: the question for the figure itself.
    :ivar direction: 1 for above, 0 for at least, -1 for below.
    :ivar value: without its scale.
    :ivar unit: bare: 元, not 亿元.
    """

    asked: str
    direction: int
    value: Fraction
    unit: str


def threshold_of(folded: str, year: int | None) -> Threshold | None:
    """Return the threshold that a folded question asks for, None if it asks for none.

    达到5000亿元了吗 asks for what has been reached, no target: for the year before the report.

    :param year: of the report.
    """
    match = _THRESHOLD.search(folded.strip())
    if match is None or not (match["asking"] or match["end"]):
        return None
    found = mentions(match["amount"])
    if len(found) != 1:
        return None
    subject = re.sub(r"(?:的|数)$", "", match["subject"])
    reached = re.search(r"了(?:吗|没有|没)?[\s?？。]*$|已经?", folded) is not None
    if reached and year is not None and asked_years(folded, year) is None:
        subject = f"{year - 1}年{subject}"
    ends = "多少" if _GROWS.search(subject) else "是多少"
    value, unit = found[0].plain
    return Threshold(f"{subject}{ends}", _RELATIONS[match["relation"]], value, unit)


def verdict(threshold: Threshold, told: str, around: str) -> str | None:
    """Return 是, 没有 or 不是 by the figure that answers, None where that does not decide.

    :param told: the short answer: one quantity.
    :param around: the sentence that it stands in, for 超 and 左右 beside it.
    """
    found = mentions(told)
    if len(found) != 1:
        return None
    value, unit = found[0].plain
    if unit != threshold.unit:
        return None
    beside = next((m for m in mentions(around) if m.plain == (value, unit)), found[0])
    bound = bound_of(found[0].qualifier or beside.qualifier)
    limit = threshold.value
    if bound is Bound.ABOUT:
        return None
    above = value > limit if threshold.direction > 0 else value >= limit
    if bound is Bound.AT_LEAST and value >= limit:
        above = True
    elif bound is Bound.AT_MOST and value <= limit:
        above = False
    elif bound is not Bound.EXACT:
        return None
    if threshold.direction >= 0:
        return "是" if above else "没有"
    return "不是" if above else "是"
