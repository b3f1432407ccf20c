"""Run a question file: right, refused, wrong; by type, with intervals, with stages left out."""

from __future__ import annotations

import numpy as np

from eval.datasets.types import QuestionSet
from eval.metrics.intervals import difference
from eval.runners.anchoring import anchored
from eval.runners.asking import ask_all
from eval.runners.local import Local
from eval.runners.runs import Asked, Run, Table
from eval.runners.stages import MEANINGS, Stage
from eval.runners.stopwatch import Stopwatch
from eval.runners.summary import bins_of, by_type, curve_of, means, whole_figures
from eval.runners.systems import System
from eval.runners.versions import code_versions, now

# Figures shown for each stage left out.
ABLATED = (
    "answerable_right",
    "answerable_direct",
    "answerable_refused",
    "unanswerable_refused",
    "wrong_number",
    "answerable_cited",
    "correct",
)


def evaluate(
    system: System,
    asked: QuestionSet,
    seed: int = 0,
    *,
    ablate: bool = False,
    without: tuple[Stage, ...] = (),
    kind: str = "qa",
) -> Run:
    """Ask every question of a set and sum up.

    :param ablate: ask again with each stage left out; only for a system in this process.
    :param without: stages that ``system`` already lacks, to be told in the result.
    :raises QuestionFileError: if the evidence does not stand in the reports asked.
    """
    rows = anchored(asked, system.sources)
    watch = Stopwatch() if isinstance(system, Local) else None
    questions = ask_all(system, rows, asked.name, watch=watch)
    tables: tuple[Table, ...] = ()
    if ablate and isinstance(system, Local):
        tables = (_ablation(system, asked, questions, seed),)
    return Run(
        kind=kind,
        file=asked.name,
        system=system.name,
        made=now(),
        seed=seed,
        versions={"数据": f"{asked.name} sha256 {asked.sha256[:16]}"}
        | system.versions()
        | code_versions(),
        measures=means(questions, seed) + whole_figures(questions, seed),
        options={"without": "、".join(without)} if without else {},
        groups=by_type(questions),
        reliability=bins_of(questions),
        curve=curve_of(questions),
        stages=watch.times() if watch is not None else (),
        tables=tables,
        questions=questions,
    )


def _ablation(system: Local, asked: QuestionSet, whole: tuple[Asked, ...], seed: int) -> Table:
    rows: list[tuple[str | float, ...]] = [_row("全部", whole)]
    for stage in Stage:
        cut = system.leaving_out(stage)
        questions = ask_all(cut, anchored(asked, cut.sources), f"去掉{stage}", whole=False)
        rows.append((*_row(f"去掉{MEANINGS[stage]}", questions), _chance(whole, questions, seed)))
    rows[0] = (*rows[0], "")
    return Table(
        title="去掉一个环节",
        columns=("环节", *ABLATED, "p"),
        rows=tuple(rows),
        note="p：总正确率的差别出于偶然的概率（McNemar精确检验，与“全部”逐题相比）。",
    )


def _row(name: str, questions: tuple[Asked, ...]) -> tuple[str | float, ...]:
    held = {m.name: m.value for m in means(questions, 0)}
    return (name, *(round(held[n], 2) if n in held else "" for n in ABLATED))


def _chance(first: tuple[Asked, ...], second: tuple[Asked, ...], seed: int) -> str:
    values = [np.array([q.scores["correct"] for q in run]) for run in (first, second)]
    return f"{difference(values[0], values[1], seed).p:.4f}"
