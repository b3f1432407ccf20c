"""The inner loops of BM25 over long inverted lists, compiled by numba.

Imported only for libraries large enough to need them: compiling takes seconds the first time (the
result is kept beside this file) and importing numba 0.3 s. Where the program lies read-only, as it
should where it serves, each process compiles anew: numba would look for a home folder to keep pickles
of its results in, and fail without one.
"""

# mypy: allow-untyped-defs, allow-untyped-decorators
# ruff: noqa: ANN001, ANN201, ANN202, PLR0917 (numba infers the types)

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numba import njit

_KEPT = os.access(Path(__file__).parent, os.W_OK)


@njit(nogil=True, cache=_KEPT)
def best(starts, ends, weights, bounds, documents, counts, norms, allowed, k, floor):
    """Return numbers and scores of passages among which are the ``k`` best (MaxScore).

    Lists come in falling order of ``bounds``, the most that a list can add to a score. They are
    added up passage by passage until the lists that are left cannot lift a passage that has not
    been met above the k-th best so far; from then on only passages met that can still get there
    are scored.

    :param weights: idf times the count of each token in the query.
    :param norms: ``(passages,) float32``, k1 · (1 − b + b · length / mean length).
    :param allowed: ``(passages,) bool``, or empty if all are.
    :param floor: a score that the k-th best is known to reach (from other segments).
    """
    rest = np.zeros(len(starts) + 1, dtype=np.float32)
    for i in range(len(starts) - 1, -1, -1):
        rest[i] = rest[i + 1] + bounds[i]
    scores = np.zeros(len(norms), dtype=np.float32)
    met = np.empty(min((ends - starts).sum(), len(norms)), dtype=np.int32)
    size, highest, threshold = 0, np.float32(0.0), np.float32(floor)
    i = 0
    while i < len(starts):
        if size >= k and highest > rest[i]:
            threshold = max(threshold, _kth(scores[met[:size]], k))
        if threshold > rest[i]:
            break
        for j in range(starts[i], ends[i]):
            number = documents[j]
            if scores[number] == 0:
                if len(allowed) > 0 and not allowed[number]:
                    continue
                met[size] = number
                size += 1
            count = np.float32(counts[j])
            scores[number] += weights[i] * count / (count + norms[number])
            highest = max(highest, scores[number])
        i += 1
    met = met[:size]
    while i < len(starts):
        # A hair of slack: sums in another order differ in the last digit.
        met = met[scores[met] + rest[i] * np.float32(1.00001) >= threshold * np.float32(0.99999)]
        _add(starts[i], ends[i], weights[i], documents, counts, norms, scores, met)
        if len(met) > 4 * k:
            threshold = max(threshold, _kth(scores[met], k))
        i += 1
    return met, scores[met]


@njit(nogil=True, cache=_KEPT)
def _kth(values, k):
    """Return the k-th largest value."""
    return np.partition(values, len(values) - k)[len(values) - k]


@njit(nogil=True, cache=_KEPT)
def _add(start, end, weight, documents, counts, norms, scores, met):
    """Add what a list gives to the scores of the passages met; of others they do not matter."""
    if len(met) * 24 < end - start:  # look each up rather than run through the list
        at = start
        for number in np.sort(met):
            at += np.searchsorted(documents[at:end], number)
            if at >= end:
                return
            if documents[at] == number:
                count = np.float32(counts[at])
                scores[number] += weight * count / (count + norms[number])
        return
    for j in range(start, end):
        number = documents[j]
        if scores[number] > 0:
            count = np.float32(counts[j])
            scores[number] += weight * count / (count + norms[number])


@njit(nogil=True, cache=_KEPT)
def score(starts, ends, weights, documents, counts, norms, wanted):
    """Return the BM25 score of each passage wanted, whose numbers must rise."""
    scores = np.zeros(len(wanted), dtype=np.float32)
    for i in range(len(starts)):
        at, end = starts[i], ends[i]
        for w in range(len(wanted)):
            at += np.searchsorted(documents[at:end], wanted[w])
            if at >= end:
                break
            if documents[at] == wanted[w]:
                count = np.float32(counts[at])
                scores[w] += weights[i] * count / (count + norms[wanted[w]])
    return scores
