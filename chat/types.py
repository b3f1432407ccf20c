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
class ReadSpan:
    """The likeliest short answer in a segment, by the reader: a range of its folded text.

    :ivar score: geometric mean of the probabilities that the answer begins and ends there.
    :ivar mass: probability that the answer begins in the segment.
    """

    score: float
    mass: float
    start: int
    end: int


UNREAD = ReadSpan(0.0, 0.0, 0, 0)  # of a place that was looked up, not read


@dataclass(frozen=True)
class Evidence:
    """A place in a report that may answer: ``quote == document.text[start:end]``.

    :ivar score: of the evidence ranker; higher is better, comparable within one question only.
    :ivar read: the likeliest short answer in the segment.
    """

    passage: Passage
    sentence: Sentence
    segment: Sentence
    score: float
    read: ReadSpan = UNREAD


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
class Grounding:
    """What checking a generated answer against the report came to, in sentences and claims.

    :ivar sentences: sentences that the model wrote.
    :ivar kept: shown as written, every claim found at the place cited.
    :ivar replaced: shown as a quotation of the place cited instead.
    :ivar cut: not shown at all.
    :ivar uncited: without a citation.
    :ivar unknown_citations: citations of passages that were not given.
    :ivar unsupported_numbers: numbers, amounts and dates that the places cited do not give so.
    :ivar unsupported_names: persons, places, bodies and Latin terms that they do not name.
    :ivar unsupported_quotes: words in quotation marks that do not stand there.
    :ivar contradictions: said the other way round: 取消 for 延长, 未完成 for 完成.
    :ivar unsupported_words: sentences whose words are mostly not those of the places cited.
    """

    sentences: int = 0
    kept: int = 0
    replaced: int = 0
    cut: int = 0
    uncited: int = 0
    unknown_citations: int = 0
    unsupported_numbers: int = 0
    unsupported_names: int = 0
    unsupported_quotes: int = 0
    contradictions: int = 0
    unsupported_words: int = 0


@dataclass(frozen=True)
class Group:
    """Items of an answer that stand in one chapter.

    :ivar heading: of the chapter, as written.
    :ivar items: each word for word in the report, in its order.
    """

    heading: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The answer to one question.

    :ivar answer: as short as the question allows; for a refusal what is missing, in a sentence.
    :ivar explanation: the sentence of the report, footnote marks removed.
    :ivar items: members of an enumeration, else empty.
    :ivar confidence: probability of being right, 0 to 1.
    :ivar citations: for a refusal the nearest places.
    :ivar took_ms: milliseconds.
    :ivar grounding: of an answer that a model wrote, what the check of it came to; else None.
    :ivar notes: what a reader should know of how the answer came about, a sentence each.
    :ivar groups: of a summary, its items by chapter: one after another they are ``items``, and
        ``citations`` are their places in the same order; else empty.
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
    grounding: Grounding | None = None
    notes: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
