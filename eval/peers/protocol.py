"""What runner and worker tell each other: JSON, one message a line; standard library only.

To the worker: one ``job``, then ``document`` lines, then ``question`` lines, then the end of input.
From the worker: ``imported``, ``indexed``, one ``answer`` a question, ``done``; or ``failed``,
or ``stopped`` when its time is up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, TextIO


@dataclass(frozen=True)
class Document:
    """A text to be searched: a whole document, or a passage of one that begins at ``start``."""

    id: str
    text: str
    start: int = 0


@dataclass(frozen=True)
class Chunk:
    """What a peer indexes: ``text[start:end]`` of the document, offsets in code points."""

    document: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Question:
    """A question; ``document`` names the document it is asked of, empty for all together."""

    id: str
    text: str
    document: str = ""


@dataclass(frozen=True)
class Job:
    """What a worker is to do.

    :ivar module: module of ``eval.peers.adapters``.
    :ivar way: ``installed``, ``chinese`` or ``encoder``.
    :ivar encoder: folder of our sentence-transformers model.
    :ivar reader: folder of an AutoModelForQuestionAnswering, empty for none.
    :ivar k: chunks wanted a question.
    :ivar cut: whether the peer cuts the documents itself; else each is one passage.
    :ivar limit_s: seconds of processor time after which the worker gives up; 0 for no limit.
    :ivar read: whether answers are extracted too, from the ``READ`` best chunks.
    """

    module: str
    way: str
    encoder: str
    reader: str = ""
    k: int = 10
    cut: bool = True
    read: bool = False
    limit_s: int = 0


class Index(Protocol):
    """Chunks that can be searched."""

    @property
    def chunks(self) -> Sequence[Chunk]:
        """Everything that can be found."""
        ...

    def search(self, question: str, k: int) -> list[Chunk]:
        """Return at most ``k`` chunks, best first."""
        ...


class Peer(Protocol):
    """A pipeline under comparison; its module offers it as ``create(job)``."""

    def build(self, documents: list[Document], *, cut: bool) -> Index:
        """Index the documents."""
        ...

    def read(self, index: Index, question: str, hits: list[Chunk]) -> str | None:
        """Return an answer extracted from the hits, None if the reader finds none.

        :raises NoReaderError: if the peer has no extractive reader.
        """
        ...


class NoReaderError(Exception):
    """A peer has no extractive reader of its own, or no model was given for it."""


READ = 5  # chunks that a reader reads


def located(document: Document, pieces: Iterable[tuple[int | None, str]]) -> list[Chunk]:
    """Return chunks for pieces of a document, each with its start there where the peer tells it.

    :raises ValueError: if a piece is no stretch of the document.
    """
    chunks = []
    position = 0
    for told, piece in pieces:
        text = piece.strip()
        if not text:
            continue
        start = document.text.find(text, told if told is not None and told >= 0 else position)
        if start < 0:
            raise ValueError(f"no stretch of {document.id}: {text[:40]!r}")
        position = start + 1
        begin = document.start + start
        chunks.append(Chunk(document.id, begin, begin + len(text), text))
    return chunks


def whole(document: Document) -> Chunk:
    """Return a document as one chunk."""
    end = document.start + len(document.text)
    return Chunk(document.id, document.start, end, document.text)


def write_request(
    stream: TextIO, job: Job, documents: Iterable[Document], questions: Iterable[Question]
) -> None:
    """Send a whole request and end it."""
    stream.write(json.dumps({"job": asdict(job)}, ensure_ascii=False) + "\n")
    for document in documents:
        stream.write(json.dumps({"document": asdict(document)}, ensure_ascii=False) + "\n")
    for question in questions:
        stream.write(json.dumps({"question": asdict(question)}, ensure_ascii=False) + "\n")
    stream.close()


def read_request(stream: TextIO) -> tuple[Job, list[Document], list[Question]]:
    """Read a whole request.

    :raises ValueError: if a line is not of the protocol, or there is no job.
    """
    job: Job | None = None
    documents: list[Document] = []
    questions: list[Question] = []
    for number, line in enumerate(stream, 1):
        message = json.loads(line)
        if "job" in message:
            job = Job(**message["job"])
        elif "document" in message:
            documents.append(Document(**message["document"]))
        elif "question" in message:
            questions.append(Question(**message["question"]))
        else:
            raise ValueError(f"line {number} is neither job, document nor question")
    if job is None:
        raise ValueError("the request has no job")
    return job, documents, questions


def write_event(stream: TextIO, event: str, **fields: object) -> None:
    """Tell the runner one thing."""
    stream.write(json.dumps({"event": event, **fields}, ensure_ascii=False) + "\n")
    stream.flush()


def read_events(stream: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield what a worker tells, in order.

    :raises ValueError: if a line is no event.
    """
    for line in stream:
        message = json.loads(line)
        if not isinstance(message, dict) or "event" not in message:
            raise ValueError(f"not an event: {line[:80]!r}")
        yield message
