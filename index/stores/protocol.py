"""What every store of passages does, whichever engine is under it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from corpus.types import Document, Figure, Passage
from index.encoder import Vectors
from index.stores.columns import Columns


@dataclass(frozen=True)
class Entry:
    """A document ready to be stored; row i of ``texts`` and ``vectors`` belongs to passage i.

    :ivar texts: folded text that a passage is found by (:func:`index.entries.searchable`).
    :ivar vectors: ``(len(passages), dim) float32`` unit vectors.
    """

    document: Document
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    vectors: Vectors
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Filter:
    """Which documents a search may look at; an empty field lets everything through.

    :ivar years: first and last year, both included.
    """

    documents: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    levels: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.documents or self.regions or self.years or self.levels)


@dataclass(frozen=True)
class Query:
    """A question put to a store.

    :ivar text: folded question, for BM25.
    :ivar vector: ``(dim,) float32`` unit vector of the question.
    :ivar expansions: further words for BM25, each counting ``expansion_weight`` times.
    :ivar pool: how many passages each of the two ways of search brings up.
    """

    text: str
    vector: Vectors
    expansions: tuple[str, ...] = ()
    expansion_weight: float = 0.4
    pool: int = 100
    filter: Filter = field(default_factory=Filter)


@dataclass(frozen=True)
class Candidate:
    """A passage that one of the two ways of search brought up.

    :ivar number: its number in the store, to read it with.
    :ivar lexical: its BM25 score, 0 if it holds no word of the question.
    :ivar dense: its cosine, None where it is not among the ``pool`` nearest.
    """

    number: int
    lexical: float
    dense: float | None


@dataclass(frozen=True)
class Description:
    """What is known of a document without reading it.

    :ivar characters: of its text; with meeting and speaker empty in a version of before format 4,
        of which only the documents are read.
    """

    id: str
    title: str
    region: str
    year: int | None
    level: str
    date: str
    passages: int
    meeting: str = ""
    speaker: str = ""
    characters: int = 0


@dataclass(frozen=True)
class FigureColumns:
    """The figures of some of the documents held, in columns.

    :ivar ids: of the documents by their number in the columns.
    """

    columns: Columns
    ids: Sequence[str]


@dataclass(frozen=True)
class Counts:
    """What a store holds; removed documents are not counted."""

    documents: int
    passages: int


class PassageStore(Protocol):
    """One published state of the passages; it never changes and many threads may read it.

    ``search`` gives the union of the ``pool`` passages with the best BM25 scores and the ``pool``
    with the best cosines, in ascending order of number, and applies the filter inside both
    searches: with a filter there are as many candidates as without, provided so many passages
    pass it. Both scores are those over the whole store, however it is divided: BM25's document
    frequencies and mean length count every document held and none removed.
    """

    @property
    def documents(self) -> Mapping[str, Document]:
        """Documents by id, read when they are asked for."""

    @property
    def figures(self) -> Mapping[str, tuple[Figure, ...]]:
        """Figures by document id, read when they are asked for."""

    @property
    def passages(self) -> Sequence[Passage]:
        """Passages held, in the order they were added, read when they are asked for."""

    def search(self, query: Query) -> list[Candidate]:
        """Return the passages that answer a query best.

        :raises UnknownDocumentError: if the filter names a document that is not held.
        """

    def read(self, numbers: Sequence[int]) -> list[Passage]:
        """Return passages by the numbers that ``search`` gave."""

    def holds(self, folded_word: str) -> bool:
        """Tell whether a word, or all its pairs of characters, stand in any passage."""

    def named_in(self, document: str) -> frozenset[str]:
        """Return the folded names of the figures and of the glossary terms of a document held."""

    def figure_columns(self) -> Sequence[FigureColumns]:
        """Return the figures of all documents held, in the order in which these were added."""

    def descriptions(self) -> Sequence[Description]:
        """Return the facts of every document held, in the order they were added."""

    def counts(self) -> Counts:
        """Return how much is held."""

    def engine(self) -> str:
        """Return in a few words how vectors are searched here, for people: ``exact``."""

    def close(self) -> None:
        """Let go of files and connections."""


class StoreWriter(Protocol):
    """A new state in the making; nobody sees it before it is published.

    It starts with what the state it is based on holds. Adding a document of a known id replaces
    it. Nothing that is published is touched, so a writer that dies leaves no trace in it.
    """

    def add(self, entries: Iterable[Entry]) -> None:
        """Take documents in, one after the other, in constant memory."""

    def remove(self, ids: Collection[str]) -> None:
        """Leave documents out.

        :raises UnknownDocumentError: if one of them is not held.
        """

    def finish(self) -> Counts:
        """Complete the state, so that it can be published, and tell what it holds."""
