"""Places and bodies that a question names and the reports do not."""

from __future__ import annotations

import re

import jieba.posseg

from retriever.question import Question

_PLACE_FLAGS = frozenset({"ns", "nsf"})
_SUFFIX = re.compile(r"(省|市|区|县|镇|乡|街道|州|旗)$")
# Names of the place the report is about, as the asker sees it; never a foreign place.
_OWN = frozenset({"本区", "本市", "本县", "本省", "我区", "我市", "我县", "我省", "全区", "全市", "全县", "全省", "中国", "我国", "全国"})


def foreign_places(question: Question, text: str) -> frozenset[str]:
    """Return the places named in a question that stand nowhere in a text."""
    names = {
        pair.word
        for pair in jieba.posseg.cut(question.folded, HMM=False)
        if pair.flag in _PLACE_FLAGS and len(pair.word) >= 2
    }
    return frozenset(
        name
        for name in names - _OWN
        if name not in text and _SUFFIX.sub("", name) not in text
    )
