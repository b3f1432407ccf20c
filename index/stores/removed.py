"""What was removed from a segment since it was written, and what BM25 must not count any more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.stores.postings import Hashes, Postings


@dataclass(frozen=True)
class Removed:
    """Documents of a segment that are gone, and their passages.

    :ivar documents: numbers of the documents, ascending.
    :ivar numbers: numbers of the passages, ascending.
    :ivar hashes: tokens that stood in them, ascending; ``counts[i]`` of them held token i.
    :ivar words: tokens in them together.
    """

    documents: npt.NDArray[np.int32]
    numbers: npt.NDArray[np.int32]
    hashes: Hashes
    counts: npt.NDArray[np.int32]
    words: int

    @classmethod
    def none(cls) -> Removed:
        """Nothing is gone."""
        nothing = np.zeros(0, np.int32)
        return cls(nothing, nothing, np.zeros(0, np.uint64), nothing, 0)

    @classmethod
    def of(
        cls, postings: Postings, starts: npt.NDArray[np.int64], documents: npt.NDArray[np.int32]
    ) -> Removed:
        """Count what goes with these documents, in one pass over the lists.

        :param starts: ``(documents + 1,)``: first passage of each document of the segment.
        """
        absent = np.zeros(len(starts) - 1, dtype=np.bool_)
        absent[documents] = True
        gone = np.repeat(absent, np.diff(starts))
        hashes, counts = [], []
        for first, last in postings.chunks():
            begin = int(postings.offsets[first])
            end = int(postings.offsets[last])
            hit = np.flatnonzero(gone[postings.documents[begin:end]]) + begin
            rows = np.searchsorted(postings.offsets[first : last + 1], hit, side="right") - 1
            row, count = np.unique(rows + first, return_counts=True)
            hashes.append(postings.hashes[row])
            counts.append(count.astype(np.int32))
        return cls(
            np.flatnonzero(absent).astype(np.int32),
            np.flatnonzero(gone).astype(np.int32),
            np.concatenate([*hashes, np.zeros(0, np.uint64)]),
            np.concatenate([*counts, np.zeros(0, np.int32)]),
            int(postings.lengths[gone].sum(dtype=np.int64)),
        )

    @classmethod
    def load(cls, path: Path) -> Removed:
        """Read what ``save`` wrote."""
        with np.load(path) as stored:
            return cls(
                stored["documents"],
                stored["numbers"],
                stored["hashes"],
                stored["counts"],
                int(stored["words"]),
            )

    def save(self, path: Path) -> None:
        """Write it to a file."""
        np.savez(
            path,
            documents=self.documents,
            numbers=self.numbers,
            hashes=self.hashes,
            counts=self.counts,
            words=self.words,
        )

    def frequency(self, hashes: Hashes) -> npt.NDArray[np.int64]:
        """Return in how many of the passages that are gone each token stood."""
        if not len(self.hashes):
            return np.zeros(len(hashes), dtype=np.int64)
        at = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        return np.where(self.hashes[at] == hashes, self.counts[at], 0).astype(np.int64)
