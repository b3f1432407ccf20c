"""The lexical half of search: BM25 over words and character bigrams together."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import bm25s
import jieba
import numpy as np
import numpy.typing as npt

jieba.setLogLevel(logging.WARNING)

_RUN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"\w")


def tokens(folded: str) -> list[str]:
    """Return jieba's search-mode words and the bigrams of every Chinese run.

    Words alone miss what jieba cuts otherwise in question and report; bigrams alone miss rare
    single words (measured: CONTRIBUTING.md).

    :param folded: text as :func:`corpus.cleaning.fold` returns it.
    """
    words = [w for w in jieba.cut_for_search(folded) if _WORD.search(w)]
    bigrams = [run[i : i + 2] for run in _RUN.findall(folded) for i in range(len(run) - 1)]
    # The marker keeps a bigram apart from the same two characters as a word: both then count.
    return words + [f"#{b}" for b in bigrams]


class LexicalIndex:
    """BM25 (Robertson's k1 and b, Lucene's idf, by bm25s) by passage number."""

    FOLDER = "lexical"

    def __init__(self, scorer: bm25s.BM25) -> None:
        self._scorer = scorer

    @classmethod
    def build(cls, token_lists: list[list[str]]) -> LexicalIndex:
        """Index the tokens of each passage; list i is passage i."""
        scorer = bm25s.BM25(k1=1.2, b=0.6, method="lucene")
        scorer.index(token_lists, show_progress=False)
        return cls(scorer)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read the index that ``save`` wrote."""
        return cls(bm25s.BM25.load(str(folder / cls.FOLDER), load_corpus=False))

    def save(self, folder: Path) -> None:
        """Write the index into the folder."""
        self._scorer.save(str(folder / self.FOLDER), show_progress=False)

    def holds(self, folded_word: str) -> bool:
        """Tell whether a word, or all its bigrams, stand in any passage."""
        known = self._scorer.vocab_dict
        if folded_word in known:
            return True
        pairs = [folded_word[i : i + 2] for i in range(len(folded_word) - 1)]
        return bool(pairs) and all(f"#{pair}" in known for pair in pairs)

    def scores(self, query: list[str]) -> npt.NDArray[np.float32]:
        """Return the ``(n,) float32`` BM25 score of every passage."""
        known = [t for t in query if t in self._scorer.vocab_dict]
        if not known:
            return np.zeros(self._scorer.scores["num_docs"], dtype=np.float32)
        return np.asarray(self._scorer.get_scores(known), dtype=np.float32)
