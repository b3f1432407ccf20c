"""Kinds of answer and units, row by row."""

from __future__ import annotations

import re

import pytest

from corpus.cleaning import fold_text
from corpus.types import FigureKind
from retriever.kinds import (
    ASKED_AMOUNT,
    KINDS,
    UNITS,
    Kind,
    figure_kind_of,
    kind_of,
    units_of,
)


@pytest.mark.parametrize(
    ("kind", "pattern", "example"), KINDS, ids=[example for _, _, example in KINDS]
)
def test_every_kind_of_question_is_told_by_its_example(
    kind: Kind, pattern: str, example: str
) -> None:
    assert re.search(pattern, example)
    assert kind_of(example) is kind


@pytest.mark.parametrize(
    ("pattern", "units", "example"), UNITS, ids=[example for _, _, example in UNITS]
)
def test_every_row_of_units_is_allowed_to_answer_its_example(
    pattern: str, units: tuple[str, ...], example: str
) -> None:
    assert re.search(pattern, example)
    assert set(units) <= set(units_of(example))


def test_every_kind_has_a_row() -> None:
    assert {kind for kind, _, _ in KINDS} == set(Kind)


def test_every_example_is_written_as_patterns_see_it() -> None:
    examples = [row[2] for row in (*KINDS, *UNITS)]
    assert examples == [fold_text(e) for e in examples]


@pytest.mark.parametrize("ending", ["？", "?", "！", "呢？", "呀", "啊。", " "])
def test_the_end_of_a_question_does_not_change_its_kind(ending: str) -> None:
    assert kind_of(fold_text(f"报告提到地铁了吗{ending}")) is Kind.YES_NO


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("2021年全区地区生产总值是多少？", Kind.NUMBER),
        ("报告是什么时候作的", Kind.DATE),
        ("谁作的政府工作报告", Kind.PERSON),
        ("为什么说困难和挑战还不少", Kind.REASON),
        ("TOD是什么意思", Kind.DEFINITION),
        ("今年怎么解决停车难", Kind.HOW),
        ("引进了哪些重点项目", Kind.LIST),
    ],
)
def test_questions_as_people_ask_them_have_their_kind(question: str, kind: Kind) -> None:
    assert kind_of(fold_text(question)) is kind


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("新增多少家企业", "家"),
        ("新建几所学校", "所"),
        ("改造多少个小区", "个"),
        ("建设多少套保障房", "套"),
    ],
)
def test_the_measure_word_of_a_question_is_the_unit_of_its_answer(question: str, unit: str) -> None:
    assert units_of(question) == (unit,)


def test_a_question_that_counts_nothing_asks_for_no_unit() -> None:
    assert units_of("报告是谁作的") == ()


@pytest.mark.parametrize(
    "amount",
    [
        "多少家",
        "几所",
        "多少亿元",
        "多少个百分点",
        "多少",
        "百分之几",
        "多少万名",
        "几个人",
        "多少钱",
        "几块钱",
        "几天",
        "多少亿美元",
    ],
)
def test_the_asking_words_are_found_with_their_measure_word(amount: str) -> None:
    match = ASKED_AMOUNT.search(f"新增{amount}")
    assert match is not None
    assert match[0] == amount


@pytest.mark.parametrize("word", ["人才", "成本", "天然气", "年轻人", "岁"])
def test_a_word_that_begins_like_a_unit_is_left_whole(word: str) -> None:
    match = ASKED_AMOUNT.search(f"多少{word}")
    assert match is not None
    assert match[0] == "多少"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("抗击非典那年新增了多少岗位", Kind.NUMBER),
        ("发大水那天谁去了现场", Kind.PERSON),
        ("会议是那天开的", Kind.DATE),
    ],
)
def test_that_year_is_no_which_year_where_something_else_is_asked(
    question: str, kind: Kind
) -> None:
    assert kind_of(question) is kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [("全市排几名", FigureKind.RANK), ("每校至少配几名督学", None)],
)
def test_a_few_people_are_no_rank(question: str, kind: FigureKind | None) -> None:
    assert figure_kind_of(question) is kind
