"""Measure one store in a process of its own: opening, search, recall, memory.

``python -m eval.scale.measuring FOLDER QUESTIONS HANDED`` prints one JSON object and leaves in
HANDED what the peers are given: vectors, texts, queries.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from corpus.cleaning import fold_text
from eval.datasets.questions import read_questions
from eval.scale.timing import Times, resident_mb, timed
from index.encoder import Encoder, Vectors
from index.stores.dense_build import exact_nearest
from index.stores.faiss_store import FaissStore
from index.stores.protocol import Query

_TOP = 10
_CHUNK = 50_000  # vectors in memory at a time


@dataclass(frozen=True)
class Measured:
    """What was measured of one store.

    :ivar open_s: seconds from nothing loaded to a store that can be searched.
    :ivar first_ms: the first query, with its page faults.
    :ivar recall: share of the exact ten nearest vectors that the search returned.
    :ivar resident_mb: after all queries, mapped files included.
    """

    passages: int
    segments: int
    engine: str
    effort: int
    open_s: float
    first_ms: float
    hybrid: Times
    dense: Times
    lexical: Times
    recall: float
    resident_mb: float


def measure(folder: Path, questions: Path, handed: Path) -> Measured:
    """Open a store and put every question to it."""
    texts = [fold_text(row.question) for row in read_questions(questions).rows]
    vectors = Encoder().encode_queries(texts)
    begun = time.perf_counter()
    store = FaissStore.open(folder)
    open_s = time.perf_counter() - begun
    queries = [Query(t, v) for t, v in zip(texts, vectors, strict=True)]
    begun = time.perf_counter()
    store.search(queries[0])
    first_ms = (time.perf_counter() - begun) * 1000
    hybrid = timed(lambda i: store.search(queries[i]), len(queries))
    dense = timed(lambda i: store.nearest(queries[i]), len(queries))
    lexical = timed(lambda i: store.by_words(queries[i]), len(queries))
    resident = resident_mb()
    found = [store.nearest(q)[0][:_TOP] for q in queries]
    nearest = exact_nearest(lambda: rows_of(store), vectors, _TOP)
    shares = [
        len(set(f.tolist()) & set(n.tolist())) / _TOP for f, n in zip(found, nearest, strict=True)
    ]
    hand_over(store, texts, vectors, handed)
    return Measured(
        passages=store.counts().passages,
        segments=len(store.segments),
        engine=store.engine(),
        effort=max(s.dense.facts.effort for s in store.segments),
        open_s=round(open_s, 3),
        first_ms=round(first_ms, 1),
        hybrid=hybrid,
        dense=dense,
        lexical=lexical,
        recall=round(float(np.mean(shares)), 4),
        resident_mb=resident,
    )


def hand_over(store: FaissStore, texts: list[str], queries: Vectors, handed: Path) -> None:
    """Write what peers search: ``vectors.f32``, ``queries.npy``, ``queries.json``, ``texts.jsonl``."""
    handed.mkdir(parents=True, exist_ok=True)
    np.save(handed / "queries.npy", queries, allow_pickle=False)
    (handed / "queries.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    with (handed / "vectors.f32").open("wb") as file:
        for chunk in rows_of(store):
            np.ascontiguousarray(chunk, dtype=np.float32).tofile(file)
    with (handed / "texts.jsonl").open("w", encoding="utf-8") as lines:
        for segment in store.segments:
            for number in range(len(segment.passages)):
                text = json.loads(segment.passages[number])["text"]
                lines.write(json.dumps(text, ensure_ascii=False) + "\n")


def rows_of(store: FaissStore) -> Iterator[Vectors]:
    """Yield all vectors of a store in the order of their numbers."""
    for segment in store.segments:
        for first in range(0, len(segment.dense), _CHUNK):
            yield segment.dense.rows(first, min(first + _CHUNK, len(segment.dense)))


if __name__ == "__main__":
    told = measure(*map(Path, sys.argv[1:4]))
    sys.stdout.write(json.dumps(asdict(told)))
