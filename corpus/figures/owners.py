"""Tell whose a number is: the name of a parallel list, and the region or body."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.figures.mentions import Mention
from corpus.figures.wording import Words, clause_start, from_head

_JOINER = re.compile(r"[、和与及]|以及")
# What the last of several names shares with the ones before it. (patterns, example)
SHARED_ENDS: tuple[tuple[str, str], ...] = (
    ("人均.+", "城镇和农村人均住房面积"),
    ("排放(?:总量|量|强度) 浓度", "化学需氧量、二氧化硫排放总量"),
    (
        "产量 产能 增加值 总产值 产值 利润 投资 消费 进口 出口 价格 最低收购价 收购价",
        "小麦、稻谷最低收购价",
    ),
    ("事业的支出 的支出 支出", "科技、教育支出"),
    ("总收入 纯收入 收入 贷款 存款 储蓄 面积 人口 比重 里程", "铁路、公路里程"),
)
SHARED = re.compile(rf"(?:{'|'.join(p for row, _ in SHARED_ENDS for p in row.split())})$")
_APART = re.compile(r"(?:(?:19|20)\d\d年|去年)?(?:分别|各自)")
_COMPLETE = re.compile(r"(?:能耗|水耗|消耗|用水量|率|额)$")
_SHORT_NAME = 8


@dataclass(frozen=True)
class Owner:
    """Whose a number of a list is: a name before 分别, or an earlier number's indicator.

    :ivar figure: place of the earlier number in the list of mentions, -1 if ``name`` says it.
    """

    name: str
    figure: int


def shared_owners(text: str, found: list[Mention]) -> dict[int, Owner]:
    """Match the i-th of a run of numbers with the i-th owner before it.

    收入781.1亿元、预算391.9亿元，年均增长18.8%和17.8%: 17.8% belongs to 预算;
    甲、乙分别为3家和5家: 5家 belongs to 乙.
    """
    owners: dict[int, Owner] = {}
    for run in runs(text, found):
        start = found[run[0]].left
        begin = clause_start(text, start)
        head = text[begin:start]
        if _APART.match(head):  # 甲和乙，2000年分别达到2253元和6280元
            head = text[clause_start(text, max(begin - 1, 0)) : begin]
        names = names_before(head.rstrip("，"), len(run))
        if names:
            owners |= {i: Owner(name, -1) for i, name in zip(run, names, strict=True)}
            continue
        earlier = _earlier_group(text, found, run, begin)
        if earlier:
            owners |= {
                i: owners.get(mate, Owner("", mate)) for i, mate in zip(run, earlier, strict=True)
            }
    return owners


def names_before(head: str, count: int) -> list[str]:
    """Return the names that stand in parallel before 分别 or the verb, if there are ``count``."""
    subject = re.split(r"分别|年均|各自", head)[0]
    subject = re.sub(r"(?:比|较|由|从)(?:(?:19|20)\d\d年|上年|去年).*$", "", subject)
    name = from_head(subject)
    names = [n for n in re.split(r"[、和与及]|以及", name) if n]
    if len(names) != count:
        return []
    shared = SHARED.search(names[-1])
    if shared is None or names[-1] == shared[0]:
        return names
    return [
        n if SHARED.search(n) or _COMPLETE.search(n) or len(n) > _SHORT_NAME else f"{n}{shared[0]}"
        for n in names[:-1]
    ] + names[-1:]


def runs(text: str, found: list[Mention]) -> list[list[int]]:
    """Return the places of numbers of one measure joined by 、 or 和 only."""
    result: list[list[int]] = []
    for i in range(1, len(found)):
        gap = text[found[i - 1].right : found[i].left]
        if _JOINER.fullmatch(gap) and found[i].measure == found[i - 1].measure:
            if result and result[-1][-1] == i - 1:
                result[-1].append(i)
            else:
                result.append([i - 1, i])
    return result


def _earlier_group(text: str, found: list[Mention], run: list[int], begin: int) -> list[int]:
    """Return the numbers of the clause before, one for each of the run, or nothing."""
    group = [i for i in range(run[0]) if found[i].left < begin]
    if len(group) < len(run):
        return []
    mates = group[-len(run) :]
    between = text[found[mates[0]].right : found[mates[-1]].left]
    return mates if not re.search(r"[。；]", between) else []


# The region as a whole, as a report says it. (pattern, example)
WHOLES: tuple[tuple[str, str], ...] = (
    (r"全区|全市|全省|全县|全国|全球|全州|全旗|全镇", "全区实现地区生产总值"),
)
# Bodies whose figures are not the region's: (body as written, indicators that are its own where
# the body only stands earlier in the sentence, example).
BODIES: tuple[tuple[str, str, str], ...] = (
    ("中央财政", "", "中央财政投资1.26万亿元"),
    ("地方财政", "", "地方财政收入"),
    ("国务院各部门", "", "国务院各部门审批项目减少"),
    ("国务院部门", "", "国务院部门行政审批事项削减"),
    ("银行业", "资本充足率|不良贷款率", "银行业风险抵御能力增强，资本充足率提升到13.3%"),
)
# Bodies that stand as the subject of an earlier clause, and what is theirs where a later one says no
# owner. (body, what is its own, example)
OWNERS: tuple[tuple[str, str, str], ...] = (
    (
        r"(?:普通|成人|中等|民办)?(?:高等|职业|专业|技工)学校|高校",
        r"^(?:在校|招生|毕业|专任)",
        "普通高等学校增加到715所，在校学生达到115万人",
    ),
    (
        r"(?:城镇)?(?:集体|全民)所有制(?:单位|企业)|(?:国营|国有|乡镇|民营|私营|外资|中央|外商投资)企业",
        r"^(?:工业)?(?:产值|利润|利税|税金|销售收入|营业收入|职工|出口额)",
        "乡镇企业发展到5万家，职工达到300万人",
    ),
)
# A place that a clause of its own names for the one behind it. (pattern, example)
SCENES: tuple[tuple[str, str], ...] = (
    (r"城镇|农村|城市|乡村|牧区|山区|沿海地区|.{1,2}部地区", "在城镇，安排就业300万人"),
)
_SCENE = re.compile(rf"(?:^|[，；：。])在({'|'.join(p for p, _ in SCENES)})，$")
_WHOLE = re.compile("|".join(p for p, _ in WHOLES))
# 占全市总量, 居全省首位: what something is set against is not its subject.
_AGAINST = re.compile(
    r"(?:占|居|列|位居|名列|跃居|在|走在|于|高于|低于|入选|入围|获|获评|获批|为|是|被|首批|比|较|从|由|向|到|领跑|领先|助力|代表)$"
)
_OPENING = re.compile(
    r"(?:到?(?:19|20)?[\d一二三四五六七八九〇]{2,4}年)?[末底]?|其中|这样|使|"
    r"力争|确保|预计|争取|推动|实现|促进|完成|保持"
)
_PLACES = re.compile(
    r"(?:在)?((?:[\u4e00-\u9fff]{2,4}、)+[\u4e00-\u9fff]{2,4}[两三四五六七八九]?(?:省|市|省市|省区))的"
)


def home_of(region: str) -> str:
    """Return the short name of a report's own region: 宁波市北仑区 is 北仑区, 国务院 speaks of 全国."""
    if region == "国务院":
        return "全国"
    parts = re.findall(
        r"[\u4e00-\u9fff]{2,}?(?:自治区|自治州|自治县|省|市|区|县|州|旗|镇|乡)", region
    )
    return parts[-1] if parts else region


def subject_of(text: str, mention: Mention, words: Words, indicator: str, home: str) -> str:
    """Return the region or body that a number of a sentence speaks of."""
    position, clause_start = mention.left, words.clause_start
    for body, own, _ in BODIES:
        if indicator.startswith(body) or (
            own and body in text[:position] and re.search(own, indicator)
        ):
            return body
    if owner := _owner_before(words, indicator):
        return owner
    if scene := _SCENE.search(text[:clause_start]):
        return scene[1]
    if places := _PLACES.search(text[clause_start:position]):
        return places[1]
    whole = f"全{'国' if home == '全国' else home[-1:]}"
    best = home
    if re.search(rf"{whole}[^，；。：]{{0,20}}(?:目标|指标|任务)(?:是|为)?：", text[:position]):
        best = whole
    for match in _WHOLE.finditer(text[:position]):
        is_home = match[0] == whole
        leads = _leads(text, match.start()) and not _AGAINST.search(text[: match.start()])
        # 全省首家…，4个基地: a larger whole reaches to the end of its clause only.
        if (leads and (is_home or match.start() >= clause_start)) or (
            match.end() == position and mention.measure != "rank"
        ):
            best = match[0]
    return best


def _owner_before(words: Words, indicator: str) -> str:
    """Return the body of an earlier clause whose attribute the indicator is, or empty."""
    earlier = words.sentence.removesuffix(words.clause)
    for pattern, own, _ in OWNERS:
        if re.search(own, indicator):
            bodies = list(re.finditer(pattern, earlier))
            if bodies:
                return bodies[-1][0]
    return ""


def _leads(text: str, position: int) -> bool:
    """Tell a word that opens its clause, a date or a verb like 力争 before it aside."""
    return _OPENING.fullmatch(re.split(r"[，；：。]", text[:position])[-1]) is not None
