"""Years by number, by relative word and by five-year plan."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.years import RELATIVE, named_years, plan_periods, plan_years, relative_years


@pytest.mark.parametrize(("word", "offsets"), RELATIVE.items())
def test_every_relative_word_counts_from_the_year_of_the_report(
    word: str, offsets: tuple[int, int]
) -> None:
    text = f"回顾{word}，成绩显著"
    assert relative_years(text, 2022) == [(2, 2022 + offsets[0], 2022 + offsets[1])]


def test_the_table_of_relative_words_means_what_a_reader_means() -> None:
    assert relative_years("去年", 2022) == [(0, 2021, 2021)]
    assert relative_years("过去五年", 2022) == [(0, 2017, 2021)]
    assert relative_years("今后五年", 2022) == [(0, 2022, 2026)]


def test_relative_words_mean_nothing_without_the_year_of_the_report() -> None:
    assert relative_years("去年和今年", None) == []


def test_the_longest_relative_word_is_read() -> None:
    assert relative_years("过去一年来", 2022) == [(0, 2021, 2021)]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("到2026年，力争超过3200亿元", [2026]),
        ("由2016年的88.5%跃升至2021年的96%", [2016, 2021]),
        ("２０２１年", [2021]),
        ("二〇二一年", [2021]),
        ("二○二一年", [2021]),
        ("2017—2021年", [2017, 2021]),
        ("2017-2021年", [2017, 2021]),
        ("2000多个服务事项", []),
        ("完成投资2500亿元", []),
        ("12021年", []),
        ("五年来", []),
    ],
)
def test_calendar_years_are_told_from_other_figures(text: str, years: list[int]) -> None:
    assert [year for _, year in named_years(text)] == years


def test_a_year_is_found_where_it_stands() -> None:
    ((position, year),) = named_years("力争到2026年，")
    assert (position, year) == (3, 2026)


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("六", (1981, 1985)),
        ("九", (1996, 2000)),
        ("十", (2001, 2005)),
        ("十一", (2006, 2010)),
        ("十二", (2011, 2015)),
        ("十三", (2016, 2020)),
        ("十四", (2021, 2025)),
        ("十五", (2026, 2030)),
        ("十六", (2031, 2035)),
    ],
)
def test_a_five_year_plan_has_its_years(name: str, years: tuple[int, int]) -> None:
    assert plan_years(name) == years


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("高标准完成“十四五”目标任务", (2021, 2025)),
        ("十三五时期", (2016, 2020)),
        ("“十二五”规划", (2011, 2015)),
        ("十四五开局之年", (2021, 2025)),
    ],
)
def test_a_plan_named_in_a_text_is_found(text: str, years: tuple[int, int]) -> None:
    assert [(a, b) for _, a, b in plan_periods(text)] == [years]


@pytest.mark.parametrize("text", ["十五个项目", "二十五家", "五五开"])
def test_a_number_that_sounds_like_a_plan_is_none(text: str) -> None:
    assert plan_periods(text) == []


@settings(deadline=None)
@given(st.text(st.sampled_from("年月日0129１２〇一二十五—-至到去前今“”规划")) | st.text())
def test_years_lie_in_two_centuries_wherever_they_are_read(text: str) -> None:
    assert all(1900 <= year <= 2100 for _, year in named_years(text))
