"""Make one segment of several, leaving out what was removed; nothing is encoded anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.encoder import Vectors
from index.stores.blobs import BlobWriter
from index.stores.catalog import Catalog
from index.stores.columns import merged
from index.stores.dense_build import build_dense
from index.stores.kinds import Tuning
from index.stores.postings_merge import Source, merge_postings
from index.stores.segment import DOCUMENTS, FIGURES, PASSAGES, Segment

_CHUNK = 50_000  # vectors in memory at a time


@dataclass(frozen=True)
class Part:
    """A segment to be merged.

    :ivar kept: ``(documents,)``: which of its documents stay.
    """

    segment: Segment
    kept: npt.NDArray[np.bool_]

    def passages_kept(self) -> npt.NDArray[np.bool_]:
        """Return ``(passages,)``: which of its passages stay."""
        return np.repeat(self.kept, np.diff(self.segment.catalog.starts))


def merge_segments(
    parts: list[Part], folder: Path, tuning: Tuning, probes: Vectors | None = None
) -> None:
    """Write the documents that stay, in their order, as one segment into a folder.

    :param probes: see :func:`index.stores.dense_build.build_dense`.
    """
    folder.mkdir(parents=True)
    _copy_records(parts, folder)
    sources, total = [], 0
    for part in parts:
        stays = part.passages_kept()
        numbers = np.where(stays, np.cumsum(stays) - 1 + total, -1).astype(np.int32)
        sources.append(Source(part.segment.postings, numbers))
        total += int(stays.sum())
    merge_postings(sources, folder)
    build_dense(lambda: _vectors(parts), total, folder, tuning, probes)


def _copy_records(parts: list[Part], folder: Path) -> None:
    documents, figures, passages = (
        BlobWriter(folder, name) for name in (DOCUMENTS, FIGURES, PASSAGES)
    )
    rows = []
    for part in parts:
        segment = part.segment
        for number in np.flatnonzero(part.kept).tolist():
            documents.add_packed(segment.documents.packed(number))
            figures.add_packed(segment.figures.packed(number))
            for passage in range(*segment.catalog.passages_of(number)):
                passages.add_packed(segment.passages.packed(passage))
            rows.append(segment.catalog.rows[number])
    for blobs in (documents, figures, passages):
        blobs.close()
    Catalog(tuple(rows)).save(folder)
    merged((part.segment.columns, part.kept) for part in parts).save(folder)


def _vectors(parts: list[Part]) -> Iterator[Vectors]:
    """Yield the vectors that stay, chunk by chunk."""
    for part in parts:
        stays = part.passages_kept()
        for first in range(0, len(stays), _CHUNK):
            chosen = stays[first : first + _CHUNK]
            yield part.segment.dense.rows(first, first + len(chosen))[chosen]
