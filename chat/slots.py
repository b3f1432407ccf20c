"""Find the time, the place and the thing asked for in a question, to exchange one of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from corpus.cleaning import fold_text
from retriever.question import TIMES

Range = tuple[int, int]

_YEAR_WORDS = "|".join(
    sorted((t for t in TIMES if t not in ("上年", "上一年")), key=len, reverse=True)
)
_ONE_TIME = (
    r"(?:(?:19|20)\d\d年?|(?<!\d)\d\d年(?![来内间期代])|"
    rf"(?:{_YEAR_WORDS})|(?<![比较同])上一?年(?!度?同期)|前一年|后一年|下一年|次年|再?[前后]一年|"
    r"[“\"]?十[一二三四五六]五[”\"]?(?:期间|时期|末|规划期)?)(?:度|底|末|初|全年)?(?:的?(?:上半年|下半年|第?[一二三四]季度|前三季度|\d{1,2}月份?))?"
)
_TIME = re.compile(
    rf"(?:从|自)?{_ONE_TIME}(?:(?:到|至|—|-|~|、|和|与){_ONE_TIME})?|上半年|下半年|前三季度|第?[一二三四]季度"
)
_PART_OF_YEAR = re.compile(r"^(?:上半年|下半年|前三季度|第?[一二三四]季度)$")
_FUTURE = re.compile(r"明年|后年|下一年|今后|未来|接下来")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NEXT = re.compile(r"下一年|后一年|次年|再?后一年")
_BEFORE = re.compile(r"上一?年|再?前一年")
# A word of time → the year before and the year after it.
_NEIGHBOURS = {
    "前年": ("大前年", "去年"),
    "去年": ("前年", "今年"),
    "今年": ("去年", "明年"),
    "明年": ("今年", "后年"),
}
# The output of a country or region, that of its parts, and what is a share or a part of a part.
_OUTPUT = re.compile(r"(?:国内|地区|国民|全[区市省县国])?生产总值|gdp|经济总量")
_SECTOR = re.compile(
    r"(?:规上|规模以上)?(?:工业|农业|服务业|建筑业|制造业|高新技术产业|文化产业)|第?[一二三]次?产业?"
)
_OUTPUTS = ("增加值", "总产值", "产值")
_PART = re.compile(r"占|比重|份额|单位|人均")
_PLACE_FLAGS = frozenset({"ns", "nsf"})
_WHOLE = re.compile(r"^(?:全|我|本)(?:区|市|县|省|国|镇|乡)$|^(?:中国|全球|世界)$")
_PLACE_SUFFIX = re.compile(r"^(?:省|市|区|县|镇|乡|街道|州|旗|新区)$")
_AMOUNT = re.compile(
    r"(?P<verb>了)?(?P<how>多少|几|哪些|哪几)(?P<measure>家|个|所|座|条|项|件|套|户|辆|台|张|处|种|只|艘|期|篇|部|幢|栋|间|场|届|批|片|块|本|门|支|名|位|亩|公里|万|亿)?"
    r"(?P<noun>[^,，。?？!！呢吗]{2,})[呢呀啊]?[\s?？!！。]*$"
)
_UNIT = re.compile(
    r"^(?:亿|万|千|百)*(?:元|人(?!才|民|大|口|员|物|家|工|群)次?|美元|亩|公顷|平方(?:公里|米)|公里|米|吨|斤|度|千瓦时?|个?百分点|小时|天|年|岁|倍|块|钱|分)"
)
_TAIL = re.compile(
    r"[,，]?(?:分别|大约|大概|一共|总共|到底|究竟|各)?(?:是|有|为|达到了?|达|占|排在?|在|属于|获得|获|得|拿|叫)?(?:了)?"
    r"(?:多少|几|什么|啥|哪|怎么样|怎样|如何|咋样|谁|何|第几|多大|多高|多长|多久)[^,，。]*$|[\s?？!！。呢吗呀啊]+$"
)
_LEADING = re.compile(
    r"^(?:请问|请|麻烦问一下|我想知道|想知道|我想问|想问|告诉我|为什么|为何|为啥|什么是|什么叫|啥是|解释一下|介绍一下|说说|讲讲)+"
)
_INNER = re.compile(r"是不是|有没有|是否|能不能|会不会|(?:是|要|会)?(?:怎么|如何|怎样|咋)(?=.{2,})")


def times_in(text: str) -> list[Range]:
    """Return where a text names a time."""
    return [m.span() for m in _TIME.finditer(text)]


def places_in_text(text: str) -> list[Range]:
    """Return where a text names places, adjoining ones together (宁波市北仑区)."""
    import jieba.posseg  # 0.3 s, which most questions do without

    found: list[list[int]] = []
    at = 0
    for pair in jieba.posseg.cut(text, HMM=False):
        end = at + len(pair.word)
        joins = bool(found) and found[-1][1] == at
        whole = _WHOLE.match(pair.word) is not None
        if (pair.flag in _PLACE_FLAGS and len(pair.word) > 1) or whole:
            if joins:
                found[-1][1] = end
            else:
                found.append([at, end])
        elif joins and _PLACE_SUFFIX.match(pair.word):
            found[-1][1] = end
        at = end
    return [(a, b) for a, b in found]


def name_in(text: str, names: Collection[str]) -> Range | None:
    """Return where the longest known name stands in a text, the last of equally long ones."""
    folded = fold_text(text)
    if len(folded) != len(text):
        return None
    best: Range | None = None
    for start in range(len(folded)):
        for end in range(min(len(folded), start + 24), start + 1, -1):
            if folded[start:end] in names:
                if best is None or end - start >= best[1] - best[0]:
                    best = start, end
                break
    return best


def of_sector(sector: str, whole: str, held: Collection[str]) -> str | None:
    """Return the output of a sector where that of the whole was asked for: GDP, then 工业.

    :param whole: the name asked for before.
    :param held: folded names of the indicators of the reports; what these call it is taken.
    :return: None if no sector is named, or something else than the output was asked for.
    """
    if _SECTOR.fullmatch(sector) is None or _OUTPUT.fullmatch(fold_text(whole)) is None:
        return None
    for ending in _OUTPUTS:
        named = [n for n in held if n.endswith(ending) and sector in n and not _PART.search(n)]
        if named:
            return min(named, key=lambda n: (len(n), n))
    return f"{sector}{_OUTPUTS[0]}"


def with_time(previous: str, time: str) -> str:
    """Return a question with another time in place of its own, or before it if it has none."""
    held = times_in(previous)
    if _PART_OF_YEAR.match(time):
        whole = [r for r in held if not _PART_OF_YEAR.match(previous[r[0] : r[1]])]
        if whole:
            year = previous[whole[0][0] : whole[0][1]]
            year = re.sub(r"(?:的?(?:上半年|下半年|前三季度|第?[一二三四]季度))$", "", year)
            return previous[: whole[0][0]] + year + time + previous[whole[0][1] :]
    time = _resolved(time, previous, held)
    if _FUTURE.match(time):
        previous = previous.replace("了多少", "多少").replace("了几", "几").replace("了哪", "哪")
        held = times_in(previous)
    if not held:
        lead = _LEADING.match(previous)
        at = lead.end() if lead is not None else 0
        return previous[:at] + time + previous[at:]
    start, end = held[0]
    return previous[:start] + time + previous[end:]


def _resolved(time: str, previous: str, held: list[Range]) -> str:
    """Count 下一年 and 上一年 from the time of the previous question."""
    if re.fullmatch(r"(?:19|20)\d\d", time):
        return f"{time}年"
    step = 1 if _NEXT.fullmatch(time) else -1 if _BEFORE.fullmatch(time) else 0
    if not step or not held:
        return time
    before = previous[held[0][0] : held[0][1]]
    if year := _YEAR.search(before):
        return f"{int(year[0]) + step}年"
    return next((n[step > 0] for word, n in _NEIGHBOURS.items() if before == word), time)


def with_place(previous: str, place: str) -> str:
    """Return a question with another place in place of its own, or before its subject."""
    held = places_in_text(previous)
    if held:
        start, end = held[0]
        return previous[:start] + place + previous[end:]
    lead = _LEADING.match(previous)
    at = lead.end() if lead is not None else 0
    times = [r for r in times_in(previous) if r[0] == at]
    at = times[0][1] if times else at
    return previous[:at] + place + previous[at:]


@dataclass(frozen=True)
class Counted:
    """What is counted in a question: 新建了 | 多少所 | 学校."""

    head: str
    how: str
    noun: str


def counted_in(question: str) -> Counted | None:
    """Return the thing that stands behind 多少 or 哪些, None if only a unit does or nothing."""
    match = _AMOUNT.search(question)
    if match is None or _UNIT.match((match["measure"] or "") + match["noun"]):
        return None
    return Counted(question[: match.start()] + (match["verb"] or ""), match["how"], match["noun"])


def subject(question: str, names: Collection[str] = ()) -> str:
    """Return what a question is about, with its time and place, without its asking words."""
    text = _LEADING.sub("", question.strip()).rstrip(" ?？!！。")
    if (counted := counted_in(text)) is not None:
        head = _LEADING.sub("", counted.head).removesuffix("了")
        for verb in ("拥有", "共有", "一共有", "有", "是"):
            if head.endswith(verb):
                head = head.removesuffix(verb)
                break
        return f"{head.removesuffix('的')}的{counted.noun}" if head else counted.noun
    known = name_in(text, names)
    if known is not None:
        return text[: known[1]]
    return _INNER.sub("", _TAIL.sub("", text)).removesuffix("了").removesuffix("的") or text
