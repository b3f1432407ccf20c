"""Every number of a text as an exact amount: nothing that is or holds a digit is passed over.

The figures of a report (``corpus.figures``) leave out what says little; a guard may not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from chat.generative.units import SCALES, UNIT, alike, in_base
from corpus.figures.amounts import BOUND_AFTER, BOUND_BEFORE, read_number

_NUMERAL = "〇零一二两三四五六七八九十百千万亿"
_CHINESE = rf"[{_NUMERAL}]+(?:点[{_NUMERAL}]+)?"
_SCALE = "|".join(s for s in SCALES if s)
_NOT_SCALE = "(?![瓦米克卡伏]|方百计)"
_AMOUNT = re.compile(
    rf"(?P<before>{BOUND_BEFORE})?(?P<ordinal>第)?"
    rf"(?P<number>[百千]分之{_CHINESE}|{_CHINESE}分之{_CHINESE}|"
    rf"\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<!\d)\.\d+|一半|{_CHINESE}|半)"
    rf"(?P<scale>(?:{_SCALE})?{_NOT_SCALE})(?P<more>[多余来几]?)(?P<scale2>(?:万亿|亿|万)?)"
    rf"(?P<low>(?:\d+(?:\.\d+)?[千百]?万?)?)"
    rf"(?P<unit>(?:个[多余](?=百分点))?(?:{UNIT})?)(?P<after>(?:{BOUND_AFTER})?)"
)
_RANGE = re.compile(r"\s*[—–－\-~～至到]+\s*")
# Words in which a Chinese numeral counts nothing.
NO_NUMBERS = re.compile(
    "进一步|更上一层楼|一系列|一方面|一体化|一部分|一揽子|一站式|一次性|一条龙|一带一路|一盘棋|一心一意|"
    "千方百计|万无一失|第一时间|五湖四海|千家万户|不一|万一|万众|十分|百姓|百花|千秋|四处|四周|四季|三农|半数以上|"
    "一些|一定|一起|一直|一般|一致|一样|一旦|一体|一流|一线|一批|一并|一律|一再|一向|一举|一道|一同|一切|一共|"
    "一下|一边|一面|一时|一经|一手|一大批|一大|统一|同一|唯一|(?<!分)之一|逐一|专一|单一|划一|归一|合一"
)
_MARKS = "，；：。,;"
_MORE, _LESS, _ABOUT = "more", "less", "about"
_BOUNDS: dict[str, str] = {
    **dict.fromkeys("超过 大大超过 突破 超 逾 以上 之多 多 余 几 不低于 不少于 不小于 至少 最少".split(), _MORE),
    **dict.fromkeys("不到 不足 以下 以内 之内 不高于 不超过 不多于 最多 将近 接近 近 达到近".split(), _LESS),
    **dict.fromkeys("大约 大体 约 左右 上下 来".split(), _ABOUT),
}  # fmt: skip


@dataclass(frozen=True)
class Amount:
    """A number with its unit: ``text[start:end]``, bound words left out.

    :ivar value: exact, in the base unit.
    :ivar unit: base unit; empty for a bare number, with 第 before it for an ordinal.
    :ivar bound: ``more`` (超过), ``less`` (不到), ``about`` (左右) or empty.
    :ivar readable: False where the characters make no number: 三五.
    """

    start: int
    end: int
    value: Fraction
    unit: str
    bound: str
    chinese: bool
    readable: bool = True

    def equals(self, other: Amount) -> bool:
        """Tell whether both say the same: value, unit and bound; 10000万元 is 1亿元."""
        return (
            self.readable
            and other.readable
            and self.value == other.value
            and alike(self.unit, other.unit)
            and self.bound == other.bound
        )


def amounts(folded: str) -> list[Amount]:
    """Return every number of a folded text in order; dates and names must be masked before."""
    plain = NO_NUMBERS.sub(lambda m: "＿" * len(m[0]), folded)
    found = [_amount(m) for m in _AMOUNT.finditer(plain)]
    for i in range(len(found) - 2, -1, -1):  # 20—34%: the first has the unit of the second
        first, second = found[i], found[i + 1]
        if not first.unit and second.unit and _RANGE.fullmatch(folded, first.end, second.start):
            factor = _factor(plain[second.start : second.end])
            found[i] = replace(first, unit=second.unit, value=first.value * factor)
    return found


def surroundings(folded: str, found: list[Amount], i: int) -> str:
    """Return the words around the i-th number of a text, to the next mark or number either way."""
    amount = found[i]
    begin = max(folded.rfind(c, 0, amount.start) + 1 for c in _MARKS)
    stops = [p for c in _MARKS if (p := folded.find(c, amount.end)) >= 0]
    begin = max(begin, found[i - 1].end if i else 0)
    end = min([*stops, found[i + 1].start if i + 1 < len(found) else len(folded)])
    return f"{folded[begin : amount.start]}＿{folded[amount.end : end]}"


def _amount(match: re.Match[str]) -> Amount:
    number = match["number"]
    unit = match["unit"].removeprefix("个多").removeprefix("个余")
    behind = match["scale"] + match["scale2"]
    chinese = not any(c.isdigit() and c.isascii() for c in number)
    value, percent, readable = _value(number, chinese)
    value *= SCALES[match["scale"]] * SCALES[match["scale2"]]
    if match["low"]:  # 1亿2000万, 1万6千
        low = _low(match["low"])
        readable = readable and bool(behind) and low is not None
        value += low or 0
    base, factor = in_base("%" if percent else unit)
    if number == "半":  # 上半年, 半天: half of something, no amount of its own
        base = f"半{unit}"
    if match["ordinal"]:
        base = f"第{base}"
    bounds = {_BOUNDS[w] for w in (match["before"], match["more"], match["after"]) if w in _BOUNDS}
    end = match.start("after") if match["after"] else match.end()
    return Amount(
        start=match.start("ordinal") if match["ordinal"] else match.start("number"),
        end=end,
        value=value * factor,
        unit=base,
        bound="/".join(sorted(bounds)),
        chinese=chinese,
        readable=readable,
    )


def _value(number: str, chinese: bool) -> tuple[Fraction, bool, bool]:
    """Return value, whether it is a percentage, and whether the characters are a number."""
    if not chinese:
        digits = number.replace(",", "")
        return Fraction(digits if digits[0] != "." else f"0{digits}"), False, True
    if number in ("半", "一半"):
        return Fraction(1, 2), False, True
    read = read_number(number)
    if read is None:
        return Fraction(0), False, False
    value, scale = Fraction(read[0]), read[1]
    if scale in ("%", "‰"):
        return value / (10 if scale == "‰" else 1), True, True
    return value * SCALES[scale], False, True


def _low(text: str) -> Fraction | None:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([千百]?)(万?)", text)
    if match is None or not (match[2] or match[3]):
        return None
    return Fraction(match[1]) * SCALES[match[2]] * SCALES[match[3]]


def _factor(written: str) -> Fraction:
    """Return what a number is multiplied by through its scale and unit: 万 and 元 of 5万元."""
    match = _AMOUNT.match(written)
    assert match is not None
    _, factor = in_base(match["unit"])
    return factor * SCALES[match["scale"]] * SCALES[match["scale2"]]
