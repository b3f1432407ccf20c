"""Words that turn a statement round: opposite verbs, and negation."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What one side says the other denies. (one side, other side, example)
OPPOSITES: tuple[tuple[str, str, str], ...] = (
    ("取消 废除 废止 停止 终止 暂停 中止 撤销 停办 停运 不再实施", "延长 延续 继续 保留 恢复 实施 实行 落实 推行 启动 坚持 开展", "延长减税政策"),
    ("增长 增加 提高 提升 上升 上涨 扩大 增至 升至 翻番 攀升 增幅 提速 加快", "下降 减少 降低 下滑 下跌 缩小 削减 降至 压减 负增长 回落 减幅 放缓", "下降17.6%"),
    ("超额完成 完成 建成 实现 达成 兑现 达标 竣工", "未完成 未实现 未达 落空 未建成 逾期 烂尾", "完成年度任务"),
    ("允许 准许 放开 鼓励 支持 开放 免费", "禁止 严禁 限制 不得 取缔 关闭 收费", "禁止占道经营"),
    ("减免 免征 减税 降费 减负 让利 返还 补贴 免除", "加征 增税 涨价 加收 征收 摊派 罚款", "新兑现减税降费"),
    ("改善 好转 优化 增强 向好 转优", "恶化 变差 削弱 下行 转差 退步", "空气质量改善"),
    ("新建 新增 开工 扩建 开通 设立 成立 引进 投用", "拆除 关停 撤并 裁撤 停工 解散 淘汰 迁出", "淘汰锅炉188台"),
    ("高于 多于 快于 超过 超出 领先 好于", "低于 少于 慢于 不足 不到 落后 差于 未达到", "高于全国平均"),
    ("通过 批准 获批 同意 采纳", "否决 驳回 拒绝 不予 撤回", "成功获批"),
    ("首位 第一 领跑 前列 最高 最好 榜首", "末位 倒数 垫底 最低 最差", "居全市首位"),
    ("成功 顺利 有效 圆满", "失败 未能 无效 受挫", "成功创建"),
    ("全部 全面 所有 全覆盖", "部分 个别 少数", "全部落地"),
)  # fmt: skip
# 不断, 不仅 and the like deny nothing.
NEGATION = re.compile(
    "没有|没能|未能|尚未|并未|从未|未曾|仍未|还未|未(?=完成|实现|达|通过|获|建成|列入|提|按|开|落实|发生|出现)|"
    "不再|不得|不能|不会|不予|不准|不允许|无法|并非|不是|不存在|无(?=一例|一起|新增)|没(?=完成|实现|达|有)|杜绝|避免|防止"
)
_SIDES = tuple(
    (re.compile("|".join(sorted(a.split(), key=len, reverse=True))),
     re.compile("|".join(sorted(b.split(), key=len, reverse=True))))
    for a, b, _ in OPPOSITES
)  # fmt: skip
# Both sides may stand in one sentence of a report; only words of one kind are weighed.


@dataclass(frozen=True)
class Polarity:
    """Which sides of ``OPPOSITES`` a stretch of text takes, and whether it denies.

    :ivar sides: (row, side) of each opposite word that stands in it.
    """

    sides: frozenset[tuple[int, int]]
    denies: bool


def polarity(folded: str) -> Polarity:
    """Return the polarity of a folded stretch of text."""
    sides = set()
    for row, (one, other) in enumerate(_SIDES):
        rest = other.sub("＿", folded) if row == 2 else folded  # 未完成 holds 完成
        if one.search(rest):
            sides.add((row, 0))
        if other.search(folded):
            sides.add((row, 1))
    return Polarity(frozenset(sides), NEGATION.search(folded) is not None)


def opposed(said: Polarity, clause: Polarity, sentence: Polarity) -> bool:
    """Tell whether a statement turns its source round.

    :param said: of the generated clause.
    :param clause: of the clause of the report most like it.
    :param sentence: of the whole sentence that this clause stands in.
    """
    for row, side in said.sides:
        given = clause.sides if any(r == row for r, _ in clause.sides) else sentence.sides
        if (row, side) not in given and (row, 1 - side) in given:
            return True
    if said.denies:
        return not sentence.denies
    return clause.denies


def unfounded(said: Polarity, sentence: Polarity) -> bool:
    """Tell whether a statement takes a side that its source does not speak of at all."""
    return any(pair not in sentence.sides for pair in said.sides)
