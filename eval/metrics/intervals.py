"""How far chance alone could move a figure, and whether two runs differ by more than that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest, permutation_test

RESAMPLES = 2000
_FEW = 300  # resamples of figures that are slow to compute
_COVERED = (2.5, 97.5)  # percentiles

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """Two runs over the same questions, in one figure.

    :ivar change: mean of the second less mean of the first, 0 to 1; ``low`` and ``high`` bound it
        in 95% of bootstrap samples.
    :ivar better: questions on which the second has the higher value; ``worse`` the lower.
    :ivar p: probability of so large a difference by chance: exact McNemar's test for figures of 0
        and 1, else a paired permutation test.
    """

    questions: int
    change: float
    low: float
    high: float
    better: int
    worse: int
    p: float


def interval(values: Values, seed: int) -> tuple[float, float]:
    """Return the 95% percentile-bootstrap interval of a mean."""
    if len(values) < 2:
        mean = float(values.mean()) if len(values) else 0.0
        return mean, mean
    # Counting draws keeps the memory at one row a resample, however many questions there are.
    generator = np.random.default_rng(seed)
    share = np.full(len(values), 1 / len(values))
    draws = generator.multinomial(len(values), share, RESAMPLES)
    low, high = np.percentile(draws @ values / len(values), _COVERED)
    return float(low), float(high)


def interval_of(
    count: int, figure: Callable[[npt.NDArray[np.int64]], float | None], seed: int
) -> tuple[float, float]:
    """Return the 95% bootstrap interval of a figure over a set of questions.

    :param figure: gives the figure for the numbers of the questions drawn; None if it has none.
    """
    generator = np.random.default_rng(seed)
    drawn = (figure(generator.integers(0, count, count)) for _ in range(_FEW if count else 0))
    found = [f for f in drawn if f is not None]
    if not found:
        return 0.0, 0.0
    low, high = np.percentile(found, _COVERED)
    return float(low), float(high)


def difference(first: Values, second: Values, seed: int) -> Difference:
    """Compare two runs question by question; both arrays in the order of the same questions."""
    gaps = second - first
    better, worse = int((gaps > 0).sum()), int((gaps < 0).sum())
    low, high = interval(gaps, seed)
    return Difference(
        questions=len(gaps),
        change=float(gaps.mean()) if len(gaps) else 0.0,
        low=low,
        high=high,
        better=better,
        worse=worse,
        p=_chance(first, second, better, worse, seed),
    )


def _chance(first: Values, second: Values, better: int, worse: int, seed: int) -> float:
    if better + worse == 0:
        return 1.0
    if set(np.unique(np.concatenate([first, second]))) <= {0.0, 1.0}:
        return float(binomtest(better, better + worse, 0.5).pvalue)
    if better + worse == 1:  # one pair can be exchanged or not: nothing is shown by it
        return 1.0
    moved = first != second
    result = permutation_test(
        (first[moved], second[moved]),
        lambda a, b, axis: np.mean(b - a, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        rng=np.random.default_rng(seed),
    )
    return float(result.pvalue)
