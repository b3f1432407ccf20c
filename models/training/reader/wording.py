"""Rules that turn a sentence into a question for one of its spans, each with an example."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

import jieba.posseg

QUANTITY = re.compile(
    r"(?:约|近|超过|超|至少|不少于|不低于)?[0-9〇零一二两三四五六七八九十百千万亿]"
    r"[0-9,.，〇零一二两三四五六七八九十百千]*(?:万|亿|千)*(?:多|余)?(?:%|％|‰|个百分点|[年月日]?"
    r"(?:人次|公里|平方米|平方公里|立方米|公顷|千米|海里|万元|亿元|美元|元|人|个|家|项|名|次|座|条|倍|岁|吨|米|年|天|小时|"
    r"分钟|辆|艘|架|件|种|部|届|位|户|亩|公斤|千克|度|所|场|集|册|枚|层|级|票|分))"
)  # 超过13亿美元, 三分之二的 is not one
DATE = re.compile(
    r"(?:公元前?)?(?:[0-9]{3,4}|[一二][〇○零一二三四五六七八九]{3})年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?|"
    r"[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}世纪(?:[0-9]0年代)?"
)  # 2021年3月29日
QUOTED = re.compile(r"[“「]([^“”「」]{2,16})[”」]|(《[^《》]{2,20}》)")  # 《预算法》
CLAUSE = re.compile(r"[^，。；！？：、,;]{5,32}")
REASON = re.compile(
    r"(?:因为|由于|为了|因)([^，。；]{4,40})，|(?:，|是)(?:因为|由于|源于|得益于)([^。；]{6,80})[。；]"
)  # 由于连日降雨，
MEMBERS = re.compile(
    r"(?:包括|有|分为|如|是)((?:[^，。；、]{1,12}、){1,5}[^，。；、]{1,10}(?:和|以及|及|与)?[^，。；、]{0,8})"
)  # 包括甲、乙和丙
_UNIT = re.compile(r"[^0-9,.，〇零一二两三四五六七八九十百千万亿多余]+$")
_MARKS = re.compile(r"[，。；：、“”（）()]")
# Kind of span → the words that ask for it.
ASKING: dict[str, tuple[str, ...]] = {
    "date": ("什么时候", "何时", "哪一年", "哪年", "什么时间"),
    "nr": ("谁", "哪位", "什么人"),
    "ns": ("哪里", "什么地方", "哪个地方", "哪儿"),
    "nt": ("哪个机构", "哪个单位", "什么组织", "谁"),
    "n": ("什么", "哪个", "什么", "哪种", "哪些"),
    "quoted": ("什么", "哪个", "什么名称", "哪部作品"),
    "clause": ("什么", "怎么样", "做什么", "如何", "怎样"),
    "clauses": (
        "怎么样",
        "如何",
        "怎样",
        "有什么特点",
        "情况如何",
        "做了什么",
        "结果如何",
        "有哪些内容",
        "是什么",
        "具体是什么",
        "后来怎么样",
        "有哪些",
        "为什么",
        "有什么作用",
        "怎么做",
    ),
    "list": ("哪些", "什么", "哪几种", "哪些方面"),
}


@dataclass(frozen=True)
class Candidate:
    """A span of a sentence that can be asked for."""

    start: int
    end: int
    kind: str


def candidates(sentence: str, rng: random.Random) -> list[Candidate]:
    """Return the spans of a sentence that can be asked for."""
    found = [Candidate(*m.span(), "date") for m in DATE.finditer(sentence)]
    for m in QUANTITY.finditer(sentence):
        if not _taken(found, *m.span()):
            found.append(Candidate(*m.span(), "quantity"))
    figures = list(found)
    for m in QUOTED.finditer(sentence):
        found.append(Candidate(*m.span(1 if m[1] else 2), "quoted"))
    found.extend(_names(sentence, figures))
    found.extend(
        Candidate(*m.span(), "clause") for m in CLAUSE.finditer(sentence) if rng.random() < 0.5
    )
    found.extend(_runs(sentence, rng))
    found.extend(Candidate(*m.span(1 if m[1] else 2), "reason") for m in REASON.finditer(sentence))
    found.extend(
        Candidate(*m.span(1), "list") for m in MEMBERS.finditer(sentence) if len(m[1]) <= 50
    )
    return found


def _runs(sentence: str, rng: random.Random) -> list[Candidate]:
    """Return runs of clauses that stand behind or before another: long answers, some to the end."""
    clauses = [m.span() for m in re.finditer(r"[^，；。！？：]+", sentence)]
    runs = [
        Candidate(clauses[i][0], clauses[j][1], "clauses")
        for i in range(len(clauses))
        for j in range(i, len(clauses))
        if (i > 0 or j + 1 < len(clauses)) and 16 <= clauses[j][1] - clauses[i][0] <= 110
    ]
    # Of all runs those to the end of the sentence are the most natural answers.
    last = [c for c in runs if c.start > 0 and c.end == clauses[-1][1]]
    return rng.sample(runs, min(1, len(runs))) + rng.sample(last, min(2, len(last)))


def _taken(found: list[Candidate], start: int, end: int) -> bool:
    return any(c.start < end and c.end > start for c in found)


def _names(sentence: str, figures: list[Candidate]) -> list[Candidate]:
    """Return runs of nouns: names of people and places alone, others with what follows."""
    words, position = [], 0
    for pair in jieba.posseg.cut(sentence):
        words.append((position, position + len(pair.word), pair.flag))
        position += len(pair.word)
    found, i = [], 0
    while i < len(words):
        flag = words[i][2]
        if flag[:2] in ("nr", "ns", "nt", "nz") or flag in ("n", "vn", "an", "j", "l", "eng", "i"):
            j = i
            while j + 1 < len(words) and (
                words[j + 1][2][0] == "n"
                or (
                    words[j + 1][2] in ("vn", "j", "an", "eng", "a")
                    and words[j + 1][1] - words[i][0] <= 10
                )
            ):
                j += 1
            start, end = words[i][0], words[j][1]
            kind = flag[:2] if flag[:2] in ("nr", "ns") and j == i else "n"
            kind = "nt" if flag[:2] == "nt" else kind
            if 2 <= end - start <= 14 and not _taken(figures, start, end):
                found.append(Candidate(start, end, kind))
            i = j
        i += 1
    return found


def question(sentence: str, asked: Candidate, rng: random.Random) -> tuple[str, str] | None:
    """Return a question for a span and the word that asks, None where too little is left to ask by."""
    clauses = [m.span() for m in re.finditer(r"[^，。；！？：,;]+", sentence)]
    at = next((i for i, (a, b) in enumerate(clauses) if a <= asked.start < b), None)
    if at is None:
        return None
    last = at
    while asked.end > clauses[last][1] and last + 1 < len(clauses):
        last += 1
    if asked.kind in ("clause", "clauses"):
        return _by_neighbour(sentence, clauses, (at, last), asked.kind, rng)
    first = at
    bare = clauses[at][1] - clauses[at][0] - (asked.end - asked.start) < 6
    if rng.random() < 0.5 or bare:
        first = max(0, first - 1)
    if rng.random() < 0.25 or clauses[last][1] - clauses[first][0] - (asked.end - asked.start) < 6:
        last = min(len(clauses) - 1, last + 1)
    start, end = clauses[first][0], clauses[last][1]
    if end - start > 70:
        start, end = clauses[at][0], max(clauses[at][1], asked.end)
    if end - start - (asked.end - asked.start) < 5:
        return None
    before, after = sentence[start : asked.start], sentence[asked.end : end]
    return _ordered(before, after, asked, sentence[asked.start : asked.end], rng)


def _by_neighbour(
    sentence: str,
    clauses: list[tuple[int, int]],
    run: tuple[int, int],
    kind: str,
    rng: random.Random,
) -> tuple[str, str] | None:
    """Ask for whole clauses, from the first to the last of a run, by the one beside them."""
    if len(clauses) < 2:
        return None
    first, last = run
    before = first > 0 and (rng.random() < 0.75 or last + 1 >= len(clauses))
    at = first - 1 if before else last + 1
    if not 0 <= at < len(clauses):
        return None
    asking = rng.choice(ASKING[kind])
    return sentence[slice(*clauses[at])] + rng.choice(("，", "", "")) + asking, asking


def _ordered(
    before: str, after: str, asked: Candidate, answer: str, rng: random.Random
) -> tuple[str, str]:
    if asked.kind == "reason":
        rest = before + after.lstrip("，")
        asking = rng.choice(("为什么", "为什么", "的原因是什么", "是因为什么"))
        return (asking + rest if asking == "为什么" else rest + asking), asking
    asking = _amount(answer, rng) if asked.kind == "quantity" else rng.choice(ASKING[asked.kind])
    order = rng.random()
    if order < 0.35 and len(before) + len(after) > 6:
        return before + after + rng.choice(("是", "为", "", "")) + asking, asking
    if order < 0.38:
        return asking + after + before, asking
    return before + asking + after, asking


def _amount(answer: str, rng: random.Random) -> str:
    match = _UNIT.search(answer)
    unit = match[0] if match else ""
    if unit in ("%", "％"):
        return rng.choice(("多少", "百分之多少"))
    return rng.choice(
        (f"多少{unit}", "多少", f"多少{unit}", f"几{unit}" if len(unit) == 1 else f"多少{unit}")
    )


def without_marks(text: str, rng: random.Random) -> str:
    """Return a question without punctuation, most times."""
    return _MARKS.sub("", text) if rng.random() < 0.6 else text.strip("，")
