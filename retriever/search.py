"""Search: BM25 and dense scores fused into one ranking of passages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.types import Passage
from index.encoder import Encoder
from index.lexical import tokens
from index.library import Library
from retriever.question import Question
from retriever.vocabulary import Vocabulary

# Weights of the fusion, chosen on govqa validation (eval/RESULTS.md, "fusion").
LEXICAL_WEIGHT = 1.0
DENSE_WEIGHT = 1.0
EXPANSION_WEIGHT = 0.4
_POOL = 100


@dataclass(frozen=True)
class Hit:
    """A passage found.

    :ivar score: fused; higher is better, comparable within one question only.
    :ivar lexical: BM25 score.
    :ivar dense: cosine, or None where the passage was not among the nearest vectors.
    """

    passage: Passage
    score: float
    lexical: float
    dense: float | None


class Retriever:
    """Finds passages of one library version."""

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        vocabulary: Vocabulary,
        lexical_weight: float = LEXICAL_WEIGHT,
        dense_weight: float = DENSE_WEIGHT,
    ) -> None:
        """Search a library; the weights are those of the standardised scores in the fusion."""
        self._weights = lexical_weight, dense_weight
        self.library = library
        self._encoder = encoder
        self._vocabulary = vocabulary
        ids = [p.document_id for p in library.passages]
        self._by_document = {
            d: np.array([i for i, owner in enumerate(ids) if owner == d], dtype=np.int64)
            for d in library.documents
        }

    def search(self, question: Question, k: int, documents: tuple[str, ...] = ()) -> list[Hit]:
        """Return the ``k`` best passages, best first.

        :param documents: ids to search in; all if empty.
        :raises UnknownDocumentError: if the library does not hold one of them.
        """
        allowed = self._allowed(documents)
        expansions = self._vocabulary.expansions(question.folded, question.words)
        lexical = self.library.lexical.scores(tokens(question.folded))
        if expansions:
            extra = self.library.lexical.scores(tokens(" ".join(expansions)))
            lexical = lexical + EXPANSION_WEIGHT * extra
        if allowed is not None:
            outside = np.ones(len(lexical), dtype=bool)
            outside[allowed] = False
            lexical = np.where(outside, -1.0, lexical)
        query = self._encoder.encode([question.folded])[0]
        pool = min(_POOL, len(lexical))
        near, cosines = self.library.vectors.search(query, pool, allowed)
        dense = dict(zip(near.tolist(), cosines.tolist(), strict=True))
        top = np.argpartition(-lexical, pool - 1)[:pool]
        candidates = sorted({int(i) for i in top if lexical[i] >= 0} | dense.keys())
        if not candidates:
            return []
        floor = min(dense.values(), default=0.0)
        by_words, by_meaning = self._weights
        fused = by_words * _standardise(lexical[candidates]) + by_meaning * _standardise(
            np.array([dense.get(i, floor) for i in candidates])
        )
        best = np.argsort(-fused, kind="stable")[:k]
        return [
            Hit(
                passage=self.library.passages[candidates[b]],
                score=float(fused[b]),
                lexical=float(lexical[candidates[b]]),
                dense=dense.get(candidates[b]),
            )
            for b in best
        ]

    def _allowed(self, documents: tuple[str, ...]) -> npt.NDArray[np.int64] | None:
        if not documents:
            return None
        for name in documents:
            self.library.document(name)
        return np.concatenate([self._by_document[name] for name in documents])


def _standardise(scores: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return scores with mean 0 and deviation 1, so that BM25 and cosines can be added."""
    spread = float(np.std(scores))
    return np.asarray(scores - np.mean(scores), dtype=np.float64) / (
        spread if spread > 1e-9 else 1.0
    )
