"""What an answer is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from corpus.types import Passage, Sentence


class Status(StrEnum):
    """Whether the reports answer the question."""

    ANSWERED = "answered"
    UNANSWERABLE = "unanswerable"


@dataclass(frozen=True)
class Evidence:
    """A place in a report that may answer: ``quote == document.text[start:end]``.

    :ivar score: of the evidence ranker; higher is better, comparable within one question only.
    """

    passage: Passage
    sentence: Sentence
    segment: Sentence
    score: float


@dataclass(frozen=True)
class Citation:
    """Where an answer stands: ``quote == document.text[start:end]``, footnote marks included.

    :ivar page: of a PDF, the page where it begins.
    """

    document: str
    title: str
    section: tuple[str, ...]
    start: int
    end: int
    quote: str
    page: int | None = None


@dataclass(frozen=True)
class Answer:
    """The answer to one question.

    :ivar answer: as short as the question allows; for a refusal what is missing, in a sentence.
    :ivar explanation: the sentence of the report, footnote marks removed.
    :ivar items: members of an enumeration, else empty.
    :ivar confidence: probability of being right, 0 to 1.
    :ivar citations: for a refusal the nearest places.
    :ivar took_ms: milliseconds.
    """

    question: str
    standalone_question: str
    status: Status
    answer: str
    explanation: str
    items: tuple[str, ...]
    confidence: float
    citations: tuple[Citation, ...]
    answerer: str
    model: str
    took_ms: float
