"""Words that tell a thing from its siblings: what is said of the one does not hold for the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# Siblings, each by the ways to write it (patterns, the first one is shown; behind a stroke those that
# only a report uses); whether a text must name the one that is asked for, since without the word it
# speaks of another or of all; an example.
SIBLINGS: tuple[tuple[tuple[str, ...], bool, str], ...] = (
    (("城镇 城市 城里 城区 市民 居委", "农村 农民 乡村 乡下 农户 村民 村委 乡镇"), False, "农村新增就业"),
    (("公办 公立", "民办 民营 私立"), True, "民办幼儿园"),
    (("(?<![全我各外])国有 国营 全民所有制 央企", "集体(?!林|土|户)", "民营 私营 个体 民间", "外资 外商 合资"), True, "民营企业"),
    (("登记", "调查"), True, "城镇调查失业率"),
    (("国家级/国家", "省级/省", "市级", "区级 县级"), False, "国家级科技项目"),
    (("国家级/国家",), True, "国家级绿色工厂"),
    (("中央", "地方"), False, "地方财政支出"),
    (("(?<!进)出口", "进口(?!出)", "进出口"), True, "出口额"),
    (("专职", "兼职"), True, "专职督学"),
    (("发明", "实用新型", "外观"), True, "发明专利授权"),
    (("普通铁路 普速", "高速铁路 高铁"), True, "普通铁路里程"),
    (("农村公路", "高速公路", "普通公路 国道 省道"), False, "农村公路里程"),
    (("存款 储蓄", "贷款"), False, "贷款余额"),
    (("收入", "支出 开支"), False, "财政支出"),
    (("在校", "毕业", "招生 招收"), False, "在校学生"),
    (("轻工业", "重工业"), False, "轻工业产值"),
    (
        ("农业 农林牧渔 第一产业 一产", "工业 制造业 第二产业 二产", "建筑业", "服务业 第三产业 三产"),
        False,
        "农业总产值",
    ),
    (("旅游", "财政 预算收入 税收", "营业收入 营收", "可支配收入 纯收入"), False, "旅游总收入"),
    (("新建 新盖 新修 新开", "改造"), False, "新建污水处理厂"),
)  # fmt: skip
_BOTH = re.compile(r"城乡|进出口总|收支|存贷")


@dataclass(frozen=True)
class Row:
    """A row of the table, ready to be looked for.

    :ivar shown: each sibling as it is told.
    :ivar asked: how questions write each.
    :ivar told: how reports do.
    """

    shown: tuple[str, ...]
    asked: tuple[re.Pattern[str], ...]
    told: tuple[re.Pattern[str], ...]
    strict: bool


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """Return the table of siblings."""
    return tuple(
        Row(
            tuple(re.sub(r"\(.*?\)|/.*", "", way.split()[0]) for way in ways),
            tuple(re.compile("|".join(way.split("/")[0].split())) for way in ways),
            tuple(re.compile("|".join(way.replace("/", " ").split())) for way in ways),
            strict,
        )
        for ways, strict, _ in SIBLINGS
    )


def sibling_told(asked: str, label: str, around: str) -> str | None:
    """Return the sibling asked for (folded) where a quantity is of another one, else None.

    :param label: what stands right beside the quantity and names it.
    :param around: the passage that it stands in.
    """
    for row in rows():
        named = [i for i, p in enumerate(row.asked) if p.search(asked)]
        if len(named) != 1 or row.told[named[0]].search(label):
            continue
        if _BOTH.search(label) and not row.strict:
            continue
        others = (p for i, p in enumerate(row.told) if i != named[0])
        if any(p.search(label) for p in others):
            return row.shown[named[0]]
        if row.strict and row.told[named[0]].search(around) is None:
            return row.shown[named[0]]
    return None
