"""A report file becomes a document with its facts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.report import BUNDLED, document_id, parse_report, read_report
from corpus.types import Document, newest_year


def test_the_title_of_the_report_tells_place_and_year(document: Document) -> None:
    assert document.title == "宁波市北仑区2022年政府工作报告"


def test_the_region_of_the_report_is_read_from_its_title_block(document: Document) -> None:
    assert document.region == "宁波市北仑区"


def test_the_date_of_the_report_is_that_of_the_meeting(document: Document) -> None:
    assert (document.date, document.year) == ("2022-02-12", 2022)


def test_the_speaker_is_named_without_the_spaces_in_the_name(document: Document) -> None:
    assert document.speaker == "王程"


def test_the_meeting_is_read_although_its_line_is_broken(document: Document) -> None:
    assert document.meeting == "宁波市北仑区第十届人民代表大会第一次会议"


def test_the_title_block_ends_before_the_greeting(document: Document) -> None:
    assert document.text[document.header_end :].lstrip().startswith("各位代表：")


def test_the_text_of_the_file_is_left_as_it_is(document: Document) -> None:
    assert document.text.encode() == BUNDLED.read_bytes()


def test_a_copied_report_is_known_by_the_name_of_its_file(tmp_path: Path) -> None:
    copy = tmp_path / "我的报告.txt"
    copy.write_bytes(BUNDLED.read_bytes())
    assert read_report(copy).id == "我的报告"


def test_place_and_year_of_a_silent_report_come_from_the_file_name() -> None:
    document = parse_report("政府工作报告\n各位代表：\n一年来，成绩显著。\n", "宁海县_2023")
    assert (document.title, document.region) == ("宁海县2023年政府工作报告", "宁海县")


def test_another_report_with_its_own_facts_is_read() -> None:
    text = (
        "政府工作报告\n——２０２３年１月８日在杭州市第十四届人民代表大会第三次会议上\n"
        "杭州市市长　姚高员\n各位代表：\n现在，我代表市人民政府作报告。\n"
    )
    document = parse_report(text, "报告")
    assert (document.region, document.date) == ("杭州市", "2023-01-08")
    assert document.speaker == "姚高员"


def test_a_text_that_is_no_report_keeps_its_first_line_as_title() -> None:
    assert (
        parse_report("关于加强管理的通知\n请各单位执行。\n", "通知").title == "关于加强管理的通知"
    )


def test_a_plain_text_without_facts_has_none() -> None:
    document = parse_report("今天天气很好，我们去公园。", "日记")
    assert (document.year, document.date, document.speaker, document.meeting) == (None, "", "", "")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("北仑区_2022", "北仑区_2022"),
        ("a b/c?d#e", "a_b_c_d_e"),
        ("..", "report"),
        ("长" * 99, "长" * 80),
    ],
)
def test_the_id_of_a_document_fits_into_an_address(name: str, expected: str) -> None:
    assert document_id(name) == expected


def test_last_year_counts_from_the_newest_report() -> None:
    documents = [parse_report("报告", f"甲县_{year}") for year in (2020, 2023, 2021)]
    assert newest_year([*documents, parse_report("无年份", "乙")]) == 2023


def test_no_year_is_known_without_reports() -> None:
    assert newest_year([]) is None


@settings(deadline=None)
@given(st.text())
def test_any_plain_text_can_be_parsed(text: str) -> None:
    assert parse_report(text, "任意").text == text


@settings(deadline=None)
@given(
    st.text(
        st.sampled_from(
            "2021年月日在第一届人民代表大会次会议上市长王政府工作报告各位：\n名词解释.。一、（）"
        )
    )
)
def test_any_scraps_of_a_report_can_be_parsed(text: str) -> None:
    document = parse_report(text, "任意")
    assert 0 <= document.header_end <= len(text)
    assert document.title
