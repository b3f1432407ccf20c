"""Measure one store in a process of its own: opening, search, recall, memory; peers beside it.

``python -m eval.scale.measuring FOLDER QUESTIONS`` prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from corpus.cleaning import fold_text
from eval.datasets.questions import read_questions
from eval.runners.serving import resident_mb
from eval.scale.peers import bm25s_alone, faiss_alone
from index.encoder import Encoder, Vectors
from index.stores.dense_build import exact_nearest
from index.stores.faiss_store import FaissStore
from index.stores.protocol import Query

_WARM_UP = 20
_TOP = 10


@dataclass(frozen=True)
class Times:
    """Milliseconds of one query, one at a time.

    :ivar cpu_p50: of the thread alone: what the machine's other work does not touch.
    """

    p50: float
    p99: float
    cpu_p50: float
    cpu_p99: float


@dataclass(frozen=True)
class Measured:
    """What was measured of one store.

    :ivar open_s: seconds from nothing loaded to a store that can be searched.
    :ivar first_ms: the first query, with its page faults.
    :ivar recall: share of the exact ten nearest vectors that the search returned.
    :ivar resident_mb: after all queries, mapped files included.
    """

    passages: int
    engine: str
    open_s: float
    first_ms: float
    hybrid: Times
    dense: Times
    lexical: Times
    recall: float
    resident_mb: float
    peers: dict[str, Times]


def measure(folder: Path, questions: Path) -> Measured:
    """Open a store and put every question to it."""
    begun = time.perf_counter()
    store = FaissStore.open(folder)
    open_s = time.perf_counter() - begun
    texts = [fold_text(row.question) for row in read_questions(questions).rows]
    vectors = Encoder().encode_queries(texts)
    queries = [Query(t, v) for t, v in zip(texts, vectors, strict=True)]
    begun = time.perf_counter()
    store.search(queries[0])
    first_ms = (time.perf_counter() - begun) * 1000
    hybrid = timed(lambda i: store.search(queries[i]), len(queries))
    dense = timed(lambda i: store.nearest(queries[i]), len(queries))
    lexical = timed(lambda i: store.by_words(queries[i]), len(queries))
    resident = resident_mb_of_this()
    found = [store.nearest(q)[0][:_TOP] for q in queries]
    nearest = exact_nearest(lambda: rows_of(store), vectors, _TOP)
    shares = [
        len(set(f.tolist()) & set(n.tolist())) / _TOP for f, n in zip(found, nearest, strict=True)
    ]
    return Measured(
        passages=store.counts().passages,
        engine=store.engine(),
        open_s=open_s,
        first_ms=first_ms,
        hybrid=hybrid,
        dense=dense,
        lexical=lexical,
        recall=float(np.mean(shares)),
        resident_mb=resident,
        peers={
            "bm25s": timed(bm25s_alone(store, texts), len(queries)),
            "FAISS": timed(faiss_alone(store, vectors), len(queries)),
        },
    )


def rows_of(store: FaissStore) -> Iterator[Vectors]:
    """Yield all vectors of a store in the order of their numbers."""
    for segment in store.segments:
        for first in range(0, len(segment.dense), 50_000):
            yield segment.dense.rows(first, min(first + 50_000, len(segment.dense)))


def timed(ask: Callable[[int], object], count: int) -> Times:
    """Ask ``count`` queries one at a time and return how long they took."""
    for i in range(min(_WARM_UP, count)):
        ask(i)
    wall: list[float] = []
    cpu: list[float] = []
    for i in range(count):
        begun, used = time.perf_counter(), time.thread_time()
        ask(i)
        wall.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.thread_time() - used) * 1000)
    return Times(*_percentiles(wall), *_percentiles(cpu))


def _percentiles(values: list[float]) -> tuple[float, float]:
    p50, p99 = np.percentile(np.array(values, dtype=np.float64), [50, 99])
    return round(float(p50), 2), round(float(p99), 2)


def resident_mb_of_this() -> float:
    """Return the megabytes of this process in memory."""
    import os

    return resident_mb(os.getpid())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(measure(Path(sys.argv[1]), Path(sys.argv[2])))))
