"""An answer says which years a word of time was taken for."""

from __future__ import annotations

import pytest

from chat.service import Service
from index.words import shipped_words
from retriever.question import asked_years, time_read, understand


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("去年财政总收入是多少", "“去年”按2021年理解（报告作于2022年）。"),
        ("今年GDP目标是多少", "“今年”按2022年理解（报告作于2022年）。"),
        ("过去五年GDP年均增长多少", "“过去五年”按2017—2021年理解（报告作于2022年）。"),
        ("十四五期间有什么打算", "“十四五”按2021—2025年理解。"),
        ("十四五有哪些目标", "“十四五”按2021—2025年理解。"),
    ],
)
def test_a_relative_time_is_told_as_a_year(question: str, note: str, service: Service) -> None:
    assert note in service.ask(question).notes


@pytest.mark.parametrize("question", ["2021年财政总收入是多少", "财政总收入是多少", "你好"])
def test_nothing_is_told_where_nothing_was_reckoned(question: str, service: Service) -> None:
    assert not any("理解" in note for note in service.ask(question).notes)


def test_half_a_year_counts_from_the_day_of_the_report() -> None:
    # Given in January the report looks back on the year before; in July on its own.
    assert asked_years("上半年财政收入多少", 2022, 1) == (2021, 2021)
    assert asked_years("上半年财政收入多少", 2022, 7) == (2022, 2022)
    assert asked_years("2020年上半年财政收入多少", 2022, 7) == (2020, 2020)


def test_fifteen_of_something_is_no_plan() -> None:
    assert time_read("建了十五个公园", None) is None
    assert understand("十五年来的变化", 2022, shipped_words()).years is None
