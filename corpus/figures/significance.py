"""Tell the numbers that say something from those of names, dates and ways of speaking."""

from __future__ import annotations

import re

# Where a number belongs to a word or name: (pattern up to it, example).
NAMED_BEFORE: tuple[tuple[str, str], ...] = (
    (r"[A-Za-z0-9]$", "PM2.5"),
    (r"[第每×·•号/几上]$", "第6届"),
    (r"一个$", "这样一个9亿人口的大国"),
    (r"[这那]$", "这两个联合声明"),
)
# The same, read from the number on: (pattern, example).
NAMED_FROM: tuple[tuple[str, str], ...] = (
    (r"\d+[×·•]", "7×24小时"),
    (r"\d+分钟[^，。；、]{0,6}圈", "15分钟生活圈"),
    (r"24小时|365天", "24小时自助服务"),
    (r"[\d一二两三四五六七八九十]+亿多?人口的?(?:发展中)?(?:大国|国家|中国)", "13亿多人口的大国"),
)
# The same, read from behind a number without unit: (pattern, example).
BARE_BEHIND: tuple[tuple[str, str], ...] = (
    (r"[A-Za-z]|千?伏", "220千伏变电站"),
    (r"[年月日号时点届章条级度]", "8月"),
)
# The same, read from behind the number and its unit: (pattern, example).
NAMED_BEHIND: tuple[tuple[str, str], ...] = (
    (r"级", "600个万吨级泊位"),
    (r"(?<=次)(?:会议|全会|全体)", "人大三次会议"),
    (r"(?<=位)一体", "五位一体"),
    (r"(?<=个)方面", "8个方面"),
    (r"(?<=元)(?:结构|化)", "城乡二元结构"),
    (r"(?<=[月天年])[前后来]", "两个多月前"),
)
# What stands behind a small Chinese number in a name or a way of speaking: (words, example).
WAYS_OF_SPEAKING: tuple[tuple[str, str], ...] = (
    ("方面 阶段 环节 层次 时期 回合 侧面 角落 点 条件 问题 关系 目标 工作 大事 手 难关", "三个方面"),
    ("文明 自信 意识 维护 确立 代表 结合 统一 转变 适应 统筹 创新 必须 坚持 毫不动摇 健康 务必 凡是 决定性 轮子 积极性 口子", "四个自信"),
    ("现代化 世界 超级 改造 运动 差别 法宝 提出 攻坚战 基本点 公报 联合声明 德意志 原则 基本原则 规定 工业部 市场 本领 战略 孩子政策", "八项规定"),
    ("月 五年 百年 一百年", "三个月"),
)  # fmt: skip
# A Chinese numeral that begins like these counts only with a word before it: 突破百家, 万人空巷.
_ROUND = "百千万亿"
_ROUND_CUE = re.compile(r"(?:突破|超过?|达到?|近|逾|上|破|稳定在|过)$")
_PEOPLE = ("人口", "人民", "农民", "群众", "农村")
# Words that end before a numeral and make it theirs: 唯一, 统一, 单一, 之一, 万一.
_WORDS_BEFORE = frozenset("之十万“")
_ONE_BEHIND = frozenset("唯统同单")
# Units that make any Chinese numeral an amount, and those that need a scale or a larger number.
_AMOUNTS = frozenset("元 吨 公里 亩 倍 番 米 斤 公斤 万户".split())
_WEAK = frozenset("分 发 种 次 条 门 口 头 部 本 块 对 村 镇 块钱 天 个月".split())
_SLACK = frozenset("分 发 块".split())
# 前十一个月 dates what follows; 目前 and 之前 are words.
_SPAN_BEFORE = re.compile(r"(?<![目之以年])前$")
_LASTING = re.compile(r"(?:年限|寿命|期限|时间|使用期)[^，。；]{0,14}(?:达到?|至|到|为|从|由)$")
_RATIO = re.compile(r"(?:[入格能债出之]比|系数|指数|比例)[^，。；、\d]{0,6}$")

_NAMED_BEFORE, _NAMED_FROM, _BARE_BEHIND, _NAMED_BEHIND = (
    re.compile("|".join(pattern for pattern, _ in rows))
    for rows in (NAMED_BEFORE, NAMED_FROM, BARE_BEHIND, NAMED_BEHIND)
)
_SPEAKING = re.compile(
    "大?(?:" + "|".join(word for row, _ in WAYS_OF_SPEAKING for word in row.split()) + ")"
)


def is_name(text: str, start: int, end: int, unit: str) -> bool:
    """Tell a number that is part of a word, a name or a date."""
    return (
        _NAMED_BEFORE.search(text[max(0, start - 2) : start]) is not None
        or _NAMED_FROM.match(text, start) is not None
        or (not unit and _BARE_BEHIND.match(text, end) is not None)
        or _NAMED_BEHIND.match(text, end) is not None
        or (unit in ("个月", "天", "年") and _SPAN_BEFORE.search(text[:start]) is not None)
    )


def is_ratio(text: str, position: int) -> bool:
    """Tell a number without unit that is a ratio or index: 城乡收入比缩小至1.7以内."""
    return _RATIO.search(text[max(0, position - 12) : position]) is not None


def lasts(text: str, position: int) -> bool:
    """Tell years that are a level (受教育年限提高到9年) from those that date a sentence."""
    return _LASTING.search(text[:position]) is not None


# 总投资20亿元以上的项目: an amount that is named measures what it picks out.
NAMED_AMOUNTS: tuple[tuple[str, str], ...] = (
    (r"投资|收入|产值|利润|资产|资本|费用?|金额|总?额|价", "总投资20亿元以上的项目"),
    (r"面积|规模|长度|里程|装机|容量|能力|人数|总?量", "建筑面积2万平方米以上的公共建筑"),
)
_NAMED_AMOUNT = re.compile(rf"(?:{'|'.join(p for p, _ in NAMED_AMOUNTS)})(?:达到?|为|在)?$")


def picks_out(text: str, start: int, end: int, after: str) -> bool:
    """Tell a bound that picks out things from a measured value: 10亿元以上项目, 3岁以下婴幼儿."""
    if after not in ("以上", "以下", "以内") or _NAMED_AMOUNT.search(text[:start]):
        return False
    behind = text[end:]
    return re.match(r"的?[\u4e00-\u9fff]", behind) is not None and not re.match(
        r"并|和|的?(?:水平|规模|大关)|左右", behind
    )


def counts(text: str, start: int, end: int, *, written: str, scale: str, unit: str) -> bool:
    """Tell a Chinese numeral that counts (四个片区, 百家) from one inside a way of speaking.

    ``text[start:end]`` is the number with its unit and the bound behind it.
    """
    if not unit:
        return bool(scale) and written[0] not in _ROUND and text.startswith(_PEOPLE, end)
    if written[0] in _ROUND:
        return _ROUND_CUE.search(text[max(0, start - 4) : start]) is not None
    before = text[start - 1 : start] if start else ""
    if written[0] in "零〇" or (before and before in _WORDS_BEFORE):
        return False
    if written == "一" and before in _ONE_BEHIND:
        return False
    speaking = _SPEAKING.match(text, end) is not None
    if unit in ("大", "轮"):  # 甲、乙等三大平台; 十九大 and 新一轮 are names
        return written in "两二三四五六七八九十" and not speaking and before not in "新首本前的"
    if unit in _AMOUNTS or len(written) > 1:
        return unit not in _SLACK and not (speaking and len(written) <= 2 and not scale)
    if written == "一" and not scale:
        return unit.endswith("百分点")
    if unit == "度":
        return re.match(r"[捧获荣入蝉夺]", text[end:]) is not None
    if unit in _WEAK and not scale:
        return False
    return not speaking and text[end : end + 1] != "“"
