"""BM25 over all segments of a store as if they were one."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from index.lexical import tokens
from index.stores.postings import K1, B, Hashes, Postings, frequency_part, hash_of
from index.stores.removed import Removed

Mask = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Plan:
    """A query as the index knows it: tokens that are held, with what each counts for.

    :ivar weights: ``(tokens,) float32``: idf times occurrences in the query.
    """

    hashes: Hashes
    weights: Scores


@dataclass(frozen=True)
class _Part:
    """One segment: its lists, and k1 · (1 − b + b · length / mean) of each passage."""

    postings: Postings
    norms: Scores
    stretch: float  # how much more a frequency can count here than ``Postings.tops`` says
    removed: Removed | None = field(default=None)


class Bm25:
    """Scores passages by their number within a segment; statistics are those of all segments."""

    def __init__(self, segments: list[tuple[Postings, Removed | None]]) -> None:
        gone = [removed or Removed.none() for _, removed in segments]
        self._held = sum(p.passages for p, _ in segments) - sum(len(g.numbers) for g in gone)
        words = sum(int(p.lengths.sum(dtype=np.int64)) for p, _ in segments)
        words -= sum(g.words for g in gone)
        self._mean = words / self._held if self._held else 1.0
        self._parts = [self._part(postings, removed) for postings, removed in segments]

    def _part(self, postings: Postings, removed: Removed | None) -> _Part:
        lengths = postings.lengths.astype(np.float32)
        norms = np.float32(K1) * (np.float32(1.0 - B) + np.float32(B / self._mean) * lengths)
        own = postings.mean_length
        return _Part(postings, norms, max(1.0, self._mean / own) if own else 1.0, removed)

    def plan(self, text: str, expansions: tuple[str, ...] = (), weight: float = 0.0) -> Plan:
        """Look the tokens of a folded text up, and those of further words at a lower weight."""
        bag: dict[str, float] = dict(Counter(tokens(text)))
        if expansions:
            for token, count in Counter(tokens(" ".join(expansions))).items():
                bag[token] = bag.get(token, 0.0) + weight * count
        hashes = np.array([hash_of(t) for t in bag], dtype=np.uint64)
        frequency = self.frequency(hashes)
        held = frequency > 0
        idf = [math.log(1.0 + (self._held - f + 0.5) / (f + 0.5)) for f in frequency[held].tolist()]
        counts = np.array(list(bag.values()), dtype=np.float64)[held]
        return Plan(hashes[held], (counts * np.array(idf, dtype=np.float64)).astype(np.float32))

    def frequency(self, hashes: Hashes) -> npt.NDArray[np.int64]:
        """Return in how many passages each token stands, removed ones not counted."""
        total = np.zeros(len(hashes), dtype=np.int64)
        for part in self._parts:
            rows = part.postings.find(hashes)
            held = rows >= 0
            offsets = part.postings.offsets
            total[held] += offsets[rows[held] + 1] - offsets[rows[held]]
            if part.removed is not None:
                total -= part.removed.frequency(hashes)
        return total

    def holds(self, token: str) -> bool:
        """Tell whether a token stands in any passage."""
        return bool(self.frequency(np.array([hash_of(token)], dtype=np.uint64))[0])

    def every(self, plan: Plan, segment: int) -> Scores:
        """Return the ``(passages,) float32`` score of every passage of a segment."""
        part = self._parts[segment]
        postings = part.postings
        starts, ends, weights, _ = self._lists(plan, part)
        if not len(starts):
            return np.zeros(postings.passages, dtype=np.float32)
        sizes = ends - starts
        at = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
        numbers = postings.documents[at]
        part_of = frequency_part(postings.counts[at], postings.lengths[numbers], self._mean)
        summed = np.bincount(
            numbers, weights=np.repeat(weights, sizes) * part_of, minlength=postings.passages
        )
        return summed.astype(np.float32)

    def best(
        self, plan: Plan, segment: int, k: int, allowed: Mask | None, floor: float
    ) -> tuple[npt.NDArray[np.int32], Scores]:
        """Return numbers and scores of the ``k`` best passages of a segment that hold a token.

        :param allowed: ``(passages,)``: which may be found; all if None.
        :param floor: scores below it are of no interest.
        """
        from index.stores import kernels

        part = self._parts[segment]
        starts, ends, weights, bounds = self._lists(plan, part)
        if not len(starts):
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        order = np.argsort(-bounds)
        numbers, scores = kernels.best(
            starts[order],
            ends[order],
            weights[order],
            bounds[order],
            part.postings.documents,
            part.postings.counts,
            part.norms,
            np.zeros(0, np.bool_) if allowed is None else allowed,
            k,
            floor,
        )
        if len(numbers) > k:
            chosen = np.argpartition(-scores, k - 1)[:k]
            numbers, scores = numbers[chosen], scores[chosen]
        return numbers, scores

    def of(self, plan: Plan, segment: int, numbers: npt.NDArray[np.int32]) -> Scores:
        """Return the scores of passages of a segment, whose numbers must rise."""
        from index.stores import kernels

        part = self._parts[segment]
        starts, ends, weights, _ = self._lists(plan, part)
        scores: Scores = kernels.score(
            starts,
            ends,
            weights,
            part.postings.documents,
            part.postings.counts,
            part.norms,
            numbers,
        )
        return scores

    def _lists(
        self, plan: Plan, part: _Part
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Scores, Scores]:
        """Return start, end, weight and bound of the lists of a plan in one segment."""
        rows = part.postings.find(plan.hashes)
        held = rows >= 0
        rows, weights = rows[held], plan.weights[held]
        offsets = part.postings.offsets
        bounds = weights * part.postings.tops[rows] * np.float32(part.stretch)
        return offsets[rows], offsets[rows + 1], weights, bounds.astype(np.float32)
