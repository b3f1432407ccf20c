"""Say what is missing where the reports do not carry a question."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from chat.arithmetic import needs_sum
from chat.evidence import Reading
from chat.features import year_relation
from chat.lists import unnamed
from chat.span import shown
from chat.types import Evidence
from corpus.cleaning import fold_text
from corpus.quantities import quantities
from corpus.sentences import clause_ranges
from index.lexical import kinds
from retriever.kinds import Kind
from retriever.places import Places, is_place
from retriever.question import Question

_TELLING = 0.3  # weight from which a word of the question is named as missing
_SPOKEN = 0.6  # share of the question that a place must name for it to speak of the matter
_ALL = 0.75  # share of the question's words beside which a figure counts as the nearest
_LOOKED_AT = 12  # places looked at for a figure that is near
_PARTS = 2  # figures quoted
_LONGEST = 60  # characters of a quoted clause
# Words by which a figure is a part, not the whole: 新增学位18700个.
_PART = re.compile(
    r"新增|新建|新改扩建|改扩建|扩建|改造|引进|培育|建成|淘汰|搬迁|完成|增加|减少|开工|启动|累计|获评|入选|其中"
)
# Parts of speech in jieba's dictionary that name matters.
_NAMING = frozenset("n nr nrt nrfg nt nz ng vn an j l i eng".split())
# A word that can be named as missing: none that asks (排名第) or was cut amiss (带有, 人没).
_NAME = re.compile(r"(?![没不几哪第])[\u4e00-\u9fffA-Za-z0-9]{2,}(?<![有第了着过没不几哪是在])")


@dataclass(frozen=True)
class Missing:
    """Why a question is not answered.

    :ivar text: the sentence that a person reads in place of an answer.
    :ivar place: the place that it speaks of, None where it speaks of none.
    """

    text: str
    place: Evidence | None = None


def missing(
    question: Question, evidence: list[Evidence], places: Places, reading: Reading | None
) -> Missing:
    """Return what is missing: a place, a year, a figure, a reason, or a word the reports lack.

    :param evidence: the nearest places, best first.
    :param reading: what was read, None where nothing was to be read.
    """
    if not question.words:
        return Missing("这里只能回答报告里写到的内容，请写明想问的事，例如“去年的财政收入是多少”。")
    if places.unknown:
        return Missing(f"报告没有提到“{'、'.join(sorted(places.unknown))}”的这项内容。")
    if needs_sum(question):
        return Missing("报告没有给出可以相加的数字（单位不同，或不在一处），请分别提问。")
    if reading is None or not evidence:
        return Missing("报告没有提到这项内容。")
    unknown = _unheard_of(reading)
    if not unknown and (of_year := _of_year(reading)) is not None:
        return of_year
    if question.kind is Kind.REASON:
        return _no_reason(reading, unknown)
    if (count := unnamed(reading)) and _spoken(reading, evidence[0]) >= _SPOKEN:
        return Missing(f"报告提到了这件事，但没有逐一列出是哪{count}。", evidence[0])
    if unknown:
        return Missing(f"报告没有提到“{'”“'.join(unknown)}”。")
    if question.kind is Kind.NUMBER and (part := _part(reading)) is not None:
        return part
    return Missing("报告没有提到这项内容。")


def _unheard_of(reading: Reading) -> list[str]:
    """Return the telling words of the question that stand nowhere in the reports, at most two."""
    words = [
        w.text
        for w, lacking in zip(reading.question.words, reading.unheard_of, strict=True)
        if lacking > 0 and w.weight >= _TELLING and _NAME.fullmatch(w.text) and _is_name(w.text)
    ]
    return words[:2]


def _is_name(word: str) -> bool:
    """Tell what a matter is called (螃蟹, 地铁) from words that only go with it (那次, 往后, 一片, 看看)."""
    kind = kinds().get(word)
    return kind is None or kind in _NAMING or (kind in ("ns", "nsf") and is_place(word))


def _of_year(reading: Reading) -> Missing | None:
    """Return that the year asked for is missing, with the year that is given."""
    question, place = reading.question, reading.evidence[0]
    if question.years is None:
        return None
    segment = place.segment
    counts = question.kind is Kind.NUMBER
    _, conflict = year_relation(question.years, segment, counts)
    given = segment.years or segment.period
    if conflict < 0.5 or not given:
        return None
    asked, told = _years(question.years), _years(given)
    if _spoken(reading, place) < _SPOKEN:
        return Missing(f"报告没有给出{asked}的这项内容，最接近的内容说的是{told}。", place)
    if counts and given[0] <= question.years[0] and question.years[1] <= given[-1]:
        return Missing(f"报告给出的是{told}合在一起的数字，没有单列{asked}的。", place)
    what = "数字" if counts else "内容"
    return Missing(f"报告给出了{told}的{what}，没有{asked}的。", place)


def _no_reason(reading: Reading, unknown: list[str]) -> Missing:
    place = reading.evidence[0]
    if not unknown and _spoken(reading, place) >= _SPOKEN:
        return Missing("报告提到了这件事，但没有说明原因。", place)
    if unknown:
        return Missing(f"报告没有提到“{'”“'.join(unknown)}”，也就没有说明原因。")
    return Missing("报告没有提到这件事，也没有说明原因。")


def _part(reading: Reading) -> Missing | None:
    """Return the figures nearest to what is asked: parts where the whole is wanted."""
    found = [f for e in reading.evidence[:_LOOKED_AT] if (f := _figure_near(reading, e))]
    if not found:
        return None
    told = [(e, text) for e, text in found if _PART.search(text)]
    if told and not _PART.search(reading.question.folded):
        subject = "".join(w.text for w in reading.question.words)
        parts = sorted(dict(told[:_PARTS]).items(), key=lambda pair: pair[0].segment.start)
        quoted = "”和“".join(text for _, text in parts)
        return Missing(f"报告没有给出“{subject}”一共有多少，只写了“{quoted}”。", parts[0][0])
    place, text = found[0]
    return Missing(f"报告没有单列所问的数字，最接近的是“{text}”。", place)


def _figure_near(reading: Reading, place: Evidence) -> tuple[Evidence, str] | None:
    """Return the clause of a place that gives a figure of the unit asked for beside all its words."""
    question = reading.question
    weights = np.array([w.weight for w in question.words], dtype=np.float32)
    document = reading.document(place)
    text = shown(document, place.segment.start, place.segment.end)
    for start, end in clause_ranges(text, 0, len(text)):
        clause = fold_text(text[start:end])
        if end - start > _LONGEST or not any(
            any(unit in q.unit for unit in question.units) or not question.units
            for q in quantities(clause)
        ):
            continue
        if float((reading.spelt(clause) * weights).sum()) >= _ALL * float(weights.sum()):
            return place, text[start:end].strip()
    return None


def _spoken(reading: Reading, place: Evidence) -> float:
    """Return the share of the question that a place names, by words or their partners."""
    text = fold_text(shown(reading.document(place), place.sentence.start, place.sentence.end))
    weights = np.array([w.weight for w in reading.question.words], dtype=np.float32)
    return float((reading.spelt(text) * weights).sum() / max(float(weights.sum()), 1e-6))


def _years(years: tuple[int, ...]) -> str:
    return "—".join(str(y) for y in sorted(set(years))) + "年"
