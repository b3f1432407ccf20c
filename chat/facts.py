"""Questions about the report itself: who gave it, when, at which meeting."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.span import Span
from chat.types import Evidence
from corpus.cleaning import fold_text
from corpus.passages import title_passage
from corpus.types import Document
from retriever.kinds import Kind
from retriever.question import Question

# (what is asked for, kinds of question that ask for it, words that ask for it, example)
FACTS: tuple[tuple[str, frozenset[Kind], str, str], ...] = (
    (
        "meeting",
        frozenset(Kind),
        r"(哪|什么)(个|次|一次|场)?(大会|会议|会)",
        "报告是在哪次会议上作的",
    ),
    ("speaker", frozenset({Kind.PERSON}), r"谁|哪位|什么人|叫什么", "报告是谁作的"),
    ("date", frozenset({Kind.DATE}), r"", "报告是哪天作的"),
)
_FACTS = tuple((name, kinds, re.compile(words)) for name, kinds, words, _ in FACTS)
# What a question about the report may say beside its place and the office of the speaker.
_ABOUT = re.compile(
    r"(政府)?工作报告|报告人?|作|做|讲|念|宣读|发布|发表|公布|汇报|提交|代表|人民政府|政府|大会|会议|会|"
    r"日期|时间|时候|名字|姓名|现任|现在|当时|请问|谁|哪位|哪个|哪一?次|哪[一]?[年天月日]|几[月号日]|什么|何时|啥|"
    r"\d+年|今年|去年|[年月日天号]|人|叫|个|次|份|场|是|的|了|由|在|向|上|这|那|该|本|召?开|于|为|有|"
    r"[吗呢啊呀\s?？。，,!！]"
)
_MENTIONS = re.compile(r"报告|会议|大会")


def fact_span(question: Question, documents: Sequence[Document]) -> Span | None:
    """Return what the title block tells, if the question is about the report itself."""
    fact = next(
        (
            name
            for name, kinds, words in _FACTS
            if question.kind in kinds and words.search(question.folded)
        ),
        None,
    )
    if fact is None:
        return None
    for document in sorted(documents, key=lambda d: d.year or 0, reverse=True):
        value = _value(document, fact)
        if value and _about(question, document, fact):
            passage = title_passage(document)
            sentence = passage.sentences[0]
            return Span(value, (Evidence(passage, sentence, sentence, 0.0),))
    return None


def _value(document: Document, fact: str) -> str:
    if fact == "date" and document.date:
        year, month, day = (int(part) for part in document.date.split("-"))
        return f"{year}年{month}月{day}日"
    return str(getattr(document, fact))


def _about(question: Question, document: Document, fact: str) -> bool:
    """Tell whether the question speaks of nothing but the report and its title block."""
    if question.years is not None:
        first, last = question.years
        if document.year is None or not first <= document.year <= last:
            return False
    rest = _ABOUT.sub("", question.folded)
    office = bool(rest) and rest in "".join(fold_text(document.text[: document.header_end]).split())
    mentions = bool(_MENTIONS.search(question.folded))
    if fact == "speaker":  # 区长是谁: the office stands in the title block
        return office or (not rest and mentions)
    return (not rest or office) and mentions
