"""The same passages in other hands: bm25s alone and FAISS alone, each in a process of its own.

``python -m eval.scale.peers bm25s|faiss FOLDER HANDED`` prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from eval.scale.timing import resident_mb, timed

_TOP = 100


def bm25s_alone(folder: Path, texts: list[str]) -> tuple[Callable[[int], object], int]:
    """Return the search of bm25s over the store's own inverted lists, and how many passages these hold.

    Of a store of several segments the first is searched.
    """
    import bm25s

    from index.lexical import tokens
    from index.stores.layout import read_state
    from index.stores.postings import K1, B, Postings, frequency_part, hash_of

    postings = Postings.open(folder / "segments" / read_state(folder).segments[0])
    frequency = np.diff(postings.offsets)
    idf = np.log(1.0 + (postings.passages - frequency + 0.5) / (frequency + 0.5))
    part = frequency_part(
        np.asarray(postings.counts), postings.lengths[postings.documents], postings.mean_length
    )
    scorer = bm25s.BM25(k1=K1, b=B, method="lucene")
    scorer.scores = {
        "data": np.repeat(idf.astype(np.float32), frequency) * part,
        "indices": np.asarray(postings.documents),
        "indptr": np.asarray(postings.offsets),
        "num_docs": postings.passages,
    }
    scorer.nonoccurrence_array = None
    cut = [np.array([hash_of(w) for w in tokens(t)], dtype=np.uint64) for t in texts]
    rows = [[int(r) for r in postings.find(h) if r >= 0] for h in cut]
    scorer.vocab_dict = {str(i): i for i in {r for row in rows for r in row}}

    def ask(i: int) -> object:
        scores = scorer.get_scores_from_ids(rows[i])
        return np.argpartition(-scores, _TOP)[:_TOP]

    return ask, postings.passages


def faiss_alone(handed: Path) -> tuple[Callable[[int], object], int]:
    """Return FAISS's exact search over the same vectors, in memory."""
    import faiss

    queries = np.load(handed / "queries.npy")
    dimensions = queries.shape[1]
    rows = np.memmap(handed / "vectors.f32", np.float32, mode="r").reshape(-1, dimensions)
    index = faiss.IndexFlatIP(dimensions)
    for first in range(0, len(rows), 50_000):
        index.add(np.ascontiguousarray(rows[first : first + 50_000]))
    faiss.omp_set_num_threads(1)
    return lambda i: index.search(queries[i : i + 1], _TOP), len(rows)


def main(name: str, folder: Path, handed: Path) -> dict[str, object]:
    """Build what ``name`` searches, ask it every query, and tell."""
    texts = json.loads((handed / "queries.json").read_text(encoding="utf-8"))
    begun = time.perf_counter()
    ask, passages = bm25s_alone(folder, texts) if name == "bm25s" else faiss_alone(handed)
    took = time.perf_counter() - begun
    times = timed(ask, len(texts))
    return {
        "passages": passages,
        "build_s": round(took, 2),
        "resident_mb": resident_mb(),
        "times": asdict(times),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
