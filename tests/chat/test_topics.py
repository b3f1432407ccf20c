"""Summaries: what a report says of a topic or a chapter, quoted, past and plan told apart."""

from __future__ import annotations

import pytest

from chat.service import Service
from chat.skills.asking import ENDINGS, shipped_topics, topics_named, wanted
from chat.skills.chapters import HEADINGS, Role, role_of_heading, roles
from chat.skills.outline import CHAPTERS, chapter_role
from chat.types import Answer, Status
from corpus.types import Document


def _stands(answer: Answer, service: Service) -> bool:
    """Tell whether every item stands, but for footnote marks, in the place cited for it."""
    return len(answer.items) == len(answer.citations) and all(
        service.library.document(c.document).text[c.start : c.end] == c.quote
        and item[:4] in c.quote
        and item[-3:].rstrip("。") in c.quote
        for item, c in zip(answer.items, answer.citations, strict=True)
    )


@pytest.mark.parametrize(
    ("question", "told", "untold"),
    [
        ("教育方面做了什么", "新改扩建学校27所", "启动滨江高中等9所学校"),
        ("今年教育方面有什么打算？", "启动滨江高中等9所学校", "新改扩建学校27所"),
        ("去年在疫情防控上做了哪些工作", "累计接种新冠疫苗180万针", "外防输入、内防反弹不放松"),
        ("生态环保今后怎么安排", "严格实施碳达峰碳中和行动方案", "基本建成“污水零直排区”"),
        ("过去五年养老方面取得了什么成绩", "老龄医养走在全市前列", "做强居家养老"),
    ],
)
def test_work_done_is_told_apart_from_plans(
    service: Service, question: str, told: str, untold: str
) -> None:
    answer = service.ask(question)
    assert answer.status is Status.ANSWERED
    assert any(told in item for item in answer.items)
    assert not any(untold in item for item in answer.items)
    assert _stands(answer, service)


def test_a_topic_is_grouped_by_chapter_in_the_order_of_the_report(service: Service) -> None:
    answer = service.ask("乡村振兴有哪些工作")
    assert [g.heading for g in answer.groups] == ["本届政府工作回顾", "2022年主要工作安排"]
    assert tuple(i for g in answer.groups for i in g.items) == answer.items
    starts = [c.start for c in answer.citations]
    assert starts == sorted(starts)


def test_a_long_summary_is_cut_and_says_how_much_there_is(service: Service) -> None:
    answer = service.ask("介绍一下科技创新方面的情况")
    assert 3 <= len(answer.items) <= 10
    assert "一共有" in answer.notes[0]


def test_history_that_only_passes_by_is_no_part_of_a_topic(service: Service) -> None:
    # 深入学习 holds 入学, 主题教育 holds 教育.
    answer = service.ask("教育方面做了什么")
    assert not any("学习贯彻" in i or "主题教育" in i for i in answer.items)


def test_two_topics_are_summed_up_together(service: Service) -> None:
    answer = service.ask("教育和医疗方面做了什么")
    assert any("学校" in i for i in answer.items)
    assert any("医院" in i for i in answer.items)


def test_a_topic_that_is_only_planned_is_not_told_as_done(service: Service) -> None:
    answer = service.ask("能源方面做了哪些工作")
    if answer.status is Status.UNANSWERABLE:
        assert "今后的安排" in answer.answer
    else:
        assert all(g.heading == "本届政府工作回顾" for g in answer.groups)


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("第三部分讲了什么", "2022年主要工作安排"),
        ("第3部分的主要内容是什么", "2022年主要工作安排"),
        ("“今后五年的奋斗目标和主要任务”这一章讲了什么", "今后五年的奋斗目标和主要任务"),
        ("今年的重点工作有哪些", "2022年主要工作安排"),
        ("过去五年的主要成绩", "本届政府工作回顾"),
        ("目前还面临哪些困难和问题", "本届政府工作回顾"),
    ],
)
def test_a_chapter_is_summed_up_from_its_own_text(
    service: Service, question: str, heading: str
) -> None:
    answer = service.ask(question)
    assert answer.status is Status.ANSWERED
    assert [g.heading for g in answer.groups] == [heading]
    assert len(answer.items) >= 3
    assert _stands(answer, service)


def test_a_chapter_that_the_report_has_not_is_not_made_up(service: Service) -> None:
    assert not service.ask("第九部分讲了什么").groups


def test_the_whole_report_is_told_by_its_chapters(service: Service) -> None:
    answer = service.ask("这份报告讲了什么")
    assert [g.heading for g in answer.groups] == [
        "本届政府工作回顾",
        "今后五年的奋斗目标和主要任务",
        "2022年主要工作安排",
        "打造忠诚干净、人民满意的现代政府",
    ]


def test_a_measure_of_one_thing_stays_a_question_of_measures(service: Service) -> None:
    answer = service.ask("怎么推进乡村振兴")
    assert not answer.groups
    assert len(answer.items) >= 5


def test_difficulties_told_in_a_review_are_no_work_done(document: Document) -> None:
    found = dict(zip((p.start for p in document.paragraphs), roles(document), strict=True))
    at = document.text.index("在看到成绩的同时")
    assert found[at] is Role.PROBLEM
    assert found[document.text.index("推进乡村振兴。")] is Role.PLAN
    assert found[document.text.index("这五年，是综合实力")] is Role.PAST


@pytest.mark.parametrize("row", HEADINGS, ids=lambda row: row[2])
def test_each_row_of_headings_is_recognised(row: tuple[Role, str, str]) -> None:
    assert role_of_heading(row[2], 2022) is (None if row[0] is Role.OTHER else row[0])


@pytest.mark.parametrize("row", ENDINGS, ids=lambda row: row[2])
def test_each_row_of_endings_names_its_topic_and_role(row: tuple[Role | None, str, str]) -> None:
    found = wanted(row[2], ())
    assert found is not None
    assert found.topics
    assert found.role is row[0]


@pytest.mark.parametrize("row", CHAPTERS, ids=lambda row: row[2])
def test_each_row_of_chapters_is_recognised(row: tuple[Role, str, str]) -> None:
    assert chapter_role(row[2], ()) is row[0]


@pytest.mark.parametrize("topic", shipped_topics(), ids=lambda topic: topic.names[0])
def test_each_topic_is_known_by_all_its_names(topic: object) -> None:
    assert all(topics_named(name) == (topic,) for name in topic.names)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "question",
    [
        "2021年北仑区的地区生产总值是多少",
        "怎么治理污水",
        "启动哪9所学校的新建扩建",
        "加快哪几个未来社区建设",
        "梅山湾列入了什么案例",
    ],
)
def test_a_question_of_one_fact_is_no_summary(question: str) -> None:
    assert wanted(question, ()) is None
