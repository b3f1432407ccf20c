"""Understand a question: its kind, its years and places, its telling words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.cleaning import fold_text
from corpus.years import named_years, plan_periods, plan_years
from index.lexical import search_words
from index.words import Word, WordModel
from retriever.dialect import in_standard_words
from retriever.kinds import ASKED_AMOUNT, Kind, kind_of, units_of

# Courtesies around a question carry no content (longest first).
_FILLERS = re.compile(
    r"请问一下|请问|麻烦|劳驾|您好|你好|谢谢|我想问|想问|我想知道|想知道|我想了解|想了解|问一下|问下|问问|"
    r"了解一下|知道一下|查一下|查查|告诉我|说说|讲讲|到底|究竟|大概|能否|"
    r"(?:根据|按照|按|依据)(?:这份|本|该)?(?:政府)?(?:工作)?报告|"
    r"(?:这份|本|该)?(?:政府)?(?:工作)?报告(?:里面|里|中|上|内|当中|提到|说)|"
    r"咱们这儿|咱们这|我们这儿|我们这里|我们这|咱们|俺们"
)
# Words that ask, join or point; they tell nothing of what a question is about.
STOP_WORDS = frozenset(
    "多少 什么 什么样 怎么 怎么样 怎样 如何 为什么 为啥 为何 哪些 哪几 哪里 哪儿 哪个 哪一 哪 几个 几 谁 "
    "是不是 有没有 是否 能不能 会不会 可以 吗 呢 吧 啊 呀 嘛 啥 咋 是 有 了 的 地 得 和 与 及 以及 在 为 到 把 被 "
    "让 给 从 由 对 对于 关于 向 将 个 都 也 还 就 会 要 能 这 那 它 其 他 她 我 你 您 我们 你们 他们 这个 那个 这些 那些 "
    "多 大 达 达到 提到 实现 进行 方面 一共 总共 共 共有 合计 分别 具体 主要 目前 现在 已经 之前 以后 时候 情况 "
    "叫 叫做 指 指的 意思 含义 做 干 作 采取 措施 办法 请 问 帮 想 说 报告 政府工作报告 工作报告 吗 么 之 所 等 又 再 多久 "
    "事 事情 弄 搞 那么 这么 很 更 最 不 没 没有 哪年 几年 一下 下 上 里 中 来 去 打算 计划 准备 有关 相关 有哪些 位 名 家 项 条 件 人 年 月 日".split()
)
ABOUT_REPORT = frozenset("报告 政府工作报告 工作报告".split())
# Asking words of several characters, which would leave a part behind: 怎么办 is not about 办.
_ASKING = re.compile(
    r"(?:怎么|怎样|如何|咋)(?:办|样)|(?:能|会|要|行|对|可|好)不(?:能|会|要|行|对|可以|好)|多长时间"
)
_QUOTED = re.compile(r"[“\"《「『]([^”\"》」』]{1,30})[”\"》」』]")

# Words of a question about time → offset of first and last year from the report's year.
TIMES: dict[str, tuple[int, int]] = {
    "大前年": (-3, -3),
    "前年": (-2, -2),
    "去年": (-1, -1),
    "上一年": (-1, -1),
    "上年": (-1, -1),
    "过去一年": (-1, -1),
    "今年": (0, 0),
    "本年": (0, 0),
    "明年": (1, 1),
    "下一年": (1, 1),
    "后年": (2, 2),
    "过去五年": (-5, -1),
    "过去5年": (-5, -1),
    "近五年": (-5, -1),
    "近5年": (-5, -1),
    "前五年": (-5, -1),
    "这五年": (-5, -1),
    "五年来": (-5, -1),
    "5年来": (-5, -1),
    "上届政府": (-5, -1),
    "本届政府": (-5, -1),
    "今后五年": (0, 4),
    "五年里": (-5, -1),
    "五年间": (-5, -1),
    "五年内": (-5, -1),
    "五年": (-5, -1),
    "未来五年": (0, 4),
    "未来5年": (0, 4),
    "今后5年": (0, 4),
    "接下来五年": (0, 4),
    "再过五年": (0, 4),
    "过五年": (0, 4),
    "五年后": (0, 4),
    "五年以后": (0, 4),
    "五年之后": (0, 4),
    "往后五年": (0, 4),
    "以后五年": (0, 4),
    "下一个五年": (0, 4),
    "五年前": (-6, -6),  # a term looks back to the year before it
}
_TIMES = re.compile(rf"(?<![\d十])(?:{'|'.join(sorted(TIMES, key=len, reverse=True))})")
# 上半年 alone: reports are mostly given at the year's beginning and then speak of the year before.
HALF_YEAR = re.compile(r"上半年|下半年|前三季度|第?[一二三四]季度")
_NEW_YEARS_REPORT = 6  # month up to which a report looks back on the year before
# 十四五 with nothing behind it; 十五 alone is a number.
_BARE_PLAN = re.compile(r"[“\"]?(十[一二三四五六])五[”\"]?(?![年个项条名位家所天月日岁万亿元])")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d\d)年(?![来内间期])")
_TIME_TEXT = re.compile(
    rf"(?:到|截至|至)?(?:{_TIMES.pattern}|(?:19|20)?\d\d年(?:度|底|末)?|十[一二三四五六]五(?:期间|时期)?)|"
    r"[哪那]一(?:年|天|日|个月)"
)


@dataclass(frozen=True)
class Question:
    """A question as understood.

    :ivar text: as asked.
    :ivar folded: folded for matching, courtesies kept.
    :ivar words: its telling words: no courtesies, question words or times.
    :ivar years: first and last year asked for, or None.
    :ivar units: units that the answer may carry.
    :ivar quoted: terms that the asker put in quotes.
    :ivar said: jieba's words of two characters and more that tell: 红烧肉, of which ``words`` may hold
        only the characters.
    """

    text: str
    folded: str
    words: tuple[Word, ...]
    kind: Kind
    years: tuple[int, int] | None = None
    units: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class TimeRead:
    """A word of time with the years that it was taken for.

    :ivar counted: whether they were counted from the year of the report.
    """

    word: str
    years: tuple[int, int]
    counted: bool


def understand(
    text: str,
    report_year: int | None,
    model: WordModel,
    own: tuple[str, ...] = (),
    month: int | None = None,
) -> Question:
    """Read a question; 去年 and the like count from the report's year, not from the clock.

    :param own: names of the place that the reports asked are about; they tell nothing more.
    :param month: month of the report, for 上半年 alone.
    """
    folded = in_standard_words(fold_text(text).strip())
    bare = _FILLERS.sub(lambda m: " " * len(m[0]), folded)
    bare = _TIME_TEXT.sub(lambda m: " " * len(m[0]), bare)
    bare = ASKED_AMOUNT.sub(lambda m: " " * len(m[0]), bare)
    bare = _ASKING.sub(lambda m: " " * len(m[0]), bare)
    for name in own:
        bare = bare.replace(name, " " * len(name))
    cut = model.cut(bare)
    # A question of nothing but common words (这报告是谁作的) is about these.
    words = tuple(w for w in cut if w.text not in STOP_WORDS) or tuple(
        w for w in cut if w.text in ABOUT_REPORT
    )
    return Question(
        text=text,
        folded=folded,
        words=words,
        kind=kind_of(folded),
        years=asked_years(folded, report_year, month),
        units=units_of(folded),
        quoted=tuple(m[1] for m in _QUOTED.finditer(folded)),
        said=tuple(w for w in search_words(bare) if len(w) > 1 and w not in STOP_WORDS),
    )


def asked_years(
    folded: str, report_year: int | None, month: int | None = None
) -> tuple[int, int] | None:
    """Return the first and last year that a folded question asks for."""
    years = [year for _, year in named_years(folded)]
    if not years:
        years = [2000 + int(m[1]) for m in _SHORT_YEAR.finditer(folded) if int(m[1]) <= 60]
    if years:
        return min(years), max(years)
    read = time_read(folded, report_year, month)
    return read.years if read is not None else None


def time_read(folded: str, report_year: int | None, month: int | None = None) -> TimeRead | None:
    """Return the years of a word of time, None where a year is named or no time at all."""
    if named_years(folded) or any(int(m[1]) <= 60 for m in _SHORT_YEAR.finditer(folded)):
        return None
    if report_year is not None and (match := _TIMES.search(folded)):
        first, last = TIMES[match[0]]
        return TimeRead(match[0], (report_year + first, report_year + last), True)
    if plans := plan_periods(folded):
        return TimeRead(_plan_word(folded, plans[0][0]), plans[0][1:], False)
    if bare := _BARE_PLAN.search(folded):
        return TimeRead(f"{bare[1]}五", plan_years(bare[1]), False)
    if report_year is not None and (half := HALF_YEAR.search(folded)):
        year = report_year if month is not None and month > _NEW_YEARS_REPORT else report_year - 1
        return TimeRead(half[0], (year, year), True)
    return None


def _plan_word(folded: str, at: int) -> str:
    """Return the plan's name without its quotation marks: 十四五."""
    return folded[at : folded.index("五", at + 1) + 1].strip('“"')
