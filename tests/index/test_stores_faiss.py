"""Stores in files: every kind of index and every number of segments finds the same."""

from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import pytest
from stores_bench import faiss_bench

from corpus.types import Document
from index.encoder import Encoder
from index.entries import entry_of
from index.lexical import tokens
from index.stores.compaction import segments_to_merge
from index.stores.faiss_store import FaissStore
from index.stores.faiss_writer import FaissWriter
from index.stores.kinds import Kind, Tuning
from index.stores.layout import read_state
from index.stores.protocol import Entry, Filter, Query

QUESTIONS = ("新增停车位多少个", "财政总收入达到多少", "怎么推进乡村振兴", "pm2.5")


@pytest.fixture(scope="module")
def entry(document: Document, encoder: Encoder) -> Entry:
    """The bundled report."""
    return entry_of(document, encoder)


@pytest.fixture(scope="module")
def whole(entry: Entry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the bundled report alone."""
    folder = tmp_path_factory.mktemp("store")
    writer = FaissWriter(folder)
    writer.add([entry])
    writer.finish()
    return folder


def queries(encoder: Encoder, wanted: Filter | None = None, pool: int = 20) -> list[Query]:
    vectors = encoder.encode_queries(list(QUESTIONS))
    return [
        Query(q, v, ("老旧小区",), pool=pool, filter=wanted or Filter())
        for q, v in zip(QUESTIONS, vectors, strict=True)
    ]


def test_scores_are_those_of_bm25s(entry: Entry, whole: Path, encoder: Encoder) -> None:
    reference = bm25s.BM25(k1=1.2, b=0.6, method="lucene")
    reference.index([tokens(t) for t in entry.texts], show_progress=False)
    store = FaissStore.open(whole)
    for query in queries(encoder):
        known = [t for t in tokens(query.text) if t in reference.vocab_dict]
        extra = [t for t in tokens("老旧小区") if t in reference.vocab_dict]
        scores = reference.get_scores(known) + 0.4 * reference.get_scores(extra)
        for found in store.search(query):
            assert found.lexical == pytest.approx(scores[found.number], rel=1e-5, abs=1e-6)


def test_skipping_what_cannot_win_loses_nothing(whole: Path, encoder: Encoder) -> None:
    every = FaissStore.open(whole)
    skipping = FaissStore.open(whole, Tuning(exact_up_to=0))
    for query in queries(encoder):
        best = sorted((c.lexical for c in every.search(query)), reverse=True)[:20]
        found = sorted((c.lexical for c in skipping.search(query)), reverse=True)[:20]
        assert found == pytest.approx(best, rel=1e-5)
        same = {c.number: c.lexical for c in every.search(query)}
        for candidate in skipping.search(query):
            if candidate.number in same:
                assert candidate.lexical == pytest.approx(same[candidate.number], rel=1e-5)


@pytest.mark.parametrize(
    "kind", [Kind.IVF_SQ, pytest.param(Kind.IVF_PQ, marks=pytest.mark.long), Kind.HNSW]
)
def test_a_compressed_index_finds_nearly_all_that_comparing_everything_finds(
    kind: Kind, encoder: Encoder, document: Document, tmp_path: Path
) -> None:
    entries = [many(document, encoder, n) for n in range(4)]
    exact = faiss_bench(made(tmp_path / "exact"), encoder).state(entries)
    tuning = Tuning(kind, exact_up_to=100)
    packed = faiss_bench(made(tmp_path / "packed"), encoder, tuning).state(entries)
    assert packed.engine() == str(kind)
    shares = []
    for query in queries(encoder, pool=10):
        near = {c.number for c in exact.search(query) if c.dense is not None}
        found = {c.number for c in packed.search(query) if c.dense is not None}
        shares.append(len(near & found) / len(near))
    assert np.mean(shares) >= 0.9


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def many(document: Document, encoder: Encoder, number: int) -> Entry:
    """The bundled report once more: other id, vectors a little apart."""
    from dataclasses import replace

    one = entry_of(document, encoder)
    name = f"{document.id}_{number}"
    shaken = one.vectors + np.random.default_rng(number).normal(0, 0.02, one.vectors.shape)
    vectors = (shaken / np.linalg.norm(shaken, axis=1, keepdims=True)).astype(np.float32)
    passages = tuple(replace(p, document_id=name) for p in one.passages)
    return Entry(replace(document, id=name), passages, one.texts, vectors, one.figures)


def test_small_segments_are_merged_as_they_come(
    entries: list[Entry], encoder: Encoder, tmp_path: Path
) -> None:
    bench = faiss_bench(tmp_path, encoder)
    for entry in entries:
        bench.state([entry])
    assert len(read_state(tmp_path / str(len(entries))).segments) == 1


def test_a_large_segment_is_not_written_anew_for_a_small_one() -> None:
    assert segments_to_merge([(1_000_000, 1_000_000), (200, 200), (100, 100)], 30_000) == [(1, 3)]


def test_a_segment_of_which_much_is_gone_is_written_anew() -> None:
    assert segments_to_merge([(10_000, 20_000)], 30_000) == [(0, 1)]


def test_merging_stops_at_the_largest_size() -> None:
    merged = segments_to_merge([(900, 900)] * 5, 2_000)
    assert all(last - first == 2 for first, last in merged)
