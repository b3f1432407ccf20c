"""The same passages in other hands: bm25s alone, FAISS alone, LangChain's FAISS wrapper."""

from __future__ import annotations

from collections.abc import Callable

import faiss
import numpy as np

from index.encoder import Vectors
from index.lexical import tokens
from index.stores.faiss_store import FaissStore
from index.stores.postings import frequency_part, hash_of

_TOP = 100
_MOST_EXACT = 1_500_000  # passages whose vectors FAISS alone holds in memory


def bm25s_alone(store: FaissStore, texts: list[str]) -> Callable[[int], object]:
    """Return the search of bm25s over the store's own inverted lists (its first segment)."""
    import bm25s

    postings = store.segments[0].postings
    frequency = np.diff(postings.offsets)
    idf = np.log(1.0 + (postings.passages - frequency + 0.5) / (frequency + 0.5))
    part = frequency_part(
        np.asarray(postings.counts), postings.lengths[postings.documents], postings.mean_length
    )
    scorer = bm25s.BM25(k1=1.2, b=0.6, method="lucene")
    scorer.scores = {
        "data": (np.repeat(idf, frequency).astype(np.float32) * part),
        "indices": np.asarray(postings.documents),
        "indptr": np.asarray(postings.offsets),
        "num_docs": postings.passages,
    }
    scorer.nonoccurrence_array = None
    hashes = [np.array([hash_of(w) for w in tokens(t)], dtype=np.uint64) for t in texts]
    rows = [[int(r) for r in postings.find(h) if r >= 0] for h in hashes]
    scorer.vocab_dict = {str(i): i for i in {r for row in rows for r in row}}

    def ask(i: int) -> object:
        scores = scorer.get_scores_from_ids(rows[i])
        return np.argpartition(-scores, _TOP)[:_TOP]

    return ask


def faiss_alone(store: FaissStore, vectors: Vectors) -> Callable[[int], object]:
    """Return FAISS's exact search over the same vectors, in memory."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    for segment in store.segments:
        for first in range(0, min(len(segment.dense), _MOST_EXACT), 50_000):
            index.add(segment.dense.rows(first, min(first + 50_000, len(segment.dense))))
    return lambda i: index.search(vectors[i : i + 1], _TOP)
