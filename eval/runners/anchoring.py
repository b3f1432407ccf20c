"""Find where the evidence of each question stands in the reports that are asked."""

from __future__ import annotations

from collections import defaultdict

from eval.datasets.faults import Faults
from eval.datasets.types import QuestionRow, QuestionSet
from eval.runners.systems import Sources


def anchored(asked: QuestionSet, sources: Sources | None) -> tuple[QuestionRow, ...]:
    """Return the questions with their evidence at its offset in the reports.

    A question that names no document keeps its offset, if its evidence stands there in one of the
    reports; a table gives no offsets, so the evidence is searched.

    :raises QuestionFileError: if a report does not hold the evidence, or is not there: the wrong
        reports are asked.
    """
    if sources is None:
        return asked.rows
    held = sources.ids()
    faults = Faults(asked.name)
    missing: dict[str, list[str]] = defaultdict(list)
    rows = []
    for number, row in enumerate(asked.rows):
        where = f"第{asked.places[number]}行" if asked.places else f"问题{row.id}"
        if row.document is not None and row.document not in held:
            missing[row.document].append(where)
        elif row.evidence:
            start = _start(row, sources, held, placed=asked.placed)
            if start is not None:
                row = row.model_copy(update={"start": start})  # noqa: PLW2901
            elif row.answerable:
                faults.add(where, "依据（evidence）不在被问的报告里，请检查是不是同一份报告")
            else:
                row = row.model_copy(update={"evidence": ""})  # noqa: PLW2901
        rows.append(row)
    for document, places in missing.items():
        more = f"等{len(places)}题" if len(places) > 1 else ""
        faults.add(
            f"{places[0]}{more}", f"被问的库里没有编号为“{document}”的文件，请用 --documents 给出它"
        )
    faults.check()
    return tuple(rows)


def _start(row: QuestionRow, sources: Sources, held: list[str], *, placed: bool) -> int | None:
    names = [row.document] if row.document is not None else held
    for name in names:
        if sources.text(name)[row.start : row.end] == row.evidence:
            return row.start
    if placed:
        return None
    found = (sources.text(name).find(row.evidence) for name in names)
    return next((start for start in found if start >= 0), None)
