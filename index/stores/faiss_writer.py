"""Write a new state of a FAISS store: what was held, what comes in, without what goes."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.errors import UnknownDocumentError
from index.encoder import Vectors
from index.stores.catalog import describe
from index.stores.compaction import LARGEST, segments_to_merge
from index.stores.kinds import Tuning
from index.stores.layout import State, carry_over, read_state, write_state
from index.stores.merging import Part, merge_segments
from index.stores.protocol import Counts, Description, Entry
from index.stores.removed import Removed
from index.stores.segment import Segment, write_segment

BLOCK = 10_000  # passages in memory at a time


@dataclass
class _Held:
    """A segment of the new state.

    :ivar kept: ``(documents,)``: which of its documents stay.
    """

    name: str
    segment: Segment
    kept: npt.NDArray[np.bool_]

    def passages(self) -> int:
        """Return how many passages stay."""
        return int(np.diff(self.segment.catalog.starts)[self.kept].sum())


class FaissWriter:
    """See :class:`index.stores.protocol.StoreWriter`."""

    def __init__(
        self,
        folder: Path,
        base: Path | None = None,
        tuning: Tuning | None = None,
        probes: Vectors | None = None,
    ) -> None:
        """Begin a state in an empty folder.

        :param base: folder of the state that it starts from; empty if None.
        :param probes: queries that the recall of a large vector index is measured with.
        """
        self._folder = folder
        self._tuning = tuning or Tuning()
        self._probes = probes
        self._block: list[Entry] = []
        self._waiting = 0
        self._segments: list[_Held] = []
        self._last = 0
        self._new = 0
        (folder / "segments").mkdir()
        if base is not None:
            state = read_state(base)
            for name in state.segments:
                carry_over(base / "segments" / name, folder / "segments" / name)
                removed = base / "removed" / f"{name}.npz"
                self._take(name, Removed.load(removed) if name in state.removed else None)
                self._last = max(self._last, int(name))

    def _take(self, name: str, removed: Removed | None = None) -> None:
        segment = Segment.open(self._folder / "segments" / name, self._tuning)
        kept = np.ones(len(segment.catalog.rows), dtype=np.bool_)
        if removed is not None:
            kept[removed.documents] = False
        self._segments.append(_Held(name, segment, kept))

    def held(self) -> int:
        """Return how many passages the state has so far."""
        return self._waiting + sum(p.passages() for p in self._segments)

    def catalog(self) -> list[Description]:
        """Return the facts of the documents that the state has so far, in their order."""
        rows = [
            part.segment.catalog.rows[i]
            for part in self._segments
            for i in np.flatnonzero(part.kept).tolist()
        ]
        return rows + [describe(e.document, len(e.passages)) for e in self._block]

    def add(self, entries: Iterable[Entry]) -> None:
        """Take documents in; a document of a known id replaces it."""
        for entry in entries:
            self._leave_out({entry.document.id})
            self._block.append(entry)
            self._waiting += len(entry.passages)
            if self._waiting >= BLOCK:
                self._flush()

    def adopt(self, folder: Path) -> int:
        """Take in a segment that a process of its own wrote; return its number of passages."""
        self._flush()
        name = self._name()
        carry_over(folder, self._folder / "segments" / name, link_from=0)
        segment = Segment.open(folder, self._tuning)
        self._leave_out({row.id for row in segment.catalog.rows})
        self._take(name)
        self._new += segment.catalog.passages
        return segment.catalog.passages

    def remove(self, ids: Collection[str]) -> None:
        """Leave documents out.

        :raises UnknownDocumentError: if one of them is not held.
        """
        held = {row.id: None for row in self.catalog()}
        for name in ids:
            if name not in held:
                raise UnknownDocumentError.of(name, held)
        self._leave_out(set(ids))

    def _leave_out(self, ids: set[str]) -> None:
        self._block = [e for e in self._block if e.document.id not in ids]
        self._waiting = sum(len(e.passages) for e in self._block)
        for part in self._segments:
            for row in part.segment.catalog.numbers(ids):
                part.kept[row] = False

    def compact(self, limit: int = LARGEST) -> None:
        """Merge small segments, and those of which much was removed, into larger ones.

        :param limit: passages of a merged segment at most.
        """
        self._flush()
        sizes = [(p.passages(), p.segment.catalog.passages) for p in self._segments]
        for first, last in segments_to_merge(sizes, limit):
            self._merge(self._segments[first:last])

    def _flush(self) -> None:
        """Write the documents in memory as a segment."""
        if self._block:
            name = self._name()
            write_segment(self._block, self._folder / "segments" / name, self._tuning)
            self._take(name)
            self._new += self._waiting
            self._block, self._waiting = [], 0

    def _name(self) -> str:
        """Return the next name for a segment; none in this state has had it."""
        self._last += 1
        return f"{self._last:06d}"

    def _merge(self, held: list[_Held]) -> None:
        name = self._name()
        parts = [Part(p.segment, p.kept) for p in held]
        at = self._segments.index(held[0])
        merge_segments(parts, self._folder / "segments" / name, self._tuning, self._probes)
        behind = self._segments[at + len(held) :]
        self._segments = self._segments[:at]
        self._take(name)
        self._segments += behind

    def finish(self) -> Counts:
        """Write what is left, merge what is small, and tell what the state holds.

        What would take long to merge is left to a later ``compact``, unless most of the state is
        new: then it has taken long anyway.
        """
        self._flush()
        held = sum(p.passages() for p in self._segments)
        self.compact(LARGEST if 2 * self._new >= held else self._tuning.merged_at_once)
        self._segments = [p for p in self._segments if p.kept.any()]
        removed = self._write_removed()
        names = tuple(p.name for p in self._segments)
        for path in (self._folder / "segments").iterdir():
            if path.name not in names:
                shutil.rmtree(path)
        write_state(State(names, removed), self._folder)
        documents = sum(int(p.kept.sum()) for p in self._segments)
        return Counts(documents, sum(p.passages() for p in self._segments))

    def _write_removed(self) -> tuple[str, ...]:
        """Write what is gone of segments that stay; return their names."""
        folder = self._folder / "removed"
        folder.mkdir()
        names = []
        for part in self._segments:
            if not part.kept.all():
                gone = np.flatnonzero(~part.kept).astype(np.int32)
                removed = Removed.of(part.segment.postings, part.segment.catalog.starts, gone)
                removed.save(folder / f"{part.name}.npz")
                names.append(part.name)
        return tuple(names)
