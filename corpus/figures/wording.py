"""Cut out the words around a number, and the name of a thing from among them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.figures.mentions import Mention
from corpus.figures.periods import Role, TimePhrase

STOPS = "，；：。！？,;:"
_BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)")
# A short one belongs to the name: 工程（技术）中心; a longer one is a remark.
_REMARK = re.compile(r"（[^（）]{8,}）|\([^()]{8,}\)")
_BEFORE_TIME = re.compile(r"(?:连续|仅|这|近|前|从|自|在)$")
_RANGE_SIGNS = ("到", "至", "—", "-", "－", "～", "~")


@dataclass(frozen=True)
class Words:
    """The text around a number.

    :ivar clause_start: where its clause begins in the sentence.
    :ivar head_start: where that begins, or where the number before ends if that is later.
    :ivar head: from there to the number, time phrases and brackets cut out.
    :ivar clause: from the start of the clause to the number.
    :ivar sentence: from the start of the sentence to the number.
    :ivar tail: behind the number to the next mark or number.
    :ivar behind: behind the number to the end of the clause.
    :ivar continues: it is the second end of a range: 41.7%到86.7%.
    """

    clause_start: int
    head_start: int
    head: str
    clause: str
    sentence: str
    tail: str
    behind: str
    continues: bool


def words_around(text: str, found: list[Mention], i: int, times: list[TimePhrase]) -> Words:
    """Return the text around the i-th number of a sentence."""
    mention = found[i]
    begin = clause_start(text, mention.left)
    previous = found[i - 1].right if i else 0
    head_start = max(begin, previous)
    stops = [p for c in STOPS if (p := text.find(c, mention.right)) >= 0]
    clause_end = min(stops, default=len(text))
    following = found[i + 1].left if i + 1 < len(found) else len(text)
    mark = _mask(text).find("、", mention.right)
    tail_end = min(clause_end, following, mark if mark >= 0 else len(text))
    between = text[head_start : mention.left]
    return Words(
        clause_start=begin,
        head_start=head_start,
        head=_without_times(text, head_start, mention.left, times),
        clause=text[begin : mention.left],
        sentence=text[: mention.left],
        tail=text[mention.right : tail_end],
        behind=text[mention.right : clause_end],
        continues=i > 0 and head_start == previous and between in _RANGE_SIGNS,
    )


def clause_start(text: str, position: int) -> int:
    """Return where the clause at a position begins; within brackets that is the bracket."""
    plain = _mask(text[:position])
    return max(plain.rfind(c) + 1 for c in f"{STOPS}（(")


def _mask(text: str) -> str:
    """Hide what stands in brackets, which cuts no clause: 细颗粒物（PM2.5）浓度, 省（区、市）."""
    return _BRACKETS.sub(lambda m: "＿" * len(m[0]), text)


def _without_times(text: str, start: int, end: int, times: list[TimePhrase]) -> str:
    parts = []
    for phrase in times:
        if phrase.start >= start and phrase.end <= end:
            parts.append(_BEFORE_TIME.sub("", text[start : phrase.start]))
            # The word before the year tells the role and stays: 由1978年的36.5%; 比＿ marks
            # that the base is the year and not what follows.
            parts.append({Role.START: "由", Role.BASE: "比＿"}.get(phrase.role, ""))
            start = phrase.end
    parts.append(text[start:end])
    return _REMARK.sub("", "".join(parts))


def _alternatives(rows: tuple[tuple[str, str], ...]) -> str:
    words = {w for row, _ in rows for w in row.split()}
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


# Words that stand before the name: place and extent, connectors, verbs of doing. (words, example)
LEADS: tuple[tuple[str, str], ...] = (
    ("其中 同时 此外 另外 而 并 和 与 及 以及 则 且 但 也 就 又 还 即 使 将 把 对 在 的 之 仅 共 共计 总共 一共", "其中高速铁路"),
    ("全区 我区 全市 我市 全省 全县 我县 全国 我国 我们 中国 各地 各级 国家共 整个", "全区实现"),
    ("实现 完成 达到 达 累计 全年 年内 先后 预计 力争 确保 争取 计划 继续 要 再 已 已经 成功 首次 共有 共计 全面 加快 深入 着力 大力 扎实 高标准 高质量 上半年 到期 年底", "力争完成"),
    ("今后 大体 需要 要求 计划要求 国家计划要求 积极 推动 培育 引育 引培 新设 保持 到 虽然 今年 去年 上年 明年 今明 尽管 年初 年末 当年 平均每天", "要求粮食产量"),
    ("新增 新建成 建成 建成投用 建成投产 获批 获 获得 新认定 解决了 解决 带动 入选 引进 引进了 拥有 分别 大幅 大约 总共 超额完成 超额 高质量完成", "新增床位"),
    ("远远 大大 超过 超过了 比 高于 低于 快于 相当于 仍 仍以 却以 以 每年 只 都 大体 由 基本建成 基本完成 拟安排 拟", "超过重工业"),
)  # fmt: skip
# Verbs and links that stand between the name and its number. (words, example)
TRAILS: tuple[tuple[str, str], ...] = (
    ("完成 新增 达到 达 拥有 达到了 达成 为 是 有 共 共有 共计 计 总计 合计 已 已经 了 只有 仅 仅有 只 也 都 就 又 还 将 要 可 则 均 仍 仍然 有了 各 即 共收 共收到 约为 等于 相当于 各为 数为", "总产值达到"),
    ("突破 首次突破 超过 首次 首次超过 跨越 跨上 迈上 高于 低于 要高于 登上 站上 跃上 逼近 接近 保持 保持在 稳定在 稳定 维持在 控制在 控制 在 处于", "保持在"),
    ("增长 增长了 增加 增加了 增至 增 增幅为 增幅达 年均增长率为 增长率为 增速为 增速达到 递增 递增率 提高 提高了 提升 提升了 上升 上升了 上涨 扩大 扩大了 多 高出 增产 增收 翻了 翻 净增 猛增 增速 增幅 快 高 加快", "增长了"),
    ("下降 下降了 降低 降低了 减少 减少了 减 降 缩小 缩减 压缩 压减 削减 裁减 精减 缩减 回落 回落了 跌 少 节约了 减产 降幅 缩短 缩短了 下调 精简 减少到 降幅为", "下降了"),
    ("到 至 由 从 提高到 提升到 上升到 增加到 增长到 扩大到 发展到 下降到 降低到 减少到 缩小到 缩小至 回落到 降到 降至 降为 提高至 提升至 上升至 增加至 增长至 升至 升到 下降至 调整到 调整为 跃升到 跃升至 变为 转为 压缩到 压减到 扩大至 上升为 下降为 增加为 提高为 改为", "由…降至"),
    ("年均 平均 平均每年 每年平均 每年 年平均 平均每年只 同比 环比 实际 累计 名义 分别 各 共 总共 连年 以每年 逐年 逐步 不断 同口径 可比 年增长 比上年 按可比价格计算 一直 始终 长期 年内 全年 至少 拟按 进一步 或 略 再 总计 其中 大约 大体 预计 估计 计划为 预期 人均 户均 每人每年 每人每月 每天 平均每天 日均 平均每斤 年初 年末 年底 当年 每斤 每吨 每 每人 需要 需 大幅度 大幅 明显 显著 迅速 较快 持续 占 将近 大大 力争", "年均"),
    ("位居 名列 位列 居 列 跃居 居于 排名 排在 稳居 跃升 跃升到 升至 进位 前移 连续 继续 世界 全国 全省 全市 全球 全区 国内 全省第 占世界 首批", "位居世界"),
    ("等 等共 共 和 与 及 、 ， ： 的 约 近 超 逾", "重点项目等"),
)  # fmt: skip


# Words that begin like a lead: 对外贸易, 共同基金, 再生水, 以上.
_KEEP = r"(?!对外|对口|共同|共享|共产|再生|再就业|再贷款|要素|以上|以下|在建|在校|在园|在岗|在册|和平|已建|已婚|获得感|积极性|推动力|高标准农田|由于|到位|到账|到港|到岸|把关|将军|全国人大)"
_LEAD = re.compile(
    rf"^(?:[一二三四五六七八九十]{{1,3}}[）)]|{_KEEP}(?:[，、：；（）()\s＿”’—-]|{_alternatives(LEADS)}))+"
)
_TRAIL = re.compile(rf"(?:[\s（(“‘]|比＿|{_alternatives(TRAILS)})+$")
# Verbs whose object follows the number. (words, example)
DOINGS: tuple[tuple[str, str], ...] = (
    ("安排 投入 拨付 下达 发放 兑现 落实 发行 增发 提供 筹集 争取 设立 节约 新增 增加 减免 减轻 奖补", "安排1000亿元专项资金"),
    ("新建 改建 扩建 新改建 改造 建设 建成 开工 修复 整治 治理 新开 打通 续建 拓宽 提升 铺设 新铺 新辟 完成 实施 推进 启动 打造 创建 培育 引进 招引 招聘 吸引 集聚 举办 开展 组织", "新建5公里管网"),
    ("盘活 收储 出让 拆除 腾出 腾退 供应 淘汰 关停 处置 消化 化解 退出 压减 推出 出台 制定 修订 取消 下放", "盘活2000亩土地"),
    ("惠及 覆盖 带动 帮助 支持 解决 服务 培训 培养 安置 解决了 救助 资助 涉及", "惠及3600多万农村学生"),
)  # fmt: skip
# 中央财政再安排, 国务院拟发行: no part of who does it.
_ADVERB = re.compile(r"(?:再|拟|已|将|共|又|累计)+$")
_DOING = re.compile(rf"(?:{_alternatives(DOINGS)})了?$")
# What follows a counted noun and is no part of its name. (patterns, example)
CUTS: tuple[tuple[str, str], ...] = (
    ("成功 全部 全面 顺利 正式 有序 加快 已 (?<![平人户年])均 分别", "基地成功获批"),
    ("建成 投用 投入 投产 落地 获批 纳入 列为 列入 实现 试办 开工 竣工 完成 通过 落户 上线 启动 推广 得到 开展 建立 实施 推进 实行", "事项纳入集成服务"),
    ("名列 位列 位居 入选 荣获 获得 获评 获 受益 受惠 惠及 享受 脱贫 迁 成为 支持 用于", "指标名列全市首位"),
    ("(?<=国家|地区|城市|企业|学校|家庭|单位|农民|职工|群众|居民|学生|国人)的", "国家的领导人来访"),
    ("（[^）]{8,} （[^）]*$ 予以 给予 免费(?=[提发接享]) 免除 配备了 参加 得以 解决了 补助了 陆续 初步", "专项资金予以支持"),
    ("是 占 存在 增长(?![速率]) 下降 增加 减少 达到? 超过? 年均 比(?=[12１２]|一九|上年|去年)", "村总收入达100万元"),
    ("中GDP 中(?![小型城等学央国西东部心医药外低高期青村])的? 为 将 在 被 由 从 给", "片区中GDP最高"),
)  # fmt: skip
# What stands behind a number that needs no noun there. (patterns, example)
NOT_NOUNS: tuple[tuple[str, str], ...] = (
    ("成功 全部 全面 顺利 正式 有序 加快 推(?!广) 建成 投用 投入 投产 落地 获 纳入 列(?!车) 实现 名列 位(?!于) 入选 通过 完成 开工 竣工", "成功获批"),
    ("实行 帮助 支持$ 达 分别 同比 增(?!值) 下降 提高 上升 高于 低于 快于 减(?![税排灾]) 进(?![出口修]) 升(?!级) 起(?!重)", "同比增长"),
    ("左右 上下 以上 以下 以内 以 的?水平 的?速度 大关 的大关 关口 台阶 目标 多 余 总(?![部投书]) 一线", "左右"),
    ("并 和(?!谐) 与 及 或 等(?!级) 到 至 由 从 比 占 居(?![民家住委]) 为 是 在(?![校建园册岗职]) 用于 即 其中 已 均 还 都(?!市)", "等重点"),
    ("中(?![央小国等西东部学职心外药医青]) 之 后(?![备勤]) 时 前 内(?![需外河资]) 来(?!华) [，。；、：;,（）()—－?？!！”-] “?$", "，"),
)  # fmt: skip
_CUT = re.compile(
    rf"(?:(?<=..)|(?<=^[县省市村镇户]))(?:{'|'.join(p for row, _ in CUTS for p in row.split())}).*$"
)
_NOT_NOUN = re.compile("|".join(p for row, _ in NOT_NOUNS for p in row.split()))
# Names that mean something only with the indicator before them: 服务业增加值…，比重从….
RELATIVE_NOUNS = re.compile(
    r"^(?:所占)?(?:比重|占比|规模|总量|增速|增幅|涨幅|降幅|份额|总数|数量|产值|其中)$"
)
# 引进甲、乙等重点项目: the kind of thing counts, not the examples; 高等学校 is no list.
_LISTED = re.compile(r"、.*[^高中初同平上下一二三]等(?!级|于|方面)([^，；等]{3,})$")
# 转移支付增加、项目减少三分之二: 、 may part clauses, too.
_STOP = re.compile(r"[，；：。]|(?<=增加|减少|提高|下降|降低|增长|缩小|扩大)、")
# 社会商品零售总额扣除价格因素增长7.8%: how it was reckoned is no part of the name.
_ADJUSTED = re.compile(
    r"(?:扣除|剔除)[^，。；]{0,8}因素(?:影响)?后?|按[^，。；]{0,6}(?:口径|价格|汇率)(?:计算)?"
)
# 多耗电二、三百亿度: the first of two numbers is no word.
_EITHER = re.compile(r"[一二三四五六七八九]、$")
_CIRCUMSTANCE = re.compile(r"^.*(?:基础上|条件下|情况下|前提下)(?=.)")


def from_head(head: str) -> str:
    """Return the indicator that ends a stretch of text before a number, or empty.

    ``实现财政总收入`` gives ``财政总收入``, ``年均增长`` nothing.
    """
    name = _TRAIL.sub("", _EITHER.sub("", head))
    if listed := _LISTED.search(name):
        name = listed[1]
    name = _CIRCUMSTANCE.sub("", _STOP.split(_ADJUSTED.sub("", name))[-1])
    name = _LEAD.sub("", _TRAIL.sub("", name))
    return name.strip("、 ")


def done_to(head: str) -> str | None:
    """Return what stands before a verb of doing that ends the head; None if none ends it.

    The thing done stands behind the number then: 新建5公里管网, 中央财政安排1000亿元专项资金.
    """
    clause = bare_head(head)
    match = _DOING.search(clause)
    if match is None:
        return None
    done = _ADVERB.sub("", clause[: match.start()])
    return "" if done.endswith(("或", "和", "与", "、")) else done


def bare_head(head: str) -> str:
    """Return the last clause of a stretch without the words that lead into it."""
    return _LEAD.sub("", _STOP.split(head)[-1])


def from_tail(tail: str) -> str:
    """Return the counted noun that begins a stretch of text after a number, or empty."""
    if _NOT_NOUN.match(tail):
        return ""
    return before_verb(tail)


def before_verb(words: str) -> str:
    """Return the noun that begins a stretch of text, cut before its verb."""
    return re.sub(r"[和与及]$", "", _CUT.sub("", words).strip("、的 "))
