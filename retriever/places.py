"""Places that a question names: the report's own, others it speaks of, and unknown ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

import jieba.posseg

from corpus.types import Document
from retriever.question import Question

_PLACE_FLAGS = frozenset({"ns", "nsf"})
_SUFFIX = re.compile(r"(?<=..)(?:省|市|区|县|镇|乡|街道|州|旗|新区)$")
_PART = re.compile(r"[\u4e00-\u9fff]+?(?:自治[区州县旗]|省|市|区|县|镇|乡|街道|州|旗)")
_NATION = {"全国", "我国", "中国"}
# How askers and reports call the place that the report is about.
_OWN = frozenset(
    "本区 本市 本县 本省 我区 我市 我县 我省 全区 全市 全县 全省 中国 我国 全国 中华人民共和国".split()
)


@dataclass(frozen=True)
class Places:
    """Names without their kind (镇海, not 镇海区).

    :ivar other: places named that are not the report's own.
    :ivar unknown: of these, places that stand nowhere in the reports.
    """

    other: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()


def own_names(documents: list[Document]) -> tuple[str, ...]:
    """Return how people call the places that documents are about, longest first.

    宁波市北仑区 is 宁波市北仑区, 北仑区, 北仑, and 全区, 我区, 本区 in its own report.
    """
    names: set[str] = set()
    for document in documents:
        name = _last_place(document.region)
        if name is None:
            names |= _NATION
            continue
        names |= {document.region, name, _SUFFIX.sub("", name)}
        names |= {f"{whose}{name[-1]}" for whose in "全我本"}
    return tuple(sorted(names, key=len, reverse=True))


def named_documents(folded: str, documents: list[Document]) -> list[Document]:
    """Return the documents whose place a question names, all of them if it names none."""
    named = [
        d
        for d in documents
        if (name := _last_place(d.region)) is not None and _SUFFIX.sub("", name) in folded
    ]
    return named or documents


def _last_place(region: str) -> str | None:
    """Return the last place of a region's name (北仑区), None if it names none (国务院)."""
    parts = _PART.findall(region)
    return parts[-1] if parts else None


def _is_kind_of_city(word: str, folded: str) -> bool:
    """Tell 文明城市, a kind of city, from a town called 文明城."""
    return word.endswith("城") and f"{word}市" in folded


def places_in(question: Question, documents: list[Document]) -> Places:
    """Return the places that a question names, seen from the reports it is put to."""
    own = own_names(documents)
    names = {
        _SUFFIX.sub("", pair.word)
        for pair in jieba.posseg.cut(question.folded, HMM=False)
        if pair.flag in _PLACE_FLAGS
        and len(pair.word) >= 2
        and pair.word not in _OWN
        and not _is_kind_of_city(pair.word, question.folded)
    }
    other = frozenset(n for n in names if n not in own)
    unknown = frozenset(n for n in other if not any(n in d.text for d in documents))
    return Places(other, unknown)
