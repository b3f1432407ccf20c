"""Figures: numbers with indicator, owner, years and kind."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.figures import figures
from corpus.report import parse_report
from corpus.types import Document, Figure
from eval.figures import GOLD, annotated_ranges, read_gold, score, score_report

HEAD = "北仑区2022年政府工作报告\n\n各位代表：\n\n本届政府工作回顾\n\n"


def found_in(text: str, name: str = "北仑区_2022", head: str = HEAD) -> list[Figure]:
    return figures(parse_report(head + text, name))


def by_text(found: list[Figure]) -> dict[str, Figure]:
    return {f.text: f for f in found}


@pytest.fixture(scope="module")
def bundled(document: Document) -> list[Figure]:
    return figures(document)


def at(document: Document, found: list[Figure], words: str) -> Figure:
    """Return the figure whose surroundings read ``words``, its number between ‹ and ›."""
    before, text, behind = re.split("[‹›]", words)
    start = document.text.index(before + text + behind) + len(before)
    return next(f for f in found if f.start == start and f.text == text)


# The bundled report


def test_every_figure_stands_in_the_report_as_quoted(
    document: Document, bundled: list[Figure]
) -> None:
    assert len(bundled) > 150
    assert all(document.text[f.start : f.end] == f.text for f in bundled)
    assert [f.start for f in bundled] == sorted(f.start for f in bundled)
    assert all(a.end <= b.start for a, b in pairwise(bundled))


def test_the_total_product_of_2021_has_value_unit_year_and_owner(
    document: Document, bundled: list[Figure]
) -> None:
    figure = at(document, bundled, "全区实现地区生产总值‹2382.5亿元›，")
    assert (figure.value, figure.unit, figure.period) == (Decimal("2382.5"), "亿元", (2021, 2021))
    assert (figure.indicator, figure.name) == ("地区生产总值", "生产总值")
    assert (figure.kind, figure.subject) == ("actual", "全区")


def test_a_yearly_average_speaks_of_the_whole_term(
    document: Document, bundled: list[Figure]
) -> None:
    figure = at(document, bundled, "2382.5亿元，年均增长‹7.5%›")
    assert (figure.period, figure.kind, figure.direction) == ((2017, 2021), "growth", 1)


def test_the_second_of_two_rates_belongs_to_the_second_of_two_sums(
    document: Document, bundled: list[Figure]
) -> None:
    rates = [at(document, bundled, "年均增长‹18.8%›和"), at(document, bundled, "18.8%和‹17.8%›。")]
    assert [f.indicator for f in rates] == ["财政总收入", "一般公共预算收入"]
    assert {f.kind.value for f in rates} == {"growth"}


def test_a_change_from_one_year_to_another_gives_each_value_its_year(
    document: Document, bundled: list[Figure]
) -> None:
    first = at(document, bundled, "2016年的‹88.5%›跃升至")
    second = at(document, bundled, "2021年的‹96%›，")
    assert (first.period, second.period) == ((2016, 2016), (2021, 2021))
    assert first.comparison is not None
    assert second.comparison is not None
    assert (first.comparison.form, second.comparison.form) == ("from", "to")
    assert first.indicator == second.indicator == "空气质量优良率"


def test_a_share_says_what_it_is_a_share_of(document: Document, bundled: list[Figure]) -> None:
    figure = at(document, bundled, "占全市总量的‹22.6%›")
    assert (figure.kind, figure.indicator) == ("share", "规上工业总产值")
    assert figure.comparison is not None
    assert (figure.comparison.form, figure.comparison.other) == ("of", "全市总量")


def test_a_decline_compares_with_the_year_it_names(
    document: Document, bundled: list[Figure]
) -> None:
    figure = at(document, bundled, "较2016年下降‹17.6%›")
    assert (figure.kind, figure.direction, figure.period) == ("growth", -1, (2016, 2021))


def test_a_third_stays_exact(document: Document, bundled: list[Figure]) -> None:
    figure = at(document, bundled, "占全市总量超过‹三分之一›")
    assert (figure.value, figure.unit, figure.qualifier) == (Fraction(1, 3), "", "超过")


def test_a_place_in_a_ranking_is_a_rank_of_the_report_s_own_region(
    document: Document, bundled: list[Figure]
) -> None:
    figure = at(document, bundled, "名列全市‹首位›")
    assert (figure.kind.value, figure.value, figure.subject) == ("rank", Decimal(1), "北仑区")


def test_numbers_of_names_are_no_figures(bundled: list[Figure]) -> None:
    written = {f.text for f in bundled}
    assert not written & {"246", "2.5", "12345", "24小时", "八项"}


def test_the_task_chapter_sets_targets(document: Document, bundled: list[Figure]) -> None:
    tasks = next(s for s in document.sections if s.path == ("2022年主要工作安排",))
    kinds = [f.kind.value for f in bundled if tasks.heading_start <= f.start < tasks.end]
    assert kinds.count("target") > 0.8 * len(kinds)


# Sentences written for the test


def test_the_four_figures_of_a_parallel_list_go_to_their_owners() -> None:
    found = found_in("2021年，甲镇完成产值30亿元、乙镇完成产值20亿元，分别增长5%和7%。")
    owners = [(f.indicator[:2], str(f.value), f.kind.value) for f in found]
    assert owners == [
        ("甲镇", "30", "actual"), ("乙镇", "20", "actual"), ("甲镇", "5", "growth"), ("乙镇", "7", "growth"),
    ]  # fmt: skip


def test_names_in_parallel_share_their_common_end() -> None:
    found = found_in("2021年，城镇和农村人均住房面积分别增加2.8平方米和5.5平方米。")
    assert [f.indicator for f in found] == ["城镇人均住房面积", "农村人均住房面积"]
    assert {f.kind.value for f in found} == {"change"}


def test_chinese_numerals_of_old_reports_are_read() -> None:
    head = "1983年政府工作报告\n各位代表：\n过去五年的回顾\n"
    found = by_text(
        found_in(
            "一九八二年比一九七八年，钢产量增加九百二十四万吨，增长百分之十七点三，布增长两倍。",
            "国务院_1983",
            head,
        )
    )
    steel, rate, cloth = found["九百二十四万吨"], found["百分之十七点三"], found["两倍"]
    assert (steel.value, steel.unit, steel.kind.value) == (Decimal(924), "万吨", "change")
    assert (rate.value, rate.unit, rate.period) == (Decimal("17.3"), "%", (1978, 1982))
    assert (cloth.value, cloth.unit, cloth.indicator) == (Decimal(2), "倍", "布")
    assert cloth.kind == "growth"
    assert {f.subject for f in found.values()} == {"全国"}


def test_an_average_begins_with_the_first_year_counted() -> None:
    found = by_text(found_in("2021年，总产值达到90亿元，比2016年增长50%，平均每年增长8.4%。"))
    assert found["50%"].period == (2016, 2021)
    assert found["8.4%"].period == (2017, 2021)


def test_a_target_for_a_later_year_is_of_that_year() -> None:
    head = "北仑区2022年政府工作报告\n各位代表：\n今后五年的奋斗目标和主要任务\n"
    (figure,) = found_in("到2026年，力争全区生产总值超过3200亿元。", head=head)
    assert (figure.kind, figure.period, figure.qualifier) == ("target", (2026, 2026), "超过")


def test_what_a_target_is_compared_with_does_not_date_the_targets_behind_it() -> None:
    text = "今年的主要目标是：一般公共预算收入与上年持平，零售总额增长4%，失业率低于去年，新增就业3.2万人。"
    found = by_text(found_in(text))
    assert found["4%"].period == (2022, 2022)
    assert found["3.2万人"].period == (2022, 2022)


def test_things_counted_after_their_names_are_no_targets() -> None:
    head = "北仑区2022年政府工作报告\n各位代表：\n2022年主要工作安排\n"
    listed, aimed = found_in("推进甲厂、乙厂等12个项目，新增学位5000个。", head=head)
    assert (listed.kind, aimed.kind) == ("count", "target")


def test_last_year_in_a_review_is_the_year_before_the_report() -> None:
    (figure,) = found_in("去年，财政收入增长6%。")
    assert figure.period == (2021, 2021)


def test_growth_over_the_year_before_is_of_the_year_itself() -> None:
    found = by_text(found_in("2021年，财政收入70亿元，比上年增长6%。"))
    assert found["6%"].period == (2021, 2021)
    assert found["6%"].comparison is not None
    assert found["6%"].comparison.form == "than"


def test_a_scale_in_two_steps_is_one_number() -> None:
    found = by_text(found_in("企业由5000户增加到1万6千多户，出境旅游人次达到1亿3千多万。"))
    assert (found["1万6千多户"].value, found["1万6千多户"].unit) == (Decimal("1.6"), "万户")
    assert (found["1亿3千多万"].value, found["1亿3千多万"].unit) == (Decimal("1.3"), "亿")


def test_a_bound_that_picks_projects_out_is_no_figure() -> None:
    (figure,) = found_in("2021年，引进10亿元以上项目20个。")
    assert (figure.text, figure.indicator) == ("20个", "10亿元以上项目")


def test_brackets_do_not_cut_the_name() -> None:
    (figure,) = found_in("2021年，细颗粒物（PM2.5）平均浓度下降30%。")
    assert (figure.indicator, figure.name) == ("细颗粒物（PM2.5）平均浓度", "PM2.5浓度")


def test_the_unit_keeps_the_larger_of_two_scales() -> None:
    (figure,) = found_in("2021年，粮食产量达到三亿零五百三十万吨。")
    assert (figure.text, figure.value, figure.unit) == (
        "三亿零五百三十万吨", Decimal("3.053"), "亿吨",
    )  # fmt: skip


def test_a_quoted_bound_is_a_figure_but_a_quoted_name_is_none() -> None:
    (figure,) = found_in("确保项目审批“最多80天”，深化“最多跑一次”改革。")
    assert (figure.text, figure.qualifier, figure.indicator) == ("80天", "最多", "项目审批")


def test_many_may_stand_inside_the_unit() -> None:
    (figure,) = found_in("2021年，服务业比重提高2个多百分点。")
    assert (figure.text, figure.unit, figure.qualifier) == ("2个多百分点", "个百分点", "多")


def test_a_share_of_something_completes_the_name_before_it() -> None:
    found = by_text(found_in("2021年，教育经费支出7.7亿元，占生产总值比例达到4%。"))
    assert found["4%"].indicator == "教育经费支出占生产总值比例"


def test_what_the_whole_clause_compares_with_is_no_name() -> None:
    found = by_text(found_in("2021年，招收研究生4万人，比前五年的总和还多83%。"))
    assert found["83%"].indicator == found["4万人"].indicator == "招收研究生"


def test_now_is_the_year_of_the_report() -> None:
    found = by_text(found_in("养老金从2004年每月700元提高到现在的1721元。"))
    assert (found["700元"].period, found["1721元"].period) == ((2004, 2004), (2022, 2022))


def test_what_is_done_over_the_years_adds_up_but_a_level_is_of_the_last_year() -> None:
    found = by_text(
        found_in("这五年，城镇新增就业超过6000人，医疗保险参保超过13万人，全区总人口达到80万人。")
    )
    assert found["6000人"].period == (2017, 2021)
    assert found["13万人"].period == found["80万人"].period == (2021, 2021)


@pytest.mark.parametrize(
    ("said", "period"),
    [
        ("粮食总产量7.4万吨", (2021, 2021)),
        ("全年减税降费24.7亿元", (2021, 2021)),
        ("五年年均增长9%，进出口总额746亿元", (2021, 2021)),
        ("累计减税降费24.7亿元", (2017, 2021)),
        ("新建学校18所", (2017, 2021)),
    ],
)
def test_within_a_chapter_on_five_years_a_yearly_amount_is_of_the_last(
    said: str, period: tuple[int, int]
) -> None:
    text = f"政府工作报告\n——2022年1月12日在云岭县人民代表大会上\n各位代表：\n一、过去五年工作回顾\n{said}。\n"
    assert figures(parse_report(text, "云岭县_2022"))[-1].period == period


def test_a_goal_holds_for_the_clauses_behind_it() -> None:
    found = found_in("计划要求今年产值增长5%，财政收入增长6%。")
    assert [(f.kind, f.period) for f in found] == [("target", (2022, 2022))] * 2


def test_a_restated_amount_is_a_rate() -> None:
    found = by_text(found_in("2021年，粮食增产22万吨，即7.8%。"))
    assert (found["7.8%"].kind, found["7.8%"].direction) == ("growth", 1)


def test_a_goal_that_was_surpassed_opens_no_plan() -> None:
    (figure,) = found_in("就业超过预期目标。城镇新增就业859人。")
    assert (figure.kind, figure.period) == ("count", (2017, 2021))


def test_a_list_of_goals_for_the_region_is_the_region_s() -> None:
    head = "北仑区2022年政府工作报告\n各位代表：\n2022年主要工作安排\n"
    found = found_in("全区发展的主要预期目标是：产值增长7%；城镇新增就业25000人。", head=head)
    assert {f.subject for f in found} == {"全区"}


def test_things_in_a_list_are_counted_by_a_group_word() -> None:
    (figure,) = found_in("聚焦汽车、装备、材料等三大科创高地，谋划新一轮行动，学习二十大精神。")
    assert (figure.text, figure.unit, figure.kind) == ("三大", "大", "count")


# Scoring


def test_the_bundled_report_is_read_almost_without_fault() -> None:
    result = score_report(GOLD, "北仑区_2022", annotated_ranges(GOLD)["北仑区_2022"], Path())
    assert result.precision >= 0.95
    assert result.recall >= 0.9


def test_a_part_that_is_not_annotated_yet_has_no_reports(tmp_path: Path) -> None:
    assert annotated_ranges(tmp_path / "test") == {}


def test_a_range_annotated_as_one_figure_equals_none(tmp_path: Path, bundled: list[Figure]) -> None:
    first = (GOLD / "北仑区_2022.jsonl").read_text("utf-8").splitlines()[0]
    path = tmp_path / "ranges.jsonl"
    path.write_text(first.replace('"2382.5"', '"2382-2383"'), "utf-8")
    (gold,) = read_gold(path)
    assert gold.value is None
    assert score([gold], bundled[:1]).fields["value"] == 0


def test_a_figure_with_a_wrong_year_is_found_but_not_right(bundled: list[Figure]) -> None:
    gold = read_gold(GOLD / "北仑区_2022.jsonl")[:1]
    found = [f for f in bundled if f.start == gold[0].start]
    assert (score(gold, found).right, score(gold, found).matched) == (1, 1)
    late = [replace(found[0], period=(2020, 2020))]
    result = score(gold, late)
    assert (result.right, result.matched, result.fields["period"]) == (0, 1, 0)


# Any text


@given(
    st.text(
        "0123456789.,，。、；年月日%亿万千百十一二三四五六七八九点分之由到至比增长下降占第位首“”（）“全区实现收入的个家吨元倍超近多余以上左右",
        max_size=80,
    )
)
def test_any_text_passes_and_every_quote_is_exact(text: str) -> None:
    document = parse_report(f"{HEAD}{text}。", "北仑区_2022")
    for figure in figures(document):
        assert document.text[figure.start : figure.end] == figure.text
