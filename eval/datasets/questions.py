"""Read question files (``*.jsonl``, one object a line), with the documents that lie beside them."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from corpus.errors import QuestionFileError
from corpus.report import read_report
from corpus.types import Document
from eval.datasets.checks import check_row
from eval.datasets.faults import Faults, digest, read_lines
from eval.datasets.types import QuestionRow, QuestionSet

DOCUMENTS = "documents"  # folder beside a question file


def read_questions(path: Path) -> QuestionSet:
    """Read and check a question file; documents beside it are not read.

    :raises QuestionFileError: naming every faulty line, up to twenty, and what is wrong with it.
    """
    faults = Faults(path.name)
    rows: list[QuestionRow] = []
    places: list[int] = []
    first: dict[str, int] = {}
    for number, line in enumerate(read_lines(path), 1):
        if not line.strip():
            continue
        where = f"第{number}行"
        try:
            row = QuestionRow.model_validate_json(line)
        except ValidationError as error:
            faults.add_invalid(where, error)
            continue
        if row.id in first:
            faults.add(where, f"编号“{row.id}”与第{first[row.id]}行重复，请改成不同的编号")
        first.setdefault(row.id, number)
        check_row(faults, where, row)
        rows.append(row)
        places.append(number)
    faults.check()
    if not rows:
        raise QuestionFileError(f"{path.name}里没有问题。")
    return QuestionSet(path.name, digest(path), tuple(rows), places=tuple(places))


def documents_beside(path: Path, rows: tuple[QuestionRow, ...]) -> tuple[Document, ...]:
    """Return the documents that the questions name, from the folder ``documents`` beside the file.

    Where a question names none, it is put to all that lie there.

    :raises QuestionFileError: if the folder is there but lacks one of them.
    :raises DocumentError: if one cannot be read.
    """
    folder = path.parent / DOCUMENTS
    names = sorted({r.document for r in rows if r.document is not None})
    if not names or not folder.is_dir():
        return ()
    files = {p.stem: p for p in folder.iterdir() if p.is_file()}
    if missing := [n for n in names if n not in files]:
        raise QuestionFileError(
            f"{path.name}问到的文件“{'、'.join(missing[:5])}”不在{DOCUMENTS}文件夹里；"
            "请补上，或用 --data 指定含有它们的库，或用 --documents 指定文件夹。"
        )
    if any(r.document is None for r in rows):
        names = sorted(files)
    return tuple(read_report(files[name]) for name in names)
