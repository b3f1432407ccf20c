"""Judge the chunks that a peer found by the range of the evidence in the document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from eval.metrics.intervals import difference
from eval.metrics.ranking import per_query

DEPTH = 10
BUDGET = 2000  # characters that a reader or a language model is given
ENOUGH = 0.5  # share of the evidence that a chunk must hold to count as found

_RIGHT = "right"
_SEED = 0

Range = tuple[int, int]


@dataclass(frozen=True)
class Judged:
    """How one question went.

    :ivar rank: from 0, of the first chunk that holds the evidence or half of it; None if none of
        the first ten does.
    :ivar context: whether the whole evidence stands within the first 2,000 characters found.
    """

    rank: int | None
    context: bool


@dataclass(frozen=True)
class Quality:
    """Means over a set, in percent; ``mrr`` and ``ndcg`` 0 to 1."""

    questions: int
    recall1: float
    recall5: float
    recall10: float
    mrr: float
    ndcg: float
    context: float


def judge(hits: Sequence[Range], evidence: Range) -> Judged:
    """Judge the ranges found, best first, against the range of the evidence."""
    first, last = evidence
    needed = ENOUGH * (last - first)
    rank = next(
        (
            i
            for i, (start, end) in enumerate(hits[:DEPTH])
            if min(end, last) - max(start, first) >= needed
        ),
        None,
    )
    return Judged(rank, covered(within(hits, BUDGET), evidence))


def within(hits: Iterable[Range], budget: int) -> list[Range]:
    """Return the ranges that fit into a number of characters; the last one is cut short."""
    kept = []
    for start, end in hits:
        if budget <= 0:
            break
        kept.append((start, min(end, start + budget)))
        budget -= end - start
    return kept


def covered(ranges: Iterable[Range], evidence: Range) -> bool:
    """Tell whether ranges together hold every character of the evidence."""
    reached, last = evidence
    for start, end in sorted(ranges):
        if start > reached:
            break
        reached = max(reached, end)
    return reached >= last


def quality(judged: Sequence[Judged]) -> Quality:
    """Return the means over a set.

    :raises ValueError: if there is no question.
    """
    if not judged:
        raise ValueError("no question to score")
    relevant = {str(i): {_RIGHT: 1} for i in range(len(judged))}
    ranked = {str(i): _ranking(j.rank) for i, j in enumerate(judged)}
    values = list(per_query(relevant, ranked).values())
    means = {name: fmean(v[name] for v in values) for name in values[0]}
    return Quality(
        questions=len(judged),
        recall1=round(100 * means["recall@1"], 1),
        recall5=round(100 * means["recall@5"], 1),
        recall10=round(100 * means["recall@10"], 1),
        mrr=round(means["mrr@10"], 3),
        ndcg=round(means["ndcg@10"], 3),
        context=round(100 * fmean(j.context for j in judged), 1),
    )


def _ranking(rank: int | None) -> list[str]:
    """Return ten names with the one that is sought at its rank; one right chunk is sought."""
    return [_RIGHT if i == rank else str(i) for i in range(DEPTH)]


def lead(ours: Sequence[bool], theirs: Sequence[bool]) -> tuple[float, float, float]:
    """Return ours minus theirs in percentage points, with the bounds of its 95% interval."""
    found = difference(np.asarray(theirs, np.float64), np.asarray(ours, np.float64), _SEED)
    return 100 * found.change, 100 * found.low, 100 * found.high
