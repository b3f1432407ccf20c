"""Figures of one indicator brought together by year, as charts show them."""

from __future__ import annotations

from fractions import Fraction

from chat.reports.series import Series, series_of
from corpus.figures import figures
from corpus.report import parse_report
from retriever.figures import FoundFigure


def found(*texts: tuple[str, str]) -> list[Series]:
    """Return the series of reports given as (name, text)."""
    items = []
    for name, text in texts:
        document = parse_report(text, name)
        items += [FoundFigure(document, f) for f in figures(document)]
    return series_of(items)


def named(series: list[Series], name: str, *, growth: bool = False) -> Series:
    """Return the one series of an indicator."""
    (only,) = [s for s in series if name in s.title and s.growth is growth]
    return only


def report(year: int, text: str) -> tuple[str, str]:
    head = (
        f"政府工作报告\n\n{year}年1月18日在云岭县第十七届人民代表大会第一次会议上\n\n各位代表：\n\n"
    )
    return f"云岭县_{year}", head + text


def test_values_of_several_years_stand_in_one_unit() -> None:
    series = found(
        report(2021, "一、2020年工作回顾\n\n2020年，全县实现地区生产总值9800万元。\n"),
        report(2022, "一、2021年工作回顾\n\n2021年，全县实现地区生产总值1.2亿元。\n"),
        report(2023, "一、2022年工作回顾\n\n2022年，全县实现地区生产总值1.5亿元。\n"),
    )
    product = named(series, "生产总值")
    assert product.unit == "亿元"
    assert [(p.year, p.value) for p in product.points] == [
        (2020, Fraction("0.98")),
        (2021, Fraction("1.2")),
        (2022, Fraction("1.5")),
    ]
    assert [p.text for p in product.points] == ["9800万元", "1.2亿元", "1.5亿元"]


def test_a_target_stands_apart_from_what_was_reached() -> None:
    series = found(
        report(
            2023,
            "一、2022年工作回顾\n\n2022年，全县实现一般公共预算收入20亿元。\n\n"
            "二、2023年工作安排\n\n2023年，一般公共预算收入达到22亿元以上。\n",
        )
    )
    revenue = named(series, "一般公共预算收入")
    assert [p.text for p in revenue.actual] == ["20亿元"]
    assert [p.text for p in revenue.targets] == ["22亿元以上"]


def test_a_target_of_growth_is_no_target_of_the_share() -> None:
    series = found(
        report(
            2023,
            "一、2022年工作回顾\n\n2022年，全县服务业增加值占比提高到49.7%。\n\n"
            "二、2023年工作安排\n\n2023年，全县服务业增加值增长7.5%左右。\n",
        )
    )
    for one in series:
        assert not ({p.text for p in one.actual} & {"49.7%"} and {p.text for p in one.targets})


def test_a_fall_is_below_zero() -> None:
    series = found(report(2023, "一、2022年工作回顾\n\n2022年，全县进出口总额下降3.2%。\n"))
    assert [p.value for p in named(series, "进出口", growth=True).points] == [Fraction("-3.2")]


def test_the_newer_report_counts_where_two_give_a_year() -> None:
    series = found(
        report(2022, "一、2021年工作回顾\n\n2021年，全县实现地区生产总值10亿元。\n"),
        report(2023, "一、工作回顾\n\n2021年，全县实现地区生产总值10.3亿元。\n"),
    )
    assert [p.text for p in named(series, "生产总值").points] == ["10.3亿元"]
