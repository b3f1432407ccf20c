"""Passages: whole sentences of one paragraph, each sentence with its years."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning import clean
from corpus.passages import (
    MAX_CHARACTERS,
    MIN_CHARACTERS,
    TITLE_BLOCK,
    passages,
    plans_in,
    segments,
    title_passage,
    years_in,
)
from corpus.report import parse_report
from corpus.sentences import sentence_ranges
from corpus.types import Document, Passage, Sentence


def body_passages(document: Document) -> list[Passage]:
    return [p for p in passages(document) if p.section[:1] not in ((TITLE_BLOCK,), ("名词解释",))]


def sentence_with(document: Document, words: str) -> Sentence:
    position = document.text.index(words)
    (found,) = [s for p in passages(document) for s in p.sentences if s.start <= position < s.end]
    return found


def test_every_passage_is_quoted_from_the_report(document: Document) -> None:
    assert all(p.text == document.text[p.start : p.end] for p in passages(document))


def test_passages_follow_one_another_without_overlap(document: Document) -> None:
    borders = [b for p in passages(document) for b in (p.start, p.end)]
    assert borders == sorted(borders)


def test_no_passage_cuts_a_sentence(document: Document) -> None:
    whole = {
        r
        for paragraph in document.paragraphs
        for r in sentence_ranges(document.text, paragraph.start, paragraph.end)
    }
    starts, ends = {a for a, _ in whole}, {b for _, b in whole}
    assert all(p.start in starts and p.end in ends for p in body_passages(document))


def test_no_passage_crosses_a_paragraph(document: Document) -> None:
    for passage in body_passages(document):
        assert any(p.start <= passage.start and passage.end <= p.end for p in document.paragraphs)


def test_every_sentence_of_the_body_is_in_exactly_one_passage(document: Document) -> None:
    wanted = [
        r for p in document.paragraphs for r in sentence_ranges(document.text, p.start, p.end)
    ]
    found = [(s.start, s.end) for p in body_passages(document) for s in p.sentences]
    assert found == wanted


def test_a_footnote_mark_never_shows_in_a_passage_as_read(document: Document) -> None:
    everything = passages(document)
    for mark in document.marks:
        (home,) = [p for p in everything if p.start <= mark.start < p.end]
        read = clean(document.text, home.start, home.end, document.marks)
        assert not set(range(mark.start, mark.end)) & set(read.offsets)


def test_a_passage_is_short_enough_to_read(document: Document) -> None:
    limit = MAX_CHARACTERS + MIN_CHARACTERS
    assert all(len(p.text) < limit for p in body_passages(document))


def test_a_short_rest_stays_with_the_sentences_before_it() -> None:
    text = "政府工作报告\n各位代表：\n" + "我们扎实推进各项工作。" * 31 + "成效明显。\n"
    document = parse_report(text, "甲县_2022")
    assert len(passages(document)[-1].text) > MIN_CHARACTERS


def test_the_title_block_is_a_passage_of_the_year_of_the_report(document: Document) -> None:
    passage = title_passage(document)
    assert passage.section == (TITLE_BLOCK,)
    assert passage.sentences[0].years == (2022,)
    assert "王  程" in passage.text


def test_the_title_block_comes_first(document: Document) -> None:
    assert passages(document)[0] == title_passage(document)


def test_every_glossary_entry_is_a_passage_under_its_term(document: Document) -> None:
    found = [p.section for p in passages(document) if p.section[:1] == ("名词解释",)]
    assert found == [("名词解释", entry.term) for entry in document.glossary]


def test_the_sentence_of_a_glossary_passage_begins_with_the_term(document: Document) -> None:
    for passage, entry in zip(passages(document)[-21:], document.glossary, strict=True):
        (sentence,) = passage.sentences
        assert document.text[sentence.start : sentence.end].startswith(entry.term)


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("2021年，全区实现地区生产总值", (2021,)),
        ("实现财政总收入781.1亿元", (2021,)),
        ("规上工业总产值达到4999.3亿元", (2021,)),
        ("由2016年的88.5%跃升至2021年的96%", (2016, 2021)),
        ("从2016年的2.4%提高到2021年的2.7%", (2016, 2021)),
        ("单位GDP能耗较2016年下降17.6%", (2016, 2021)),
        ("到2026年，力争全区生产总值", (2026,)),
        ("建议2022年全区经济社会发展", (2022,)),
        ("成功引进极氪电动汽车", ()),
    ],
)
def test_a_sentence_knows_the_years_it_speaks_of(
    document: Document, words: str, years: tuple[int, ...]
) -> None:
    assert sentence_with(document, words).years == years


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("新增高新技术企业203家", (2017, 2021)),
        ("成功引进极氪电动汽车", (2021, 2021)),
        ("数字经济占比提高10个百分点", (2022, 2026)),
        ("新建5G基站600个", (2022, 2022)),
        ("力争社会消费品零售总额增长8%", (2022, 2022)),
    ],
)
def test_a_sentence_knows_the_period_of_its_chapter(
    document: Document, words: str, period: tuple[int, int]
) -> None:
    assert sentence_with(document, words).period == period


def test_a_topic_year_ends_where_a_sum_over_years_begins() -> None:
    text = "报告\n各位代表：\n2021年，收入增长。支出下降。五年来累计建成学校5所。\n"
    document = parse_report(text, "甲县_2022")
    years = [s.years for p in body_passages(document) for s in p.sentences][1:]
    assert years == [(2021,), (2021,), ()]


def test_a_topic_year_does_not_reach_the_next_paragraph() -> None:
    text = "报告\n各位代表：\n2021年，收入增长。\n支出下降。\n"
    document = parse_report(text, "甲县_2022")
    assert sentence_with(document, "支出下降").years == ()


def test_the_part_behind_a_semicolon_keeps_the_year_of_the_sentence(document: Document) -> None:
    sentence = sentence_with(document, "规上工业总产值达到")
    parts = segments(document, sentence)
    assert [p.years for p in parts] == [(2021,)] * 3


def test_parts_of_a_sentence_that_name_their_own_years_keep_them_apart() -> None:
    text = "报告\n各位代表：\n2020年建成3所；2021年建成5所。\n"
    document = parse_report(text, "甲县_2022")
    parts = segments(document, sentence_with(document, "2020年建成"))
    assert [p.years for p in parts] == [(2020,), (2021,)]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("去年和今年", (2021, 2022)),
        ("过去五年", ()),
        ("2016年至2021年", (2016, 2021)),
        ("全区", ()),
    ],
)
def test_single_years_are_read_by_number_and_by_word(text: str, years: tuple[int, ...]) -> None:
    assert years_in(text, 2022) == years


def test_a_plan_named_in_a_sentence_gives_its_years() -> None:
    assert plans_in("高标准完成“十四五”目标任务") == [(2021, 2025)]


@settings(deadline=None)
@given(
    st.text()
    | st.lists(
        st.sampled_from(
            [
                "各位代表：",
                "一、甲",
                "2021年，增长。",
                "收入；支出。",
                "名词解释",
                "1.甲乙。丙。",
                "“甲乙”1好。",
                " ",
                "（",
            ]
        )
    ).map("\n".join)
)
def test_passages_of_any_text_are_quoted_from_it(text: str) -> None:
    document = parse_report(text, "任意")
    for passage in passages(document):
        assert passage.text == document.text[passage.start : passage.end]
        assert passage.text.strip()
