"""The inverted lists of one segment: for each token the passages that hold it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.stores.files import read_array

K1, B = 1.2, 0.6  # of BM25, as in the first landing (CONTRIBUTING.md)
_FORWARD = 8_000_000  # inverted lists taken at once where all must be passed through

Numbers = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]


def hash_of(token: str) -> int:
    """Return the 64-bit number that a token goes by.

    Among 10⁸ different tokens two share a number with a probability of 3·10⁻⁴.
    """
    return int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class Postings:
    """Inverted lists in memory or in mapped files.

    The list of token i is ``documents[offsets[i]:offsets[i + 1]]``, ascending.

    :ivar hashes: ``(tokens,)``, ascending.
    :ivar offsets: ``(tokens + 1,) int64``.
    :ivar documents: ``(postings,) int32``, passage numbers within the segment.
    :ivar counts: ``(postings,) uint8``: how often the token stands there, 255 at most.
    :ivar lengths: ``(passages,) int32``, tokens in each passage.
    :ivar tops: ``(tokens,) float32``: the largest term frequency part of BM25 in the list, at the
        segment's own mean length.
    """

    hashes: Hashes
    offsets: npt.NDArray[np.int64]
    documents: Numbers
    counts: npt.NDArray[np.uint8]
    lengths: Numbers
    tops: npt.NDArray[np.float32]

    @classmethod
    def open(cls, folder: Path) -> Postings:
        """Read or map the lists that ``save`` wrote.

        :raises OSError: if a file is missing.
        :raises ValueError: if one is cut short.
        """
        opened = cls(
            hashes=read_array(folder / "bm25.hashes", np.uint64),
            offsets=read_array(folder / "bm25.offsets", np.int64),
            documents=read_array(folder / "bm25.documents", np.int32),
            counts=read_array(folder / "bm25.counts", np.uint8),
            lengths=read_array(folder / "bm25.lengths", np.int32),
            tops=read_array(folder / "bm25.tops", np.float32),
        )
        size = int(opened.offsets[-1]) if len(opened.offsets) else -1
        if not len(opened.documents) == len(opened.counts) == size:
            raise ValueError("the inverted lists are cut short")
        return opened

    def save(self, folder: Path) -> None:
        """Write the lists into the folder."""
        for name in ("hashes", "offsets", "documents", "counts", "lengths", "tops"):
            getattr(self, name).tofile(folder / f"bm25.{name}")

    @property
    def passages(self) -> int:
        """How many passages the segment has."""
        return len(self.lengths)

    @property
    def mean_length(self) -> float:
        """Mean number of tokens in a passage of this segment."""
        return float(self.lengths.mean(dtype=np.float64)) if len(self.lengths) else 1.0

    def find(self, wanted: Hashes) -> npt.NDArray[np.int64]:
        """Return the row of each token, -1 for one that is not held."""
        if not len(self.hashes):
            return np.full(len(wanted), -1, dtype=np.int64)
        rows = np.searchsorted(self.hashes, wanted)
        inside = np.minimum(rows, len(self.hashes) - 1)
        return np.where(self.hashes[inside] == wanted, inside, -1).astype(np.int64)

    def chunks(self) -> Iterator[tuple[int, int]]:
        """Yield ranges of rows whose lists have about 8 million entries together."""
        start = 0
        while start < len(self.hashes):
            limit = int(self.offsets[start]) + _FORWARD
            stop = max(start + 1, int(np.searchsorted(self.offsets, limit, side="right")) - 1)
            stop = min(stop, len(self.hashes))
            yield start, stop
            start = stop


def build_postings(token_lists: Iterable[list[str]]) -> Postings:
    """Index the tokens of each passage; list i is passage i."""
    ids: dict[str, int] = {}
    lengths: list[int] = []
    sizes: list[int] = []
    rows: list[int] = []
    frequencies: list[int] = []
    for tokens in token_lists:
        counted = Counter(tokens)
        lengths.append(len(tokens))
        sizes.append(len(counted))
        rows.extend([ids.setdefault(token, len(ids)) for token in counted])
        frequencies.extend(counted.values())
    hashes = np.fromiter(map(hash_of, ids), dtype=np.uint64, count=len(ids))
    rank = np.empty(len(ids), dtype=np.int32)
    rank[np.argsort(hashes)] = np.arange(len(ids), dtype=np.int32)
    keys = rank[np.array(rows, dtype=np.int32)]
    order = np.argsort(keys, kind="stable")
    documents = np.repeat(np.arange(len(lengths), dtype=np.int32), sizes)[order]
    counts = np.minimum(np.array(frequencies, dtype=np.int64), 255).astype(np.uint8)[order]
    offsets = np.zeros(len(ids) + 1, dtype=np.int64)
    np.cumsum(np.bincount(keys, minlength=len(ids)), out=offsets[1:])
    length = np.array(lengths, dtype=np.int32)
    part = frequency_part(counts, length[documents], float(length.mean()) if len(length) else 1.0)
    tops = np.maximum.reduceat(part, offsets[:-1]) if len(part) else part
    return Postings(np.sort(hashes), offsets, documents, counts, length, tops)


def frequency_part(
    counts: npt.NDArray[np.uint8], lengths: Numbers, mean_length: float
) -> npt.NDArray[np.float32]:
    """Return BM25's term frequency part, between 0 and 1 (Lucene's form, without k1 + 1)."""
    frequency = counts.astype(np.float32)
    norm = K1 * (1.0 - B + B * lengths.astype(np.float32) / np.float32(mean_length))
    return (frequency / (frequency + norm)).astype(np.float32)
