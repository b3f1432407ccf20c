"""Find what a sentence says about time, as years: points, ranges, bases of comparison."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from corpus.figures.amounts import read_number
from corpus.years import RELATIVE, plan_years

Period = tuple[int, int]


class Role(StrEnum):
    """What a time phrase does for the figures behind it."""

    POINT = "point"  # 2021年: the figure is of that year
    RANGE = "range"  # 1979年到1982年的四年: of those years
    ENDS = "ends"  # 1978年到1982年: of those years, a change begins in the first
    COMPARE = "compare"  # 一九八二年比一九七八年: base and end
    BASE = "base"  # 比2007年: the base only
    EARLIER = "earlier"  # 一九七八年前的二十六年: years that something else is compared with
    START = "start"  # 由2016年的: the value where a change began
    ASIDE = "aside"  # 比上年, 二十八年间: says nothing that the rest does not say


@dataclass(frozen=True)
class TimePhrase:
    """Years that ``text[start:end]`` names; ``ends_year`` for 2012年底, whose reach is short."""

    start: int
    end: int
    first: int
    last: int
    role: Role
    ends_year: bool = False


_Y = r"(?:19|20)\d\d"
_N = r"[二三]?十?[一二三四五六七八九十]|两|\d{1,2}"
_END = r"(?:年?[底末初])?"
_WHILE = r"(?:间|以?内(?!需)|中(?![央小国外])|以?来(?!华)|里|时间|期间)?"
# A five-year plan stands in quotes or before 时期 and the like; 百分之十五 is none.
_NAMED = r"(?:十[一二三四五六]|[一二三四五六七八九十])"
_PLAN = (
    rf"(?:(?=[“\"]{_NAMED}五)|(?<![一二三四五六七八九十百点分之])(?={_NAMED}五(?:时期|规划|期间|计划)))"
    rf"[“\"]?({_NAMED})五[”’\"]?"
)
# The time of the report itself.
NOW = r"现在|目前|当前|迄今|至今|(?<![实体表出发呈兑])现(?=有[\d０-９一二两三四五六七八九十百千近约超])"
_TERM = "(?:时期|规划|期间|计划)"
# How time is written: (name, pattern over text with years in Arabic digits, role, example). The
# first row that fits at a place is taken, so the longer forms stand first; ``relative`` marks the
# place of the words in ``corpus.years.RELATIVE``.
FORMS: tuple[tuple[str, str, Role, str], ...] = (
    ("compare", rf"({_Y})年?{_END}(?:同|与|和|比|较)({_Y})年{_END}(?:相比)?", Role.COMPARE, "1982年同1978年相比"),
    ("span", rf"(?:从|由)?({_Y})年?{_END}(?:到|至|—|——|－|-|～|~)({_Y})年{_END}的?(?:{_N})年{_WHILE}", Role.RANGE, "从1979年到1982年的四年内"),
    ("change", rf"(?:从|由)({_Y})年?{_END}(?:到|至)({_Y})年{_END}", Role.COMPARE, "从1980年至1985年"),
    ("ends", rf"({_Y})年{_END}(?:到|至)({_Y})年{_END}(?!{_WHILE}[^，。]{{0,8}}(?:年均|平均))", Role.ENDS, "1978年到1982年"),
    ("through", rf"({_Y})年?{_END}(?:到|至|—|——|－|-|～|~)({_Y})年{_END}{_WHILE}", Role.RANGE, "2003—2007年"),
    ("both", rf"({_Y})年?[、和]({_Y})(?:年|两年)+", Role.RANGE, "1981、1982两年"),
    ("before", rf"({_Y})年以?前的?({_N})年", Role.EARLIER, "1978年前的26年"),
    ("best since", rf"自?{_Y}年以来(?=的?(?:最|首|新))", Role.ASIDE, "1985年以来最高"),
    ("since", rf"自?({_Y})年以来", Role.RANGE, "1979年以来"),
    ("than", rf"(?:对比|相比|比|较|同|与(?={_Y}年[^，。]{{0,2}}相比))({_Y})年{_END}(?:相比)?", Role.BASE, "比2007年"),
    ("set against", rf"(?:同|与)[^，。；\d]{{1,12}}({_Y})年{_END}相比", Role.BASE, "同完成经济恢复的1952年相比"),
    ("times of", rf"(?<=[为是于])({_Y})年{_END}的(?=[\d．.一二两三四五六七八九十百点]+倍)", Role.ASIDE, "分别为1982年的3.4倍"),
    ("from", rf"(?:从|由)({_Y})年{_END}的", Role.START, "从2016年的"),
    ("year", rf"({_Y})年{_END}", Role.POINT, "2012年底"),
    ("year before", r"(?:比|较|同|与|跟|和(?=.{2,5}(?:持平|相比|相当|一样))|[高低多少快慢好优]于|超过?|相当于)(?:上一?年|去年|前一?年)(?:同期|预算|计划)?(?:实绩|水平)?", Role.ASIDE, "与上年持平"),
    ("times of last", r"(?<=[为是于])(?:上一?年|去年)的(?=[\d．.一二两三四五六七八九十百点]+(?:倍|%))", Role.ASIDE, "为上年的1.2倍"),
    ("first day", r"(?:比|较|同)(?:年初|期初)", Role.ASIDE, "比年初"),
    ("now", rf"{NOW}", Role.POINT, "目前"),
    ("century", r"本世纪末", Role.POINT, "到本世纪末"),
    ("relative", "|".join(sorted(RELATIVE, key=len, reverse=True)), Role.POINT, "去年底"),
    ("numbered plan", r"(?<!是)第([一二三四五六七八九十]|十[一二三四五])个五年(?:计划|规划)(?:时期|期间)?(?!的?(?:最后|第|指标|要点|建议))", Role.RANGE, "第六个五年计划期间"),
    ("than plan", rf"(?:比|同|与|较){_PLAN}{_TERM}*", Role.ASIDE, "比“五五”时期"),
    ("plan", rf"{_PLAN}(?:{_TERM}+|(?=[^一-鿿]|目标|开局|末|以来|前|五年|全))", Role.RANGE, "“十一五”期间"),
    ("decade", r"(?:从|由)[五六七八九]十年代(?:初期?|中期|末期?)?的", Role.ASIDE, "由五十年代的"),
    ("running", rf"连续({_N})年", Role.EARLIER, "连续6年"),
    ("some years", rf"(?<![第十百\d点])({_N})年{_WHILE}(?!规划|行动|计划|期|制|级|代|第|月|以上|免费|义务|一贯)", Role.RANGE, "五年内"),
)  # fmt: skip
_FORMS = tuple((name, re.compile(pattern), role) for name, pattern, role, _ in FORMS)
# 是1950年到2002年的总和, 在1979到1983年递增7.9%的基础上: what is compared with, years too.
_COMPARED = re.compile(r"(?:是|相当于|超过了?|比|较)$")
# 近三年, 三年来: years gone by, in a plan, too.
_BEHIND = re.compile(r"(?:(?:近|过去|前)[^，。]{1,3}年[^，。]{0,2}|以?来)$")
_BASIS = re.compile(r"[^，。；]*基础上")
# 从去年的 takes its role from the word before it.
_START_WORD = re.compile(r"[从由]$")
_BEGAN = re.compile(r"的|(?=[\d０-９一二两三四五六七八九十百居列])")
_CHINESE_YEAR = re.compile(
    r"(?<![一二三四五六七八九十百千])(?:一九|二[〇○零Ｏ])[〇○零Ｏ一二三四五六七八九]{2}(?=[年、到至和比同与两])"
)
_YEAR_DIGITS = str.maketrans("〇○零Ｏ一二三四五六七八九", "0000123456789")
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_EARLY_PLANS = {"一": (1953, 1957), "二": (1958, 1962), "三": (1966, 1970), "四": (1971, 1975),
                "五": (1976, 1980)}  # fmt: skip


def arabic_years(text: str) -> str:
    """Return the text, as long as before, with 一九八二年 as 1982年 and full-width digits plain."""
    return _CHINESE_YEAR.sub(lambda m: m[0].translate(_YEAR_DIGITS), text.translate(_WIDE))


def time_phrases(text: str, report_year: int | None, span: Period | None) -> list[TimePhrase]:
    """Return the time phrases of a clean sentence in order, none overlapping another.

    ``span`` are the years that the chapter speaks of: 四年 are the last four of them, or the first
    four where they lie ahead.
    """
    plain = arabic_years(text)
    found: list[TimePhrase] = []
    taken: set[int] = set()
    for name, pattern, role in _FORMS:
        for match in pattern.finditer(plain):
            places = range(match.start(), match.end())
            if taken.isdisjoint(places):
                phrase = _phrase(name, match, role, report_year, span)
                if phrase is not None:
                    found.append(phrase)
                    taken.update(range(phrase.start, phrase.end))
    return sorted(found, key=lambda p: p.start)


def _phrase(
    name: str, match: re.Match[str], role: Role, report_year: int | None, span: Period | None
) -> TimePhrase | None:
    start, end = match.span()
    if role is Role.ASIDE:
        return TimePhrase(start, end, 0, 0, role)
    if name == "relative":
        return None if report_year is None else _relative(match, report_year, span)
    if name == "now":
        return (
            None if report_year is None else TimePhrase(start, end, report_year, report_year, role)
        )
    if name == "century":
        last = 2000 if (report_year or 0) <= 2000 else 2100
        return TimePhrase(start, end, last, last, role)
    if name in ("some years", "running"):
        return _some_years(match, role, report_year, span)
    if name in ("plan", "numbered plan"):
        return TimePhrase(start, end, *(_EARLY_PLANS.get(match[1]) or plan_years(match[1])), role)
    first = int(match[1])
    if name == "before":
        return TimePhrase(start, end, first - _count(match[2]) + 1, first, role)
    if name == "since":
        last = span[1] if span is not None else (report_year or first)
        return TimePhrase(start, end, first, max(first, last), role)
    if role in (Role.RANGE, Role.ENDS) and (
        _COMPARED.search(match.string[:start]) or _BASIS.match(match.string, end)
    ):
        role = Role.EARLIER
    last = int(match[2]) if match.lastindex == 2 else first
    ends = match[0][-1] in "底末初"
    return TimePhrase(start, end, min(first, last), max(first, last), role, ends)


def _relative(match: re.Match[str], year: int, span: Period | None) -> TimePhrase:
    first, last = (year + offset for offset in RELATIVE[match[0]])
    start, end, text = match.start(), match.end(), match.string
    ends = text[end : end + 1] in ("底", "末")
    end += ends
    if _START_WORD.search(text[:start]) and (began := _BEGAN.match(text, end)):
        # 由上年的3.3%上升到4.1% in a look back on last year is of the year before that.
        if match[0] == "上年" and span is not None and span[1] < year:
            first = last = span[0] - 1
        return TimePhrase(start - 1, began.end(), first, last, Role.START)
    return TimePhrase(start, end, first, last, Role.POINT if first == last else Role.RANGE, ends)


def _some_years(
    match: re.Match[str], role: Role, report_year: int | None, span: Period | None
) -> TimePhrase | None:
    count = _count(match[1])
    if report_year is None or count < 2:
        return None
    if count > 10:
        return TimePhrase(*match.span(), 0, 0, Role.ASIDE)
    ahead = span is not None and span[0] >= report_year
    if span is not None and ahead and not _BEHIND.search(match.string[: match.end()]):
        return TimePhrase(*match.span(), span[0], span[0] + count - 1, role)
    end = span[1] if span is not None and span[1] < report_year else report_year - 1
    return TimePhrase(*match.span(), end - count + 1, end, role)


def _count(written: str) -> int:
    read = read_number(written)
    return int(read[0]) if read is not None else 0
