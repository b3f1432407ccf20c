"""Search: BM25 and dense scores fused into one ranking of passages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from corpus.cleaning import fold_text
from corpus.types import Passage
from index.encoder import Encoder
from index.library import Library
from index.stores.protocol import Filter, Query
from retriever.choosing import Choice
from retriever.question import Question
from retriever.scope import EXAMINED, Holdings, Reports, Scope
from retriever.vocabulary import Vocabulary

# Weights of the fusion, chosen on govqa validation (eval/RESULTS.md, "fusion").
LEXICAL_WEIGHT = 1.0
DENSE_WEIGHT = 1.0
EXPANSION_WEIGHT = 0.4
_POOL = 100
_TOP = 10  # passages whose reports are looked into where there are many
_MENTIONS = 20  # passages looked at for a name


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

    @cached_property
    def _holdings(self) -> Holdings:
        return Holdings(self.library.store.descriptions())

    def scope(self, folded: str = "", documents: tuple[str, ...] = ()) -> Scope:
        """Return the reports that a question is put to: of those chosen, those whose place it names.

        :param folded: the question; empty for all that are chosen.
        :param documents: ids chosen; all if empty.
        :raises UnknownDocumentError: if the library does not hold one of them.
        """
        held = self._holdings.among(documents) if documents else self._holdings
        return held.named(folded) if folded else held.whole()

    def chosen(self, choice: Choice) -> tuple[str, ...]:
        """Return the ids of the reports that meet a choice, to search in; none if all do.

        :raises UnknownDocumentError: if the library does not hold one of its documents.
        :raises NoReportError: if no report meets it.
        """
        return self._holdings.chosen(choice) if choice else ()

    def examined(self, question: Question, scope: Scope) -> Reports:
        """Return the reports that may be looked into for a question, none of them read yet.

        Of more than ``EXAMINED`` these are the ones in which the best passages stand.
        """

        def choose() -> list[str]:
            if len(scope.rows) <= EXAMINED:
                return [row.id for row in scope.rows]
            hits = self.search(question, _TOP, scope.searched)
            return list(dict.fromkeys(h.passage.document_id for h in hits))

        return Reports(self.library, choose)

    def mentions(self, name: str, scope: Scope) -> bool:
        """Tell whether a folded name stands in the reports, without reading them."""
        store = self.library.store
        if not store.holds(name):
            return False
        if len(name) <= 2 and not scope.searched:
            return True
        vector = self._encoder.encode_queries([name])[0]
        query = Query(name, vector, pool=_MENTIONS, filter=Filter(documents=scope.searched))
        found = sorted(store.search(query), key=lambda c: -c.lexical)[:_MENTIONS]
        return any(name in fold_text(p.text) for p in store.read([c.number for c in found]))

    def search(self, question: Question, k: int, documents: tuple[str, ...] = ()) -> list[Hit]:
        """Return the ``k`` best passages, best first.

        :param documents: ids to search in; all if empty.
        :raises UnknownDocumentError: if the library does not hold one of them.
        """
        query = Query(
            text=question.folded,
            vector=self._encoder.encode_queries([question.folded])[0],
            expansions=tuple(self._vocabulary.expansions(question.folded, question.words)),
            expansion_weight=EXPANSION_WEIGHT,
            pool=_POOL,
            filter=Filter(documents=documents),
        )
        candidates = self.library.store.search(query)
        if not candidates:
            return []
        lexical = np.array([c.lexical for c in candidates], dtype=np.float32)
        floor = min((c.dense for c in candidates if c.dense is not None), default=0.0)
        dense = np.array([floor if c.dense is None else c.dense for c in candidates])
        by_words, by_meaning = self._weights
        fused = by_words * _standardise(lexical) + by_meaning * _standardise(dense)
        best = [int(b) for b in np.argsort(-fused, kind="stable")[:k]]
        passages = self.library.store.read([candidates[b].number for b in best])
        return [
            Hit(
                passage=passage,
                score=float(fused[b]),
                lexical=candidates[b].lexical,
                dense=candidates[b].dense,
            )
            for b, passage in zip(best, passages, strict=True)
        ]


def _standardise(scores: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return scores with mean 0 and deviation 1, so that BM25 and cosines can be added."""
    spread = float(np.std(scores))
    return np.asarray(scores - np.mean(scores), dtype=np.float64) / (
        spread if spread > 1e-9 else 1.0
    )
