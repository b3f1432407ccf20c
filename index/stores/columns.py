"""The figures and terms of many documents in columns, so that they are found without being read.

A row of ``figures`` is a figure: the number of its document, its indicator and its usual name as
numbers of ``names``, first and last year (0 for none), and its kind. The figures of a document stand
together, in the order of its text. A row of ``terms`` is an entry of a glossary: document and name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.cleaning import fold_text
from corpus.types import Document, Figure, FigureKind
from index.stores.files import read_array

DOCUMENT, INDICATOR, NAME, FIRST, LAST, KIND = range(6)
KINDS = tuple(FigureKind)
_NAMES, _FIGURES, _TERMS = "names.json", "figures.columns", "terms.columns"
Rows = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Names:
    """Distinct names of figures and terms.

    :ivar written: as the reports have them.
    :ivar folded: the same, folded.
    """

    written: tuple[str, ...]
    folded: tuple[str, ...]


class Columns:
    """The columns of the documents ``0 … n-1``; the names are read when they are asked for."""

    def __init__(self, figures: Rows, terms: Rows, names: Callable[[], Names]) -> None:
        """Take in what was made or read.

        :param figures: ``(figures, 6) int32``.
        :param terms: ``(terms, 2) int32``.
        :param names: gives the names.
        """
        self.figures = figures
        self.terms = terms
        self._names = names

    @classmethod
    def of(cls, documents: Iterable[tuple[Document, Sequence[Figure]]]) -> Columns:
        """Return the columns of documents and their figures."""
        numbers: dict[str, int] = {}
        figures: list[tuple[int, ...]] = []
        terms: list[tuple[int, int]] = []
        for document, (report, given) in enumerate(documents):
            figures += [(document, *_row(figure, numbers)) for figure in given]
            terms += [(document, _number(e.term, numbers)) for e in report.glossary]
        names = Names(tuple(numbers), tuple(map(fold_text, numbers)))
        return cls(_rows(figures, 6), _rows(terms, 2), lambda: names)

    @classmethod
    def open(cls, folder: Path) -> Columns:
        """Read or map what ``save`` wrote.

        :raises OSError: if a file is missing.
        :raises ValueError: if one is cut short.
        """
        figures = read_array(folder / _FIGURES, np.int32).reshape(-1, 6)
        terms = read_array(folder / _TERMS, np.int32).reshape(-1, 2)
        (folder / _NAMES).stat()
        return cls(figures, terms, cache(partial(_read, folder / _NAMES)))

    def save(self, folder: Path) -> None:
        """Write the columns into the folder."""
        self.figures.tofile(folder / _FIGURES)
        self.terms.tofile(folder / _TERMS)
        held = {"written": self.names.written, "folded": self.names.folded}
        (folder / _NAMES).write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")

    @property
    def names(self) -> Names:
        """The names that the columns give by number."""
        return self._names()

    def kept(self, stays: npt.NDArray[np.bool_]) -> Columns:
        """Return the columns without some documents; the others keep their numbers.

        :param stays: ``(documents,)``: which stay.
        """
        figures = self.figures[stays[self.figures[:, DOCUMENT]]]
        return Columns(figures, self.terms[stays[self.terms[:, DOCUMENT]]], self._names)

    def named_in(self, document: int) -> frozenset[str]:
        """Return the folded names of the figures and terms of a document."""
        figures, terms = _of(self.figures, document), _of(self.terms, document)
        numbers = np.unique(np.concatenate([figures[:, INDICATOR], figures[:, NAME], terms[:, 1]]))
        return frozenset(self.names.folded[n] for n in numbers.tolist())


def merged(parts: Iterable[tuple[Columns, npt.NDArray[np.bool_]]]) -> Columns:
    """Return the columns of the documents that stay, numbered anew in their order.

    :param parts: columns, and ``(documents,)``: which of their documents stay.
    """
    numbers: dict[str, int] = {}
    figures, terms = [np.zeros((0, 6), np.int32)], [np.zeros((0, 2), np.int32)]
    folded: list[str] = []
    total = 0
    for columns, stays in parts:
        held = columns.kept(stays)
        new = np.zeros(len(held.names.written), dtype=np.int32)
        used = np.concatenate([held.figures[:, INDICATOR], held.figures[:, NAME], held.terms[:, 1]])
        for old in np.unique(used).tolist():
            new[old] = _number(held.names.written[old], numbers)
            if new[old] == len(folded):
                folded.append(held.names.folded[old])
        place = (np.cumsum(stays) - 1 + total).astype(np.int32)
        rows, entries = held.figures.copy(), held.terms.copy()
        rows[:, DOCUMENT], entries[:, DOCUMENT] = place[rows[:, DOCUMENT]], place[entries[:, 0]]
        rows[:, [INDICATOR, NAME]], entries[:, 1] = (
            new[rows[:, [INDICATOR, NAME]]],
            new[entries[:, 1]],
        )
        figures.append(rows)
        terms.append(entries)
        total += int(stays.sum())
    names = Names(tuple(numbers), tuple(folded))
    return Columns(np.concatenate(figures), np.concatenate(terms), lambda: names)


def _read(path: Path) -> Names:
    held = json.loads(path.read_bytes())
    return Names(tuple(held["written"]), tuple(held["folded"]))


def _row(figure: Figure, numbers: dict[str, int]) -> tuple[int, ...]:
    indicator, name = _number(figure.indicator, numbers), _number(figure.name, numbers)
    first, last = figure.period or (0, 0)
    return indicator, name, first, last, KINDS.index(figure.kind)


def _number(name: str, numbers: dict[str, int]) -> int:
    return numbers.setdefault(name, len(numbers))


def _rows(values: Sequence[tuple[int, ...]], width: int) -> Rows:
    return np.array(values, dtype=np.int32).reshape(-1, width)


def _of(rows: Rows, document: int) -> Rows:
    first, last = np.searchsorted(rows[:, DOCUMENT], [document, document + 1])
    return rows[first:last]
