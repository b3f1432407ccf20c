"""Nearest vectors, exactly, in a real FAISS index."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.encoder import Vectors
from index.vectors import VectorStore


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    rows = np.random.default_rng(1).normal(size=(50, 16)).astype(np.float32)
    return np.ascontiguousarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


@pytest.fixture(scope="module")
def store(vectors: Vectors) -> VectorStore:
    return VectorStore.build(vectors)


def test_a_vector_is_nearest_to_itself(store: VectorStore, vectors: Vectors) -> None:
    found = [store.search(row, 1)[0].item() for row in vectors]
    assert found == list(range(50))


def test_the_order_is_that_of_the_cosines(store: VectorStore, vectors: Vectors) -> None:
    numbers, _ = store.search(vectors[7], 50)
    assert numbers.tolist() == np.argsort(-(vectors @ vectors[7]), kind="stable").tolist()


def test_scores_are_cosines(store: VectorStore, vectors: Vectors) -> None:
    numbers, cosines = store.search(vectors[7], 5)
    assert cosines == pytest.approx(vectors[numbers] @ vectors[7], abs=1e-5)


def test_only_allowed_passages_are_found(store: VectorStore, vectors: Vectors) -> None:
    allowed = np.array([3, 9, 20], dtype=np.int64)
    numbers, _ = store.search(vectors[7], 2, allowed)
    assert len(numbers) == 2
    assert set(numbers.tolist()) <= {3, 9, 20}


def test_fewer_are_found_where_fewer_are_allowed(store: VectorStore, vectors: Vectors) -> None:
    numbers, cosines = store.search(vectors[7], 10, np.array([3, 9], dtype=np.int64))
    assert sorted(numbers.tolist()) == [3, 9]
    assert len(cosines) == 2


def test_asking_for_more_than_there_are_gives_all(store: VectorStore, vectors: Vectors) -> None:
    numbers, _ = store.search(vectors[0], 500)
    assert sorted(numbers.tolist()) == list(range(50))


def test_a_saved_store_finds_the_same(store: VectorStore, vectors: Vectors, tmp_path: Path) -> None:
    store.save(tmp_path)
    loaded = VectorStore.load(tmp_path)
    assert loaded.search(vectors[4], 9)[0].tolist() == store.search(vectors[4], 9)[0].tolist()
