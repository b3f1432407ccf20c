"""What figures mean: numbers, refusals in free text, calibration, rankings, chance."""

from __future__ import annotations

import numpy as np
import pytest

from eval.datasets.types import QuestionRow
from eval.metrics import cmrc
from eval.metrics.confidence import (
    area_under_risk,
    coverage_at,
    expected_calibration_error,
    risk_coverage,
    separation,
)
from eval.metrics.intervals import difference, interval
from eval.metrics.matching import REFUSALS, item_precision, item_recall, refuses, within
from eval.metrics.names import METRICS, between, shown
from eval.metrics.numbers import amount_agrees, is_number, mostly_number, value_agrees
from eval.metrics.ranking import per_query


@pytest.mark.parametrize(
    ("golds", "told", "value", "whole"),
    [
        (["2382.5亿元"], "2382.5亿元", True, True),
        (["5000万元"], "0.5亿元", True, True),
        (["17.3%"], "百分之十七点三", True, True),
        (["203家"], "203个", True, False),
        (["7.5%"], "7.7%", False, False),
        (["1,266人"], "1266人", True, True),
        (["600个"], "新建5G基站600个", True, True),
    ],
)
def test_a_number_counts_by_its_value_and_its_unit(
    golds: list[str], told: str, value: bool, whole: bool
) -> None:
    assert value_agrees(golds, told) is value
    assert amount_agrees(golds, told) is whole


def test_a_sentence_with_a_number_in_it_is_no_number() -> None:
    assert is_number(["超13亿美元", "13亿美元"])
    assert not is_number(["区流动人口管理服务中心"])
    assert not mostly_number("完善住房供应体系，建设筹集保障性租赁住房10000套，解决住房困难")


@pytest.mark.parametrize(("pattern", "example"), REFUSALS)
def test_every_kind_of_refusal_in_free_text_is_known(pattern: str, example: str) -> None:
    assert pattern
    assert refuses(example)


@pytest.mark.parametrize(
    "text", ["2382.5亿元", "报告提到，新增学位18700个。", "The GDP is 2382.5."]
)
def test_an_answer_is_no_refusal(text: str) -> None:
    assert not refuses(text)


def test_members_of_a_list_are_counted_one_by_one() -> None:
    row = QuestionRow(
        id="1", question="几", type="list", answers=["甲、乙"], items=["甲山", "乙水"]
    )
    assert item_recall(row, "有甲山和丙") == 0.5
    assert item_precision(row, ("甲山公园", "丙")) == 0.5


@pytest.mark.parametrize(
    ("gold", "told", "right"),
    [
        ("否", "没有：项目未能如期开工", True),
        ("否", "是：项目已经开工", False),
        ("否", "不是，还没有开工", True),
        ("是", "可以：实行网上办理", True),
        ("是", "项目已经开工，这是区里最大的一个", False),
        ("不可以", "不能：不得转包", True),
        ("没有列入国家预算", "职工的费用没有列入国家预算", True),
    ],
)
def test_yes_or_no_is_right_by_the_word_that_answers(gold: str, told: str, right: bool) -> None:
    row = QuestionRow(id="1", question="开工了吗", type="yesno", answers=[gold])
    assert within(row, told) is right


def test_em_and_f1_follow_the_cmrc_script() -> None:
    assert cmrc.exact(["2021年，北仑"], "2021年北仑")
    assert cmrc.f1(["鲁班奖"], "获鲁班奖") == pytest.approx(6 / 7)
    assert cmrc.f1(["鲁班奖"], "") == 0


def test_calibration_error_is_the_gap_of_probability_and_accuracy() -> None:
    probability, right = np.array([0.95, 0.95, 0.15, 0.15]), np.array([1.0, 0.0, 0.0, 0.0])
    assert expected_calibration_error(probability, right) == pytest.approx(0.3)
    assert expected_calibration_error(np.array([1.0, 1.0]), np.ones(2)) == 0


def test_refusing_the_unsure_lowers_the_risk() -> None:
    curve = risk_coverage(np.array([0.9, 0.8, 0.2, 0.2]), np.array([1.0, 1.0, 0.0, 1.0]), total=5)
    assert [(p.coverage, p.risk) for p in curve] == [(0.2, 0), (0.4, 0), (0.8, 0.25)]
    assert coverage_at(curve, 0.05) == pytest.approx(0.4)
    assert area_under_risk(curve) == pytest.approx(0.0625)
    assert separation(np.array([0.9, 0.1]), np.array([1.0, 0.0])) == 1
    assert separation(np.array([0.9, 0.1]), np.ones(2)) is None


def test_rankings_are_scored_query_by_query() -> None:
    values = per_query(
        {"a": {"x": 1}, "b": {"y": 1}, "c": {"z": 1}},
        {"a": ["x", "q"], "b": ["q", "y"], "c": ["q"]},
    )
    assert values["a"]["recall@1"] == values["a"]["ndcg@10"] == 1
    assert values["b"]["mrr@10"] == 0.5
    assert values["b"]["ndcg@10"] == pytest.approx(0.6309, abs=1e-4)
    assert values["c"] == dict.fromkeys(values["c"], 0)


def test_an_interval_is_the_same_for_the_same_seed_and_holds_the_mean() -> None:
    values = np.array([1.0] * 80 + [0.0] * 20)
    low, high = interval(values, seed=3)
    assert (low, high) == interval(values, seed=3)
    assert low < 0.8 < high
    assert (low, high) == pytest.approx((0.72, 0.88), abs=0.02)


def test_a_change_counts_only_if_chance_would_hardly_make_it() -> None:
    same, much, little = np.zeros(40), np.zeros(40), np.zeros(40)
    much[:10], little[:2] = 1, 1
    assert difference(same, much, seed=0).p == pytest.approx(2 / 2**10)
    assert difference(same, little, seed=0).p == pytest.approx(0.5)
    graded = difference(np.full(30, 0.2), np.full(30, 0.2) + np.linspace(0.01, 0.3, 30), seed=0)
    assert (graded.better, graded.worse) == (30, 0)
    assert graded.p < 0.01


def test_every_figure_is_shown_with_its_unit() -> None:
    assert [shown(n, 12.34) for n in ("f1", "median_ms", "ndcg@10", "resident_mb")] == [
        "12.3%", "12.3 ms", "12.340", "12 MB",
    ]  # fmt: skip
    assert between("f1", 80, 90) == "80.0—90.0%"
    assert all(m.label and m.meaning for m in METRICS.values())
