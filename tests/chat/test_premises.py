"""Wrong premises, thresholds, reasons and refusals: the report is not made to say what it does not."""

from __future__ import annotations

import pytest

from chat.generative.polarity import opposed, polarity
from chat.opposites import opposites
from chat.service import Service
from chat.skills.yesno import threshold_of
from chat.types import Status


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("为什么财政总收入减少了", "增长"),
        ("空气质量优良率为什么下降了", "跃升"),
        ("PM2.5浓度为什么上升了", "降至20微克/立方米"),
        ("城乡收入比为什么扩大了", "缩小"),
        ("为什么停建轨道6号线", "6号线"),
        ("为什么实际利用外资没有超过10亿美元", "超13亿美元"),
    ],
)
def test_a_wrong_premise_is_answered_with_what_the_report_says(
    service: Service, question: str, said: str
) -> None:
    answer = service.ask(question)
    assert answer.status is Status.UNANSWERABLE
    assert said in answer.answer + answer.explanation + answer.citations[0].quote


def test_the_contradicting_sentence_is_quoted_word_for_word(service: Service) -> None:
    answer = service.ask("为什么财政总收入减少了")
    assert answer.answer.startswith("报告没有说“减少”，说的是“增长”")
    quoted = answer.citations[0]
    assert service.library.document(quoted.document).text[quoted.start : quoted.end] == quoted.quote
    assert "781.1亿元" in quoted.quote


def test_a_true_premise_is_not_contradicted(service: Service) -> None:
    assert "报告没有说" not in service.ask("单位GDP能耗为什么下降了").answer


def test_every_pair_of_opposites_has_two_sides() -> None:
    for pair in opposites():
        one, other = pair.words
        assert one
        assert other
        assert not set(one + pair.asked[0]) & set(other)
        assert not set(other + pair.asked[1]) & set(one)


@pytest.mark.parametrize("pair", opposites(), ids=lambda pair: pair.words[0][0])
def test_each_pair_of_opposites_turns_a_statement_round(pair: object) -> None:
    one, other = pair.words  # type: ignore[attr-defined]
    for word in other:
        assert opposed(polarity(word), polarity(one[0]), polarity(one[0]))


@pytest.mark.parametrize(
    ("question", "word", "figure"),
    [
        ("规上工业总产值达到5000亿元了吗", "没有", "4999.3亿元"),
        ("2021年财政总收入有没有超过700亿元", "是", "781.1亿元"),
        ("2021年财政总收入超过800亿元了吗", "没有", "781.1亿元"),
        ("居民人均可支配收入年均增长超过8%了吗", "没有", "7.7%"),
        ("2021年PM2.5浓度低于35微克/立方米吗", "是", "20微克/立方米"),
    ],
)
def test_a_threshold_is_decided_by_the_figure_itself(
    service: Service, question: str, word: str, figure: str
) -> None:
    answer = service.ask(question)
    assert answer.status is Status.ANSWERED
    assert answer.answer.startswith(f"{word}，")
    assert figure in answer.answer
    assert any(figure in c.quote for c in answer.citations)


def test_a_figure_that_is_only_about_so_much_decides_nothing(service: Service) -> None:
    answer = service.ask("今年地区生产总值预期增长超过7.5%吗")
    assert not answer.answer.startswith(("是，", "没有，"))


@pytest.mark.parametrize(
    "question", ["今年会建5G基站吗", "北仑有没有机场", "2021年的地区生产总值是多少", "超过了多少"]
)
def test_other_questions_have_no_threshold(question: str) -> None:
    assert threshold_of(question, 2022) is None


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("2019年全区财政总收入是多少", ("2019年", "2021年")),
        ("2018年城镇新增就业多少人", ("2018年",)),
        ("北仑有多少所学校", ("一共有多少", "新改扩建学校27所")),
        ("为什么要建设未来工厂", ("没有说明原因",)),
        ("哈尔滨市2021年的地区生产总值是多少", ("哈尔滨",)),
    ],
)
def test_a_refusal_says_what_is_missing(
    service: Service, question: str, missing: tuple[str, ...]
) -> None:
    answer = service.ask(question)
    assert answer.status is Status.UNANSWERABLE
    assert all(m in answer.answer for m in missing)


def test_what_a_refusal_quotes_stands_in_the_first_place_shown(service: Service) -> None:
    answer = service.ask("北仑有多少所学校")
    assert "新改扩建学校27所" in answer.citations[0].quote


def test_a_word_that_no_report_holds_is_named(service: Service) -> None:
    answer = service.ask("北仑有多少座核电站")
    assert answer.status is Status.UNANSWERABLE
    assert "核电站" in answer.answer


def test_a_list_that_names_fewer_than_it_counts_says_so(service: Service) -> None:
    answer = service.ask("启动哪9所学校的新建扩建")
    assert answer.answer == "滨江高中"
    assert answer.notes == ("报告写的是9所，原文点名的只有1所。",)


def test_a_list_inside_quotation_marks_is_told_member_by_member(service: Service) -> None:
    answer = service.ask("五梯度培育是哪五类企业")
    assert answer.items[0] == "高技术企业"
    assert len(answer.items) == 5
