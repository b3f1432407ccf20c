"""What a skill is asked and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chat.types import Group, Status
from index.library import Library
from index.words import WordModel
from retriever.question import Question
from retriever.scope import Reports, Scope
from retriever.search import Retriever
from retriever.vocabulary import Vocabulary


@dataclass(frozen=True)
class Inquiry:
    """A question as it reaches a skill.

    :ivar asked: as typed; ``question.text`` is the same made to stand alone.
    :ivar documents: reports that may answer, each read when it is looked into: those chosen, and of
        these those whose place is named; of very many only those that the search brings up.
    :ivar scope: facts of all of them, their places' names and newest year, without reading any.
    """

    asked: str
    question: Question
    documents: Reports
    library: Library
    retriever: Retriever
    words: WordModel
    vocabulary: Vocabulary
    scope: Scope


@dataclass(frozen=True)
class Quoted:
    """A range of a document's text that an answer quotes."""

    document: str
    start: int
    end: int


@dataclass(frozen=True)
class Outcome:
    """The answer of a skill.

    :ivar answer: as short as the question allows; for a refusal what is missing, in a sentence.
    :ivar explanation: the working, or the sentence of the report that decides.
    :ivar items: members of an enumeration, each standing word for word in one of ``quotes``.
    :ivar confidence: probability, 0 to 1, that the outcome is right.
    :ivar quotes: places that it rests on; for a refusal the nearest ones.
    :ivar notes: what a reader should know of how the answer came about, a sentence each.
    :ivar groups: the items by chapter, see :class:`chat.types.Answer`.
    :ivar yields: it is said only where the reports do not plainly answer.
    """

    status: Status
    answer: str
    explanation: str = ""
    items: tuple[str, ...] = ()
    confidence: float = 1.0
    quotes: tuple[Quoted, ...] = ()
    notes: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    yields: bool = False


Skill = Callable[[Inquiry], Outcome | None]
