"""Read the tables that a clerk writes: CSV or XLSX with a question and an answer a row."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import QuestionFileError
from eval.datasets.faults import Faults, digest, read_bytes
from eval.datasets.types import QuestionRow, QuestionSet

# Column → the names it may carry in the first row.
COLUMNS: dict[str, tuple[str, ...]] = {
    "question": ("question", "问题", "提问", "问"),
    "answer": ("answer", "answers", "答案", "标准答案", "回答", "答"),
    "items": ("items", "要点", "列举"),
    "type": ("type", "题型", "类型"),
    "id": ("id", "编号", "序号", "题号"),
    "evidence": ("evidence", "出处", "原文", "依据"),
    "document": ("document", "文件", "文件编号", "报告"),
    "history": ("history", "上文", "前面的问题"),
}
_SEPARATORS = str.maketrans("｜\n", "||")


def read_sheet(path: Path) -> QuestionSet:
    """Read a table: 问题 and 答案, one question a row; an empty answer means the report does not say.

    Several answers that are all right, and the members of a list, are separated by ``|``.

    :raises QuestionFileError: naming every faulty row, up to twenty.
    """
    table = _xlsx(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path)
    heads = next((cells for _, cells in table), [])
    columns = _columns(heads)
    if missing := [COLUMNS[c][1] for c in ("question", "answer") if c not in columns]:
        raise QuestionFileError(
            f"{path.name}第1行缺少“{'”和“'.join(missing)}”列；第1行应是列名，至少有“问题”和“答案”。"
        )
    faults = Faults(path.name)
    rows: list[QuestionRow] = []
    places: list[int] = []
    seen: dict[str, int] = {}
    for number, cells in table:
        cell = {name: cells[i].strip() for name, i in columns.items() if i < len(cells)}
        if not any(cell.values()):
            continue
        where = f"第{number}行"
        if not cell.get("question"):
            faults.add(where, "有答案，却没有问题")
            continue
        row_id = cell.get("id") or f"{path.stem}-{number}"
        if row_id in seen:
            faults.add(where, f"编号“{row_id}”与第{seen[row_id]}行重复")
        seen.setdefault(row_id, number)
        answers, items = _parts(cell.get("answer", "")), _parts(cell.get("items", ""))
        rows.append(
            QuestionRow(
                id=row_id,
                question=cell["question"],
                type=cell.get("type") or ("question" if answers or items else "unanswerable"),
                answers=answers or (["、".join(items)] if items else []),
                items=items,
                evidence=cell.get("evidence", ""),
                history=_parts(cell.get("history", "")),
                document=cell.get("document") or None,
            )
        )
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


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.translate(_SEPARATORS).split("|") if part.strip()]


Table = Iterator[tuple[int, list[str]]]


def _csv(path: Path) -> Table:
    data = read_bytes(path)
    for encoding in ("utf-8-sig", "gb18030"):  # Excel in China saves CSV as GB18030
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise QuestionFileError(f"{path.name}的编码无法识别，请另存为“CSV UTF-8”或.xlsx后再试。")
    separator = "\t" if "\t" in text.split("\n", 1)[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return iter([(reader.line_num, cells) for cells in reader])
    except csv.Error as error:
        raise QuestionFileError(
            f"{path.name}第{reader.line_num}行读不了（{error}），请检查引号是否成对。"
        ) from error


def _xlsx(path: Path) -> Table:
    from openpyxl import load_workbook

    data = io.BytesIO(read_bytes(path))
    try:
        book = load_workbook(data, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [["" if v is None else str(v) for v in row] for row in sheet.values]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        raise QuestionFileError(
            f"{path.name}不是完好的Excel工作簿（.xlsx），请用Excel重新保存后再试。"
        ) from error
    return iter(list(enumerate(rows, 1)))
