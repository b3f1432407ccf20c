"""The dense half of search: exact inner products in a FAISS index."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.encoder import Vectors


class VectorStore:
    """Unit vectors by passage number."""

    FILE = "vectors.faiss"

    def __init__(self, store: faiss.Index) -> None:
        self._store = store

    @classmethod
    def build(cls, vectors: Vectors) -> VectorStore:
        """Store ``(n, dim) float32`` unit vectors; row i is passage i."""
        store = faiss.IndexFlatIP(vectors.shape[1])
        store.add(vectors)
        return cls(store)

    @classmethod
    def load(cls, folder: Path) -> VectorStore:
        """Read the store that ``save`` wrote."""
        return cls(faiss.read_index(str(folder / cls.FILE)))

    def save(self, folder: Path) -> None:
        """Write the store into the folder."""
        faiss.write_index(self._store, str(folder / self.FILE))

    def __len__(self) -> int:
        return int(self._store.ntotal)

    def search(
        self, query: Vectors, k: int, allowed: npt.NDArray[np.int64] | None = None
    ) -> tuple[npt.NDArray[np.int64], Vectors]:
        """Return numbers and cosines of the ``k`` nearest passages, best first.

        :param query: ``(dim,) float32`` unit vector.
        :param allowed: passage numbers to search in; all if None.
        """
        parameters = None
        if allowed is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg]
        scores, numbers = self._store.search(query[None, :], k, params=parameters)
        found = numbers[0] >= 0
        return numbers[0][found], scores[0][found]
