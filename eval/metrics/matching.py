"""Whether a gold answer stands within what was told."""

from __future__ import annotations

import re
import unicodedata

from eval.datasets.types import QuestionRow

_MARKS = re.compile(r"[\s“”\"‘’'、，,。；;：:！!？?（）()《》·]")


def normal(text: str) -> str:
    """Return a text for comparison: NFKC, lower case, no white space, quotes or punctuation."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).lower()


# How an answer to a yes-or-no question begins, folded; what denies, then what affirms.
_DENIES = re.compile(r"(?:否|没有|没|不|未|禁止)[^，。；：]{0,2}")
_AFFIRMS = re.compile(r"(?:是的?|对|有|能|可以|会|要|需要|应当|允许|已经?)")
_VERDICT = re.compile(r"^\s*(?P<word>[^，。；：,;:]{1,4})(?:[：:，,。]|$)")


def within(row: QuestionRow, told: str) -> bool:
    """Tell whether a right answer stands in a text; of a list, every member.

    是 and 否 stand in any sentence: to such a question a text is right if it opens with a word of that side.
    """
    text = normal(told)
    if row.items:
        return all(normal(item) in text for item in row.items)
    sides = {verdict(answer) for answer in row.answers}
    if row.type == "yesno" and len(sides) == 1 and sides != {None}:
        return verdict(told) in sides or any(
            len(normal(a)) > 1 and normal(a) in text for a in row.answers
        )
    return any(normal(answer) in text for answer in row.answers)


def verdict(text: str) -> bool | None:
    """Return what a text says of a yes-or-no question by its first word, None if it has no such word."""
    opening = _VERDICT.search(unicodedata.normalize("NFKC", text))
    if opening is None:
        return None
    if _DENIES.fullmatch(opening["word"]):
        return False
    return True if _AFFIRMS.fullmatch(opening["word"]) else None


def item_recall(row: QuestionRow, told: str) -> float:
    """Return the share of a list's members, 0 to 1, that stand in a text."""
    text = normal(told)
    return sum(normal(item) in text for item in row.items) / len(row.items)


def item_precision(row: QuestionRow, items: tuple[str, ...]) -> float:
    """Return the share of told members, 0 to 1, that hold a gold one or stand within one."""
    golds = [normal(item) for item in row.items]
    told = [normal(item) for item in items]
    return sum(any(g in t or t in g for g in golds) for t in told) / len(told)


# What a chatbot that answers in free text says when it does not know: pattern and an example.
REFUSALS: tuple[tuple[str, str], ...] = (
    (r"没有(直接|明确|具体)?(提到|提及|提供|说明|说到|给出|涉及|包含|包括|找到|写|公布|披露|相关)", "报告没有提到这项内容"),
    (r"(并|均|都)?未(曾|能)?(直接|明确|具体)?(提到|提及|提供|说明|给出|涉及|包含|找到|公布|披露)", "文中未提及该数据"),
    (r"(无法|不能|难以)(直接|准确)?(回答|确定|得知|判断|得出|提供|找到)", "根据资料无法回答"),
    (r"(我|还)?不(太)?(知道|清楚|了解|确定)", "我不知道"),
    (r"(信息|资料|内容)不足|缺乏(相关)?(信息|资料|数据)", "文档信息不足"),
    (r"只能回答报告里", "我只能回答报告里写到的内容"),
    (r"没有.{0,12}(信息|数据|资料|内容|答案)", "资料中没有这方面的信息"),
    (r"(do(es)?|did) not (mention|say|contain|provide|state)|(cannot|can't|unable to) (answer|determine)|insufficient|don't know", "The report does not mention it"),
)  # fmt: skip
_REFUSAL = re.compile("|".join(pattern for pattern, _ in REFUSALS), re.IGNORECASE)
_OPENING = 100  # characters in which a refusal is said


def refuses(text: str) -> bool:
    """Tell whether a free text opens by saying that it has no answer, or is empty."""
    return not text.strip() or bool(_REFUSAL.search(text.strip()[:_OPENING]))
