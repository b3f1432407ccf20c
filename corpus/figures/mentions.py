"""Find the numbers of a clean text that say something, with unit and qualifier."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from corpus.figures.amounts import (
    ARABIC,
    BOUND_AFTER,
    BOUND_BEFORE,
    CHINESE,
    POWERS,
    UNIT,
    measure_of,
    read_number,
)
from corpus.figures.significance import counts, is_name, is_ratio, lasts, picks_out

_SCALE = r"万亿|百万|千万|亿|万|千(?![瓦米克卡伏])|百(?!分)"
_NUMBER = re.compile(
    rf"(?P<before>{BOUND_BEFORE})?(?P<number>百分之{CHINESE}|千分之{CHINESE}|"
    rf"{CHINESE}分之{CHINESE}|{ARABIC}|{CHINESE})"
    rf"(?P<scale>(?:{_SCALE})?)(?P<more>[多余来]?)(?P<scale2>(?:万亿|亿|万)?)"
    rf"(?P<unit>(?:{UNIT})?)(?P<after>(?:{BOUND_AFTER})?)",
    re.IGNORECASE,
)
# 1万6千户, 1亿3千多万, 1亿2000万元: two numbers with their scales make one.
_COMPOUND = re.compile(
    rf"(?P<before>{BOUND_BEFORE})?(?P<high>\d+)(?:(?P<scale>[亿万])(?P<low>\d+)(?P<power>[千百])"
    rf"(?P<more>[多余]?)(?P<low_scale>万?)|亿(?P<ten_thousands>\d+)(?P<many>[多余]?)万)(?P<unit>(?:{UNIT})?)(?P<after>(?:{BOUND_AFTER})?)"
)
_RANK = re.compile(r"首位(?!度)|第(?P<number>[一二三四五六七八九十]{1,3}|\d{1,3})(?P<unit>[位名]?)")
_RANKED = re.compile(r"(?:从|由|居|列|位|排|占|升|跃|进|保持|到|至|为|达)[^，。；：]{0,9}$")
# Numbers in quotes are names, but not those that a word bounds: “最多80天”.
_QUOTED = re.compile(
    rf"“(?!(?:{BOUND_BEFORE})[\d０-９])[^”]{{0,24}}”|"
    r"‘[^’]{0,24}’|《[^》]*》|\"[^\"]{0,24}\""
)
_BOUND_AFTER = re.compile(BOUND_AFTER)
_RANGE_BEGIN = re.compile(rf"(?<![\d.．])(?P<number>{ARABIC})[—－~～至到-]+$")
_RANGE_END = re.compile(rf"[到至](?P<number>{CHINESE})(?![分个倍年月日时次]|百分|[万亿])")
# 超过了以前递增率的一点三倍: the bound stands before what is multiplied.
_MORE_THAN = re.compile(r"超过了?[^，。；]{2,30}的$")
# 10亿元以上项目 picks projects out; 5家以上企业 and 80%以上村 are figures.
_SCALES = (("万亿", 10**12), ("亿", 10**8), ("万", 10**4))
_PICKING = frozenset({"money", "person", "time", "energy", "length", "mass"})


@dataclass(frozen=True)
class Mention:
    """A number in a clean text.

    :ivar left: where it begins with the qualifying word before it; ``start`` without.
    :ivar right: where it ends with the qualifying word behind it; ``end`` without.
    :ivar unit: unit as written with its scale (万吨标准煤), ``%`` for 百分之.
    :ivar measure: what the unit measures (a key of ``UNITS``), ``rank``, ``fraction`` or ``bare``.
    """

    left: int
    start: int
    end: int
    right: int
    value: Decimal | Fraction
    unit: str
    measure: str
    qualifier: str = ""

    @property
    def plain(self) -> tuple[Fraction, str]:
        """The value without its scale, and the bare unit: 1.2万亿元 is 1200000000000 and 元."""
        value = Fraction(self.value)
        for scale, power in _SCALES:
            if self.unit.startswith(scale):
                return value * power, self.unit.removeprefix(scale)
        return value, self.unit


def mentions(text: str) -> list[Mention]:
    """Return the numbers of a clean text in order.

    Left out are years, dates, ordinals, and the numbers of names (PM2.5) and of quoted words.
    """
    hidden = [m.span() for m in _QUOTED.finditer(text)]
    compounds = [_compound(m) for m in _COMPOUND.finditer(text)]
    taken = [(m.start, m.end) for m in compounds]
    found = [m for r in _NUMBER.finditer(text) if (m := _number(text, r)) is not None]
    found = [m for m in found if not any(a < m.end and m.start < b for a, b in taken)]
    found += compounds
    found += [e for m in found for e in _other_end(text, m)]
    found += [m for r in _RANK.finditer(text) if (m := _rank(text, r)) is not None]
    return sorted(
        (m for m in found if not any(a < m.start and m.end <= b for a, b in hidden)),
        key=lambda m: m.start,
    )


def _number(text: str, match: re.Match[str]) -> Mention | None:
    """Return the number that was matched, None if it says nothing."""
    written, unit = match["number"], match["unit"].replace("％", "%")
    start, end = match.start("number"), match.end("unit")
    read = read_number(written)
    if read is None or is_name(text, start, end, unit):
        return None
    if "分之" in written:
        return _fraction(match, *read)
    arabic = written[0].isdecimal()
    value, scale = _scaled(match, *read)
    measure = measure_of(unit, scale)
    if arabic and not unit and not scale and not is_ratio(text, match.start()):
        return None
    ends = match.end()
    if not arabic and not counts(text, start, ends, written=written, scale=scale, unit=unit):
        return None
    if unit == "方" and not scale:
        return None
    if unit == "年" and not lasts(text, start):
        return None
    if measure in _PICKING and picks_out(text, match.start(), match.end(), match["after"]):
        return None
    if unit in ("位", "名") and text[match.start() - 1 : match.start()] == "前":
        measure = "rank"
    if not unit and match["more"] and not match["scale2"]:
        end = match.start("more")  # 3亿多农村人口: without a unit behind it 多 stands outside
    if inner := re.match("个([多余])", unit):
        unit = f"个{unit[2:]}"
    qualifier = match["before"] or match["after"] or match["more"] or (inner[1] if inner else "")
    if not qualifier and unit == "倍" and _MORE_THAN.search(text[:start]):
        qualifier = "超过"
    left, right = match.span()
    return Mention(left, start, end, right, value, f"{scale}{unit}", measure, qualifier)


def _scaled(
    match: re.Match[str], value: Decimal | Fraction, scale: str
) -> tuple[Decimal | Fraction, str]:
    """Return value and scale of a number with the scales behind it: 60万, 六亿三千多万."""
    behind = f"{match['scale']}{match['scale2']}"
    if match["number"][0].isdecimal():
        return value, behind
    return (
        (read_number(f"{match['number']}{behind}") or (value, behind)) if behind else (value, scale)
    )


def _fraction(match: re.Match[str], value: Decimal | Fraction, unit: str) -> Mention:
    """Return 百分之… or 三分之…: no unit follows, but a bound may."""
    start, end = match.span("number")
    behind = _BOUND_AFTER.match(match.string, end)
    qualifier = match["before"] or (behind[0] if behind else "")
    right = behind.end() if behind else end
    measure = "share" if unit else "fraction"
    return Mention(match.start(), start, end, right, value, unit, measure, qualifier)


def _other_end(text: str, mention: Mention) -> list[Mention]:
    """Return the end of a range that has its unit from the other: 20—34%, 百分之二到三."""
    unit, measure = mention.unit, mention.measure
    match = _RANGE_BEGIN.search(text[: mention.start])
    if match is None and unit == "%":
        match = _RANGE_END.match(text, mention.end)
    if match is None:
        return []
    read = read_number(match["number"])
    start, end = match.span("number")
    return [] if read is None else [Mention(start, start, end, end, read[0], unit, measure)]


def _compound(match: re.Match[str]) -> Mention:
    """Return a number of two scales; the unit keeps the larger, 1万6千户 is 1.6 and 万户."""
    scale = match["scale"] or "亿"
    power = POWERS["万" if match["ten_thousands"] or match["low_scale"] else ""]
    low = int(match["low"] or match["ten_thousands"]) * POWERS[match["power"] or ""] * power
    value = Decimal(match["high"]) + Decimal(low) / POWERS[scale]
    return Mention(
        match.start(),
        match.start("high"),
        match.end("unit"),
        match.end(),
        value,
        f"{scale}{match['unit']}",
        measure_of(match["unit"], scale),
        match["before"] or match["after"] or match["more"] or match["many"] or "",
    )


def _rank(text: str, match: re.Match[str]) -> Mention | None:
    """Return 居…首位, 居…第二位, 居世界第一; 第一时间 and 第二产业 are no ranks."""
    start, end = match.span()
    if not _RANKED.search(text[:start]):
        return None
    if not match["number"]:
        return Mention(start, start, end, end, Decimal(1), "位", "rank")
    if not match["unit"] and text[end : end + 1] not in ("", *"，。；、的"):
        return None
    read = read_number(match["number"])
    return None if read is None else Mention(start, start, end, end, read[0], match["unit"], "rank")
