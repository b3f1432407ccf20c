"""What was done and what is to be done: asked for, and told."""

from __future__ import annotations

import pytest

from chat.tense import lies_ahead, looks_ahead, looks_back
from corpus.passages import passages
from corpus.report import parse_report
from corpus.types import Document, Sentence

REPORT = "澄江区2022年政府工作报告\n\n一、2021年工作回顾\n\n新建学校9所。\n\n二、2022年工作安排\n\n启动12所学校的新建。去年开工的两所要建成。\n"


@pytest.mark.parametrize(
    ("question", "back", "ahead"),
    [
        ("盖了多少所学校", True, False),
        ("新学校建好没有", True, False),
        ("今年要盖多少所学校", False, True),
        ("新建学校多少所", False, False),
    ],
)
def test_a_question_asks_for_what_was_done_or_is_to_be_done(
    question: str, back: bool, ahead: bool
) -> None:
    assert looks_back(question) is back
    assert looks_ahead(question) is ahead


@pytest.mark.parametrize(
    ("words", "ahead"), [("新建学校9所", False), ("启动12所", True), ("去年开工", False)]
)
def test_a_sentence_of_the_plans_lies_ahead(words: str, ahead: bool) -> None:
    document = parse_report(REPORT, "澄江区_2022")
    assert lies_ahead(document, _sentence(document, words)) is ahead


def _sentence(document: Document, words: str) -> Sentence:
    return next(
        s
        for p in passages(document)
        for s in p.sentences
        if words in document.text[s.start : s.end]
    )
