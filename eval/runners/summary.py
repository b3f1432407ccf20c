"""Sum up the questions of a run: figures with intervals, by type, and as curves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from eval.metrics.confidence import (
    Bin,
    Point,
    area_under_risk,
    coverage_at,
    expected_calibration_error,
    reliability,
    risk_coverage,
    separation,
)
from eval.metrics.intervals import interval, interval_of
from eval.metrics.names import METRICS, metric
from eval.runners.runs import Asked, Group, Measure

Figure = Callable[[Sequence[Asked]], float | None]


def means(questions: Sequence[Asked], seed: int) -> tuple[Measure, ...]:
    """Return the mean of every figure that questions carry, in the order of the table of names."""
    held: dict[str, list[float]] = defaultdict(list)
    for question in questions:
        for name, value in question.scores.items():
            held[name].append(value)
    known = [name for name in METRICS if name in held]
    result = [
        Measure("questions", float(len(questions)), len(questions), len(questions), len(questions))
    ]
    for name in [*known, *sorted(set(held) - set(known))]:
        values = np.array(held[name])
        scale = 100 if metric(name).unit == "%" else 1
        low, high = interval(values, seed)
        result.append(
            Measure(
                name,
                round(scale * float(values.mean()), 3),
                round(scale * low, 3),
                round(scale * high, 3),
                len(values),
            )
        )
    return tuple(result)


def whole_figures(questions: Sequence[Asked], seed: int) -> tuple[Measure, ...]:
    """Return the figures that only a whole set has: calibration, separation, time."""
    found = (_with_interval(name, figure, questions, seed) for name, figure in WHOLE.items())
    return tuple(measure for measure in found if measure is not None)


def _with_interval(
    name: str, figure: Figure, questions: Sequence[Asked], seed: int
) -> Measure | None:
    value = figure(questions)
    if value is None:
        return None
    low, high = interval_of(
        len(questions), lambda drawn: figure([questions[i] for i in drawn]), seed
    )
    return Measure(name, round(float(value), 4), round(low, 4), round(high, 4), len(questions))


def by_type(questions: Sequence[Asked]) -> tuple[Group, ...]:
    """Return the means by type of question, as in :func:`means` without intervals."""
    kinds: dict[str, list[Asked]] = defaultdict(list)
    for question in questions:
        kinds[question.type].append(question)
    groups = []
    for name in sorted(kinds):
        held: dict[str, list[float]] = defaultdict(list)
        for question in kinds[name]:
            held["refused"].append(float(question.refused))
            for figure, value in question.scores.items():
                held[figure].append(value)
        values = {
            figure: round(
                (100 if figure == "refused" or metric(figure).unit == "%" else 1)
                * float(np.mean(v)),
                2,
            )
            for figure, v in held.items()
        }
        groups.append(Group(name, len(kinds[name]), values))
    return tuple(groups)


def curve_of(questions: Sequence[Asked]) -> tuple[Point, ...]:
    """Return risk against coverage over all questions whose answer is known, given or withheld."""
    probability, right = _stated(questions)
    return risk_coverage(probability, right, len(questions)) if len(probability) else ()


def bins_of(questions: Sequence[Asked]) -> tuple[Bin, ...]:
    """Return the reliability of all answers that are known, given or withheld."""
    return reliability(*_stated(questions))


def _stated(
    questions: Sequence[Asked], *, given: bool = False
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return probability and rightness of the answers.

    :param given: only of those that were given.
    """
    rows = [
        (q.probability, float(q.forced_right))
        for q in questions
        if q.probability is not None and q.forced_right is not None and not (given and q.refused)
    ]
    return np.array([r[0] for r in rows], dtype=float), np.array([r[1] for r in rows], dtype=float)


def _ece(questions: Sequence[Asked]) -> float | None:
    probability, right = _stated(questions, given=True)
    return expected_calibration_error(probability, right) if len(probability) else None


def _ece_all(questions: Sequence[Asked]) -> float | None:
    probability, right = _stated(questions)
    complete = len(probability) == len(questions)
    return expected_calibration_error(probability, right) if complete and len(right) else None


def _auroc(questions: Sequence[Asked]) -> float | None:
    rows = [(q.probability, q.answerable) for q in questions if q.probability is not None]
    if len(rows) < len(questions) or not rows:
        return None
    return separation(np.array([r[0] for r in rows]), np.array([float(r[1]) for r in rows]))


def _aurc(questions: Sequence[Asked]) -> float | None:
    curve = curve_of(questions)
    return area_under_risk(curve) if curve else None


def _coverage(risk: float) -> Figure:
    def figure(questions: Sequence[Asked]) -> float | None:
        curve = curve_of(questions)
        return 100 * coverage_at(curve, risk) if curve else None

    return figure


def _refusal_f1(questions: Sequence[Asked]) -> float | None:
    refused = [q for q in questions if q.refused]
    wanted = sum(not q.answerable for q in questions)
    hits = sum(not q.answerable for q in refused)
    return 200 * hits / (len(refused) + wanted) if wanted else None


def _took(percent: float) -> Figure:
    def figure(questions: Sequence[Asked]) -> float | None:
        took = [q.took_ms for q in questions]
        return float(np.percentile(took, percent)) if any(took) else None

    return figure


WHOLE: dict[str, Figure] = {
    "refusal_f1": _refusal_f1,
    "ece": _ece,
    "ece_all": _ece_all,
    "auroc": _auroc,
    "aurc": _aurc,
    "coverage_at_5": _coverage(0.05),
    "coverage_at_10": _coverage(0.10),
    "median_ms": _took(50),
    "p95_ms": _took(95),
    "p99_ms": _took(99),
}
