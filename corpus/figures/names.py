"""Choose the words that name what a number measures, and give them their usual form."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.figures.mentions import Mention
from corpus.figures.periods import time_phrases
from corpus.figures.wording import (
    RELATIVE_NOUNS,
    STOPS,
    Words,
    bare_head,
    before_verb,
    done_to,
    from_head,
    from_tail,
)

# The only names of one character; every other single character is left over from a verb.
SHORT_NAMES = frozenset("钢煤糖盐铁布纱丝油茶麻猪羊牛棉粮纸鱼肉蛋")
# The longest clause that may be a name alone: 我国进出口贸易总额，由….
_NAME_MAX = 20
# 惠及3200万孩子 needs the noun behind; 军队裁员100万的任务 does not.
_FULL_NAME = 4
_RATIOS = frozenset({"share", "rank", "fraction"})
_COUNTED = frozenset({"count", "person", "bare"})
_OF_WHOLE = re.compile(
    r"占(?!比)(?![^，。；]*(?:比重|比例|份额))[^，。；占]{1,24}?的?(?:近|约|超过?)*$"
)
# 完成预算数的92.49%
_OF_PLAN = re.compile(
    r"(?<!没有)(?:超额)?完成(?:了?(?:全年|年度|原定))?(?:预算|计划|任务|目标)数?的$"
)
_THAN = re.compile(
    r"(.{2,}?)(?<!之|占|对|可)(?<!城乡收入)(?:(?<![同占可])比(?!重|例|率)|较(?![快大高多好低小为])|同(?!比))[^，。；]{0,16}"
    r"(?:增|减|提高|上升|下降|降低|多|少|高|低|翻|扩大|缩)"
)
# 比“文化大革命”前十七年的总和还多百分之八十三: all words are what it is compared with.
_COMPARED = re.compile(
    r"(?:比(?![＿重例])|较(?![＿快大高多好低小为]))[^，。；]{2,}?(?:还|又|也|都|均|要|只)?"
    r"(?:增|减|提高|上升|下降|降低|多|少|高|低|翻|扩大|缩)[^，。；]{0,3}$"
)
# 八亿农民的积极性: who is counted stands behind the number.
_PEOPLE = re.compile(r".{0,8}(?:农民|人口|人民|群众|学生|居民|职工|孩子|儿童|老人|劳动者|农户)")
_NO_NAMES = frozenset("以来 上半年 下半年 初 末 底 间 期间".split())
_ASIDE = re.compile(r"(?:看|说|讲|计算)$")
_REASON = re.compile(r"由于|因为|为了|随着|经过|通过")
# 国家用于经济建设的支出: a verb within the name does not end it.
_AMOUNT = re.compile(r"(?:支出|经费|资金|投资|收入|贷款|总额|面积|产量|人数|率|价格)$")
# 裁军50万人的工作: what is spoken of is no thing counted.
_ABSTRACT = re.compile("的(?:工作|任务|目标|计划|行动|要求|基础)")
# 起征点从月销售额10万元提高到15万元
_FROM = re.compile(r"(?<=...)(?:从(?![业事])|(?<!自)由(?![贸于中此]))[^，。；的]{1,5}$")
_RATE = re.compile(r"(?:幅度|涨幅|增幅|降幅|增速|速度)$")
_JOINED = re.compile(r"[\u4e00-\u9fff](?:和|与|及|以及)$")
_CIRCUMSTANCE = re.compile(r"(?:在|按|扣除).*$")


def name_of(
    text: str, mention: Mention, words: Words, *, found_before: int, opening: str, last: str
) -> str:
    """Return the indicator of a number as written.

    :param found_before: where the number before it in the sentence ends, 0 if there is none.
    :param opening: name that the sentence before ends with, if it has no number.
    :param last: indicator of the number before, taken over by a number without a name.
    """
    name = _name_before(words.head)
    if words.head_start > words.clause_start and _JOINED.search(words.head):
        name = ""  # 384亿元救灾款和740亿元重建资金: 救灾款 is of the number before
    tail = "" if _ABSTRACT.match(words.tail) else from_tail(words.tail.removeprefix("的"))
    if mention.measure == "time":
        return name or from_head(words.tail) or last
    if mention.measure not in _RATIOS and tail:
        done = done_to(words.head)
        if done is not None:
            return f"{done}新增{tail}" if words.head.endswith("新增") else f"{done}{tail}"
        if mention.measure == "bare" and _PEOPLE.match(tail):
            return tail
        if name and words.head.endswith("的") and mention.measure in _COUNTED:
            return f"{bare_head(words.head)}{tail}"
        full = mention.measure == "bare" and len(name) >= _FULL_NAME
        if not name or (mention.measure in _COUNTED and not full):
            return tail
    if tail and mention.measure == "share" and (not name or done_to(words.head) is not None):
        return tail  # 90%行政村, 占人口95%的群众, 覆盖80%以上的大城市
    if (RELATIVE_NOUNS.match(name) or re.match("占(?![比地有用])", name)) and last:
        # 上涨幅度控制在10%以内，涨幅高达21.7%: the same in another word.
        return last if _RATE.search(last) and _RATE.search(name) else f"{last}{name}"
    if not name and mention.measure in _COUNTED and (did := from_head(words.tail)):
        return did  # 1600万人进城落户
    return name or clause_before(text, words.clause_start, found_before, opening) or last


def opening_name(text: str) -> str:
    """Return the name in the last clause of a sentence without numbers, for the sentence behind."""
    clause = re.split(r"[，：；]", text.rstrip("。！？"))[-1]
    return from_head(clause) if len(clause) <= _NAME_MAX else ""


def clause_before(text: str, clause_start: int, found_before: int, opening: str) -> str:
    """Return the name that stands alone in the clause before: 进出口贸易总额，由355亿元增加到."""
    if not found_before and not from_head(text[:clause_start]):
        return opening
    stop, clause = clause_start - 1, ""
    while not clause or _REASON.match(clause):  # 周转量，由于运输的减少，只增长了5%
        start = max(text.rfind(c, 0, max(stop, 0)) + 1 for c in STOPS)
        if stop <= 0 or text[stop] != "，" or found_before > start:
            return ""
        clause, stop = text[start:stop], start - 1
    clause = _CIRCUMSTANCE.sub("", clause)
    times = time_phrases(clause, 2000, None)
    if times and times[0].start == 0:  # 一九六四年全国工业总产值，预计比一九六三年增长
        clause = clause[times.pop(0).end :].removeprefix("的")
    name = from_head(clause)
    if times or _ASIDE.search(clause) or clause in _NO_NAMES or len(name) > _NAME_MAX:
        return ""
    return name if _AMOUNT.search(name) else before_verb(name)


def _name_before(head: str) -> str:
    """Return the name in front of a number; what it is a share of or compared with is cut off."""
    head = _FROM.sub("", _OF_PLAN.sub("", _OF_WHOLE.sub("", head)))
    if _COMPARED.match(head):
        return ""
    than = _THAN.match(head)
    head = than[1] if than else head
    name = _with_its_lead(head, from_head(head))
    if name.endswith(("它", "其", "此")):
        return ""
    return name if len(name) > 1 or name in SHORT_NAMES else ""


def _with_its_lead(head: str, name: str) -> str:
    """Return a usual name whole, though its first word reads like a verb: 新增城镇就业."""
    end = head.rfind(name) + len(name)
    return next((w for w in _LED if w.endswith(name) and head[:end].endswith(w)), name)


# Name in statistics, and the ways reports write it. 国内生产总值 is a country's, 地区生产总值 a
# region's; the name leaves that to the figure's subject.
NORMAL_NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("生产总值", ("GDP", "国内生产总值", "生产总值", "地区生产总值", "全区生产总值")),
    ("人均生产总值", ("人均GDP", "人均国内生产总值", "人均生产总值", "人均地区生产总值")),
    ("单位生产总值能耗", ("单位GDP能耗", "万元GDP能耗", "单位国内生产总值能耗", "单位生产总值能耗", "单位国内生产总值能源消耗", "万元国内生产总值能耗")),
    ("一般公共预算收入", ("一般公共预算收入", "地方一般公共预算收入", "公共财政预算收入", "地方财政收入")),
    ("财政收入", ("财政收入", "公共财政收入", "全国财政收入", "国家财政收入")),
    ("财政总收入", ("财政总收入",)),
    ("规模以上工业增加值", ("规上工业增加值", "规模以上工业增加值")),
    ("规模以上工业总产值", ("规上工业总产值", "规模以上工业总产值")),
    ("固定资产投资", ("固定资产投资", "全社会固定资产投资", "固定资产投资额", "固定资产投资总额")),
    ("社会消费品零售总额", ("社会消费品零售总额", "社零总额", "社会商品零售总额", "社消零")),
    ("进出口总额", ("进出口总额", "外贸进出口额", "外贸进出口总额", "进出口贸易总额", "货物进出口总额", "对外贸易总额")),
    ("实际使用外资", ("实际利用外资", "实际使用外资", "实际利用外商直接投资", "实际使用外商直接投资", "实到外资")),
    ("居民消费价格指数", ("居民消费价格", "居民消费价格涨幅", "居民消费价格总水平", "CPI", "居民消费价格指数")),
    ("城镇新增就业", ("城镇新增就业", "新增城镇就业", "城镇新增就业人数", "新增就业")),
    ("城镇登记失业率", ("城镇登记失业率", "登记失业率")),
    ("居民人均可支配收入", ("居民人均可支配收入", "城乡居民人均可支配收入", "全体居民人均可支配收入")),
    ("城镇居民人均可支配收入", ("城镇居民人均可支配收入", "城镇常住居民人均可支配收入")),
    ("农村居民人均可支配收入", ("农村居民人均可支配收入", "农村居民人均纯收入", "农民人均纯收入", "农村常住居民人均可支配收入")),
    ("研发经费投入强度", ("全社会研发经费支出占GDP比重", "全社会研发投入强度", "研发经费支出占GDP比重", "研究与试验发展经费支出占国内生产总值比重", "R&D经费占GDP比重")),
    ("服务业增加值占比", ("服务业增加值占GDP比重", "服务业增加值占国内生产总值比重", "第三产业比重")),
    ("粮食产量", ("粮食产量", "粮食总产量")),
    ("城镇化率", ("城镇化率", "常住人口城镇化率")),
    ("空气质量优良率", ("空气质量优良率", "空气质量优良天数比例", "空气优良率")),
    ("PM2.5浓度", ("PM2.5浓度", "PM2.5平均浓度", "细颗粒物(PM2.5)浓度", "细颗粒物浓度", "细颗粒物平均浓度")),
    ("高新技术产业增加值", ("高新技术产业增加值",)),
    ("工农业总产值", ("工农业总产值",)),
)  # fmt: skip
_LED = tuple(written for _, ways in NORMAL_NAMES for written in ways if written.startswith("新增"))
_NORMAL = {written.lower(): name for name, ways in NORMAL_NAMES for written in ways}
_MARKS = re.compile(r"[“”\"\s]")
_BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)")


@lru_cache(maxsize=4096)
def normal_name(indicator: str) -> str:
    """Return the usual name of an indicator: 国内生产总值, 生产总值 and GDP are one.

    An indicator that the table lacks is its own name, without quotes.
    """
    plain = _MARKS.sub("", indicator)
    bare = _BRACKETS.sub("", plain)
    ways = (plain, bare, bare_head(bare))
    return next((_NORMAL[w] for way in ways if (w := way.lower()) in _NORMAL), plain)
