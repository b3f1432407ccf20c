"""BM25 over words and character pairs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning import fold_text
from index.lexical import LexicalIndex, tokens

TEXTS = [
    "新增停车位2000个，改造老旧小区7个。",
    "财政总收入达到781.1亿元，一般公共预算收入391.9亿元。",
    "pm2.5浓度降至20微克/立方米，空气质量优良率96%。",
    "用好rcep红利，推进跨境贸易。",
]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build([tokens(t) for t in TEXTS])


def best(index: LexicalIndex, question: str) -> int:
    return int(np.argmax(index.scores(tokens(fold_text(question)))))


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("停车位有多少", 0),
        ("財政總收入", 1),
        ("PM2.5", 2),
        ("ＲＣＥＰ", 3),
        ("空气质量", 2),
        ("一般公共预算", 1),
    ],
)
def test_the_passage_with_the_words_of_the_question_scores_best(
    index: LexicalIndex, question: str, number: int
) -> None:
    assert best(index, question) == number


def test_a_passage_without_any_word_of_the_question_scores_nothing(index: LexicalIndex) -> None:
    assert index.scores(tokens("停车位"))[3] == 0


@pytest.mark.parametrize("question", ["鳄鱼", "", "？！"])
def test_words_that_stand_nowhere_score_nothing(index: LexicalIndex, question: str) -> None:
    assert index.scores(tokens(question)).tolist() == [0.0] * len(TEXTS)


def test_an_unknown_word_does_not_disturb_a_known_one(index: LexicalIndex) -> None:
    assert best(index, "鳄鱼的停车位") == 0


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    texts = ["推进建设", "推进改革", "推进建设污水"]
    index = LexicalIndex.build([tokens(t) for t in texts])
    assert index.scores(tokens("污水"))[2] > index.scores(tokens("推进"))[2]


def test_a_saved_index_scores_as_before(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    query = tokens("财政总收入和停车位")
    assert np.array_equal(LexicalIndex.load(tmp_path).scores(query), index.scores(query))


def test_a_word_cut_otherwise_in_question_and_report_still_meets() -> None:
    assert set(tokens("双控双减")) & set(tokens("臭氧双控"))


def test_punctuation_is_no_token() -> None:
    assert tokens("，。！“”") == []


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_cut_into_tokens(text: str) -> None:
    assert all(token.strip() for token in tokens(text))
