"""The library of reports: one state of it, in memory or as published, read by many requests."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from corpus.errors import DamagedLibraryError, LibraryError, UnknownDocumentError
from corpus.passages import passages as passages_of
from corpus.types import Document, Figure, Passage
from index.encoder import Encoder
from index.entries import Progress, entries_of, searchable, total_passages
from index.holding import MANIFEST, Hold
from index.publishing import published, version_folder, version_numbers
from index.stores.faiss_store import FaissStore
from index.stores.faiss_writer import FaissWriter
from index.stores.kinds import Tuning
from index.stores.protocol import Description, PassageStore
from index.versions import (
    CHECKED_UP_TO,
    check_at_opening,
    check_files,
    check_fit,
    damaged,
    read_manifest,
)

__all__ = ["Library", "Progress", "assemble", "open_library", "open_whole", "searchable"]

_ATTEMPTS = 20  # versions that may pass while one is being opened


@dataclass(frozen=True)
class Library:
    """One version, loaded once and read by many requests.

    :ivar store: what it holds, and the search in it.
    :ivar folder: where it lies, None for one in memory.
    :ivar checked: whether every file was compared with its checksum; of a large one, only sizes.
    :ivar kept: keeps the files on disk for as long as this object lives.
    """

    version: int
    store: PassageStore
    folder: Path | None = field(default=None, repr=False, compare=False)
    checked: bool = True
    kept: Hold | tempfile.TemporaryDirectory[str] | None = field(
        default=None, repr=False, compare=False
    )

    @property
    def documents(self) -> Mapping[str, Document]:
        """Documents by id, each read when it is asked for."""
        return self.store.documents

    @property
    def passages(self) -> Sequence[Passage]:
        """Passages in the order of the documents, each read when it is asked for."""
        return self.store.passages

    @property
    def figures(self) -> Mapping[str, tuple[Figure, ...]]:
        """Figures of each document by its id, read when they are asked for."""
        return self.store.figures

    def document(self, document_id: str) -> Document:
        """Return the document.

        :raises UnknownDocumentError: if the library does not hold it.
        """
        try:
            return self.documents[document_id]
        except KeyError:
            raise UnknownDocumentError.of(document_id, self.documents) from None

    def description(self, document_id: str) -> Description:
        """Return the facts of a document without reading it.

        :raises UnknownDocumentError: if the library does not hold it.
        """
        try:
            return self._descriptions[document_id]
        except KeyError:
            raise UnknownDocumentError.of(document_id, self.documents) from None

    @cached_property
    def _descriptions(self) -> dict[str, Description]:
        return {d.id: d for d in self.store.descriptions()}

    def verify(self) -> None:
        """Compare every file with its checksum, which takes seconds for a large library.

        :raises DamagedLibraryError: if one is missing, cut short or altered.
        """
        if self.folder is not None:
            check_files(self.folder, read_manifest(self.folder))


def assemble(
    documents: list[Document],
    encoder: Encoder,
    progress: Progress | None = None,
    cut: Callable[[Document], list[Passage]] = passages_of,
) -> Library:
    """Build a library that is not published; its version is 0, its files are temporary.

    :param progress: called with (passages done, passages in all).
    :param cut: how a document is cut into passages.
    :raises LibraryError: if there is nothing to search, or two documents have the same id.
    """
    check_ids(documents)
    temporary = tempfile.TemporaryDirectory(prefix="wenzheng-")
    folder = Path(temporary.name)
    writer = FaissWriter(folder)
    total = total_passages(documents, cut) if progress is not None else 0
    writer.add(entries_of(documents, encoder, cut, progress, total))
    if not writer.finish().passages:
        raise nothing_to_search([d.id for d in documents])
    return Library(version=0, store=FaissStore.open(folder), kept=temporary)


def check_ids(documents: list[Document]) -> None:
    """See that no two documents have the same id.

    :raises LibraryError: if two have.
    """
    ids = [d.id for d in documents]
    if len(set(ids)) < len(ids):
        twice = sorted({i for i in ids if ids.count(i) > 1})
        raise LibraryError(f"有几份文件的编号都是“{'、'.join(twice)}”，请把文件改成不同的名字。")


def nothing_to_search(ids: list[str]) -> LibraryError:
    """Return the error for documents without a passage."""
    names = "、".join(ids[:5]) or "（没有文件）"
    return LibraryError(f"{names}里没有可检索的正文，请检查文件内容。")


def open_library(
    directory: Path,
    encoder: Encoder,
    tuning: Tuning | None = None,
    check_up_to: int = CHECKED_UP_TO,
) -> Library:
    """Load the published version.

    :param check_up_to: bytes of a version that are all compared with their checksums at once; of a
        larger one only the sizes are, and :meth:`Library.verify` does the rest.

    :raises DamagedLibraryError: if a file of it is missing or does not match its checksum.
    :raises OutdatedLibraryError: if an older version of the program built it.
    :raises LibraryError: if there is none, or it was built by another encoder.
    """
    for _ in range(_ATTEMPTS):
        number = published(directory)
        if number is None:
            raise LibraryError(f"“{directory}”里还没有索引，请运行 wenzheng index 建立。")
        try:
            return _open(directory, number, encoder, tuning, check_up_to)
        except FileNotFoundError as error:
            if published(directory) == number:
                raise damaged(version_folder(directory, number), MANIFEST) from error
            # It was replaced and deleted before we could hold it: open its successor.
    raise LibraryError(f"“{directory}”的索引更新过于频繁，无法打开；请稍后再试。")


def open_whole(
    directory: Path,
    encoder: Encoder,
    tuning: Tuning | None = None,
    check_up_to: int = CHECKED_UP_TO,
) -> tuple[Library, str]:
    """Load the published version or, if that is damaged, the newest whole one before it.

    :returns: the library; what is damaged and what serves in its stead, empty if all is well.
    :raises LibraryError: as :func:`open_library` does, if no other version can serve.
    """
    try:
        return open_library(directory, encoder, tuning, check_up_to), ""
    except DamagedLibraryError as error:
        library = open_other(directory, encoder, tuning)
        if library is None:
            raise
        return library, f"{error.message}现在用版本{library.version}回答。"


def open_other(directory: Path, encoder: Encoder, tuning: Tuning | None = None) -> Library | None:
    """Load the best version that may stand in for the published one, with every file checked."""
    for number in _successors(directory):
        try:
            return _open(directory, number, encoder, tuning, sys.maxsize)
        except (LibraryError, FileNotFoundError):
            continue  # damaged as well, or of another encoder
    return None


def _successors(directory: Path) -> list[int]:
    """Return the versions that may stand in for the published one, the best first."""
    there = version_numbers(directory)
    try:
        now = published(directory)
    except DamagedLibraryError:
        now = None
    if now is None:
        return there
    return [n for n in there if n < now] + [n for n in there if n > now]


def _open(
    directory: Path, number: int, encoder: Encoder, tuning: Tuning | None, check_up_to: int
) -> Library:
    """Load a version that is whole and fits.

    :raises FileNotFoundError: if there is no such version any more.
    """
    folder = version_folder(directory, number)
    hold = Hold(folder)
    manifest = read_manifest(folder)
    check_fit(directory, manifest, encoder)
    checked = check_at_opening(folder, manifest, check_up_to)
    try:
        store = FaissStore.open(folder, tuning)
    except (ValueError, RuntimeError) as error:  # of a large one, found on reading
        raise damaged(folder, f"文件：{str(error)[:80]}") from error
    return Library(version=number, store=store, folder=folder, checked=checked, kept=hold)
