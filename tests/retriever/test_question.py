"""A question as understood: telling words, kind, years, units, quoted terms."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.words import shipped_words
from retriever.kinds import Kind
from retriever.question import TIMES, Question, asked_years, understand


def read(text: str, own: tuple[str, ...] = ()) -> Question:
    return understand(text, 2022, shipped_words(), own)


def words(text: str, own: tuple[str, ...] = ()) -> list[str]:
    return [w.text for w in read(text, own).words]


@pytest.mark.parametrize(("word", "offsets"), TIMES.items())
def test_every_word_of_time_counts_from_the_year_of_the_report(
    word: str, offsets: tuple[int, int]
) -> None:
    assert asked_years(f"{word}财政收入有多少", 2022) == (2022 + offsets[0], 2022 + offsets[1])


@pytest.mark.parametrize("word", TIMES)
def test_a_word_of_time_is_no_telling_word(word: str) -> None:
    assert words(f"{word}新增停车位") == words("新增停车位")


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("2021年财政收入多少", (2021, 2021)),
        ("２０２１年財政收入多少", (2021, 2021)),
        ("21年财政收入多少", (2021, 2021)),
        ("2016年到2021年优良率", (2016, 2021)),
        ("去年和2020年相比", (2020, 2020)),
        ("十四五期间新建多少学校", (2021, 2025)),
        ("财政收入多少", None),
    ],
)
def test_the_years_asked_for_are_understood(question: str, years: tuple[int, int] | None) -> None:
    assert read(question).years == years


def test_last_year_is_unknown_where_the_year_of_the_report_is() -> None:
    assert understand("去年财政收入多少", None, shipped_words()).years is None


@pytest.mark.parametrize(
    "question",
    ["请问新增停车位多少个", "麻烦问一下新增停车位有多少呢？", "根据报告，新增停车位多少？", "您好，我想了解一下新增停车位"],
)  # fmt: skip
def test_courtesies_are_no_telling_words(question: str) -> None:
    assert words(question) == words("新增停车位")


def test_the_name_of_the_own_place_is_no_telling_word() -> None:
    assert "北仑" not in "".join(words("北仑区新增停车位", ("北仑区", "北仑")))


def test_the_name_of_another_place_is_a_telling_word() -> None:
    assert "镇海" in "".join(words("镇海区新增停车位", ("北仑区", "北仑")))


def test_a_question_about_the_report_itself_is_about_it() -> None:
    assert words("这报告是谁作的") == ["报告"]


def test_a_question_of_nothing_but_courtesy_tells_nothing() -> None:
    assert words("请问一下您好谢谢") == []


def test_a_quoted_term_is_remembered() -> None:
    assert read("“两业融合”和《条例》是什么意思").quoted == ("两业融合", "条例")


def test_traditional_and_full_width_questions_are_understood_alike() -> None:
    traditional, plain = read("財政總收入達到多少億元？"), read("财政总收入达到多少亿元？")
    assert (traditional.words, traditional.units) == (plain.words, plain.units)


def test_a_question_keeps_its_wording() -> None:
    assert read("財政總收入？").text == "財政總收入？"


def test_a_question_knows_its_kind_and_units() -> None:
    question = read("去年财政总收入有多少亿元？")
    assert question.kind is Kind.NUMBER
    assert "元" in question.units


def test_telling_words_stand_in_the_folded_question() -> None:
    question = read("請問ＰＭ２．５濃度降到多少？")
    assert all(question.folded[w.start : w.end] == w.text for w in question.words)
    assert "pm2.5" in [w.text for w in question.words]


@settings(deadline=None)
@given(st.text())
def test_any_question_is_understood_somehow(text: str) -> None:
    assert read(text).text == text


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        ("粮食增长了百分之几", "粮食增长了"),
        ("出口达到多少亿美元", "出口达到"),
        ("电厂是哪一年关停的", "电厂是关停的"),
        ("停车难怎么办", "停车难"),
        ("能不能加装电梯", "加装电梯"),
        ("停航停了多久", "停航停了"),
    ],
)
def test_the_words_that_ask_leave_no_telling_word_behind(question: str, bare: str) -> None:
    assert words(question) == words(bare)
