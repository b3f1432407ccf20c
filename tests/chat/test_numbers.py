"""Questions for figures and for reckoning with them, over reports of several years."""

from __future__ import annotations

import re

import pytest
from conftest import QUESTIONS

from chat.apart import SIBLINGS, sibling_told
from chat.disagreement import DIFFERENCES, UNITS
from chat.page.trend import trend_of
from chat.reckoning import number
from chat.service import Service
from chat.skills.wording import DIRECTIONS, LIMITS, TASKS
from chat.types import Status
from corpus.figures.bounds import BOUNDS, Bound, bound_of

REPORTS = QUESTIONS / "arithmetic" / "documents"


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The product over the reports of the State Council of five years."""
    service = Service(tmp_path_factory.mktemp("nation"), "wenzheng-static")
    service.add([REPORTS / f"国务院_{y}.txt" for y in (2013, 2017, 2018, 2020, 2021)])
    return service


@pytest.mark.parametrize(
    ("question", "answer", "working"),
    [
        (
            "2018年赤字率比2017年低了多少",
            "0.4个百分点",
            "2017年3% − 2018年2.6% = 0.4个百分点",
        ),
        (
            "2019年GDP比2016年增加了多少",
            "24.7万亿元",
            "2019年99.1万亿元 − 2016年74.4万亿元 = 24.7万亿元",
        ),
        ("2017年GDP是2016年的几倍", "1.11倍", "2017年82.7万亿元 ÷ 2016年74.4万亿元 ≈ 1.11倍"),
        (
            "2016年和2017年城镇新增就业一共多少人",
            "2665万人",
            "2016年1314万人 + 2017年1351万人 = 2665万人",
        ),
        ("2018年中央财政赤字占财政赤字的百分之几", "65.13%", "÷ 财政赤字2.38万亿元 ≈ 65.13%"),
        (
            "2018年中央财政赤字比地方财政赤字多多少",
            "7200亿元",
            "中央财政赤字1.55万亿元 − 地方财政赤字8300亿元 = 7200亿元",
        ),
        ("2020年赤字率比2018年高多少", "至少1个百分点", "2020年3.6%以上 − 2018年2.6%"),
        ("2017年GDP和财政收入哪个增长快", "财政收入", "财政收入增长7.4%"),
        ("国内生产总值哪一年首次超过80万亿元", "2017年", "2016年国内生产总值74.4万亿元"),
        ("哪一年城镇新增就业最多", "2019年（1352万人）", "2020年1186万人"),
    ],
)
def test_what_is_reckoned_shows_its_working_and_cites_each_figure(
    nation: Service, question: str, answer: str, working: str
) -> None:
    told = nation.ask(question)
    assert told.status is Status.ANSWERED
    assert told.answer == answer
    assert working in told.explanation
    quoted = "".join("".join(c.quote.split()) for c in told.citations)
    figures = re.findall(
        r"\d[\d.]*(?:%|万亿元|亿元|万人)",
        working.split("=", maxsplit=1)[0].split("≈", maxsplit=1)[0],
    )
    assert all(f in quoted for f in figures)


def test_the_other_way_round_is_told(nation: Service) -> None:
    assert nation.ask("2018年赤字率比2017年提高了多少").answer == "不是高了，而是低0.4个百分点"


def test_a_series_lists_year_and_value_and_is_drawn_with_the_same_values(nation: Service) -> None:
    answer = nation.ask("近五年赤字率怎么变")
    assert answer.items == (
        "2017年：3%", "2018年：2.6%", "2020年：3.6%以上", "2021年：3.2%左右",
    )  # fmt: skip
    assert any("2019年" in note for note in answer.notes)
    series = trend_of(answer, nation.library)
    assert series is not None
    assert [f"{p.year}年：{p.text}" for p in series.points] == list(answer.items)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("2019年城镇新增就业比2018年多多少", "实际数"),
        ("2018年GDP比2017年多多少", "2018年"),
        ("2017年人均GDP比2012年多多少", "人均"),
        ("2016年和2017年的赤字率一共多少", "百分"),
        ("2020年GDP增长目标是多少", "目标"),
    ],
)
def test_a_missing_or_unlike_figure_is_named_in_the_refusal(
    nation: Service, question: str, said: str
) -> None:
    answer = nation.ask(question)
    assert answer.status is Status.UNANSWERABLE
    assert said in answer.answer


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("今年GDP目标是多少", "6%以上"),
        ("2018年GDP增长目标是多少", "6.5%左右"),
        ("2019年GDP比上年增长多少", "6.1%"),
        ("到2025年常住人口城镇化率要达到多少", "65%"),
    ],
)
def test_target_and_actual_of_the_right_year(nation: Service, question: str, answer: str) -> None:
    assert nation.ask(question).answer == answer


def test_what_reports_give_differently_is_told_with_their_years(nation: Service) -> None:
    answer = nation.ask("2012年国内生产总值是多少")
    assert answer.answer == "54万亿元"
    assert any("2013年的报告是51.9万亿元" in note for note in answer.notes)


def test_a_difference_is_taken_within_one_report_where_it_gives_both(nation: Service) -> None:
    answer = nation.ask("2012年国内生产总值比2007年多多少")
    assert answer.answer == "25.3万亿元"  # 51.9 and 26.6, both of the report of 2013


def test_without_a_year_the_newest_answers_and_says_so(nation: Service) -> None:
    answer = nation.ask("赤字率是多少")
    assert answer.answer == "3.2%左右"
    assert any("2021年" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("2021年和2020年的GDP差多少", "没有给出2020年"),
        ("GDP比上年增长多少", "2017—2021年"),
    ],
)
def test_one_report_does_not_tell_what_it_does_not_give(
    service: Service, question: str, said: str
) -> None:
    answer = service.ask(question)
    assert answer.status is Status.UNANSWERABLE
    assert said in answer.answer


def test_what_was_reached_comes_first_and_the_target_beside_it(
    service: Service, nation: Service
) -> None:
    told = service.ask("新增城镇就业多少人").answer
    assert told == "112696人（2017—2021年合计），2022年的目标是25000人"
    told = nation.ask("城镇新增就业多少人").answer
    assert told == "1186万人（2020年），2021年的目标是1100万人以上"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("去年GDP增长多少", "2017—2021年GDP的增长（7.5%），没有给出2021年比上年"),
        ("去年服务业增加值增长了多少", "没有给出2021年比上年"),
        (
            "2018年新增城镇就业多少人",
            "2017—2021年合在一起的新增城镇就业（112696人），没有单列2018年",
        ),
        ("全市去年的地区生产总值是多少", "没有给出全市的地区生产总值"),
        ("服务业增加值是多少亿元", "没有给出服务业增加值的数额"),
        ("去年工业投资增长了多少", "工业技改投资增长37.2%"),
    ],
)
def test_another_year_level_or_measure_is_refused_with_what_is_given(
    service: Service, question: str, said: str
) -> None:
    answer = service.ask(question)
    assert answer.status is Status.UNANSWERABLE
    assert said in answer.answer
    assert answer.citations


@pytest.mark.parametrize(
    ("question", "given"),
    [
        ("民办幼儿园招生覆盖率是多少", "公办幼儿园招生覆盖率至64%"),
        ("城镇调查失业率是多少", "城镇登记失业率控制在3.5%以内"),
        ("去年出口额是多少", "外贸进出口额"),
        ("高新技术产业增加值有多少亿元", "高新技术产业增加值年均增长率为22.7%"),
        ("区中医院有多少张床位", "新增床位574张"),
        ("新建了多少所高中", "滨江高中等9所学校"),
    ],
)
def test_the_number_of_a_sibling_is_quoted_in_the_refusal_not_given(
    service: Service, question: str, given: str
) -> None:
    answer = service.ask(question)
    assert answer.status is Status.UNANSWERABLE
    assert given in answer.answer


def test_a_term_that_is_part_of_several_indicators_is_answered_with_their_names(
    service: Service,
) -> None:
    answer = service.ask("去年财政收入是多少")
    assert answer.answer == "财政总收入781.1亿元，一般公共预算收入391.9亿元"
    assert any("没有单独给出“财政收入”" in note for note in answer.notes)


def test_by_how_much_it_grew_over_last_year_is_told_in_units_too(nation: Service) -> None:
    answer = nation.ask("2018年地方专项债券比去年增加多少")
    assert answer.answer == "5500亿元"


@pytest.mark.parametrize("row", SIBLINGS, ids=lambda row: row[2])
def test_each_row_of_siblings_tells_one_from_the_next(
    row: tuple[tuple[str, ...], bool, str],
) -> None:
    ways, strict, example = row
    plain = [re.sub(r"\(.*?\)|/.*", "", way.split()[0]) for way in ways]
    assert any(sibling_told(example, f"，{other}", "") for other in (*plain, "别的"))
    assert sibling_told(f"{plain[0]}多少", plain[0], plain[0]) is None
    assert bool(sibling_told(f"{plain[0]}多少", "别的", "别的")) is (strict or "国家级" in example)


@pytest.mark.parametrize("row", DIFFERENCES, ids=lambda row: row[1])
def test_each_row_of_differences_fits_its_example(row: tuple[str, str]) -> None:
    assert re.search(row[0], row[1])


@pytest.mark.parametrize("row", UNITS, ids=lambda row: row[2])
def test_each_row_of_units_fits_its_example(row: tuple[str, frozenset[str], str]) -> None:
    assert re.search(rf"多少[万亿]*{row[0]}", row[2])


def test_yearly_averages_of_the_same_years_are_compared(service: Service) -> None:
    answer = service.ask("GDP和财政总收入哪个增长快")
    assert answer.answer == "财政总收入"
    assert any("年均" in note for note in answer.notes)


@pytest.mark.parametrize("row", TASKS, ids=lambda row: row[2])
def test_each_row_of_tasks_is_the_first_to_fit_its_example(row: tuple[object, str, str]) -> None:
    assert next(task for task, pattern, _ in TASKS if re.search(pattern, row[2])) is row[0]


@pytest.mark.parametrize("row", (*DIRECTIONS, *LIMITS), ids=lambda row: row[2])
def test_each_row_of_directions_and_limits_fits_its_example(row: tuple[str, int, str]) -> None:
    assert re.search(row[0], row[2])


@pytest.mark.parametrize("row", BOUNDS, ids=lambda row: row[2])
def test_each_row_of_bounds_is_known(row: tuple[Bound, str, str]) -> None:
    assert all(bound_of(word) is row[0] for word in row[1].split())


def test_numbers_are_exact() -> None:
    from fractions import Fraction

    assert number(Fraction(3, 10) - Fraction(1, 10)) == "0.2"
    assert number(Fraction(1, 3)) == "0.33"
