"""Compare two runs over the same questions: which figures moved, which questions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eval.metrics.intervals import Difference, difference
from eval.metrics.names import METRICS, metric
from eval.runners.runs import Asked, Run, RunError

# The figure that tells whether a question got better, by kind of run.
DECISIVE = {
    "qa": "correct",
    "refusal": "correct",
    "retrieval": "ndcg@10",
    "reading": "f1",
    "rgb": "accuracy",
}


@dataclass(frozen=True)
class Moved:
    """A question that the two runs answer otherwise."""

    first: Asked
    second: Asked
    change: float


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side.

    :ivar differences: figure → difference, in the order of the table of names.
    :ivar worse: questions that the second answers worse, the worst first; ``better`` likewise.
    :ivar reworded: questions of equal worth whose answer reads otherwise.
    """

    first: Run
    second: Run
    differences: dict[str, Difference]
    worse: tuple[Moved, ...]
    better: tuple[Moved, ...]
    reworded: tuple[Moved, ...]
    missing: int


def compare(first: Run, second: Run, seed: int = 0) -> Comparison:
    """Compare two runs question by question.

    :raises RunError: if they are of different kinds, or have no question in common.
    """
    if first.kind != second.kind:
        raise RunError(f"两次运行不是一类（{first.kind}、{second.kind}），无法比较。")
    of_second = {q.id: q for q in second.questions}
    pairs = [(q, of_second[q.id]) for q in first.questions if q.id in of_second]
    if not pairs:
        raise RunError("两次运行没有共同的题目，无法比较；请用 --json 保存的完整结果，不用摘要。")
    decisive = DECISIVE.get(first.kind, "correct")
    moved = [
        Moved(a, b, b.scores.get(decisive, 0.0) - a.scores.get(decisive, 0.0)) for a, b in pairs
    ]
    return Comparison(
        first=first,
        second=second,
        differences=_differences(pairs, seed),
        worse=tuple(sorted((m for m in moved if m.change < 0), key=lambda m: m.change)),
        better=tuple(sorted((m for m in moved if m.change > 0), key=lambda m: -m.change)),
        reworded=tuple(m for m in moved if m.change == 0 and m.first.answer != m.second.answer),
        missing=len(first.questions) + len(second.questions) - 2 * len(pairs),
    )


def _differences(pairs: list[tuple[Asked, Asked]], seed: int) -> dict[str, Difference]:
    names = {name for a, b in pairs for name in a.scores if name in b.scores}
    result = {}
    for name in [n for n in METRICS if n in names] + sorted(names - set(METRICS)):
        both = [
            (a.scores[name], b.scores[name])
            for a, b in pairs
            if name in a.scores and name in b.scores
        ]
        values = np.array(both, dtype=float)
        result[name] = difference(values[:, 0], values[:, 1], seed)
    return result


def verdict(name: str, found: Difference) -> str:
    """Return 变好, 变差, 不变 or 看不出, for a change that chance alone would not make (p < 0.05)."""
    if found.better + found.worse == 0:
        return "不变"
    higher = metric(name).higher
    if found.p >= 0.05 or higher is None:
        return "看不出"
    return "变好" if (found.change > 0) == higher else "变差"
