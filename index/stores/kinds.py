"""The kinds of vector index and which of them fits how many passages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import faiss

# Passages; a query then reads 100 MB of vectors and adds up 200,000 BM25 scores: 10 ms on one core.
EXACT_UP_TO = 100_000
MERGED_AT_ONCE = 30_000  # passages that are merged in about two seconds
_PQ_FROM = 5_000_000  # from here one byte a dimension is too much memory for a small machine


class Kind(StrEnum):
    """A way to store and search vectors.

    All but ``EXACT`` find more passages than are asked for in a compressed index and put these in
    the order of their exact cosines (half-precision vectors in a mapped file).
    """

    EXACT = "exact"
    IVF_SQ = "ivf-sq8"  # inverted lists, one byte a dimension
    IVF_PQ = "ivf-pq"  # inverted lists, product quantisation, a quarter byte a dimension
    HNSW = "hnsw-sq8"  # a graph over one byte a dimension: fastest, 290 bytes more a passage

    def factory(self, dimensions: int, passages: int) -> str:
        """Return the description that ``faiss.index_factory`` builds the index from."""
        lists = lists_for(passages)
        return {
            Kind.EXACT: "Flat",
            Kind.IVF_SQ: f"IVF{lists},SQ8",
            Kind.IVF_PQ: f"IVF{lists},PQ{dimensions // 4}",
            Kind.HNSW: "HNSW32_SQ8",
        }[self]

    def parameters(
        self, effort: int, selector: faiss.IDSelector | None
    ) -> faiss.SearchParameters | None:
        """Return FAISS's parameters of one search."""
        chosen: Any = None
        if self is Kind.HNSW:
            chosen = faiss.SearchParametersHNSW()  # type: ignore[attr-defined]
            chosen.efSearch = effort
        elif self is not Kind.EXACT:
            chosen = faiss.SearchParametersIVF()
            chosen.nprobe = effort
        elif selector is not None:
            chosen = faiss.SearchParameters()
        if selector is not None and chosen is not None:
            chosen.sel = selector
        parameters: faiss.SearchParameters | None = chosen
        return parameters

    def efforts(self, passages: int) -> tuple[int, ...]:
        """Return the efforts to choose from, rising."""
        if self is Kind.HNSW:
            return (128, 200, 300, 450, 700, 1000)
        lists = lists_for(passages)
        return tuple(
            n for n in (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512) if n < lists
        )


def lists_for(passages: int) -> int:
    """Return the number of inverted lists: four times the square root, as FAISS's guide advises."""
    power = 4
    while 2 ** (power + 1) <= 4 * passages**0.5:
        power += 1
    return int(2**power)


@dataclass(frozen=True)
class Tuning:
    """What can be set of the vector index.

    :ivar kind: a kind for all sizes beyond ``exact_up_to``; chosen by size if None.
    :ivar recall: share of the exact ten nearest that an index must find when it is built.
    :ivar effort: lists visited or candidates kept in a search; 0 takes what was measured.
    :ivar merged_at_once: passages of a segment merged before a change is published; larger ones are
        merged behind the scenes (:mod:`index.compacting`).
    :ivar exact_up_to: passages up to which every vector and every BM25 score is computed.
    """

    kind: Kind | None = None
    recall: float = 0.99
    effort: int = 0
    exact_up_to: int = EXACT_UP_TO
    merged_at_once: int = MERGED_AT_ONCE

    def kind_for(self, passages: int) -> Kind:
        """Return the kind for so many passages."""
        if passages <= self.exact_up_to:
            return Kind.EXACT
        if self.kind is not None:
            return self.kind
        return Kind.IVF_SQ if passages < _PQ_FROM else Kind.IVF_PQ
