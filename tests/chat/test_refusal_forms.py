"""What is refused for its form alone, and what is asked so that nothing else may be refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chat.arithmetic import needs_sum
from chat.confidence import of_shown
from chat.forms import AMOUNTS, fits
from chat.types import Answer, Status
from corpus.cleaning import fold_text
from corpus.report import parse_report
from eval.runners.stages import build
from index.encoder import Encoder
from index.library import assemble
from index.words import shipped_words
from retriever.question import understand

Ask = Callable[[str], Answer]
REPORT = """政府工作报告
——2014年3月5日在云岭县第十七届人民代表大会第三次会议上
各位代表：
一、2013年工作回顾
2013年，城镇居民人均可支配收入增长7%，农村居民人均纯收入增长9.3%。
发放残疾人两项补贴，2100多万人受益。
设立特种设备投诉举报电话，由县市场监督管理部门受理。
今年夏天的洪水是近百年少有的，党员干部带头抢险。
职业学校专任教师达到1260人，在校学生2.1万人。
为企业减免房租、税费共7.9亿元，新开百货商场当月客流80万人次。
开工建设县精神卫生中心和青少年活动中心，县图书馆新馆藏书30万册。
小学每所配备责任督学2名。
"""


@pytest.fixture(scope="module")
def ask() -> Ask:
    encoder = Encoder()
    library = assemble([parse_report(REPORT, "云岭县_2014")], encoder)
    answerer = build(library, encoder).answerer

    def asked(question: str) -> Answer:
        return answerer.answer(question, [])

    return asked


@pytest.mark.parametrize("row", AMOUNTS, ids=lambda row: row[2])
def test_what_does_not_measure_what_is_asked_is_no_answer(
    row: tuple[str, tuple[str, ...], str, str],
) -> None:
    assert not fits(fold_text(row[2]), fold_text(row[3]))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("每月发多少钱", "110元"),
        ("每月发多少钱", "三万"),
        ("多少户人家有电视机", "85%以上"),
        ("下岗的有多少人又找到活儿了", "505万"),
        ("批了几家合资企业", "七百四十一个"),
        ("几天之内答复", "三个工作日"),
        ("社保补贴能拿多长时间", "36个月"),
        ("教师工资有多高", "不低于8万元"),
        ("新隧道有多长", "12公里"),
        ("补贴占造价百分之多少元", "13%"),
        ("投诉打哪个号码", "12345"),
        ("投诉归哪个部门管", "县市场监督管理部门"),
        ("修了房的有多少家", "3260户"),
        ("今年新增多少个上学名额", "8500个"),
        ("来玩的占多大比例", "不足三成"),
    ],
)
def test_what_may_measure_it_is_left_to_the_networks(asked: str, told: str) -> None:
    assert fits(fold_text(asked), fold_text(told))


@pytest.mark.parametrize(
    "question",
    [
        "2013年城镇居民人均可支配收入是多少元",
        "残疾人两项补贴每个月给多少钱",
        "特种设备投诉举报电话是哪个号码",
        "今年洪水死了多少人",
        "百货商场里开了多少家店",
        "新图书馆盖好花了多少钱",
    ],
)
def test_a_figure_of_another_kind_is_not_given_for_what_the_report_lacks(
    ask: Ask, question: str
) -> None:
    assert ask(question).status is Status.UNANSWERABLE


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("职业学校有多少名教师", "1260人"),
        ("那年职业学校有多少个专任教师", "1260人"),
        ("企业的房租和税费总共减了多少钱", "7.9亿元"),
        ("图书馆新馆里有多少书", "30万册"),
    ],
)
def test_what_is_counted_is_still_told(ask: Ask, question: str, figure: str) -> None:
    assert figure in ask(question).answer


@pytest.mark.parametrize(
    ("question", "sums"),
    [
        ("跟我国建交的国家一共多少个", False),
        ("和去年相比一共新增多少", False),
        ("锅炉和货车一共淘汰了多少", True),
        ("高新企业加起来一共多少家", False),
    ],
)
def test_what_opens_a_question_joins_nothing(question: str, sums: bool) -> None:
    assert needs_sum(understand(question, 2022, shipped_words())) is sums


def test_what_is_told_of_an_answer_stays_a_probability_and_keeps_its_order() -> None:
    told = [of_shown(p / 100) for p in range(101)]
    assert told == sorted(told)
    assert 0.0 <= told[0] < 0.01
    assert 0.99 < told[-1] <= 1.0
    # What passed every comparison is trusted more than the networks do where they doubt.
    assert all(t > p / 100 for p, t in enumerate(told) if 10 <= p <= 80)
