"""The same passages in LangChain's FAISS wrapper, in the environment of the peers.

``python -m eval.scale.langchain_faiss HANDED`` prints one JSON object. It imports nothing of the
product.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

import faiss
import numpy as np
from langchain_community.vectorstores import FAISS
from langchain_community.vectorstores.utils import DistanceStrategy
from langchain_core.embeddings import FakeEmbeddings

from eval.scale.timing import resident_mb, timed

_TOP = 100
_CHUNK = 20_000


def main(handed: Path) -> dict[str, object]:
    """Add every passage, ask every query, and tell."""
    queries = np.load(handed / "queries.npy")
    dimensions = queries.shape[1]
    rows = np.memmap(handed / "vectors.f32", np.float32, mode="r").reshape(-1, dimensions)
    begun = time.perf_counter()
    store = _filled(rows, handed / "texts.jsonl", dimensions)
    took = time.perf_counter() - begun
    faiss.omp_set_num_threads(1)
    asked = [q.tolist() for q in queries]
    times = timed(
        lambda i: store.similarity_search_with_score_by_vector(asked[i], k=_TOP), len(asked)
    )
    return {
        "passages": len(rows),
        "build_s": round(took, 2),
        "resident_mb": resident_mb(),
        "times": asdict(times),
    }


def _filled(rows: np.ndarray, texts: Path, dimensions: int) -> FAISS:
    """Return a store as ``FAISS.from_embeddings`` makes it, filled in chunks."""
    # Vectors come ready made: the embedding is never asked.
    nothing = FakeEmbeddings(size=dimensions)
    store = None
    with texts.open(encoding="utf-8") as lines:
        for first in range(0, len(rows), _CHUNK):
            block = rows[first : first + _CHUNK]
            pairs = [(json.loads(next(lines)), row.tolist()) for row in block]
            if store is None:
                store = FAISS.from_embeddings(
                    pairs, nothing, distance_strategy=DistanceStrategy.MAX_INNER_PRODUCT
                )
            else:
                store.add_embeddings(pairs)
    assert store is not None
    return store


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
