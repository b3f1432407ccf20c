"""Build the vector index of a large segment: train on a sample, fill, measure its recall."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.encoder import Vectors
from index.stores.dense import FILE, ROWS, DenseFacts, DenseIndex, write_facts
from index.stores.kinds import Kind, Tuning, lists_for

_log = logging.getLogger("wenzheng")
_CHUNK = 50_000  # vectors in memory at a time
_PROBES = 200
_TOP = 10
# Vectors in a probe. A question is near none of the passages (cosine 0.5 to the nearest), where a
# passage's own vector is found at any effort. Recall of 120 questions over a million passages at
# efforts 64, 128, 192 is 0.957, 0.980, 0.989; of single vectors 1.000 at all; of mixtures of four
# 0.969, 0.995, 0.999; of six 0.943, 0.980, 0.987.
_MIXED = 6

# Streams the vectors of a segment, chunk by chunk, in the order of their numbers.
Rows = Callable[[], Iterator[Vectors]]


def build_dense(
    rows: Rows, passages: int, folder: Path, tuning: Tuning, probes: Vectors | None = None
) -> DenseFacts:
    """Write the vector index of a segment into the folder and return how it is searched.

    :param rows: yields the vectors anew each time it is called.
    :param probes: ``(n, dim) float32`` queries to measure recall with; mixtures of the segment's own
        vectors if None.
    """
    kind = tuning.kind_for(passages)
    if kind is Kind.EXACT:
        exact = DenseIndex.exact(np.concatenate(list(rows())))
        exact.save(folder)
        return exact.facts
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    sample = _sample(rows, passages, lists_for(passages) * 40)
    dimensions = sample.shape[1]
    index = faiss.index_factory(
        dimensions, kind.factory(dimensions, passages), faiss.METRIC_INNER_PRODUCT
    )
    index.train(sample)
    with (folder / ROWS).open("wb") as file:
        for chunk in rows():
            half = chunk.astype(np.float16)
            half.tofile(file)
            index.add(half.astype(np.float32))
    faiss.write_index(index, str(folder / FILE))
    queries = _mixtures(_sample(rows, passages, _PROBES * _MIXED)) if probes is None else probes
    half = np.memmap(folder / ROWS, np.float16, mode="r", shape=(passages, dimensions))
    dense = DenseIndex(index, half, DenseFacts(kind, passages))
    facts = _tuned(rows, dense, tuning, queries)
    write_facts(facts, folder)
    _log.info(
        "%d vectors: %s, effort %d, recall@10 %.3f on %d probes",
        passages,
        kind,
        facts.effort,
        facts.recall,
        facts.probes,
    )
    return facts


def _sample(rows: Rows, passages: int, wanted: int) -> Vectors:
    """Return every n-th vector."""
    step = max(1, passages // wanted)
    taken, first = [], 0
    for chunk in rows():
        taken.append(chunk[(-first) % step :: step])
        first += len(chunk)
    return np.ascontiguousarray(np.concatenate(taken), dtype=np.float32)


def _mixtures(vectors: Vectors) -> Vectors:
    """Return unit vectors each between ``_MIXED`` vectors drawn at random, as a question lies."""
    order = np.random.default_rng(0).permutation(len(vectors))
    count = max(1, min(_PROBES, len(vectors) // _MIXED))
    groups = np.resize(order, count * _MIXED).reshape(count, _MIXED)
    summed = vectors[groups].sum(axis=1)
    lengths = np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-12)
    return np.asarray(summed / lengths, dtype=np.float32)


def _tuned(rows: Rows, dense: DenseIndex, tuning: Tuning, queries: Vectors) -> DenseFacts:
    """Choose the least effort that reaches the recall asked for."""
    nearest = exact_nearest(rows, queries, _TOP)
    kind = dense.facts.kind
    facts = dense.facts
    for effort in (tuning.effort,) if tuning.effort else kind.efforts(facts.passages):
        tried = dense.with_effort(effort)
        shares = [
            len(set(tried.search(q, _TOP)[0].tolist()) & set(n.tolist())) / len(n)
            for q, n in zip(queries, nearest, strict=True)
        ]
        recall = round(float(np.mean(shares)), 4)
        facts = replace(tried.facts, recall=recall, probes=len(queries))
        if recall >= tuning.recall:
            break
    return facts


def exact_nearest(rows: Rows, queries: Vectors, k: int) -> npt.NDArray[np.int64]:
    """Return ``(queries, k)``: numbers of the nearest vectors, all compared."""
    best = np.full((len(queries), k), -2.0, dtype=np.float32)
    numbers = np.full((len(queries), k), -1, dtype=np.int64)
    first = 0
    for chunk in rows():
        cosines, near = faiss.knn(queries, chunk, k, metric=faiss.METRIC_INNER_PRODUCT)
        scores = np.concatenate([best, cosines], axis=1)
        candidates = np.concatenate([numbers, near + first], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        best = np.take_along_axis(scores, order, axis=1)
        numbers = np.take_along_axis(candidates, order, axis=1)
        first += len(chunk)
    return numbers
