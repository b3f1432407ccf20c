"""Units that amounts are compared in, each with its base unit and the exact factor to it."""

from __future__ import annotations

import re
from fractions import Fraction

from corpus.figures.amounts import KINDS
from corpus.quantities import UNITS

# Base unit → (unit as written, how many base units it is). 百分点 is no %: they are apart.
BASES: dict[str, tuple[tuple[str, Fraction], ...]] = {
    "元": (("元", Fraction(1)), ("千元", Fraction(1000)), ("块钱", Fraction(1)), ("块", Fraction(1))),
    "%": (("%", Fraction(1)), ("‰", Fraction(1, 10)), ("成", Fraction(10))),
    "百分点": (("个百分点", Fraction(1)), ("百分点", Fraction(1))),
    "米": (
        ("米", Fraction(1)),
        ("公里", Fraction(1000)),
        ("千米", Fraction(1000)),
        ("厘米", Fraction(1, 100)),
        ("毫米", Fraction(1, 1000)),
    ),
    "平方米": (
        ("平方米", Fraction(1)),
        ("平方公里", Fraction(10**6)),
        ("平方千米", Fraction(10**6)),
        ("公顷", Fraction(10**4)),
        ("亩", Fraction(2000, 3)),
    ),
    "立方米": (("立方米", Fraction(1)), ("立方", Fraction(1)), ("立方公里", Fraction(10**9))),
    "千克": (
        ("千克", Fraction(1)),
        ("公斤", Fraction(1)),
        ("吨", Fraction(1000)),
        ("斤", Fraction(1, 2)),
        ("担", Fraction(50)),
        ("克", Fraction(1, 1000)),
    ),
    "千瓦时": (("千瓦时", Fraction(1)), ("千瓦小时", Fraction(1)), ("度电", Fraction(1))),
    "人": (("人", Fraction(1)), ("名", Fraction(1)), ("人口", Fraction(1)), ("口", Fraction(1))),
    "天": (("天", Fraction(1)), ("日", Fraction(1))),
    "工作日": (("工作日", Fraction(1)), ("个工作日", Fraction(1))),
    "标准箱": (("标准箱", Fraction(1)), ("标箱", Fraction(1)), ("teu", Fraction(1))),
}  # fmt: skip
_BASE = {unit: (base, factor) for base, rows in BASES.items() for unit, factor in rows}
# Measure words that 个 may stand for: 39个项目 is 39项.
_COUNTING = frozenset(UNITS["count"]) | {"个"}
_WRITTEN = {
    *_BASE,
    *(u.lower() for u in KINDS),
    *(u for units in UNITS.values() for u in units if u[0] not in "多余万亿"),
} - {"", "大", "网"}
UNIT = "|".join(re.escape(unit) for unit in sorted(_WRITTEN, key=len, reverse=True))
# What stands between number and unit and multiplies.
SCALES: dict[str, int] = {
    "万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8,
    "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 1000, "百": 100, "": 1,
}  # fmt: skip


def in_base(unit: str) -> tuple[str, Fraction]:
    """Return the base unit of a unit and the factor to it; an unknown unit is its own base."""
    return _BASE.get(unit, (unit, Fraction(1)))


def alike(unit: str, other: str) -> bool:
    """Tell whether two base units measure the same: 个 stands for any measure word."""
    if unit == other:
        return True
    return "个" in (unit, other) and {unit, other} <= _COUNTING
