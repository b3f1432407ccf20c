"""The store of one machine: segments of mapped files, FAISS for vectors, our own BM25 for words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.errors import UnknownDocumentError
from corpus.types import Document, Figure, Passage
from index.stores.bm25 import Bm25, Mask, Plan
from index.stores.kinds import Kind, Tuning
from index.stores.layout import State, read_state
from index.stores.lazy import LazyMapping, LazyPassages, Numbers
from index.stores.protocol import (
    Candidate,
    Counts,
    Description,
    FigureColumns,
    Filter,
    Query,
)
from index.stores.removed import Removed
from index.stores.segment import Segment


class FaissStore:
    """See :class:`index.stores.protocol.PassageStore`; safe for many threads."""

    def __init__(
        self, segments: list[Segment], removed: list[Removed | None], tuning: Tuning
    ) -> None:
        self.segments = segments
        self._every_up_to = tuning.exact_up_to
        self._removed = [r or Removed.none() for r in removed]
        sizes = [s.catalog.passages for s in segments]
        self._bases = [0, *np.cumsum(sizes).tolist()]
        self._live = [_live(s, r) for s, r in zip(segments, self._removed, strict=True)]
        self._bm25 = Bm25(
            [
                (s.postings, r if len(r.numbers) else None)
                for s, r in zip(segments, self._removed, strict=True)
            ]
        )
        self._places: dict[str, tuple[int, int]] = {}
        self._descriptions: list[Description] = []
        for number, segment in enumerate(segments):
            gone = frozenset(self._removed[number].documents.tolist())
            for row, description in enumerate(segment.catalog.rows):
                if row not in gone:
                    self._places[description.id] = number, row
                    self._descriptions.append(description)
        self.documents: Mapping[str, Document] = LazyMapping(self._places, self._document)
        self.figures: Mapping[str, tuple[Figure, ...]] = LazyMapping(self._places, self._figures)

    @classmethod
    def open(cls, folder: Path, tuning: Tuning | None = None) -> FaissStore:
        """Open the state that a :class:`index.stores.faiss_writer.FaissWriter` finished.

        :raises OSError: if a file is missing.
        :raises ValueError: if a file is damaged.
        """
        state: State = read_state(folder)
        tuning = tuning or Tuning()
        segments = [Segment.open(folder / "segments" / n, tuning) for n in state.segments]
        gone = [
            Removed.load(folder / "removed" / f"{n}.npz") if n in state.removed else None
            for n in state.segments
        ]
        return cls(segments, gone, tuning)

    @cached_property
    def passages(self) -> Sequence[Passage]:
        """Passages held, in the order they were added."""
        return LazyPassages(self.read, self._numbers())

    def _numbers(self) -> Numbers:
        """Return the numbers of the passages held."""
        parts = [
            np.arange(base, base + segment.catalog.passages, dtype=np.int64)[
                slice(None) if live is None else live
            ]
            for base, segment, live in zip(self._bases, self.segments, self._live, strict=False)
        ]
        return np.concatenate([*parts, np.zeros(0, np.int64)])

    def counts(self) -> Counts:
        """Return how much is held."""
        gone = sum(len(r.numbers) for r in self._removed)
        return Counts(len(self._places), self._bases[-1] - gone)

    def descriptions(self) -> Sequence[Description]:
        """Return the facts of every document held."""
        return self._descriptions

    def named_in(self, document: str) -> frozenset[str]:
        """Return the folded names of the figures and of the glossary terms of a document."""
        segment, row = self._places[document]
        return self.segments[segment].columns.named_in(row)

    def figure_columns(self) -> Sequence[FigureColumns]:
        """Return the figures of all documents held."""
        return self._figure_columns

    @cached_property
    def _figure_columns(self) -> list[FigureColumns]:
        found = []
        for segment, removed in zip(self.segments, self._removed, strict=True):
            stays = np.ones(len(segment.catalog.rows), dtype=np.bool_)
            stays[removed.documents] = False
            held = segment.columns if stays.all() else segment.columns.kept(stays)
            found.append(FigureColumns(held, [row.id for row in segment.catalog.rows]))
        return found

    def engine(self) -> str:
        """Return how vectors are searched, for people."""
        kinds = sorted({str(s.dense.facts.kind) for s in self.segments})
        return "+".join(kinds) or str(Kind.EXACT)

    def holds(self, folded_word: str) -> bool:
        """Tell whether a word, or all its pairs of characters, stand in any passage."""
        if self._bm25.holds(folded_word):
            return True
        pairs = [folded_word[i : i + 2] for i in range(len(folded_word) - 1)]
        return bool(pairs) and all(self._bm25.holds(f"#{pair}") for pair in pairs)

    def places(self) -> Iterator[tuple[Segment, int]]:
        """Yield segment and row of every document held, in the order they were added."""
        for number, row in self._places.values():
            yield self.segments[number], row

    def read(self, numbers: Sequence[int]) -> list[Passage]:
        """Return passages by the numbers that ``search`` gave."""
        places = [(bisect_right(self._bases, n) - 1, n) for n in numbers]
        return [self.segments[s].passage(n - self._bases[s]) for s, n in places]

    def close(self) -> None:
        """Nothing is held open beyond mapped files, which go with the object."""

    def search(self, query: Query) -> list[Candidate]:
        """Return the candidates of both ways of search, in ascending order of number."""
        allowed = self._allowed(query.filter)
        near, cosines = self._nearest(query, allowed)
        dense = dict(zip(near.tolist(), cosines.tolist(), strict=True))
        lexical = self._lexical(self._plan(query), query.pool, allowed, near)
        return [Candidate(n, lexical[n], dense.get(n)) for n in sorted(lexical)]

    def nearest(self, query: Query) -> tuple[Numbers, npt.NDArray[np.float32]]:
        """Return numbers and cosines of the nearest passages alone, best first."""
        return self._nearest(query, self._allowed(query.filter))

    def by_words(self, query: Query) -> dict[int, float]:
        """Return the BM25 scores of the best passages by words alone."""
        allowed = self._allowed(query.filter)
        return self._lexical(self._plan(query), query.pool, allowed, np.zeros(0, np.int64))

    def _plan(self, query: Query) -> Plan:
        return self._bm25.plan(query.text, query.expansions, query.expansion_weight)

    def _allowed(self, wanted: Filter) -> list[Mask | None]:
        """Return for each segment which passages may be found, None where all may."""
        for name in wanted.documents:
            if name not in self._places:
                raise UnknownDocumentError.of(name, self._places)
        masks = []
        for segment, live in zip(self.segments, self._live, strict=True):
            mask = segment.catalog.allowed(wanted) if wanted else live
            masks.append(mask & live if wanted and mask is not None and live is not None else mask)
        return masks

    def _nearest(
        self, query: Query, allowed: list[Mask | None]
    ) -> tuple[Numbers, npt.NDArray[np.float32]]:
        found = [
            segment.dense.search(query.vector, query.pool, mask)
            for segment, mask in zip(self.segments, allowed, strict=True)
        ]
        numbers = np.concatenate(
            [n + base for (n, _), base in zip(found, self._bases, strict=False)]
        )
        cosines = np.concatenate([c for _, c in found])
        best = np.argsort(-cosines, kind="stable")[: query.pool]
        return numbers[best], cosines[best]

    def _lexical(
        self, plan: Plan, pool: int, allowed: list[Mask | None], near: Numbers
    ) -> dict[int, float]:
        """Return the BM25 scores of the ``pool`` best by BM25, and of the nearest vectors."""
        if self._bases[-1] <= self._every_up_to:
            return self._lexical_every(plan, pool, allowed, near)
        numbers: list[Numbers] = []
        scores: list[npt.NDArray[np.float32]] = []
        floor = 0.0
        for segment, mask in enumerate(allowed):
            found, score = self._bm25.best(plan, segment, pool, mask, floor)
            numbers.append(found + self._bases[segment])
            scores.append(score)
            together = np.concatenate(scores)
            if len(together) >= pool:
                floor = float(np.partition(together, -pool)[-pool])
        number, score = np.concatenate(numbers), np.concatenate(scores)
        best = np.argsort(-score, kind="stable")[:pool]
        result = dict(zip(number[best].tolist(), score[best].tolist(), strict=True))
        rest = np.sort(np.array([n for n in near.tolist() if n not in result], dtype=np.int64))
        for segment in range(len(self.segments)):
            base, end = self._bases[segment], self._bases[segment + 1]
            own = rest[(rest >= base) & (rest < end)]
            score = self._bm25.of(plan, segment, (own - base).astype(np.int32))
            result |= dict(zip(own.tolist(), score.tolist(), strict=True))
        return result

    def _lexical_every(
        self, plan: Plan, pool: int, allowed: list[Mask | None], near: Numbers
    ) -> dict[int, float]:
        """As ``_lexical``; passages without a word of the query fill up what is missing."""
        scores = np.concatenate([self._bm25.every(plan, s) for s in range(len(self.segments))])
        masks = [
            np.ones(s.catalog.passages, np.bool_) if m is None else m
            for s, m in zip(self.segments, allowed, strict=True)
        ]
        scores = np.where(np.concatenate(masks), scores, np.float32(-1.0))
        pool = min(pool, len(scores))
        top = np.argpartition(-scores, pool - 1)[:pool]
        return {n: float(scores[n]) for n in {*top[scores[top] >= 0].tolist(), *near.tolist()}}

    def _document(self, document: str) -> Document:
        segment, row = self._places[document]
        return self.segments[segment].document(row)

    def _figures(self, document: str) -> tuple[Figure, ...]:
        segment, row = self._places[document]
        return self.segments[segment].figures_of(row)


def _live(segment: Segment, removed: Removed) -> Mask | None:
    """Return which passages of a segment are held, None if all are."""
    if not len(removed.numbers):
        return None
    live = np.ones(segment.catalog.passages, dtype=np.bool_)
    live[removed.numbers] = False
    return live
