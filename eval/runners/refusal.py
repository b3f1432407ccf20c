"""Run a question file for its refusals: what is withheld in error, what should have been."""

from __future__ import annotations

from dataclasses import replace

from chat.confidence import THRESHOLD
from eval.datasets.types import QuestionSet
from eval.runners.qa import evaluate
from eval.runners.runs import Asked, Run, Table
from eval.runners.systems import System

_THRESHOLDS = (0.0, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9)
_COLUMNS = (
    "answerable_right",
    "answerable_refused",
    "unanswerable_refused",
    "answered_right",
    "correct",
)
_ABOUT_REFUSAL = frozenset(
    "questions correct answered_right wrong_number answerable_right answerable_refused "
    "refusal_precision refusal_recall refusal_f1 ece ece_all auroc aurc coverage_at_5 "
    "coverage_at_10".split()
)


def evaluate_refusal(system: System, asked: QuestionSet, seed: int = 0) -> Run:
    """Ask every question; add what each threshold of probability would have given.

    :raises QuestionFileError: if the evidence does not stand in the reports asked.
    """
    run = evaluate(system, asked, seed, kind="refusal")
    return replace(
        run,
        measures=tuple(m for m in run.measures if m.name in _ABOUT_REFUSAL),
        stages=(),
        tables=(sweep(run.questions),),
    )


def sweep(questions: tuple[Asked, ...]) -> Table:
    """Return what answering from each threshold on gives, where the answers withheld are known."""
    known = [q for q in questions if q.probability is not None and q.forced_right is not None]
    rows: list[tuple[str | float, ...]] = []
    if len(known) == len(questions):
        rows = [_at(questions, t) for t in _THRESHOLDS]
    return Table(
        title="门槛取多少",
        columns=("门槛", *_COLUMNS),
        rows=tuple(rows),
        note=f"产品用的门槛是{THRESHOLD}，比的是“报告里有答案”和“答得对”两个概率的均值；本表只按后者换门槛。"
        if rows
        else "被问的系统不说出拒答时本可给出的答案，无法换门槛计算。",
    )


def _at(questions: tuple[Asked, ...], threshold: float) -> tuple[str | float, ...]:
    given = [q for q in questions if (q.probability or 0.0) >= threshold]
    yes = [q for q in questions if q.answerable]
    no = [q for q in questions if not q.answerable]
    right = sum(bool(q.forced_right) for q in given)
    held_back = sum(q.answerable for q in questions) - sum(q.answerable for q in given)
    refused = len(no) - sum(not q.answerable for q in given)
    return (
        f"{threshold:.2f}",
        _percent(right, len(yes)),
        _percent(held_back, len(yes)),
        _percent(refused, len(no)),
        _percent(right, len(given)),
        _percent(right + refused, len(questions)),
    )


def _percent(part: int, whole: int) -> float | str:
    return round(100 * part / whole, 1) if whole else ""
