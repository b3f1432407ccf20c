"""The library in Milvus: what is published is what an alias names, for all servers alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from corpus.errors import LibraryError
from corpus.types import Document
from index.encoder import Encoder
from index.entries import Progress, entries_of, searchable, total_passages
from index.library import Library, check_ids, nothing_to_search
from index.stores.faiss_store import FaissStore
from index.stores.milvus_client import Milvus, MilvusOptions
from index.stores.milvus_schema import ENCODER, documents_name
from index.stores.milvus_store import MilvusStore, rows_of
from index.stores.milvus_writer import MilvusWriter, published_version
from index.stores.protocol import Entry, PassageStore
from index.stores.segment import document_json, figures_json, passage_json
from index.updating import Change


class MilvusShelf:
    """See :class:`index.shelf.Shelf`; one builder at a time, any number of readers."""

    def __init__(self, options: MilvusOptions, keep_versions: int = 1) -> None:
        """Connect.

        :param keep_versions: how many earlier versions stay.
        :raises LibraryError: if Milvus does not answer.
        """
        self._milvus = Milvus(options)
        self._address = options.address
        self._keep = keep_versions

    @property
    def name(self) -> str:
        """Where it is, for people."""
        return f"Milvus（{self._address}）"

    def published(self) -> int | None:
        """Return the number of the published version."""
        return published_version(self._milvus)

    def open(self, encoder: Encoder) -> Library:
        """Load the published version."""
        number = self.published()
        if number is None:
            raise LibraryError(
                f"Milvus（{self._address}）里还没有报告库，请运行 wenzheng migrate 或 wenzheng index。"
            )
        if self._encoder_of(number) != encoder.fingerprint():
            raise LibraryError(
                f"Milvus里的向量出自另一编码模型，现在的设置是“{encoder.name}”；"
                "请运行 wenzheng index --rebuild 重建，或改回原来的encoder设置。"
            )
        return Library(version=number, store=MilvusStore(self._milvus, number))

    def open_whole(self, encoder: Encoder) -> tuple[Library, str]:
        """Load the published version; none stands in for it: Milvus keeps its own copies."""
        return self.open(encoder), ""

    def open_other(self, encoder: Encoder) -> Library | None:  # noqa: ARG002
        """Nothing stands in for a version: Milvus keeps its own copies."""
        return None

    def compact(self, encoder: Encoder) -> int | None:  # noqa: ARG002
        """Nothing is to be done: Milvus merges its own segments."""
        return None

    def update(self, encoder: Encoder, change: Change, progress: Progress | None) -> int | None:
        """Change the documents and publish the outcome."""
        number = self.published()
        stored = MilvusStore(self._milvus, number) if number is not None else None
        held = stored.documents if stored is not None else {}
        changes = change(held)
        if changes is None:
            return number
        anew = changes.anew or (
            number is not None and self._encoder_of(number) != encoder.fingerprint()
        )
        added: Iterable[Document] = changes.added
        if isinstance(added, Sequence):
            check_ids(list(added))
        if anew:
            kept = (held[i] for i in held if i not in changes.removed)
            added = [*kept, *added] if isinstance(added, Sequence) else chain(kept, added)
        writer = self._writer(encoder, anew=anew)
        try:
            if not anew:
                writer.remove(changes.removed)
            counted = progress is not None and isinstance(added, Sequence)
            total = total_passages(added) if counted else 0
            writer.add(entries_of(added, encoder, progress=progress, total=total))
            if not writer.finish().passages:
                raise nothing_to_search(list(held))
            return writer.publish(self._keep)
        except BaseException:
            writer.discard()
            raise

    def migrate(self, folder: Path, encoder: Encoder, progress: Progress | None) -> int:
        """Take over a version of a folder as it is, vectors and all, and publish it.

        :param folder: of the version.
        :raises LibraryError: if what Milvus then holds is not what the folder holds.
        """
        source = FaissStore.open(folder)
        writer = self._writer(encoder, anew=True)
        try:
            writer.add(_counted(entries_in(source), source.counts().passages, progress))
            writer.finish()
            copied = MilvusStore(self._milvus, writer.version)
            check_same(source, copied)
            return writer.publish(self._keep)
        except BaseException:
            writer.discard()
            raise

    def _writer(self, encoder: Encoder, *, anew: bool) -> MilvusWriter:
        return MilvusWriter(
            self._milvus, encoder.dimensions, encoder=encoder.fingerprint(), anew=anew
        )

    def _encoder_of(self, version: int) -> str:
        rows = rows_of(self._milvus, documents_name(version), f'part == "{ENCODER}"')
        return next((str(row["payload"]) for row in rows), "")


def entries_in(store: FaissStore) -> Iterator[Entry]:
    """Yield the documents of a store with their vectors; nothing is encoded anew."""
    for segment, row in store.places():
        document = segment.document(row)
        first, last = segment.catalog.passages_of(row)
        passages = tuple(segment.passage(n) for n in range(first, last))
        yield Entry(
            document=document,
            passages=passages,
            texts=tuple(searchable(document, p) for p in passages),
            vectors=segment.dense.rows(first, last),
            figures=segment.figures_of(row),
        )


def check_same(one: PassageStore, other: PassageStore) -> None:
    """See that two stores hold the same: counts, and a checksum of all that is shown.

    :raises LibraryError: if they do not.
    """
    if one.counts() != other.counts():
        raise LibraryError(f"迁移后数目不符：原有{one.counts()}，现有{other.counts()}；没有发布。")
    if content_checksum(one) != content_checksum(other):
        raise LibraryError("迁移后内容的校验和不符；没有发布，请再试一次。")


def content_checksum(store: PassageStore) -> str:
    """Return the SHA-256 of documents, figures and passages in their order."""
    digest = hashlib.sha256()
    for name in store.documents:
        digest.update(document_json.dump_json(store.documents[name]))
        digest.update(figures_json.dump_json(store.figures[name]))
    for passage in store.passages:
        digest.update(passage_json.dump_json(passage))
    return digest.hexdigest()


def _counted(entries: Iterator[Entry], total: int, progress: Progress | None) -> Iterator[Entry]:
    done = 0
    for entry in entries:
        yield entry
        done += len(entry.passages)
        if progress is not None:
            progress(done, total)
