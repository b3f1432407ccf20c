"""Read any file of questions by its form."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from corpus.errors import QuestionFileError
from corpus.report import read_report, report_files
from eval.datasets.questions import documents_beside, read_questions
from eval.datasets.sheet import read_sheet
from eval.datasets.squad import as_questions, read_squad
from eval.datasets.types import QuestionSet


def read_set(path: Path, documents: Path | None = None, *, beside: bool = True) -> QuestionSet:
    """Read a question file (jsonl), a SQuAD-form file (json) or a table (csv, tsv, xlsx).

    :param documents: file or folder of reports that the questions are about; by default those in
        the folder ``documents`` beside a question file, of a SQuAD-form file its own passages.
    :param beside: whether to look for that folder.
    :raises QuestionFileError: if the file is faulty or of no known form.
    :raises DocumentError: if a report cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        found = read_questions(path)
        if documents is None and beside:
            found = replace(found, documents=documents_beside(path, found.rows))
    elif suffix == ".json":
        found = as_questions(read_squad(path))
    elif suffix in (".csv", ".tsv", ".xlsx", ".xlsm"):
        found = read_sheet(path)
    else:
        raise QuestionFileError(
            f"不认识“{path.name}”的格式；可用 .jsonl（问题文件）、.json（SQuAD、CMRC、DRCD）、"
            ".csv、.tsv 或 .xlsx（“问题”和“答案”两列）。"
        )
    if documents is not None:
        found = replace(found, documents=tuple(read_report(p) for p in report_files([documents])))
    return replace(found, sha256=_with_documents(found)) if found.documents else found


def _with_documents(found: QuestionSet) -> str:
    """Return the digest of the questions and of the texts that they are about."""
    whole = hashlib.sha256(found.sha256.encode("ascii"))
    for document in found.documents:
        whole.update(document.text.encode("utf-8"))
    return whole.hexdigest()
