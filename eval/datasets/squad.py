"""Read SQuAD-form files (SQuAD, CMRC 2018, DRCD): passages with their questions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import QuestionFileError
from corpus.types import Document, Paragraph
from eval.datasets.faults import Faults, digest, read_bytes
from eval.datasets.types import QuestionRow, QuestionSet


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Gold(_Row):
    text: str
    answer_start: int = -1


class _Question(_Row):
    id: str | int
    question: str
    answers: list[_Gold]


class _Passage(_Row):
    context: str
    qas: list[_Question]


class _Article(_Row):
    paragraphs: list[_Passage]
    title: str = ""


class _File(_Row):
    data: list[_Article]


@dataclass(frozen=True)
class ReadingSet:
    """Passages as documents, each with its questions; no answers means that it does not say.

    A question may be empty: two of CMRC 2018 trial are.
    """

    name: str
    sha256: str
    passages: tuple[tuple[Document, tuple[QuestionRow, ...]], ...]


def read_squad(path: Path) -> ReadingSet:
    """Read a file: data → paragraphs → context, qas (question, answers → text).

    :raises QuestionFileError: naming the places that are wrong.
    """
    faults = Faults(path.name)
    try:
        file = _File.model_validate_json(read_bytes(path))
    except ValidationError as error:
        if _is_json(path):
            faults.add_invalid("SQuAD格式（data → paragraphs → context、qas）", error)
        else:
            faults.add("整个文件", "不是合法的JSON，请检查是否下载完整")
        faults.check()
        raise
    kept = [p for a in file.data for p in a.paragraphs if p.context.strip() and p.qas]
    passages = tuple(_passage(i, p) for i, p in enumerate(kept))
    ids: set[str] = set()
    for document, rows in passages:
        for row in rows:
            if row.id in ids:
                faults.add(f"问题{row.id}", "编号重复，请改成不同的编号")
            if row.answers and row.answers[0] not in document.text:
                faults.add(f"问题{row.id}", f"答案“{row.answers[0]}”不在段落里")
            ids.add(row.id)
    faults.check()
    if not passages:
        raise QuestionFileError(f"“{path.name}”里没有问题。")
    return ReadingSet(path.name, digest(path), passages)


def as_questions(reading: ReadingSet) -> QuestionSet:
    """Return a reading set as a question set over its passages."""
    return QuestionSet(
        name=reading.name,
        sha256=reading.sha256,
        rows=tuple(row for _, rows in reading.passages for row in rows),
        documents=tuple(document for document, _ in reading.passages),
    )


def plain_document(name: str, text: str, title: str = "") -> Document:
    """Return a text without structure as a document of one paragraph a line."""
    paragraphs: list[Paragraph] = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            paragraphs.append(Paragraph((), at, at + len(line)))
        at += len(line) + 1
    return Document(id=name, title=title, text=text, paragraphs=tuple(paragraphs))


def _passage(number: int, passage: _Passage) -> tuple[Document, tuple[QuestionRow, ...]]:
    text = passage.context
    document = Document(
        id=f"p{number}", title="", text=text, paragraphs=(Paragraph((), 0, len(text)),)
    )
    return document, tuple(_row(document, q) for q in passage.qas)


def _row(document: Document, question: _Question) -> QuestionRow:
    golds = list(dict.fromkeys(a.text for a in question.answers if a.text.strip()))
    start = document.text.find(golds[0]) if golds else 0
    given = question.answers[0].answer_start if question.answers else -1
    if golds and document.text[given : given + len(golds[0])] == golds[0] and given >= 0:
        start = given
    return QuestionRow.model_construct(
        id=str(question.id),
        question=question.question,
        type="reading" if golds else "unanswerable",
        answers=golds,
        items=[],
        evidence=golds[0] if golds else "",
        start=max(start, 0),
        history=[],
        document=document.id,
    )


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except (ValueError, UnicodeDecodeError):
        return False
    return True
