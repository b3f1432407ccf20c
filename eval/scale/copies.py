"""Varied copies of a segment, for sizes beyond the text at hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.encoder import Vectors
from index.stores.catalog import Catalog
from index.stores.dense_build import build_dense
from index.stores.kinds import Tuning
from index.stores.segment import Segment

_NOISE = 0.02  # in each of 256 dimensions: cosine of about 0.95 between a vector and its copy
_LENGTH = 0.1  # share by which the length of a passage varies, and with it every BM25 score


def copy_segment(source: Path, target: Path, number: int) -> None:
    """Write a copy: the same words, other document ids, vectors and lengths shaken at random.

    :param number: of the copy; the same number gives the same copy.
    """
    chance = np.random.default_rng(number)
    target.mkdir(parents=True)
    for path in source.iterdir():
        if not path.name.startswith("vectors"):
            shutil.copyfile(path, target / path.name)
    segment = Segment.open(source, Tuning())
    rows = tuple(replace(r, id=f"{r.id}#{number}") for r in segment.catalog.rows)
    Catalog(rows).save(target)
    lengths = segment.postings.lengths * chance.uniform(1, 1 + _LENGTH, segment.postings.passages)
    lengths.astype(np.int32).tofile(target / "bm25.lengths")
    (np.asarray(segment.postings.tops) * (1 + _LENGTH)).astype(np.float32).tofile(
        target / "bm25.tops"
    )

    def shaken() -> Iterator[Vectors]:
        again = np.random.default_rng(number)
        for first in range(0, len(segment.dense), 50_000):
            block = segment.dense.rows(first, min(first + 50_000, len(segment.dense)))
            moved = block + again.normal(0, _NOISE, block.shape).astype(np.float32)
            yield moved / np.linalg.norm(moved, axis=1, keepdims=True)

    build_dense(shaken, segment.postings.passages, target, Tuning(exact_up_to=10**9))
