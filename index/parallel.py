"""Prepare many documents with all cores: every worker writes whole segments of its own.

What a worker has written stays in the staging folder until the build is published, so that a build
that was cut off goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from pydantic import TypeAdapter

from corpus.types import Document
from index.encoder import Encoder, EncoderOptions
from index.entries import entries_of
from index.stores.kinds import Tuning
from index.stores.segment import write_segment

CHARACTERS = 1_500_000  # of text in a segment: about 10,000 passages, 200 MB in a worker
_FORM = "2"  # of a staged segment; another number leaves old ones aside
_documents_json = TypeAdapter(list[Document])


def staged_segments(
    documents: Iterable[Document], encoder: Encoder, staging: Path, workers: int = 0
) -> Iterator[Path]:
    """Yield folders of segments that hold the documents, in their order.

    No more documents are read ahead than the workers are busy with.

    :param staging: folder for segments; those of the same documents that it holds are taken over.
    :param workers: processes; as many as there are cores if 0.
    """
    staging.mkdir(parents=True, exist_ok=True)
    workers = workers or os.cpu_count() or 1
    context = get_context("spawn")  # a fork of a process with threads can hang
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting: deque[Future[Path]] = deque()
        for batch in _batches(documents):
            waiting.append(pool.submit(_stage, batch, encoder.options, staging))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.text)
        if size >= CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _stage(documents: list[Document], options: EncoderOptions, staging: Path) -> Path:
    """Write documents as a segment, unless that was done before, and return its folder."""
    encoder = Encoder(options=options)
    digest = hashlib.sha256(f"{_FORM} {encoder.fingerprint()} ".encode())
    digest.update(_documents_json.dump_json(documents))
    folder = staging / digest.hexdigest()[:32]
    if not folder.exists():
        half = folder.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        write_segment(list(entries_of(documents, encoder)), half, Tuning())
        half.rename(folder)
    return folder
