"""Read the rows of a table file: CSV or TSV in UTF-8 or GB18030, or the first sheet of a workbook."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import QuestionFileError
from eval.datasets.faults import Faults, read_bytes

if TYPE_CHECKING:
    from openpyxl import Workbook

_PERCENT = re.compile(r"^0?(?:\.(0+))?%$")
Rows = list[tuple[int, list[str]]]


def table_rows(path: Path) -> Rows:
    """Return line numbers, from 1, with the cells as text.

    :raises QuestionFileError: naming what cannot be read.
    """
    return _xlsx(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path)


def _csv(path: Path) -> Rows:
    data = read_bytes(path)
    for encoding in ("utf-8-sig", "gb18030"):  # Excel in China saves CSV as GB18030
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise QuestionFileError(f"{path.name}的编码无法识别，请另存为“CSV UTF-8”或.xlsx后再试。")
    head = text.split("\n", 1)[0]
    separator = next((s for s in "\t,;" if s in head), ",")
    # Strict: else a quote that is never closed swallows the rest of the file without a word.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: Rows = []
    first = 1
    try:
        for cells in reader:
            rows.append((first, cells))
            first = reader.line_num + 1
    except csv.Error as error:
        raise QuestionFileError(
            f"{path.name}第{first}行读不了：引号没有成对，或引号后面还有字；请修改或另存为.xlsx后再试。"
        ) from error
    return rows


def _xlsx(path: Path) -> Rows:
    from openpyxl import load_workbook

    data = read_bytes(path)
    try:
        shown = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        written = load_workbook(io.BytesIO(data), read_only=True)
        return _sheet(path.name, shown, written)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        raise QuestionFileError(
            f"{path.name}不是完好的Excel工作簿（.xlsx），请用Excel重新保存后再试。"
        ) from error


def _sheet(name: str, shown: Workbook, written: Workbook) -> Rows:
    """Return the first sheet as it is shown.

    :param written: the same with formulas in place of what they came to.
    """
    faults = Faults(name)
    rows: Rows = []
    values, formulas = shown.worksheets[0], written.worksheets[0]
    pairs = zip(values.iter_rows(), formulas.iter_rows(), strict=True)
    for number, (cells, behind) in enumerate(pairs, 1):
        texts = []
        for cell, source in zip(cells, behind, strict=True):
            if source.data_type == "f" and cell.value is None:
                faults.add(
                    f"第{number}行", f"公式“{source.value}”还没有算出结果，请在Excel里保存一次"
                )
            if cell.data_type == "e":
                faults.add(f"第{number}行", f"单元格是错误值“{cell.value}”")
            texts.append(_text(cell.value, str(cell.number_format or "")))
        rows.append((number, texts))
    faults.check()
    return rows


def _text(value: object, shape: str) -> str:
    """Return a cell as people see it: 7.5% and not 0.075, a day without its midnight."""
    if value is None:
        return ""
    percent = _PERCENT.match(shape)
    if percent and isinstance(value, int | float) and not isinstance(value, bool):
        return f"{Decimal(str(value)) * 100:.{len(percent[1] or '')}f}%"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)
