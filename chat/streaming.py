"""The steps of answering a question as events, for callers that show them as they happen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from chat.types import Answer, Citation
from index.library import Library
from index.words import shipped_words
from retriever.question import understand
from retriever.search import Hit, Retriever

# A clause with its mark; long ones are cut so that a reader sees the text grow.
_PIECE = re.compile(r"[^，。；：、！？\n]{1,16}[，。；：、！？\n]*|[，。；：、！？\n]+")


@dataclass(frozen=True)
class Retrieved:
    """Passages were found.

    :ivar question: the question that was searched for, made to stand alone.
    :ivar hits: best first.
    :ivar library: the version that they stand in.
    """

    question: str
    hits: tuple[Hit, ...]
    library: Library


@dataclass(frozen=True)
class Cited:
    """The places that the answer rests on are known; a later one replaces it."""

    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Token:
    """A piece of the answer; all pieces joined are ``Answer.answer``."""

    text: str


@dataclass(frozen=True)
class Done:
    """The whole answer, always the last event."""

    answer: Answer


Event = Retrieved | Cited | Token | Done


class Answerer(Protocol):
    """Answers one question at a time."""

    def answer(
        self, text: str, history: list[str], documents: tuple[str, ...] = (), depth: int = 10
    ) -> Answer:
        """Return the answer; ``history`` holds earlier questions, oldest first."""
        ...


@runtime_checkable
class StreamingAnswerer(Protocol):
    """Tells an answer as it grows."""

    def stream(
        self, text: str, history: list[str], documents: tuple[str, ...] = (), depth: int = 10
    ) -> Iterator[Event]:
        """Yield the events of an answer, ``Done`` last; closing the iterator stops the work."""
        ...


def streamed(
    retriever: Retriever,
    answerer: Answerer,
    text: str,
    history: list[str],
    documents: tuple[str, ...] = (),
    *,
    depth: int = 10,
) -> Iterator[Event]:
    """Yield the events of an answer, from an answerer that tells its whole answer at once or grows it.

    :raises UnknownDocumentError: if the library does not hold one of the documents.
    """
    if isinstance(answerer, StreamingAnswerer):
        yield from answerer.stream(text, history, documents, depth)
        return
    answer = answerer.answer(text, history, documents, depth)
    scope = retriever.scope()
    question = understand(answer.standalone_question, scope.year, shipped_words(), scope.own)
    hits = retriever.search(question, depth, documents)
    yield Retrieved(answer.standalone_question, tuple(hits), retriever.library)
    yield Cited(answer.citations)
    for piece in _PIECE.findall(answer.answer):
        yield Token(piece)
    yield Done(answer)
