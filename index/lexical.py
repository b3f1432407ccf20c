"""The words and pairs of characters that BM25 goes by."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from functools import lru_cache

import jieba
import rjieba

jieba.setLogLevel(logging.WARNING)


def dictionary() -> tuple[list[str], list[str], list[str]]:
    """Return the words of jieba's dictionary, how often each is met, and what kind it is of."""
    with jieba.dt.get_dict_file() as file:
        fields = file.read().decode("utf-8").split()
    return fields[0::3], fields[1::3], fields[2::3]


@lru_cache(maxsize=1)
def kinds() -> dict[str, str]:
    """Return of each word of jieba's dictionary what kind it is of (n, v, ns …), read once a process.

    jieba's own reader of these marks takes 0.3 s at the start of every program.
    """
    words, _, marks = dictionary()
    return dict(zip(words, map(sys.intern, marks), strict=True))


def _read_dictionary() -> None:
    """Read jieba's dictionary from its package.

    By itself jieba keeps a copy in the folder of temporary files, where whoever shares the machine
    may put another one. Its own reading, line by line, takes twice as long (0.9 s of one core).
    """
    with jieba.dt.lock:
        if not jieba.dt.initialized:
            jieba.dt.FREQ, jieba.dt.total = _counted()
            jieba.dt.initialized = True


def _counted() -> tuple[dict[str, int], int]:
    """Return how often words are met, 0 for what words only begin with, and the sum of all."""
    words, counts, _ = dictionary()
    found = dict(zip(words, map(int, counts), strict=True))
    length = 1
    while words := [word for word in words if len(word) > length]:
        for begun in {word[:length] for word in words}:
            found.setdefault(begun, 0)
        length += 1
    return found, sum(map(int, counts))


jieba.dt.initialize = _read_dictionary

_RUN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"\w")
# What jieba itself cuts a text into before it looks for words.
_BLOCK = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+|[^\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+")
_CHINESE = re.compile(r"[\u4e00-\u9fd5]+")


def tokens(folded: str) -> list[str]:
    """Return jieba's search-mode words and the bigrams of every Chinese run.

    Words alone miss what jieba cuts otherwise in question and report; bigrams alone miss rare
    single words (measured: CONTRIBUTING.md).

    :param folded: text as :func:`corpus.cleaning.fold` returns it.
    """
    words = list(search_words(folded))
    # The marker keeps a bigram apart from the same two characters as a word: both then count.
    return words + [f"#{pair}" for pair in pairs(folded)]


def pairs(folded: str) -> list[str]:
    """Return the bigrams of every Chinese run."""
    return [run[i : i + 2] for run in _RUN.findall(folded) for i in range(len(run) - 1)]


def search_words(folded: str) -> Iterator[str]:
    """Yield what ``jieba.cut_for_search`` yields, but for punctuation.

    Blocks of Chinese alone are left to its twin in Rust, which cuts them alike and four times
    faster; with figures and letters the two differ.
    """
    for block in _BLOCK.findall(folded):
        if _CHINESE.fullmatch(block):
            yield from rjieba.cut_for_search(block)
        elif _WORD.search(block):
            yield from (w for w in jieba.cut_for_search(block) if _WORD.search(w))
