"""Sentences, parts between semicolons and clauses, as ranges of the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sentences import (
    SEGMENT_ENDS,
    clause_ranges,
    flowing_ranges,
    sentence_ranges,
    trim,
)
from corpus.types import Document

TEXTS = (
    st.text(st.sampled_from("年增长7.5%。！？!?；;“”‘’（）()《》【】，、 \n\t\u3000")) | st.text()
)


def sentences(text: str) -> list[str]:
    return [text[a:b] for a, b in sentence_ranges(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收入增长。支出下降。", ["收入增长。", "支出下降。"]),
        ("每个人都是英雄！全区人民团结奋斗。", ["每个人都是英雄！", "全区人民团结奋斗。"]),
        ("他说：“一定办好。”大家鼓掌。", ["他说：“一定办好。”", "大家鼓掌。"]),
        ("建成中心（已运营。另有两处在建）并开放。", ["建成中心（已运营。另有两处在建）并开放。"]),
        ("浓度降至PM2.5目标以下。", ["浓度降至PM2.5目标以下。"]),
        ("什么？！真的。", ["什么？！", "真的。"]),
        ("  第一句。\n\n  第二句没有句号", ["第一句。", "第二句没有句号"]),
        ("括号（没有合上。\n下一行。照常断句。", ["括号（没有合上。", "下一行。", "照常断句。"]),
        (" \n\u3000", []),
    ],
)
def test_a_sentence_ends_where_a_reader_stops(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_semicolon_does_not_end_a_sentence() -> None:
    assert sentences("产值增长；收入提高。") == ["产值增长；收入提高。"]


def test_a_semicolon_ends_a_segment() -> None:
    text = "产值增长；收入提高。"
    assert [text[a:b] for a, b in flowing_ranges(text, 0, len(text), SEGMENT_ENDS)] == [
        "产值增长；",
        "收入提高。",
    ]


def test_clauses_end_at_commas_but_not_at_the_mark_between_list_items() -> None:
    text = "新增高新技术企业203家、国家单项冠军11家，总数居首位。"
    found = [text[a:b] for a, b in clause_ranges(text, 0, len(text))]
    assert found == ["新增高新技术企业203家、国家单项冠军11家", "总数居首位"]


def test_ranges_count_from_the_beginning_of_the_whole_text() -> None:
    text = "前言。正文，第二句。"
    assert [text[a:b] for a, b in clause_ranges(text, 3, len(text))] == ["正文", "第二句"]


def test_blank_text_trims_to_nothing() -> None:
    assert trim(" \n\u3000", 0, 3) is None


def test_no_sentence_of_the_report_holds_a_line_break(document: Document) -> None:
    ranges = sentence_ranges(document.text, 0, len(document.text))
    assert not [document.text[a:b] for a, b in ranges if "\n" in document.text[a:b]]


def test_every_segment_of_the_report_lies_in_one_sentence(document: Document) -> None:
    text = document.text
    whole = sentence_ranges(text, 0, len(text))
    for start, end in sentence_ranges(text, 0, len(text), SEGMENT_ENDS):
        assert any(a <= start and end <= b for a, b in whole)


@settings(deadline=None)
@given(TEXTS, st.data())
def test_sentences_are_ordered_and_do_not_overlap(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    borders = [b for r in sentence_ranges(text, start, end) for b in r]
    assert borders == sorted(borders)
    assert all(start <= b <= end for b in borders)
    assert all(a < b for a, b in sentence_ranges(text, start, end))


@settings(deadline=None)
@given(TEXTS)
def test_every_visible_character_is_in_a_sentence(text: str) -> None:
    covered = {i for a, b in sentence_ranges(text, 0, len(text)) for i in range(a, b)}
    assert all(i in covered for i, char in enumerate(text) if not char.isspace())


@settings(deadline=None)
@given(TEXTS)
def test_no_sentence_begins_or_ends_with_white_space(text: str) -> None:
    assert all(s == s.strip() for s in sentences(text))
