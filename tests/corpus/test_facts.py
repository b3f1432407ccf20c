"""What a report says about itself, read from eight decades of title blocks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from corpus.errors import DocumentError
from corpus.facts import LEVELS, OPTIONS, Overrides, level_of, require_facts
from corpus.report import parse_report
from corpus.types import Document

DATA = Path(__file__).parents[1] / "data"
NATION = "全国人民代表大会"
# name, region, level, year, date, meeting, speaker
FACTS = [
    ("北仑区_2022", "宁波市北仑区", "county", 2022, "2022-02-12", "宁波市北仑区第十届人民代表大会第一次会议", "王程"),
    ("国务院_1956", "国务院", "nation", 1956, "1956-06-15", f"第一届{NATION}第三次会议", "李先念"),
    ("国务院_1960", "国务院", "nation", 1960, "1960-04-06", f"第二届{NATION}第二次会议", "谭震林"),
    ("国务院_1978", "国务院", "nation", 1978, "1978-02-26", f"第五届{NATION}第一次会议", "华国锋"),
    ("国务院_1990", "国务院", "nation", 1990, "1990-03-20", f"第七届{NATION}第三次会议", "李鹏"),
    ("国务院_2004", "国务院", "nation", 2004, "2004-03-05", f"第十届{NATION}第二次会议", "温家宝"),
    ("国务院_2012", "国务院", "nation", 2012, "2012-03-05", f"第十一届{NATION}第五次会议", "温家宝"),
    ("国务院_2021", "国务院", "nation", 2021, "2021-03-05", f"第十三届{NATION}第四次会议", "李克强"),
]  # fmt: skip


@cache
def report(name: str) -> Document:
    return parse_report((DATA / "reports" / f"{name}.txt").read_text(encoding="utf-8"), name)


@pytest.mark.parametrize(
    ("name", "region", "level", "year", "date", "meeting", "speaker"),
    FACTS,
    ids=[row[0] for row in FACTS],
)
def test_the_facts_are_those_of_the_title_block(
    name: str, region: str, level: str, year: int, date: str, meeting: str, speaker: str
) -> None:
    d = report(name)
    found = (d.region, d.level, d.year, d.date, d.meeting, d.speaker)
    assert found == (region, level, year, date, meeting, speaker)
    assert d.title == f"{region}{year}年政府工作报告"


@pytest.mark.parametrize(("level", "example"), [(level, example) for _, level, example in LEVELS])
def test_every_row_of_levels_fits_its_example(level: str, example: str) -> None:
    assert level_of(example) == level


def test_what_the_user_says_counts_more_than_the_text() -> None:
    given = Overrides(region="乙县", year=2020, title="乙县的报告")
    text = "2021年甲县政府工作报告\n各位代表：\n去年增收。\n"
    document = parse_report(text, "丙县_2019", overrides=given)
    assert (document.region, document.year, document.title) == ("乙县", 2020, "乙县的报告")
    assert document.paragraphs[1].period == (2019, 2019)


def test_a_report_without_place_and_year_asks_for_them_by_their_options() -> None:
    document = parse_report("政府工作报告\n各位代表：\n好。\n", "未命名")
    with pytest.raises(DocumentError) as caught:
        require_facts(document)
    assert all(OPTIONS[name][0] in caught.value.message for name in ("region", "year"))


def test_a_text_that_is_no_report_needs_no_facts() -> None:
    require_facts(parse_report("关于加强管理的通知\n请各单位执行。\n", "通知"))


@pytest.mark.parametrize(
    ("head", "name", "region", "year", "date"),
    [
        ("政府工作报告\n——一九八二年十一月三十日在甲省第五届人民代表大会第五次会议上", "x", "甲省", 1982, "1982-11-30"),
        ("政府工作报告\n（１９９８年３月５日在乙县第九届人民代表大会第一次会议上）", "x", "乙县", 1998, "1998-03-05"),
        ("政府工作报告\n——2023年1月8日在市第十四届人民代表大会第三次会议上\n丙市人民政府市长 丁一", "x", "丙市", 2023, "2023-01-08"),
        ("2021年北京市政府工作报告", "x", "北京市", 2021, ""),
        ("政府工作报告", "2021年戊镇政府工作报告", "戊镇", 2021, ""),
    ],
)  # fmt: skip
def test_place_and_date_are_read_however_they_are_written(
    head: str, name: str, region: str, year: int, date: str
) -> None:
    d = parse_report(f"{head}\n各位代表：\n好。\n", name)
    assert (d.region, d.year, d.date) == (region, year, date)


def test_a_year_that_is_a_goal_is_not_the_year_of_the_paper() -> None:
    text = "2030年前碳达峰行动方案\n\n为扎实推进碳达峰行动，制定本方案。\n一、总体要求\n坚持系统观念。\n"
    document = parse_report(text, "关于印发2030年前碳达峰行动方案的通知")
    assert (document.year, document.title) == (None, "2030年前碳达峰行动方案")
