"""Find quantities in text: a number with its unit and the words that qualify it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

# Units by what they measure; the longest that fits is taken.
UNITS: dict[str, tuple[str, ...]] = {
    "share": ("%", "％", "‰", "个百分点", "百分点", "倍", "番", "成"),
    "money": ("亿元", "万元", "千元", "元", "亿美元", "万美元", "美元", "亿欧元", "欧元", "块钱", "港元"),
    "person": ("人次", "人", "名", "位", "户", "人口"),
    "length": ("平方公里", "平方千米", "平方米", "立方米", "公里", "千米", "海里", "厘米", "毫米", "米", "华里", "里"),
    "area": ("公顷", "亩", "分地"),
    "mass": ("标准煤", "千克", "公斤", "吨", "斤", "担", "克", "微克/立方米", "毫克/升", "方"),
    "time": ("个工作日", "工作日", "个月", "小时", "分钟", "秒", "年", "天", "日", "周", "岁", "月", "周年", "年度"),
    "energy": ("千瓦时", "千瓦", "度", "标准箱", "kv", "伏"),
    "count": (
        "个", "家", "项", "条", "件", "套", "所", "座", "处", "张", "辆", "台", "艘", "期", "只", "种",
        "次", "届", "批", "门", "本", "部", "篇", "块", "片", "栋", "幢", "间", "床", "班", "场", "针",
        "剂", "株", "头", "对", "级", "层", "支", "颗", "枚", "册", "口", "例", "起", "宗", "笔", "架",
        "列", "字", "类", "档", "股", "句", "步", "轮", "村", "镇", "县", "省", "市", "国", "大", "网",
        "多家", "余个", "多个", "余项", "多项", "多人", "余人", "多万人", "重", "份",
    ),
}  # fmt: skip
_UNIT_KIND = {unit: kind for kind, units in UNITS.items() for unit in units}
_UNIT = "|".join(map(re.escape, sorted(_UNIT_KIND, key=len, reverse=True)))
_NUMBER = (
    r"[\d０-９][\d０-９,，]*(?:[.．·][\d０-９]+)?(?![\d０-９])|"
    r"百分之[〇○零一二两三四五六七八九十百千万点]+|"
    r"[〇○零一二两三四五六七八九十]+分之[〇○零一二两三四五六七八九十]+|"
    r"[一二两三四五六七八九十百千万亿〇○零半][一二两三四五六七八九十百千万亿〇○零点半]*"
)
_BEFORE = r"(?:超过|超|突破|近|约|不到|不少于|不低于|不高于|至少|将近|第)?"
_SCALE = r"(?:百万|千万|万亿|百(?!分)|千(?![瓦克米])|万|亿)?"
_MORE = r"(?:多|余|来)?"
_AFTER = r"(?:左右|以上|以下|以内|上下|之多)?"
_QUANTITY = re.compile(
    rf"(?P<before>{_BEFORE})(?P<number>{_NUMBER})(?P<scale>{_SCALE}{_MORE}{_SCALE})"
    rf"(?P<unit>(?:{_UNIT})|)(?P<after>{_AFTER})",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"分之")
_DIGIT = re.compile(r"[\d０-９]")
# Units that make even a single Chinese numeral a count.
_COUNTING = frozenset(
    "年 天 个 家 项 条 件 套 所 座 处 张 辆 台 艘 名 位 人 倍 番 亩 里 次 届 个月".split()
)
_TENTHS = re.compile(r"成(?![立为员果功本长熟绩就效批套]|不变)")  # 不足三成, not 三成立
_CALENDAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Quantity:
    """A quantity: ``text[start:end]`` with qualifier and unit.

    :ivar number: the number as written, without qualifier and unit.
    :ivar scale: 万, 亿 and the like, as written.
    :ivar unit: unit as written, empty for a bare number.
    :ivar kind: what the unit measures, a key of ``UNITS``, or ``bare``.
    """

    start: int
    end: int
    number: str
    scale: str
    unit: str
    kind: str

    @property
    def value(self) -> Decimal | None:
        """The number as an exact decimal without its scale, None for Chinese numerals."""
        plain = self.number.replace(",", "").replace("，", "")
        return Decimal(plain) if re.fullmatch(r"\d+(\.\d+)?", plain) else None


def quantities(text: str) -> list[Quantity]:
    """Return the quantities of a clean text, in order; calendar years and dates are left out.

    A bare Chinese numeral without unit (``一`` in 一流) is no quantity.
    """
    found = []
    for match in _QUANTITY.finditer(text):
        number, unit = match["number"], match["unit"]
        if (_CALENDAR.fullmatch(number) and unit in ("年", "年度", "", "·")) or (
            unit == "月" and not match["scale"]
        ):
            continue
        if unit == "日" and text[match.start() - 1 : match.start()] == "月":
            continue
        digits = bool(_DIGIT.search(number))
        fraction = bool(_FRACTION.search(number)) or number.startswith("百分之")
        if not digits and not fraction and not _counts(match):
            continue
        if digits and _inside_name(text, match.start("number"), match.end()):
            continue
        kind = "share" if fraction else _UNIT_KIND.get(unit.lower(), "bare")
        found.append(Quantity(match.start(), match.end(), number, match["scale"], unit, kind))
    return found


def _counts(match: re.Match[str]) -> bool:
    """Tell a Chinese numeral that counts (五年, 百家, 三名) from one inside a word (统一, 万人)."""
    number, unit = match["number"], match["unit"]
    if not unit or match["before"] == "第" or number[0] in "万亿零〇半":
        return False
    if match.string[match.start() - 1 : match.start()] in ("唯", "统", "第", "之", "同", "单"):
        return False
    if unit == "成":
        return _TENTHS.match(match.string, match.start("unit")) is not None
    return len(number) > 1 or unit in _COUNTING


def _inside_name(text: str, start: int, end: int) -> bool:
    """Tell the digits of a name (PM2.5, 5G, “152”体系) from those of a quantity."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isascii() and before.isalpha():
        return True
    if after.isascii() and after.isalpha():
        return True
    return before in '“"‘' and after in '”"’' and before != ""
