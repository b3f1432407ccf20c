"""Say where a quantity does not answer although it stands at the right place: a sibling, a sum, a unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from chat.apart import sibling_told
from chat.evidence import Reading
from chat.matcher import direction
from chat.numbers import Candidate
from chat.span import shown
from corpus.cleaning import fold_text
from corpus.quantities import quantities
from corpus.sentences import clause_ranges
from corpus.types import Figure, FigureKind
from corpus.years import named_years, plan_periods
from index.encoder import Vectors
from index.words import WordModel
from retriever.places import own_names, places_in

_LEVELS = frozenset({FigureKind.ACTUAL, FigureKind.COUNT, FigureKind.SHARE, FigureKind.TARGET})
_SUMMED = frozenset({FigureKind.GROWTH, FigureKind.ACTUAL, FigureKind.COUNT})
# A unit named behind the asking word, and what a quantity must measure then. (pattern, kinds, example)
UNITS: tuple[tuple[str, frozenset[str], str], ...] = (
    (r"(?:美元|元|块钱|块)", frozenset({"money"}), "多少亿元"),
    (r"(?:亩|公顷|平方公里|平方米|平米)", frozenset({"area", "length"}), "多少万亩"),
    (r"(?:公里|千米|米(?!制))", frozenset({"length"}), "多少公里"),
    (r"(?:吨|斤|公斤|担)", frozenset({"mass", "energy"}), "多少万吨"),
)
# 多少亿元以上项目 asks for projects.
_UNITS = tuple(
    (re.compile(rf"(?:多少|几)[百千万亿]*(?:{pattern})(?!以上|以下|级)"), kinds)
    for pattern, kinds, _ in UNITS
)
# How a question asks for the difference of two values. (pattern, example)
DIFFERENCES: tuple[tuple[str, str], ...] = (
    (
        r"(?:比(?![重例])|跟|和|与|同).{1,16}(?:多|少|高|低)(?![到至为])(?:出|了)?.{0,4}(?:多少|几)",
        "比1949年多出多少公里",
    ),
    (
        r"比(?![重例]).{1,12}(?:增加|减少|提高|增长|上升|下降|降低)了?(?:多少|几)",
        "比五年前增加了多少吨",
    ),
    (r"(?<!还)相?差(?:了)?(?:多少|几)(?!倍)", "收入差多少钱"),
)
_DIFFERENCE = re.compile("|".join(pattern for pattern, _ in DIFFERENCES))
_GREW = re.compile(r"(?:增加|减少|多|涨)了?(?:多少|几)")  # 五年多了多少万人, of 由114万增加到170万
_CHANGED = re.compile(r"(?:增|减|多|少|提高|降|升|涨|扩大|缩小)[^，。；到至为]{0,4}$")
_PART = re.compile(r"占(?![地用有])")
_A_PART = re.compile(r"占[^，。；]{0,12}$|比重[^，。；]{0,6}$")
_CHANGES = re.compile(r"增|减|提高|提升|升|降|多了|少了|变")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
_AVERAGE = re.compile(r"年均|平均|每年|递增")
_STOCK = re.compile(r"(?:还|共|现在|目前|底|区|市|国|院|校)?有(?:多少|几)|余额|还剩")
_MOVES = re.compile(
    r"新|增|减|降|涨|升|多了|少了|引|招|培|建|改|淘汰|认定|启动|开工|实施|办|搞|弄|盖|修|要|[今去]年|五年"
)
_ADDED = re.compile(
    r"(?:新增|增加|减少|新?改?扩建|新改建|新建|新招|引进|引育|招聘|招录|培养|培育|建成|改造|淘汰|认定|启动|开工|实施)"
    r"[^，。；到至]{0,8}$"
)
ADDED = "报告没有给出一共有多少，只写了"
_MEMBERS = re.compile(r"[\u4e00-\u9fff]{2,}(?:、[\u4e00-\u9fff]{2,})+")
_AMOUNTS = frozenset({FigureKind.ACTUAL, FigureKind.COUNT, FigureKind.CHANGE})
_WHOLE = re.compile(r"全[市省国县区州]")
_EXAMPLES = re.compile(r"等(?:共|约|近)?$")
_ASKED_THING = re.compile(r"(?:多少|几)[家个所座条项件套户辆台张处种]([\u4e00-\u9fff]{2,})")
_RATE_NAMED = re.compile(r"([\u4e00-\u9fff]{2})率(?!先)")
_SAME_RATE = 0.35  # cosine of what two rates are named for
_LONGEST, _BEHIND, _NAME, _HEAD = 60, 24, 2, 400


@dataclass(frozen=True)
class _Case:
    reading: Reading
    candidate: Candidate
    figure: Figure | None

    @property
    def asked(self) -> str:
        return self.reading.question.folded

    @property
    def label(self) -> str:
        """What stands right beside the quantity and names it."""
        text, figure = self.candidate.text, self.figure
        behind = re.split(r"[，。；]", text[self.candidate.quantity.end :])[0][:_BEHIND]
        told = [text[slice(*self.candidate.before)], behind]
        if figure is not None:
            told += [fold_text(figure.indicator), fold_text(figure.subject)]
        return "，".join(told)


def disagreement(reading: Reading, candidate: Candidate) -> str:
    """Return what the reports lack, as a sentence, where a quantity cannot be the answer, else empty."""
    figure = reading.figure_at(candidate.evidence.passage.document_id, *candidate.source)
    case = _Case(reading, candidate, figure)
    said = next((s for rule in _RULES if (s := rule(case))), "")
    return f"{said}“{_clause(case)}”。" if said else ""


def planned(reading: Reading, candidate: Candidate) -> bool:
    """Tell whether a quantity is of what the report says is yet to be done."""
    document = reading.document(candidate.evidence)
    figure = reading.figure_at(document.id, *candidate.source)
    if figure is None or figure.period is None or document.year is None:
        return False
    return figure.kind is FigureKind.TARGET or figure.period[0] >= document.year


def asks_difference(asked: str) -> bool:
    """Tell whether a folded question asks by how much two values differ."""
    return _DIFFERENCE.search(asked) is not None


def _direction(words: WordModel, text: str) -> Vectors:
    """Return the unit vector of the words of a text, weighed."""
    cut = words.cut(text)
    weights = np.array([w.weight for w in cut], dtype=np.float32)
    return direction(words.vectors(cut), weights)


def _of_place(case: _Case) -> str:
    """上海浦东新区 in a report of the nation: what is said of all does not hold for a part."""
    document = case.reading.document(case.candidate.evidence)
    evidence = case.candidate.evidence
    before = document.text[evidence.passage.start : evidence.sentence.end]
    head = f"{document.title}{document.text[:_HEAD]}"
    around = f"{head}{before}{''.join(evidence.passage.section)}"
    named = places_in(case.reading.question, [document]).other
    other = sorted(n for n in named if n in document.text and n not in around)
    return f"报告没有给出{other[0]}的这项数字，最接近的是" if other else ""


def _of_sibling(case: _Case) -> str:
    around = fold_text(case.candidate.evidence.passage.text)
    around += "".join(case.candidate.evidence.passage.section)
    sibling = sibling_told(case.asked, case.label, around)
    return f"报告没有单独给出“{sibling}”的这项数字，最接近的是" if sibling else ""


def _of_whole(case: _Case) -> str:
    """全市 in a report of a district: the whole is not its own."""
    named = _WHOLE.search(case.asked)
    if named is None or re.search(r"占|排|居|首|第", case.asked):
        return ""
    own = own_names([case.reading.document(case.candidate.evidence)])
    if named[0] in own or named[0] in case.candidate.text:
        return ""
    return f"报告没有给出{named[0]}的这项数字，最接近的是"


def _of_unit(case: _Case) -> str:
    wanted = next((kinds for pattern, kinds in _UNITS if pattern.search(case.asked)), None)
    kind = case.candidate.quantity.kind
    if wanted is None or kind in wanted or kind == "bare":
        return ""
    return "报告没有给出以所问的单位计的数字，最接近的是"


def _of_years(case: _Case) -> str:
    asked, figure = case.reading.question.years, case.figure
    if asked is None or figure is None or figure.period is None:
        return ""
    first, last = figure.period
    years = f"{asked[0]}年" if asked[0] == asked[1] else f"{asked[0]}—{asked[1]}年"
    if last < asked[0] or asked[1] < first:
        passage = fold_text(case.candidate.evidence.passage.text)
        near = any(asked[0] <= y <= asked[1] for y in case.candidate.years)
        named = any(asked[0] <= y <= asked[1] for _, y in named_years(passage))
        named = named or asked in {(a, b) for _, a, b in plan_periods(passage)}
        told = f"{first}年" if first == last else f"{first}—{last}年"
        return "" if named and not near else f"报告没有给出{years}的这项数字，给出的是{told}的："
    together = first < last and asked[0] == asked[1] and figure.kind in _SUMMED
    if not together or figure.comparison is not None:
        return ""
    before = case.candidate.text[: case.candidate.quantity.start][-_BEHIND:]
    averaged = _AVERAGE.search(before) is not None and _AVERAGE.search(case.asked) is None
    if figure.kind is FigureKind.GROWTH and not averaged:
        return ""
    return f"报告给出的是{first}—{last}年合在一起的数字，没有单列{years}的："


def _of_difference(case: _Case) -> str:
    figure = case.figure
    if figure is None or figure.kind not in _LEVELS:
        return ""
    ended = figure.comparison is not None and figure.comparison.form in ("from", "to")
    if not asks_difference(case.asked) and not (ended and _GREW.search(case.asked)):
        return ""
    if _CHANGED.search(case.candidate.text[: case.candidate.quantity.start][-12:]):
        return ""
    return "报告没有直接给出相差多少，给出的是"


def _of_share(case: _Case) -> str:
    """占全部贸易几成: a growth rate is no part of a whole."""
    asks = _PART.search(case.asked) is not None and _CHANGES.search(case.asked) is None
    before = case.candidate.text[: case.candidate.quantity.start]
    grown = case.figure is not None and case.figure.kind is FigureKind.GROWTH
    grown = grown and _A_PART.search(before) is None
    return "报告没有给出所问的占比，给出的是" if asks and grown else ""


def _of_rate(case: _Case) -> str:
    """录取率 is no 覆盖率: a rate that is named is told by one whose name means the same."""
    asked = _RATE_NAMED.search(case.asked)
    told = _RATE_NAMED.findall(case.label)
    if asked is None or not told or asked[1] in case.label:
        return ""
    words = case.reading.words
    partners = case.reading.matcher.partners(asked.start(), asked.end())
    if any(p.removesuffix("率") in told or f"{p}率" in case.label for p in partners):
        return ""
    core, *others = (_direction(words, name) for name in (asked[1], *told))
    if max(float(core @ other) for other in others) >= _SAME_RATE:
        return ""
    return f"报告没有给出{asked[0]}，最接近的是"


def _of_measure(case: _Case) -> str:
    """十二年义务教育 is not 九年义务教育: a number in the question is a part of the name."""
    for asked in quantities(case.asked):
        name = case.asked[asked.end : asked.end + _NAME]
        written = f"{asked.number}{asked.scale}{asked.unit}"
        if not asked.unit or _CHINESE.fullmatch(name) is None or written in case.candidate.text:
            continue
        for told in quantities(case.candidate.text):
            same = case.candidate.text[told.end : told.end + _NAME] == name
            if same and told.unit == asked.unit and told.start != case.candidate.quantity.start:
                return f"报告说的不是“{written}{name}”，最接近的是"
    return ""


def _of_change(case: _Case) -> str:
    if not _STOCK.search(case.asked) or _MOVES.search(case.asked):
        return ""
    before = case.candidate.text[slice(*case.candidate.before)]
    return ADDED if _ADDED.search(before) else ""


def _of_list(case: _Case) -> str:
    """用于科技、教育、卫生等方面的支出: one amount for all of them together."""
    figure = case.figure
    if figure is None or figure.kind not in _AMOUNTS or case.candidate.quantity.kind == "share":
        return ""
    indicator = fold_text(figure.indicator)
    listed = _MEMBERS.search(indicator)
    if listed is None or quantities(indicator):
        return ""
    first, *between, last = listed[0].split("、")
    words = [case.reading.words.cut(part) for part in (first, last)]
    members = [words[0][-1].text, *between, words[1][0].text] if all(words) else between
    named = [m in case.asked for m in members]
    together = any(named) and not all(named)
    return "报告给出的是几项合在一起的数字，没有单列所问的：" if together else ""


def _of_examples(case: _Case) -> str:
    """滨江高中等9所学校: schools are counted, of which the one named is an example."""
    asked = _ASKED_THING.search(case.asked)
    before = case.candidate.text[slice(*case.candidate.before)]
    after = case.candidate.text[slice(*case.candidate.after)]
    if asked is None or not _EXAMPLES.search(before) or not after:
        return ""
    words = [w.text for w in case.reading.words.cut(asked[1]) if len(w.text) > 1]
    if not words or any(w in after for w in words):
        return ""
    return "报告没有单独给出所问的数字，最接近的是"


_RULES: tuple[Callable[[_Case], str], ...] = (
    _of_whole,
    _of_place,
    _of_sibling,
    _of_years,
    _of_unit,
    _of_difference,
    _of_share,
    _of_rate,
    _of_measure,
    _of_change,
    _of_list,
    _of_examples,
)


def _clause(case: _Case) -> str:
    """Return the clause in which the quantity stands, as people read it."""
    document = case.reading.document(case.candidate.evidence)
    segment = case.candidate.evidence.segment
    start, end = case.candidate.source
    for a, b in clause_ranges(document.text, segment.start, segment.end):
        if a <= start < b and b - a <= _LONGEST:
            return shown(document, a, max(b, end)).strip("，。；、：")
    return shown(document, start, end)
