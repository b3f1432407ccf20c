"""Which years a piece of a report speaks of; relative words count from the report's year."""

from __future__ import annotations

import re

_DIGITS = str.maketrans("〇○零一二三四五六七八九０１２３４５６７８９", "0001234567890123456789")
_YEAR = re.compile(
    r"(?<![\d.])((?:19|20)\d\d)(?=年|[—\-–~至到])|([一二][〇○零一二三四五六七八九]{3})(?=年)|([１２][０-９]{3})(?=年)"
)

# Word in the text → offset of first and last year from the report's year.
RELATIVE: dict[str, tuple[int, int]] = {
    "前年": (-2, -2),
    "去年": (-1, -1),
    "上年": (-1, -1),
    "过去一年": (-1, -1),
    "一年来": (-1, -1),
    "今年": (0, 0),
    "本年度": (0, 0),
    "明年": (1, 1),
    "后年": (2, 2),
    "过去五年": (-5, -1),
    "五年来": (-5, -1),
    "这五年": (-5, -1),
    "近五年": (-5, -1),
    "本届政府": (-5, -1),
    "今后五年": (0, 4),
    "未来五年": (0, 4),
    "五年的奋斗目标": (0, 4),
}
_RELATIVE = re.compile("|".join(sorted(RELATIVE, key=len, reverse=True)))

# Five-year plans: 第一个 began in 1953, from 1966 every fifth year.
_PLANS = "六七八九十"
_PLAN = re.compile(
    r"[“\"]?(十[一二三四五六]|[六七八九十])五[”\"]?(?=时期|规划|期间|目标|开局|末|计划|[”\"])"
)
_PLAN_NUMBER = {"六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12, "十三": 13,
                "十四": 14, "十五": 15, "十六": 16}  # fmt: skip


def plan_years(name: str) -> tuple[int, int]:
    """Return the years of a five-year plan: ``十四`` is (2021, 2025)."""
    first = 1966 + 5 * (_PLAN_NUMBER[name] - 3)
    return first, first + 4


def named_years(text: str) -> list[tuple[int, int]]:
    """Return (position, year) for every calendar year named with 年 in the text."""
    found = []
    for match in _YEAR.finditer(text):
        digits = match[0].translate(_DIGITS)
        if digits.isdigit() and 1900 <= int(digits) <= 2100:
            found.append((match.start(), int(digits)))
    return found


def relative_years(text: str, report_year: int | None) -> list[tuple[int, int, int]]:
    """Return (position, first, last) for every relative expression, counted from the report."""
    if report_year is None:
        return []
    return [
        (m.start(), report_year + RELATIVE[m[0]][0], report_year + RELATIVE[m[0]][1])
        for m in _RELATIVE.finditer(text)
    ]


def plan_periods(text: str) -> list[tuple[int, int, int]]:
    """Return (position, first, last) for every five-year plan named in the text."""
    return [(m.start(), *plan_years(m[1])) for m in _PLAN.finditer(text)]
