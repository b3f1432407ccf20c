"""Find out why one search is better than another: the same passages, one choice changed at a time.

python -m eval.peers.causes

Terms of BM25, its formula, headings in the text searched, and how BM25 and cosines are joined, over
Wenzheng's passages, each question in its own document, without the vocabulary.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bm25s
import jieba
import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from corpus.cleaning import fold_text
from corpus.passages import passages
from corpus.report import parse_report
from corpus.types import Document, Passage
from eval.peers import data as given
from eval.peers.scoring import Judged, judge, quality
from index.encoder import Encoder
from index.lexical import tokens
from index.library import searchable

_CHARACTER = re.compile(r"[\u3400-\u9fff]|[0-9a-z]+")
_DEPTH = 30
_RRF = 60  # Cormack, Clarke and Büttcher 2009
Scores = npt.NDArray[np.float64]


def _characters(text: str) -> list[str]:
    return _CHARACTER.findall(text)


def _words(text: str) -> list[str]:
    return [w for w in jieba.lcut(text) if w[0].isalnum()]


TERMS: dict[str, Callable[[str], list[str]]] = {
    "words": _words,
    "characters": _characters,
    "words, pairs (ours)": tokens,
    "words, pairs, characters": lambda text: [*tokens(text), *(f"={c}" for c in _characters(text))],
}


@dataclass(frozen=True)
class Choice:
    """One way to search.

    :ivar method: formula of BM25 as bm25s names it.
    :ivar headings: whether the headings of a passage are searched with it.
    :ivar join: ``none`` (BM25 alone), ``sum`` (of standardised scores, ours) or ``rrf``.
    """

    terms: str
    method: str = "lucene"
    headings: bool = True
    join: str = "none"


OURS = "words, pairs (ours)"
CHOICES = (
    *(Choice(t, m) for t in TERMS for m in ("lucene", "bm25l")),
    Choice(OURS, headings=False),
    Choice("characters", "bm25l", headings=False),
    *(Choice(t, join=j) for t in (OURS, "words, pairs, characters") for j in ("sum", "rrf")),
    *(Choice("characters", "bm25l", headings=h, join="rrf") for h in (True, False)),
)


class Searcher:
    """All choices over one document."""

    def __init__(self, document: Document, encoder: Encoder) -> None:
        self._document = document
        self._encoder = encoder
        self.passages: list[Passage] = [p for p in passages(document) if p.text.strip()]
        self._texts = {
            True: [searchable(document, p) for p in self.passages],
            False: [fold_text(p.text) for p in self.passages],
        }
        self._vectors = {h: encoder.encode(t) for h, t in self._texts.items()}
        self._scorers: dict[tuple[str, str, bool], bm25s.BM25] = {}

    def search(self, question: str, choice: Choice) -> list[tuple[int, int]]:
        """Return the ranges of the best passages."""
        folded = fold_text(question)
        lexical = self._lexical(folded, choice)
        scores = lexical
        if choice.join != "none":
            query = self._encoder.encode([folded])[0]
            dense = np.asarray(self._vectors[choice.headings] @ query, dtype=np.float64)
            join = _sum if choice.join == "sum" else _reciprocal
            scores = join(lexical, dense)
        best = np.argsort(-scores, kind="stable")[:_DEPTH]
        return [(self.passages[i].start, self.passages[i].end) for i in best]

    def _lexical(self, folded: str, choice: Choice) -> Scores:
        key = (choice.terms, choice.method, choice.headings)
        cut = TERMS[choice.terms]
        if key not in self._scorers:
            scorer = bm25s.BM25(k1=1.2, b=0.6, method=choice.method)
            scorer.index([cut(t) for t in self._texts[choice.headings]], show_progress=False)
            self._scorers[key] = scorer
        scorer = self._scorers[key]
        known = [t for t in cut(folded) if t in scorer.vocab_dict]
        if not known:
            return np.zeros(len(self.passages))
        return np.asarray(scorer.get_scores(known), dtype=np.float64)


def _sum(first: Scores, second: Scores) -> Scores:
    return _standard(first) + _standard(second)


def _standard(scores: Scores) -> Scores:
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), 1e-9))


def _reciprocal(first: Scores, second: Scores) -> Scores:
    ranks = [np.argsort(np.argsort(-s, kind="stable"), kind="stable") for s in (first, second)]
    return np.asarray(1 / (_RRF + ranks[0]) + 1 / (_RRF + ranks[1]))


def judged(
    questions: Sequence[given.Asked], searchers: dict[str, Searcher], choice: Choice
) -> dict[str, list[Judged]]:
    """Return how each question went, by set."""
    found = defaultdict(list)
    for q in questions:
        hits = searchers[q.document].search(q.row.question, choice)
        found[q.set].append(judge(hits, (q.row.start, q.row.start + len(q.row.evidence))))
    return dict(found)


def main() -> None:
    """Print a table a set."""
    questions = [q for q in given.asked() if q.row.answerable and q.row.evidence]
    encoder = Encoder()
    searchers = {
        d.id: Searcher(parse_report(d.text, d.id), encoder) for d in given.documents(questions)
    }
    found = {choice: judged(questions, searchers, choice) for choice in CHOICES}
    for name in dict.fromkeys(q.set for q in questions):
        table = Table("terms", "BM25", "headings", "joined", "@1", "@5", "@10", "nDCG", "context")
        table.title = name
        for choice, sets in found.items():
            q = quality(sets[name])
            how = (choice.terms, choice.method, "yes" if choice.headings else "no", choice.join)
            shares = (q.recall1, q.recall5, q.recall10, q.ndcg, q.context)
            table.add_row(*how, *map(str, shares))
        Console().print(table)


if __name__ == "__main__":
    main()
