"""Score reading of given passages: SQuAD-form files (CMRC, DRCD), the CMRC way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console
from rich.progress import track

from chat.extractive import ExtractiveAnswerer
from corpus.errors import QuestionFileError
from corpus.types import Document, Paragraph
from eval.mixed import exact, f1
from index.encoder import Encoder
from index.library import assemble
from index.words import shipped_words
from retriever.search import Retriever
from retriever.vocabulary import shipped_vocabulary


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Gold(_Row):
    text: str


class _Question(_Row):
    id: str | int
    question: str
    answers: list[_Gold]


class _Passage(_Row):
    context: str
    qas: list[_Question]


class _Article(_Row):
    paragraphs: list[_Passage]


class _File(_Row):
    data: list[_Article]


@dataclass(frozen=True)
class Read:
    """How one question went; ``em`` and ``f1`` 0 to 1."""

    id: str
    question: str
    answers: tuple[str, ...]
    prediction: str
    em: float
    f1: float


@dataclass(frozen=True)
class ReadingReport:
    """All questions of a file."""

    file: str
    open: bool
    rows: tuple[Read, ...]

    def summary(self) -> dict[str, float]:
        """Return EM and F1 in percent."""
        count = len(self.rows)
        return {
            "questions": float(count),
            "em": round(100 * sum(r.em for r in self.rows) / count, 2),
            "f1": round(100 * sum(r.f1 for r in self.rows) / count, 2),
        }

    def as_json(self) -> str:
        """Return summary and rows as JSON; ``em`` and ``f1`` in percent at the top."""
        body = self.summary() | {"file": self.file, "open": self.open}
        body |= {"rows": [asdict(r) for r in self.rows]}
        return json.dumps(body, ensure_ascii=False, indent=1)


def evaluate_reading(path: Path, encoder: Encoder, *, search: bool = False) -> ReadingReport:
    """Answer every question of a file, always, from its passage.

    :param search: the passage is not given, but searched among all of the file.
    :raises QuestionFileError: if the file is not of SQuAD's form.
    """
    passages = _read(path)
    documents = [
        Document(
            id=f"p{i}", title="", text=p.context, paragraphs=(Paragraph((), 0, len(p.context)),)
        )
        for i, p in enumerate(passages)
    ]
    whole = _answerer(documents, encoder) if search else None
    rows: list[Read] = []
    console = Console(stderr=True)
    for document, passage in track(
        list(zip(documents, passages, strict=True)), path.name, console=console, transient=True
    ):
        answerer = whole or _answerer([document], encoder)
        rows.extend(_asked(answerer, passage))
    return ReadingReport(path.name, search, tuple(rows))


def _asked(answerer: ExtractiveAnswerer, passage: _Passage) -> Iterator[Read]:
    for question in passage.qas:
        golds = [a.text for a in question.answers]
        told = answerer.answer(question.question, [], threshold=0.0).answer
        yield Read(
            id=str(question.id),
            question=question.question,
            answers=tuple(golds),
            prediction=told,
            em=float(exact(golds, told)),
            f1=f1(golds, told),
        )


def _answerer(documents: list[Document], encoder: Encoder) -> ExtractiveAnswerer:
    words, vocabulary = shipped_words(), shipped_vocabulary()
    retriever = Retriever(assemble(documents, encoder), encoder, vocabulary)
    return ExtractiveAnswerer(retriever, words, vocabulary, encoder.name)


def _read(path: Path) -> list[_Passage]:
    try:
        file = _File.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise QuestionFileError(
            f"“{path}”读不了，或不是SQuAD格式（data → paragraphs → context、qas），请检查。"
        ) from error
    passages = [p for a in file.data for p in a.paragraphs if p.context.strip() and p.qas]
    if not passages:
        raise QuestionFileError(f"“{path.name}”里没有问题。")
    return passages


def show(report: ReadingReport) -> None:
    """Print the figures."""
    figures = report.summary()
    way = "先检索再读" if report.open else "给定段落"
    Console().print(
        f"{report.file}（{way}）：{figures['questions']:.0f}题，EM {figures['em']}%，F1 {figures['f1']}%"
    )
