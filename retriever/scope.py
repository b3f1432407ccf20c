"""Which reports a question is put to: known by their facts, read only where they are looked into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import overload

from corpus.errors import UnknownDocumentError
from corpus.types import Document, newest_year
from index.library import Library
from index.stores.protocol import Description
from retriever.choosing import Choice, chosen
from retriever.places import called, own_names

EXAMINED = 64  # reports looked into one by one; of more, only those that the search brings up
_CHOICES = 32  # of callers, remembered


@dataclass(frozen=True)
class Scope:
    """Reports that a question is put to.

    :ivar rows: their facts.
    :ivar searched: their ids, to search in; empty for the whole library.
    """

    rows: Sequence[Description]
    searched: tuple[str, ...] = ()

    @cached_property
    def own(self) -> tuple[str, ...]:
        """How people call the places that the reports are about, longest first."""
        return own_names(self.rows)

    @cached_property
    def year(self) -> int | None:
        """The year from which 去年 counts: that of the newest report."""
        return newest_year(self.rows)


class Holdings:
    """The reports of a library by the places that they are about; made once for a version."""

    def __init__(self, rows: Sequence[Description], searched: tuple[str, ...] = ()) -> None:
        """Take in the facts of reports.

        :param searched: their ids where they are a part of the library only.
        """
        self._whole = Scope(rows, searched)
        self.among = lru_cache(maxsize=_CHOICES)(self._among)
        self.chosen = lru_cache(maxsize=_CHOICES)(self._chosen)
        self._by_name: dict[str, list[Description]] = defaultdict(list)
        for row in rows:
            if (name := called(row.region)) is not None:
                self._by_name[name].append(row)

    def whole(self) -> Scope:
        """Return all reports."""
        return self._whole

    def named(self, folded: str) -> Scope:
        """Return the reports whose place a question names, all of them if it names none."""
        named = [row for name, rows in self._by_name.items() if name in folded for row in rows]
        return self.of(named) if named else self._whole

    def of(self, rows: Sequence[Description]) -> Scope:
        """Return a scope of these reports."""
        if len(rows) == len(self._whole.rows):
            return self._whole
        return Scope(rows, tuple(row.id for row in rows))

    def _chosen(self, choice: Choice) -> tuple[str, ...]:
        """Return the ids of the reports that meet a choice, none if all do.

        The same choice gives the same object, which answers remembered for it share.
        """
        return self.of(chosen(self._whole.rows, choice)).searched

    def _among(self, documents: tuple[str, ...]) -> Holdings:
        """Return these reports alone.

        :raises UnknownDocumentError: if one of them is not among those held.
        """
        try:
            rows = [self._by_id[name] for name in documents]
        except KeyError as error:
            raise UnknownDocumentError.of(str(error.args[0]), self._by_id) from None
        whole = len(set(documents)) == len(self._whole.rows)
        return self if whole else Holdings(rows, documents)

    @cached_property
    def _by_id(self) -> dict[str, Description]:
        return {row.id: row for row in self._whole.rows}


class Reports(Sequence[Document]):
    """Reports that are read when they are looked into, and chosen no sooner."""

    def __init__(self, library: Library, choose: Callable[[], Sequence[str]]) -> None:
        """Remember how to choose.

        :param choose: gives the ids; called at most once.
        """
        self._library = library
        self._choose = choose

    @cached_property
    def ids(self) -> Sequence[str]:
        """The ids of the reports."""
        return self._choose()

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, index: int) -> Document: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Document]: ...
    def __getitem__(self, index: int | slice) -> Document | Sequence[Document]:
        if isinstance(index, slice):
            return [self._library.document(i) for i in self.ids[index]]
        return self._library.document(self.ids[index])

    def __iter__(self) -> Iterator[Document]:
        return (self._library.document(i) for i in self.ids)
