"""Build a store of a given size with the product's own path, and take the time."""

from __future__ import annotations

import resource
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.types import Document
from eval.scale.copies import copy_segment
from eval.scale.texts import documents
from index.encoder import Encoder
from index.parallel import staged_segments
from index.stores.faiss_writer import FaissWriter
from index.stores.protocol import Description

_MEAN = 103  # characters of a passage, roughly: news are cut into short paragraphs


@dataclass(frozen=True)
class Built:
    """What building took.

    :ivar seconds: from the text files to a state that can be published.
    :ivar cpu_seconds: of all processes together.
    :ivar peak_mb: of the largest process.
    """

    passages: int
    documents: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    disk_mb: float


def build(folder: Path, text: Path, passages: int) -> Built:
    """Build a store of about so many real passages in a folder, which is made."""
    folder.mkdir(parents=True)
    staging = folder.with_suffix(".staging")
    begun, used = time.perf_counter(), _cpu()
    writer = FaissWriter(folder)
    for segment in staged_segments(_some(text, passages), Encoder(), staging):
        writer.adopt(segment)
    counts = writer.finish()
    took, cpu = time.perf_counter() - begun, _cpu() - used
    shutil.rmtree(staging, ignore_errors=True)
    return _built(folder, counts.passages, counts.documents, took, cpu)


def build_copies(folder: Path, real: Path, passages: int) -> Built:
    """Build a store of so many passages: a store of real ones, and varied copies of it.

    :param real: folder of the store of real passages.
    """
    folder.mkdir(parents=True)
    begun, used = time.perf_counter(), _cpu()
    writer = FaissWriter(folder, real)
    copies = folder.with_suffix(".copies")
    sources = sorted((real / "segments").iterdir())
    number = 0
    while writer.held() < passages:
        number += 1
        for source in sources:
            made = copies / f"{number}-{source.name}"
            copy_segment(source, made, number)
            writer.adopt(made)
    writer.remove(_surplus(writer.catalog(), writer.held() - passages))
    counts = writer.finish()
    took, cpu = time.perf_counter() - begun, _cpu() - used
    shutil.rmtree(copies)
    return _built(folder, counts.passages, counts.documents, took, cpu)


def _surplus(rows: list[Description], passages: int) -> list[str]:
    """Return the last documents that hold no more than so many passages together."""
    ids = []
    for row in reversed(rows):
        if row.passages > passages:
            break
        passages -= row.passages
        ids.append(row.id)
    return ids


def _built(folder: Path, passages: int, documents: int, took: float, cpu: float) -> Built:
    peak = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    return Built(passages, documents, took, cpu, peak / 1024, size / 1e6)


def _some(text: Path, passages: int) -> Iterator[Document]:
    """Yield documents of about so many passages."""
    characters = 0
    for document in documents(text):
        if characters >= passages * _MEAN:
            return
        characters += len(document.text)
        yield document


def _cpu() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
