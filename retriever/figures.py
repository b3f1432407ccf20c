"""Look up figures of the library by indicator, year, kind and document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt

from corpus.cleaning import fold_text
from corpus.figures import normal_name
from corpus.types import Document, Figure, FigureKind
from index.library import Library
from index.stores.columns import DOCUMENT, FIRST, INDICATOR, KIND, KINDS, LAST, NAME, Names
from index.stores.protocol import FigureColumns


@dataclass(frozen=True)
class FoundFigure:
    """A figure with the document that it stands in."""

    document: Document
    figure: Figure

    @property
    def page(self) -> int | None:
        """The page where it stands, of a PDF."""
        return self.document.page_of(self.figure.start)


@dataclass(frozen=True)
class _Wanted:
    """What is asked of a figure; see :func:`find_figures`."""

    part: str
    usual: str
    year: int | None
    kind: FigureKind | None


class FoundFigures(Sequence[FoundFigure]):
    """Figures found; each is read, with its document, when it is asked for."""

    def __init__(self, library: Library, places: Sequence[tuple[str, int]]) -> None:
        """Remember where they stand: id of the document, and number among its figures."""
        self._library = library
        self.places = places

    def of(self, places: Sequence[tuple[str, int]]) -> FoundFigures:
        """Return some of them."""
        return FoundFigures(self._library, places)

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, index: int) -> FoundFigure: ...
    @overload
    def __getitem__(self, index: slice) -> FoundFigures: ...
    def __getitem__(self, index: int | slice) -> FoundFigure | FoundFigures:
        if isinstance(index, slice):
            return self.of(self.places[index])
        return self._read(self.places[index])

    def __iter__(self) -> Iterator[FoundFigure]:
        return map(self._read, self.places)

    def _read(self, place: tuple[str, int]) -> FoundFigure:
        name, number = place
        return FoundFigure(self._library.document(name), self._library.figures[name][number])


def find_figures(
    library: Library,
    indicator: str = "",
    year: int | None = None,
    documents: Sequence[str] = (),
    kind: FigureKind | None = None,
) -> FoundFigures:
    """Return the figures that fit, in the order of documents and text.

    :param indicator: a usual name (GDP), or a part of the name as written; all if empty.
    :param year: a year within the period of the figure; all if None.
    :param documents: ids; all if empty.
    :param kind: what it says of its indicator; all if None.
    :raises UnknownDocumentError: if the library does not hold one of the documents.
    """
    for name in documents:
        library.description(name)
    part = indicator.strip()
    wanted = _Wanted(fold_text(part), fold_text(normal_name(part)), year, kind)
    chosen = frozenset(documents)
    found: list[tuple[str, int]] = []
    for held in library.store.figure_columns():
        found += _places(held, wanted, chosen)
    if documents:
        order = {name: at for at, name in enumerate(documents)}
        found.sort(key=lambda place: order[place[0]])
    return FoundFigures(library, found)


def _places(held: FigureColumns, wanted: _Wanted, chosen: frozenset[str]) -> list[tuple[str, int]]:
    rows = held.columns.figures
    fits = np.ones(len(rows), dtype=np.bool_)
    if chosen:
        fits &= np.array([name in chosen for name in held.ids], np.bool_)[rows[:, DOCUMENT]]
    if wanted.year is not None:
        fits &= (rows[:, FIRST] <= wanted.year) & (rows[:, LAST] >= wanted.year)
    if wanted.kind is not None:
        fits &= rows[:, KIND] == KINDS.index(wanted.kind)
    if wanted.part:
        usual, part = _named(held.columns.names, wanted.usual, wanted.part)
        fits &= usual[rows[:, NAME]] | part[rows[:, INDICATOR]]
    at = np.flatnonzero(fits)
    owners = rows[at, DOCUMENT]
    numbers = at - np.searchsorted(rows[:, DOCUMENT], owners)
    return [(held.ids[o], n) for o, n in zip(owners.tolist(), numbers.tolist(), strict=True)]


def _named(
    names: Names, usual: str, part: str
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return ``(names,)``: which are the usual name, and of which the part is a part."""
    return (
        np.array([name == usual for name in names.folded], dtype=np.bool_),
        np.array([part in name for name in names.folded], dtype=np.bool_),
    )


def indicators(library: Library, most: int) -> list[str]:
    """Return the indicators that figures have most often, in the order of their characters."""
    counted: dict[str, int] = {}
    for held in library.store.figure_columns():
        rows, written = held.columns.figures, held.columns.names.written
        numbers, counts = np.unique(rows[:, INDICATOR], return_counts=True)
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
            counted[written[number]] = counted.get(written[number], 0) + count
    return sorted(sorted(counted, key=lambda name: (-counted[name], name))[:most])


def years(library: Library) -> list[int]:
    """Return the years in which the periods of figures begin or end, newest first."""
    found = {
        year
        for held in library.store.figure_columns()
        for year in np.unique(held.columns.figures[:, [FIRST, LAST]]).tolist()
    }
    return sorted(found - {0}, reverse=True)
