"""Follow-up questions are made to stand alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.conversation import standalone
from chat.followups import ASPECTS, CONTINUATIONS, SIBLINGS
from chat.service import Service
from index.words import shipped_words

GDP = "2021年北仑区地区生产总值是多少亿元"
INCOME = "城镇居民人均可支配收入是多少元"

# (follow-up, question before, the question that is meant)
FOLLOW_UPS = (
    ("那下一年呢？", "2021年财政总收入是多少", "2022年财政总收入是多少"),
    ("上一年呢", "2021年财政总收入是多少", "2020年财政总收入是多少"),
    ("2016年呢？", "2021年全区空气质量优良率是多少", "2016年全区空气质量优良率是多少"),
    ("那前一年呢", "去年GDP增长了多少", "前年GDP增长了多少"),
    ("上半年呢", "2021年财政收入是多少", "2021年上半年财政收入是多少"),
    ("２０２０年呢", "财政收入是多少", "2020年财政收入是多少"),
    ("明年呢", "新建了多少所学校", "明年新建多少所学校"),
    ("那财政收入呢", GDP, "2021年北仑区财政收入是多少亿元"),
    ("那工业呢", GDP, "2021年北仑区工业增加值是多少亿元"),
    ("服务业呢", "去年GDP增长了多少", "去年服务业增加值增长了多少"),
    ("财政总收入呢", "去年GDP增长了多少", "去年财政总收入增长了多少"),
    ("失业率呢", GDP, "2021年北仑区失业率是多少"),
    ("农村的呢？", INCOME, "农村居民人均可支配收入是多少元"),
    ("那2020年农村的呢", "2021年" + INCOME, "2020年农村居民人均可支配收入是多少元"),
    ("镇海呢", GDP, "2021年镇海地区生产总值是多少亿元"),
    ("镇海2020年呢", GDP, "2020年镇海地区生产总值是多少亿元"),
    ("不是，我问的是镇海", GDP, "2021年镇海地区生产总值是多少亿元"),
    ("我说的是2020年", GDP, "2020年北仑区地区生产总值是多少亿元"),
    ("不对，是农村", INCOME, "农村居民人均可支配收入是多少元"),
    ("不是北仑，是镇海", GDP, "2021年镇海地区生产总值是多少亿元"),
    ("我问的是2020年，不是2021年", GDP, "2020年北仑区地区生产总值是多少亿元"),
    ("它比上年多多少？", GDP, "2021年北仑区地区生产总值比上年多多少"),
    ("它的年均增长是多少", "一般公共预算收入是多少", "一般公共预算收入的年均增长是多少"),
    ("那年均增长呢", "一般公共预算收入是多少", "一般公共预算收入年均增长多少"),
    ("占全市的比重呢？", "2021年规上工业总产值是多少？", "2021年规上工业总产值占全市的比重是多少"),
    ("那明年的目标呢", "2021年全区空气质量优良率是多少", "明年全区空气质量优良率的目标是多少"),
    ("增长了多少", GDP, "2021年北仑区地区生产总值增长了多少"),
    ("为什么呢", "去年财政收入增长了多少", "去年财政收入增长的原因是什么"),
    ("为什么", "怎么治理污水", "治理污水的原因是什么"),
    ("有哪些", "新建了多少所学校", "新建的学校有哪些"),
    ("具体呢", "怎么治理污水", "治理污水的具体措施有哪些"),
    ("还有呢", "怎么治理污水", "治理污水还有哪些措施"),
    ("那大气污染呢", "怎么治理污水", "怎么治理大气污染"),
    ("有多少", "引进了哪些人才", "引进的人才有多少"),
    ("那三线一单呢", "什么是两业融合", "什么是三线一单"),
    ("那南堤工程呢", "梅山水道北堤工程得了什么奖", "梅山水道南堤工程得了什么奖"),
    ("什么时候完工的", "梅山水道北堤工程得了什么奖", "梅山水道北堤工程什么时候完工"),
    ("政协提案呢？", "办结了多少件人大代表建议", "办结了多少政协提案"),
    ("那柴油货车呢", "淘汰了多少台高污染燃料锅炉", "淘汰了多少柴油货车"),
    ("谢谢，那下一年呢", "2021年财政总收入是多少", "2022年财政总收入是多少"),
)  # fmt: skip


def alone(question: str, *before: str) -> str:
    return standalone(question, list(before), shipped_words()).rstrip("？?")


@pytest.mark.parametrize(("question", "before", "meant"), FOLLOW_UPS)
def test_a_follow_up_takes_what_it_lacks_from_the_question_before(
    question: str, before: str, meant: str
) -> None:
    said = alone(question, before)
    assert said == meant


@pytest.mark.parametrize(("_", "__", "example"), CONTINUATIONS)
def test_every_way_of_asking_on_keeps_the_subject(_: str, __: str, example: str) -> None:
    assert "污水" in alone(example, "怎么治理污水")


@pytest.mark.parametrize(("_", "__", "example"), ASPECTS)
def test_every_aspect_is_asked_of_the_subject_before(_: str, __: str, example: str) -> None:
    said = alone(f"那{example}呢", GDP)
    assert "地区生产总值" in said and "2021年" in said and "北仑区" in said


@pytest.mark.parametrize("group", SIBLINGS, ids="".join)
def test_a_part_of_a_name_takes_the_place_of_its_sibling(group: tuple[str, ...]) -> None:
    said = alone(f"{group[1]}的呢", f"2021年{group[0]}情况是怎样的")
    assert group[1] in said and "2021年" in said


@pytest.mark.parametrize(
    "question",
    ["今年要新建多少个5G基站？", "报告是谁作的", "教育方面做了什么", "怎么推进乡村振兴？", "什么是三线一单", "今年的主要目标是什么"],
)  # fmt: skip
def test_a_new_topic_stays_as_it_is(question: str) -> None:
    assert standalone(question, [GDP], shipped_words()) == question


def test_the_first_question_stays_as_it_is() -> None:
    assert standalone("那产值呢", [], shipped_words()) == "那产值呢"


def test_small_talk_between_two_questions_does_not_part_them() -> None:
    assert alone("那下一年呢", "2021年财政收入是多少", "谢谢", "你真棒") == "2022年财政收入是多少"


def test_a_chain_of_follow_ups_adds_up() -> None:
    chain = ("2021年城镇居民人均可支配收入是多少元", "农村的呢", "那上一年呢")
    assert alone("镇海呢", *chain) == "2020年镇海农村居民人均可支配收入是多少元"


def test_a_name_that_only_the_reports_know_is_exchanged_as_a_whole() -> None:
    names = {"甬江软件产业园营收", "北仑港区吞吐箱量"}
    said = standalone(
        "那北仑港区吞吐箱量呢", ["2021年甬江软件产业园营收是多少"], shipped_words(), names
    )
    assert said.rstrip("？") == "2021年北仑港区吞吐箱量是多少"


def test_a_sector_after_the_whole_is_asked_for_by_the_name_that_the_reports_give_it(
    service: Service,
) -> None:
    answer = service.ask("那工业呢", ["2021年地区生产总值是多少"])
    assert answer.standalone_question == "2021年规上工业总产值是多少"
    assert answer.answer == "4999.3亿元"


PLACES = st.sampled_from(["", "北仑区", "宁波市", "全区", "镇海区"])
YEARS = st.sampled_from(["", "2019年", "2021年", "去年", "今年"])
INDICATORS = st.sampled_from(
    ["地区生产总值", "财政总收入", "固定资产投资", "进出口总额", "一般公共预算收入"]
)
UNITS = st.sampled_from(["", "亿元", "万元"])
WORDS = st.sampled_from(["{}呢", "那{}呢？", "不是，我问的是{}", "{}的呢"])


@settings(max_examples=150, deadline=None)
@given(place=PLACES, year=YEARS, indicator=INDICATORS, unit=UNITS, words=WORDS, data=st.data())
def test_time_place_indicator_and_unit_stay_unless_replaced(
    place: str, year: str, indicator: str, unit: str, words: str, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(["place", "year", "indicator"]))
    new = data.draw({"place": PLACES, "year": YEARS, "indicator": INDICATORS}[kind].filter(bool))
    said = alone(words.format(new), f"{year}{place}{indicator}是多少{unit}")
    kept = {"place": place, "year": year, "indicator": indicator} | {kind: new}
    assert all(part in said for part in kept.values()), said
    assert said.endswith(f"多少{unit}"), said
    assert len(re.findall(r"\d{4}年|去年|今年", said)) == (1 if kept["year"] else 0), said


def test_the_question_understood_is_shown(service: Service) -> None:
    answer = service.ask("那财政总收入呢", ["2021年地区生产总值是多少"])
    assert answer.standalone_question == "2021年财政总收入是多少"
    assert answer.answer == "781.1亿元"
