"""Yes and no: the word that answers stands before the sentence that decides, where that is plain."""

from __future__ import annotations

import re

import pytest

from chat.service import Service
from chat.types import Answer, Status
from chat.verdict import CUES, WORDS, statement, worded
from retriever.kinds import Kind, kind_of

REPORT = """澄江区2022年政府工作报告

一、2021年工作回顾

交通更加便捷。滨河大桥建成通车，全长1.2公里。城东快速路因征地受阻，尚未动工。夜间公交线路增加到6条。

民生持续改善。区图书馆全年免费开放，接待读者41万人次。新建社区食堂18家，60岁以上老人每餐收费6元。所有行政村实现5G信号全覆盖。
年初确定的10件实事完成8件，养老院扩建和人民路改造没有完成。城镇调查失业率下降0.4个百分点。

二、2022年工作安排

今年将开工建设区第二医院，计划2024年投用。继续实施中小学生课后服务。取消城乡居民丧葬费的自付部分。
"""


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("verdict")
    report = folder / "澄江区_2022.txt"
    report.write_text(REPORT, encoding="utf-8")
    service = Service(folder / "library", "wenzheng-static")
    service.add([report])
    return service


@pytest.mark.parametrize("row", CUES, ids=lambda row: row[2])
def test_each_cue_fits_its_example(row: tuple[str, str, str]) -> None:
    question, sentence = row[2].split(" / ")
    assert re.search(row[0], statement(question).stated)
    assert re.search(row[1], sentence)


@pytest.mark.parametrize("row", WORDS, ids=lambda row: row[3])
def test_each_way_of_asking_has_its_words(row: tuple[str, str, str, str]) -> None:
    _, yes, no, question = row
    assert worded(question, holds=True) == yes
    assert worded(question, holds=False) == no


@pytest.mark.parametrize(
    ("question", "stated"),
    [
        ("老人坐公交免不免费？", "老人坐公交免费"),
        ("大桥通车了没有", "大桥通车"),
        ("图书馆是不是要收费呀？", "图书馆要收费"),
        ("今年要建医院，对吧？", "今年要建医院"),
        ("有没有夜间公交", "有夜间公交"),
        ("还没动工吧", "还没动工"),
    ],
)
def test_a_question_is_read_as_the_statement_that_it_asks_after(question: str, stated: str) -> None:
    assert statement(question).stated == stated


@pytest.mark.parametrize(
    "question",
    ["图书馆收不收钱", "5G信号村村都有了没", "第二医院已经盖好了吧", "要不要交钱", "路修通了没有？", "行不行"],
)  # fmt: skip
def test_all_ways_to_ask_for_yes_or_no_are_known(question: str) -> None:
    assert kind_of(question) is Kind.YES_NO


@pytest.mark.parametrize(
    "question", ["说说教育吧", "几个村通了5G，知道吗", "谁来管没有", "介绍一下医院吧"]
)
def test_what_asks_for_more_than_yes_or_no_is_not_taken_for_it(question: str) -> None:
    assert kind_of(question) is not Kind.YES_NO


@pytest.mark.parametrize(
    ("question", "side", "sentence"),
    [
        ("城东快速路动工了没有？", False, "尚未动工"),
        ("所有村都有5G信号了吗？", True, "全覆盖"),
        ("区第二医院建好了吗", False, "开工建设"),
        ("区图书馆是免费开放的吗？", True, "免费开放"),
    ],
)
def test_a_plain_case_is_answered_by_the_word_and_the_sentence(
    district: Service, question: str, side: bool, sentence: str
) -> None:
    answer = district.ask(question)
    assert answer.status is Status.ANSWERED
    assert sentence in answer.answer
    assert _side(answer) is side


def _side(answer: Answer) -> bool | None:
    """Return what the first word says, None where there is only the sentence."""
    word, stroke, _ = answer.answer.partition("：")
    if not stroke or len(word) > 2:
        return None
    return not word.startswith(("不", "没"))
