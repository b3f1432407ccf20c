"""Words and character pairs of a text."""

from __future__ import annotations

import re

import jieba
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning import fold_text
from corpus.types import Document
from index.lexical import tokens


def test_a_word_cut_otherwise_in_question_and_report_still_meets() -> None:
    assert set(tokens("双控双减")) & set(tokens("臭氧双控"))


def test_punctuation_is_no_token() -> None:
    assert tokens("，。！“”") == []


def test_the_words_are_those_of_jieba_itself(document: Document) -> None:
    for line in document.text.split("\n"):
        folded = fold_text(line)
        words = [w for w in jieba.cut_for_search(folded) if re.search(r"\w", w)]
        assert [t for t in tokens(folded) if not t.startswith("#")] == words


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_cut_into_tokens(text: str) -> None:
    assert all(token.strip() for token in tokens(text))
