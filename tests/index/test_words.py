"""Words of a text, their weights and their vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning import fold_text
from corpus.errors import LibraryError
from index.words import WordModel, shipped_words


def words(text: str) -> list[str]:
    return [w.text for w in shipped_words().cut(text)]


def weight(word: str) -> float:
    (found,) = shipped_words().cut(word)
    return found.weight


def test_a_text_is_cut_into_the_words_of_a_reader() -> None:
    assert words("一般公共预算收入") == ["一般", "公共", "预算", "收入"]


@pytest.mark.parametrize("term", ["pm2.5", "5g", "rcep", "7.5", "2000", "covid-19"])
def test_a_latin_term_or_a_figure_is_one_word(term: str) -> None:
    assert term in words(f"推进{term}建设")


@pytest.mark.parametrize("text", ["", " \n", "，。！？“”", "——"])
def test_punctuation_and_white_space_are_no_words(text: str) -> None:
    assert words(text) == []


@pytest.mark.parametrize(("rare", "common"), [("氢能", "发展"), ("浓度", "工作"), ("停车位", "的")])
def test_a_rare_word_weighs_more_than_a_common_one(rare: str, common: str) -> None:
    assert weight(rare) > weight(common)


def test_related_words_have_closer_vectors_than_unrelated_ones() -> None:
    model = shipped_words()
    hospital, clinic, port = model.vectors(model.cut("医院、门诊、港口"))
    assert hospital @ clinic > hospital @ port


def test_an_unknown_character_has_no_direction() -> None:
    model = shipped_words()
    assert not model.vectors(model.cut("鿒龘")).any()


def test_vectors_have_length_one() -> None:
    model = shipped_words()
    assert np.linalg.norm(model.vectors(model.cut("财政收入")), axis=1) == pytest.approx(1)


def test_a_folder_without_model_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"缺少tokenizer\.json、model\.safetensors，请"):
        WordModel(tmp_path)


@settings(deadline=None)
@given(st.text(st.sampled_from("北仑区国内生产总值PM2.5g年 ，。“”")) | st.text())
def test_words_are_ordered_ranges_of_the_text(text: str) -> None:
    folded = fold_text(text)
    found = shipped_words().cut(folded)
    borders = [b for w in found for b in (w.start, w.end)]
    assert borders == sorted(borders)
    assert all(w.text == folded[w.start : w.end] for w in found)


@settings(deadline=None)
@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_every_chinese_character_is_in_a_word(text: str) -> None:
    folded = fold_text(text)
    assert "".join(w.text for w in shipped_words().cut(folded)) == folded
