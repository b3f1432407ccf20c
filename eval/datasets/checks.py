"""What every question must keep, whatever file it stands in."""

from __future__ import annotations

from eval.datasets.faults import Faults
from eval.datasets.types import QuestionRow
from eval.metrics.matching import normal


def check_row(faults: Faults, where: str, row: QuestionRow) -> None:
    """Note what would stop a run half-way, or count every answer as right."""
    from chat.checking import checked
    from corpus.errors import QuestionError

    for text in (row.question, *row.history):
        try:
            checked(text)
        except QuestionError as error:
            faults.add(where, error.message)
    for name, golds in (("答案", row.answers), ("要点", row.items)):
        faults_of = [gold for gold in golds if not normal(gold)]
        if faults_of:
            faults.add(where, f"{name}“{faults_of[0]}”没有一个字或数字，请写出来或删去")
    if row.items and not row.answers:
        faults.add(where, "有要点（items），却没有答案（answers）；报告没有说的题两项都应空着")
