"""The vectors of one segment in a FAISS index whose kind fits their number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from index.encoder import Vectors
from index.stores.files import is_mapped, read_array
from index.stores.kinds import Kind, Tuning

FILE, ROWS, _FACTS = "vectors.faiss", "vectors.f16", "vectors.json"
_SMALL = 20_000  # with a filter that lets fewer pass, every one of these is compared exactly
_DEEPER = 2  # how many more are taken from a quantised index, to be compared exactly

Mask = npt.NDArray[np.bool_]
Half = npt.NDArray[np.float16]


@dataclass(frozen=True)
class DenseFacts:
    """How a segment's vectors are searched; kept beside them and shown to people.

    :ivar effort: inverted lists visited (IVF) or length of the candidate list (HNSW); 0 if exact.
    :ivar recall: share of the exact ten nearest that the index found at this effort, measured on
        ``probes`` queries when it was built.
    """

    kind: Kind
    passages: int
    effort: int = 0
    recall: float = 1.0
    probes: int = 0


_facts_json = TypeAdapter(DenseFacts)


class DenseIndex:
    """Unit vectors by passage number within the segment."""

    def __init__(self, index: faiss.Index, rows: Half | None, facts: DenseFacts) -> None:
        self._index = index
        self._rows = rows
        self.facts = facts

    @classmethod
    def exact(cls, vectors: Vectors) -> DenseIndex:
        """Store ``(n, dim) float32`` unit vectors, all compared with each query."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(index, None, DenseFacts(Kind.EXACT, len(vectors)))

    @classmethod
    def open(cls, folder: Path, tuning: Tuning) -> DenseIndex:
        """Map the index that ``save`` wrote; little of it is read before it is searched."""
        facts = _facts_json.validate_json((folder / _FACTS).read_bytes())
        flags = 0
        if is_mapped(folder / FILE):
            lists = facts.kind in (Kind.IVF_SQ, Kind.IVF_PQ)
            flags = faiss.IO_FLAG_MMAP if lists else faiss.IO_FLAG_MMAP_IFC
        index = faiss.read_index(str(folder / FILE), flags)
        rows = None
        if facts.kind is not Kind.EXACT:
            shape = (facts.passages, index.d)
            rows = read_array(folder / ROWS, np.float16).reshape(shape)
        if tuning.effort and facts.effort:
            facts = replace(facts, effort=tuning.effort, probes=0)
        return cls(index, rows, facts)

    def with_effort(self, effort: int) -> DenseIndex:
        """Return the same index, searched with another effort."""
        facts = replace(self.facts, effort=effort, probes=0)
        return DenseIndex(self._index, self._rows, facts)

    def save(self, folder: Path) -> None:
        """Write an exact index into the folder."""
        faiss.write_index(self._index, str(folder / FILE))
        write_facts(self.facts, folder)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def rows(self, first: int, last: int) -> Vectors:
        """Return the vectors ``first … last - 1``."""
        if self._rows is not None:
            return self._rows[first:last].astype(np.float32)
        return np.asarray(self._index.reconstruct_n(first, last - first), dtype=np.float32)

    def search(
        self, query: Vectors, k: int, allowed: Mask | None = None
    ) -> tuple[npt.NDArray[np.int64], Vectors]:
        """Return numbers and cosines of the ``k`` nearest passages, best first.

        :param query: ``(dim,) float32`` unit vector.
        :param allowed: ``(passages,)``: which may be found; all if None.
        """
        if self._rows is None:
            return self._probe(query, k, allowed)
        if allowed is not None:
            numbers = np.flatnonzero(allowed)
            if len(numbers) <= _SMALL:
                return self._compare(query, k, numbers)
        near, _ = self._probe(query, k * _DEEPER, allowed)
        return self._compare(query, k, np.sort(near))

    def _compare(
        self, query: Vectors, k: int, numbers: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], Vectors]:
        """Order passages by their exact cosines."""
        assert self._rows is not None
        cosines = self._rows[numbers].astype(np.float32) @ query
        best = np.argsort(-cosines, kind="stable")[:k]
        return numbers[best], cosines[best]

    def _probe(
        self, query: Vectors, k: int, allowed: Mask | None
    ) -> tuple[npt.NDArray[np.int64], Vectors]:
        selector = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg,arg-type]
        # One query is one thread's work: threads of FAISS's own wait for one another on a busy machine.
        faiss.omp_set_num_threads(1)
        parameters = self.facts.kind.parameters(self.facts.effort, selector)
        scores, numbers = self._index.search(query[None, :], k, params=parameters)
        found = numbers[0] >= 0
        return numbers[0][found], scores[0][found]


def write_facts(facts: DenseFacts, folder: Path) -> None:
    """Write how the vectors of a segment are searched beside them."""
    (folder / _FACTS).write_bytes(_facts_json.dump_json(facts))
