"""The facts of a segment's documents, kept in memory so that filters need no document."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from corpus.types import Document
from index.stores.protocol import Description, Filter

_FILE = "catalog.json"
_json = TypeAdapter(tuple[Description, ...])


def describe(document: Document, passages: int) -> Description:
    """Return the facts of a document that has so many passages."""
    return Description(
        id=document.id,
        title=document.title,
        region=document.region,
        year=document.year,
        level=document.level,
        date=document.date,
        passages=passages,
        meeting=document.meeting,
        speaker=document.speaker,
        characters=len(document.text),
    )


class Catalog:
    """Documents ``0 … len-1`` of a segment, and which passages are theirs."""

    def __init__(self, rows: tuple[Description, ...]) -> None:
        self.rows = rows
        self.starts = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum([r.passages for r in rows], out=self.starts[1:])

    @classmethod
    def open(cls, folder: Path) -> Catalog:
        """Read what ``save`` wrote."""
        return cls(_json.validate_json((folder / _FILE).read_bytes()))

    def save(self, folder: Path) -> None:
        """Write the facts into the folder."""
        (folder / _FILE).write_bytes(_json.dump_json(self.rows))

    @property
    def passages(self) -> int:
        """Passages of all documents together."""
        return int(self.starts[-1])

    def passages_of(self, document: int) -> tuple[int, int]:
        """Return the first passage of a document, and the one behind its last."""
        return int(self.starts[document]), int(self.starts[document + 1])

    def numbers(self, ids: Collection[str]) -> list[int]:
        """Return the numbers of those documents that the segment has."""
        return [self._by_id[i] for i in ids if i in self._by_id]

    @cached_property
    def _by_id(self) -> dict[str, int]:
        return {row.id: number for number, row in enumerate(self.rows)}

    @cached_property
    def _owners(self) -> npt.NDArray[np.int32]:
        """``(passages,)``: number of the document that each passage stands in."""
        numbers = np.arange(len(self.rows), dtype=np.int32)
        return np.repeat(numbers, [r.passages for r in self.rows])

    @cached_property
    def _years(self) -> npt.NDArray[np.int32]:
        return np.array([r.year or 0 for r in self.rows], dtype=np.int32)

    def allowed(self, wanted: Filter) -> npt.NDArray[np.bool_]:
        """Return ``(passages,)``: which passages a filter lets through."""
        passing = np.ones(len(self.rows), dtype=np.bool_)
        if wanted.documents:
            passing[:] = False  # by number: a library has tens of thousands of documents
            passing[self.numbers(wanted.documents)] = True
        if wanted.regions:
            regions = frozenset(wanted.regions)
            passing &= np.array([r.region in regions for r in self.rows], dtype=np.bool_)
        if wanted.levels:
            levels = frozenset(wanted.levels)
            passing &= np.array([r.level in levels for r in self.rows], dtype=np.bool_)
        if wanted.years is not None:
            passing &= (self._years >= wanted.years[0]) & (self._years <= wanted.years[1])
        return np.asarray(passing[self._owners], dtype=np.bool_)
