"""Follow-up questions are made to stand alone."""

from __future__ import annotations

import pytest

from chat.conversation import standalone
from index.words import shipped_words


@pytest.mark.parametrize(
    ("question", "before", "holds"),
    [
        ("2016年呢？", "2021年全区空气质量优良率是多少", ("2016年", "空气质量优良率")),
        ("那下一年呢？", "2021年财政总收入是多少", ("2022年", "财政总收入")),
        ("政协提案呢？", "办结了多少件人大代表建议", ("政协提案",)),
        ("它的年均增长是多少", "一般公共预算收入是多少", ("一般公共预算收入", "年均增长")),
        ("不是，我问的是镇海", "北仑的财政总收入是多少", ("镇海",)),
    ],
)
def test_a_follow_up_takes_what_it_lacks_from_the_question_before(
    question: str, before: str, holds: tuple[str, ...]
) -> None:
    alone = standalone(question, [before], shipped_words())
    assert all(part in alone for part in holds), alone


def test_a_new_topic_stays_as_it_is() -> None:
    question = "今年要新建多少个5G基站？"
    assert standalone(question, ["报告是谁作的"], shipped_words()) == question


def test_the_first_question_stays_as_it_is() -> None:
    assert standalone("那产值呢", [], shipped_words()) == "那产值呢"
