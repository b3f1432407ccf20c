"""The short evaluation that runs on every submission."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from corpus.report import BUNDLED, read_report
from eval.datasets.load import read_set
from eval.datasets.rgb import read_rgb
from eval.datasets.squad import read_squad
from eval.datasets.types import QuestionSet
from eval.floors import FloorError, Guarded
from eval.runners.local import Local
from eval.runners.qa import evaluate
from eval.runners.reading import evaluate_reading
from eval.runners.refusal import evaluate_refusal
from eval.runners.retrieval import evaluate_questions
from eval.runners.rgb import by_ours, evaluate_rgb, ours_versions
from eval.runners.runs import Run
from index.encoder import Encoder


def run_guarded(guarded: Guarded, data: Path) -> Run:
    """Run one entry of the file of floors.

    :param data: folder of the shipped sets.
    :raises FloorError: if its kind is none that the guard runs.
    :raises QuestionFileError: if its file is faulty.
    """
    path = data / guarded.file
    if guarded.kind == "rgb":
        return evaluate_rgb(
            read_rgb(path),
            by_ours(_encoder()),
            system="问政（给定文档）",
            versions=ours_versions(_encoder()),
        )
    if guarded.kind == "reading":
        return evaluate_reading(read_squad(path), _encoder())
    runners = {"qa": evaluate, "refusal": evaluate_refusal, "retrieval": evaluate_questions}
    if guarded.kind not in runners:
        raise FloorError(f"不认识“{guarded.kind}”；可用qa、refusal、retrieval、reading、rgb。")
    asked, system = _indexed(path)
    return runners[guarded.kind](system, asked)


@lru_cache(maxsize=4)
def _indexed(path: Path) -> tuple[QuestionSet, Local]:
    """Return a set and an index of its documents, by default of the bundled report."""
    asked = read_set(path)
    return asked, Local.over(asked.documents or (read_report(BUNDLED),), _encoder())


@lru_cache(maxsize=1)
def _encoder() -> Encoder:
    return Encoder()
