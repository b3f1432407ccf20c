"""How a report writes an amount: numeral, unit, and the word that bounds it."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from corpus.quantities import UNITS

# Units of ``UNITS`` that name no amount in a report: 第十届, 两级, 十三个省市, 二期, 220KV.
NO_UNITS = frozenset(
    "网 国 字 级 层 班 步 句 届 重 日 月 周 年度 周年 股 省 市 县 类 档 里 期 人口 kv 伏".split()
)
# Units that figures have besides those of ``UNITS``.
MORE_UNITS: dict[str, tuple[str, ...]] = {
    "person": ("万户",),
    "length": ("立方公里",),
    "mass": ("吨标准煤", "吨标煤"),
    "energy": ("千瓦小时", "标箱", "TEU", "度电", "立方", "马力"),
    "money": ("元/人", "元/吨", "人民币", "日元", "卢布", "英镑", "块"),
    "count": ("锭", "重量箱", "箱", "辆次", "架次", "户次", "家次", "件次", "场次", "匹", "发", "分", "集", "课时"),
    "share": ("％", "成"),
}  # fmt: skip
# 多家 and 余项 are no units here: 多 is a qualifier.
KINDS: dict[str, str] = {
    unit.lower(): kind
    for table in (UNITS, MORE_UNITS)
    for kind, units in table.items()
    for unit in units
    if unit not in NO_UNITS and unit[0] not in "多余"
}
# 十亿人口, 900万个体工商户, 三方面: 人, 个 and 方 are no units there.
_NOT_BEHIND = {
    "人": "(?![口民均类才大工])",
    "个": "(?!体)",
    "方": "(?![面式针案向便法位略程形言阵])",
    "轮": "(?![车承延胎值])",
    "大": "(?![气量批众学会厦小中型地部多队使陆力洲洋集国类块])",
}
# 2个多百分点: 多 stands inside the unit. 亿册（张）: a second unit in brackets belongs to the first.
_SPLIT = r"个[多余](?:百分点|月|小时)"
_SECOND = r"(?:（(?:张|册|套|件|人|次|户|吨|斤)）)?"
UNIT = (
    f"{_SPLIT}|(?:"
    + "|".join(
        re.escape(unit) + _NOT_BEHIND.get(unit, "") for unit in sorted(KINDS, key=len, reverse=True)
    )
    + f"){_SECOND}"
)
# Words before and after a number that bound it. (pattern, example)
BEFORE: tuple[tuple[str, str], ...] = (
    ("不低于|不少于|不小于|至少", "不低于10%"),
    ("不高于|不超过|不多于", "不超过3%"),
    ("最多|最少", "最多80天"),
    ("大大超过|超过|突破|超|逾", "超1450亿元"),
    ("不到|不足", "不到70万亿元"),
    ("达到近|将近|接近|近", "近95亿元"),
    ("大约|大体|约", "约600个"),
)
AFTER: tuple[tuple[str, str], ...] = (
    ("以上|以下|以内|之内", "100万元以上"),
    ("左右|上下", "7.5%左右"),
    ("之多", "五百种之多"),
    # 多出, 多种, 余额 are words.
    ("多(?![出于样种次少年元亿])|余(?![下额])", "四倍多"),
)
BOUND_BEFORE = "|".join(pattern for pattern, _ in BEFORE)
BOUND_AFTER = "|".join(pattern for pattern, _ in AFTER)


def measure_of(unit: str, scale: str) -> str:
    """Return what a unit measures, a key of ``UNITS``; ``bare`` without a unit.

    三千亿度 is energy, 三度捧得 a count.
    """
    if unit == "度":
        return "energy" if scale else "count"
    return KINDS.get(unit.lower().split("（")[0], "bare") if unit else "bare"


ARABIC = r"[\d０-９]+(?:[,，](?=[\d０-９]{3}(?![\d０-９]))[\d０-９]{3})*(?:[.．][\d０-９]+)?"
# 千 of 千瓦 and 千米 belongs to the unit: 九百一十二万千瓦.
CHINESE = r"(?:[一二两三四五六七八九十百万亿零〇点]|千(?![瓦米克卡伏]))+"
# Scales that stay with the unit: 924 and 万吨, not 9240000 and 吨.
SCALES = ("万亿", "亿", "万")
POWERS = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "": 1}
_LONGEST = 40  # characters; with more it is a row of digits or damage, and no number

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_PLAIN = str.maketrans("０１２３４５６７８９．", "0123456789.", ",，")

# What is written → value and the scale left to the unit. A test walks every row.
EXAMPLES: tuple[tuple[str, Decimal | Fraction, str], ...] = (
    ("2382.5", Decimal("2382.5"), ""),
    ("1,266", Decimal(1266), ""),
    ("４．２", Decimal("4.2"), ""),
    ("九百二十四万", Decimal(924), "万"),
    ("八千二百九十一亿", Decimal(8291), "亿"),
    ("一万二千", Decimal("1.2"), "万"),
    ("八十五万六千", Decimal("85.6"), "万"),
    ("一亿二千万", Decimal("1.2"), "亿"),
    ("三亿零五百三十万", Decimal("3.053"), "亿"),
    ("一万二千亿", Decimal(12000), "亿"),
    ("十点四", Decimal("10.4"), ""),
    ("一点二六", Decimal("1.26"), ""),
    ("六百零三万", Decimal(603), "万"),
    ("百", Decimal(100), ""),
    ("万亿", Decimal(1), "万亿"),
    ("千亿", Decimal(1000), "亿"),
    ("百分之十七点三", Decimal("17.3"), "%"),
    ("千分之五", Decimal(5), "‰"),
    ("三分之一", Fraction(1, 3), ""),
)


def read_number(text: str) -> tuple[Decimal | Fraction, str] | None:
    """Return the value of a number and the scale (万, 亿, 万亿, % or ‰) that its unit keeps.

    Of two scales the unit keeps the larger: 一亿二千万 is 1.2 and 亿.
    None if the characters are no number: 一九八二 (a year), 三五, 千万 within words, or too many.
    """
    if len(text) > _LONGEST:
        return None
    plain = text.translate(_PLAIN)
    if re.fullmatch(r"\d+(\.\d+)?", plain):
        return Decimal(plain), ""
    for words, scale in (("百分之", "%"), ("千分之", "‰")):
        if text.startswith(words):
            value = _decimal(text.removeprefix(words))
            return None if value is None else (value, scale)
    if "分之" in text:
        below, above = (_decimal(part) for part in text.split("分之", 1))
        return (Fraction(above) / Fraction(below), "") if above is not None and below else None
    for scale in SCALES:
        if text.endswith(scale):
            value = _decimal(text.removesuffix(scale) or "一")
            if scale != "万" or "亿" not in text:
                return None if value is None else (value, scale)
    value = _decimal(text)
    if value is None:
        return None
    scale = next((s for s in ("亿", "万") if s in text), "")
    return value / POWERS[scale], scale


def _decimal(text: str) -> Decimal | None:
    """Return the value of Chinese numerals with at most one 点, None if malformed."""
    plain = text.translate(_PLAIN)
    if re.fullmatch(r"\d+(\.\d+)?", plain):
        return Decimal(plain)
    whole, point, rest = text.partition("点")
    value = _integer(whole)
    if value is None:
        return None
    if not point:
        return Decimal(value)
    if not rest or any(c not in _DIGITS for c in rest):
        return None
    return Decimal(f"{value}." + "".join(str(_DIGITS[c]) for c in rest))


def _integer(text: str) -> int | None:
    """Return the value of Chinese numerals up to 亿; bare 百, 千 count as 一百, 一千."""
    if not text:
        return None
    for unit, power in (("亿", 10**8), ("万", 10**4)):
        if unit in text:
            high, _, low = text.partition(unit)
            parts = (_integer(high) if high else 1, _below(low) if low else 0)
            return None if None in parts else (parts[0] or 0) * power + (parts[1] or 0)
    return _section(text)


def _below(text: str) -> int | None:
    return _integer(text.lstrip("零〇")) if text.strip("零〇") else None


def _section(text: str) -> int | None:
    """Return the value of numerals below 万; digits and powers must alternate downwards."""
    total, digit, power = 0, None, 10_000
    for i, char in enumerate(text):
        if char in _TENS:
            if _TENS[char] >= power or (digit is None and i > 0 and text[i - 1] not in "零〇"):
                return None
            power = _TENS[char]
            total += (1 if digit is None else digit) * power
            digit = None
        elif char in "零〇":
            if digit is not None or i in (0, len(text) - 1):
                return 0 if len(text) == 1 else None
        elif char in _DIGITS:
            if digit is not None:
                return None
            digit = _DIGITS[char]
        else:
            return None
    if digit is None:
        return total
    # 一百二 is 120, said of no figure in a report; 一百零二 is 102.
    if total and power > 10 and text[-2] not in "零〇":
        return None
    return total + digit
