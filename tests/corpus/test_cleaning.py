"""Text as people read it and as it is matched, with the way back to the source."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning import CleanText, clean, fold, fold_text, simplify
from corpus.types import Document, FootnoteMark

# Everything that makes offsets hard beside what hypothesis thinks of: full width, traditional
# characters, characters that fold into several, white space of many kinds, invisible ones.
TEXTS = (
    st.text(st.sampled_from("北仑區國內 \n\t\u3000\u200b\ufeffＧＤＰ㎡Ⅴﬁ½aB1，。；“”")) | st.text()
)


def as_read(text: str) -> str:
    return clean(text, 0, len(text), ()).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("代区长  王  程   ", "代区长王程"),
        ("北仑区第十届\n\n人民代表大会", "北仑区第十届人民代表大会"),
        ("\u3000\u3000各位代表：", "各位代表："),
        ("名 词 解 释", "名词解释"),
        ("（PATENT \n COOPERATION  TREATY）", "（PATENT COOPERATION TREATY）"),
        ("青年 SPORT 港", "青年SPORT港"),
        ("\ufeff北\u200b仑", "北仑"),
        (" \n\u3000", ""),
    ],
)
def test_stray_white_space_is_not_read(text: str, expected: str) -> None:
    assert as_read(text) == expected


def test_a_footnote_mark_is_not_read() -> None:
    text = "探索M014创新型产业用地"
    assert clean(text, 0, len(text), (FootnoteMark(14, 4, 6),)).text == "探索M0创新型产业用地"


def test_a_mark_outside_the_range_hides_nothing_in_it() -> None:
    text = "“两业融合”1试点10项"
    assert clean(text, 7, len(text), (FootnoteMark(1, 6, 7),)).text == "试点10项"


def test_a_range_of_the_read_text_leads_back_over_the_hidden_mark() -> None:
    text = "入选“两业融合”1试点"
    read = clean(text, 0, len(text), (FootnoteMark(1, 8, 9),))
    start = read.text.index("融合”试点")
    begin, end = read.source_range(start, start + len("融合”试点"))
    assert text[begin:end] == "融合”1试点"


def test_the_speaker_is_found_in_the_report_by_the_name_as_read(document: Document) -> None:
    read = clean(document.text, 0, document.header_end, ())
    start = read.text.index("王程")
    begin, end = read.source_range(start, start + 2)
    assert document.text[begin:end] == "王  程"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＧＤＰ增长７．５％", "gdp增长7.5%"),
        ("PM2.5", "pm2.5"),
        ("財政總收入", "财政总收入"),
        ("劣Ⅴ类水", "劣v类水"),
        ("臭氧(O₃)", "臭氧(o3)"),
        ("面积100㎡", "面积100m2"),
    ],
)
def test_ways_of_writing_the_same_fold_together(text: str, expected: str) -> None:
    assert fold_text(text) == expected


@pytest.mark.parametrize("mark", list("，；：！？（）。、“”"))
def test_chinese_punctuation_stays_when_text_is_folded(mark: str) -> None:
    assert fold_text(f"收入{mark}支出") == f"收入{mark}支出"


def test_a_phrase_that_keeps_its_traditional_form_is_left_alone() -> None:
    assert simplify("乾隆") == "乾隆"


def test_a_match_in_folded_text_leads_back_to_the_words_of_the_report() -> None:
    text = "建成100㎡的 ＧＤＰ 展廳"
    folded = fold(clean(text, 0, len(text), ()))
    start = folded.text.index("gdp展厅")
    begin, end = folded.source_range(start, start + len("gdp展厅"))
    assert text[begin:end] == "ＧＤＰ 展廳"


def test_folding_the_whole_report_loses_no_character(document: Document) -> None:
    read = clean(document.text, 0, len(document.text), document.marks)
    assert set(fold(read).offsets) == set(read.offsets)


@settings(deadline=None)
@given(TEXTS, st.data())
def test_offsets_of_clean_text_are_strictly_ordered_and_true(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    read = clean(text, start, end, ())
    assert list(read.offsets) == sorted(set(read.offsets))
    assert all(start <= offset < end for offset in read.offsets)
    assert all(
        char == text[offset] or (char == " " and text[offset].isspace())
        for char, offset in zip(read.text, read.offsets, strict=True)
    )


@settings(deadline=None)
@given(TEXTS)
def test_cleaning_hides_nothing_but_white_space_and_invisible_characters(text: str) -> None:
    kept = set(clean(text, 0, len(text), ()).offsets)
    assert all(
        char.isspace() or unicodedata.category(char) == "Cf"
        for position, char in enumerate(text)
        if position not in kept
    )


@settings(deadline=None)
@given(TEXTS)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert as_read(as_read(text)) == as_read(text)


@settings(deadline=None)
@given(TEXTS)
def test_every_folded_character_comes_from_its_source_character(text: str) -> None:
    folded = fold(CleanText(text, tuple(range(len(text)))))
    assert list(folded.offsets) == sorted(folded.offsets)
    for char, offset in zip(folded.text, folded.offsets, strict=True):
        source = text[offset]
        unfolded = unicodedata.normalize("NFKC", source).lower()
        assert char in source + unfolded + fold_text(source)


@settings(deadline=None)
@given(TEXTS)
def test_every_source_character_is_kept_when_folded(text: str) -> None:
    assert set(fold(CleanText(text, tuple(range(len(text))))).offsets) == set(range(len(text)))


@settings(deadline=None)
@given(st.text())
def test_any_question_can_be_folded(text: str) -> None:
    assert isinstance(fold_text(text), str)


def test_every_character_that_is_not_seen_goes_from_between_words() -> None:
    unseen = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) == "Cf"]
    assert as_read(f"新区 {' '.join(unseen)}2022 年") == "新区2022年"
    assert all(as_read(f"GDP {c} 5G") == "GDP 5G" for c in unseen)
