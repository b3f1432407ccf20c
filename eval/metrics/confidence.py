"""How far a stated probability can be trusted, and what refusing buys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import auc, roc_auc_score

BINS = 10
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Bin:
    """Questions whose probability lies within ``[low, high)``; the last bin includes 1.

    :ivar confidence: mean probability; ``accuracy``: share that is right; both 0 to 1.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Point:
    """Answering only what is surest.

    :ivar coverage: share of all questions answered; ``risk``: share of these that is wrong.
    :ivar threshold: the probability from which they are answered.
    """

    coverage: float
    risk: float
    threshold: float


def reliability(probability: Values, right: Values) -> tuple[Bin, ...]:
    """Return the ten bins of equal width that hold questions.

    :param probability: ``(n,)``, 0 to 1.
    :param right: ``(n,)``, 1 where the answer is right.
    """
    number = np.minimum((probability * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(
            i / BINS,
            (i + 1) / BINS,
            int((number == i).sum()),
            float(probability[number == i].mean()),
            float(right[number == i].mean()),
        )
        for i in range(BINS)
        if (number == i).any()
    )


def expected_calibration_error(probability: Values, right: Values) -> float:
    """Return the mean gap of probability and accuracy over ten bins, 0 to 1 (Guo et al. 2017)."""
    if not len(probability):
        return 0.0
    bins = reliability(probability, right)
    return sum(b.count * abs(b.confidence - b.accuracy) for b in bins) / len(probability)


def risk_coverage(probability: Values, right: Values, total: int) -> tuple[Point, ...]:
    """Return the curve of answering the surest questions first (El-Yaniv and Wiener 2010).

    Questions of equal probability are answered together, so that their order does not matter.

    :param total: questions in all, those without any answer included.
    """
    order = np.argsort(-probability, kind="stable")
    wrong = np.cumsum(1.0 - right[order])
    sorted_probability = probability[order]
    last = np.append(sorted_probability[1:] != sorted_probability[:-1], True)
    return tuple(
        Point((i + 1) / total, float(wrong[i] / (i + 1)), float(sorted_probability[i]))
        for i in np.flatnonzero(last)
    )


def area_under_risk(curve: tuple[Point, ...]) -> float:
    """Return the mean risk along the curve, 0 to 1: its area over its width."""
    coverage = np.array([0.0, *(p.coverage for p in curve)])
    risk = np.array([curve[0].risk, *(p.risk for p in curve)]) if curve else np.zeros(1)
    return float(auc(coverage, risk) / coverage[-1]) if len(coverage) > 1 else 0.0


def coverage_at(curve: tuple[Point, ...], risk: float) -> float:
    """Return the greatest share of questions that can be answered at a risk of at most ``risk``."""
    return max((p.coverage for p in curve if p.risk <= risk), default=0.0)


def separation(probability: Values, answerable: Values) -> float | None:
    """Return how often an answerable question gets the higher probability (area under the ROC).

    None where all questions are of one kind.
    """
    if len(np.unique(answerable)) < 2:
        return None
    return float(roc_auc_score(answerable, probability))
