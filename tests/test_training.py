"""How the reader's training examples are made."""

from __future__ import annotations

import random

import pytest

from models.training.reader.examples import rounded
from models.training.reader.patterns import PATTERNS, Pattern, told_at_length, whole


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.example)
def test_a_turn_of_phrase_asks_for_what_its_sentence_tells(pattern: Pattern) -> None:
    told = told_at_length(pattern.example, random.Random(1))
    match = pattern.found.search(pattern.example)
    assert match is not None
    asked = [t for t in told if pattern.example[t.start : t.end] == match["told"].lstrip("，：“")]
    assert any(match["about"] in t.question and t.asking in t.question for t in asked)


def test_a_pronoun_is_not_asked_about() -> None:
    assert told_at_length("该项目是去年开工建设的一处水利工程。", random.Random(1)) == []


def test_the_whole_of_a_sentence_is_asked_for_without_its_stop() -> None:
    sentence = "全县完成营造林一万亩。"
    told = whole(sentence, ["全县", "营造林"], random.Random(1))
    assert sentence[told.start : told.end] == "全县完成营造林一万亩"
    assert told.question.startswith("全县营造林")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("先修好三条支渠再清淤", "县里先修好三条支渠再清淤"),
        (
            "先修好三条支渠再清淤，年底通水，下游两个镇",
            "县里先修好三条支渠再清淤，年底通水，下游两个镇都用上了水。",
        ),
    ],
)
def test_a_long_answer_is_rounded_to_clauses_or_sentences(answer: str, told: str) -> None:
    text = "渠道老化多年。县里先修好三条支渠再清淤，年底通水，下游两个镇都用上了水。农户说好。"
    at = text.index(answer)
    first, last = rounded(text, at, at + len(answer))
    assert text[first:last] == told
