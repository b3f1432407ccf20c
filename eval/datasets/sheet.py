"""Read the tables that a clerk writes: CSV or XLSX with a question and an answer a row."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import QuestionFileError
from eval.datasets.checks import check_row
from eval.datasets.faults import Faults, digest
from eval.datasets.types import QuestionRow, QuestionSet
from eval.datasets.workbook import table_rows

# Column → the names it may carry in the first row.
COLUMNS: dict[str, tuple[str, ...]] = {
    "question": ("question", "问题", "提问", "问"),
    "answer": ("answer", "答案", "answers", "标准答案", "回答", "答"),
    "items": ("items", "要点", "列举"),
    "type": ("type", "题型", "类型"),
    "id": ("id", "编号", "序号", "题号"),
    "evidence": ("evidence", "出处", "原文", "依据"),
    "document": ("document", "文件", "文件编号", "报告"),
    "history": ("history", "上文", "前面的问题"),
}
_BETWEEN = "，列与列之间用英文逗号隔开"
_SEPARATORS = str.maketrans("｜\n", "||")


def read_sheet(path: Path) -> QuestionSet:
    """Read a table: 问题 and 答案, one question a row; an empty answer means the report does not say.

    Several answers that are all right, and the members of a list, are separated by ``|``.

    :raises QuestionFileError: naming every faulty row, up to twenty.
    """
    table = table_rows(path)
    if not any(cell.strip() for _, cells in table for cell in cells):
        raise QuestionFileError(f"{path.name}是空的；第1行应是列名，至少有“问题”和“答案”。")
    heads = table[0][1]
    columns = _columns(heads)
    if missing := [COLUMNS[c][1] for c in ("question", "answer") if c not in columns]:
        raise QuestionFileError(
            f"{path.name}第1行缺少“{'”和“'.join(missing)}”列；第1行应是列名，至少有“问题”和“答案”"
            f"{_BETWEEN if path.suffix.lower() == '.csv' else ''}。"
        )
    faults = Faults(path.name)
    for column, held in _twice(heads).items():
        faults.add("第1行", f"“{'”和“'.join(held)}”都是{COLUMNS[column][1]}，请只留一列")
    rows: list[QuestionRow] = []
    places: list[int] = []
    seen: dict[str, int] = {}
    for number, cells in table[1:]:
        cell = {name: cells[i].strip() for name, i in columns.items() if i < len(cells)}
        if not any(cell.values()):
            continue
        where = f"第{number}行"
        if extra := [c for c in cells[len(heads) :] if c.strip()]:
            faults.add(where, f"多出一格“{extra[0]}”；带逗号的文字请用引号括起来")
            continue
        if not cell.get("question"):
            faults.add(where, "有答案，却没有问题")
            continue
        row_id = cell.get("id") or f"{path.stem}-{number}"
        if row_id in seen:
            faults.add(where, f"编号“{row_id}”与第{seen[row_id]}行重复")
        seen.setdefault(row_id, number)
        answers, items = _parts(cell.get("answer", "")), _parts(cell.get("items", ""))
        row = QuestionRow(
            id=row_id,
            question=cell["question"],
            type=cell.get("type") or ("question" if answers or items else "unanswerable"),
            answers=answers or (["、".join(items)] if items else []),
            items=items,
            evidence=cell.get("evidence", ""),
            history=_parts(cell.get("history", "")),
            document=cell.get("document") or None,
        )
        check_row(faults, where, row)
        rows.append(row)
        places.append(number)
    faults.check()
    if not rows:
        raise QuestionFileError(f"{path.name}里没有问题。")
    return QuestionSet(path.name, digest(path), tuple(rows), placed=False, places=tuple(places))


def _columns(heads: list[str]) -> dict[str, int]:
    plain = [h.strip().lower() for h in heads]
    return {
        column: i
        for column, names in COLUMNS.items()
        for i, head in enumerate(plain)
        if head in names
    }


def _twice(heads: list[str]) -> dict[str, list[str]]:
    """Return the columns that several heads stand for, with these."""
    plain = [h.strip() for h in heads]
    held = {c: [h for h in plain if h.lower() in names] for c, names in COLUMNS.items()}
    return {column: found for column, found in held.items() if len(found) > 1}


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.translate(_SEPARATORS).split("|") if part.strip()]
