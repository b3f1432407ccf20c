"""Change the library on disk: build the next version aside and publish it in one step."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.errors import DamagedLibraryError
from corpus.types import Document
from index.encoder import Encoder
from index.entries import Progress, entries_of, total_passages
from index.library import check_ids, nothing_to_search
from index.locking import WAIT_SECONDS
from index.parallel import staged_segments
from index.publishing import (
    KEEP_VERSIONS,
    Stage,
    changing,
    published,
    version_folder,
    write_failure,
)
from index.stores.faiss_store import FaissStore
from index.stores.faiss_writer import FaissWriter
from index.stores.kinds import Tuning
from index.stores.protocol import Counts
from index.stores.stored import STATE_FILE, StoredDocuments, needed_files
from index.versions import (
    DOCUMENTS_BEFORE,
    FORMAT,
    check_files,
    damaged,
    read_manifest,
    write_manifest,
)

_ALONE_UP_TO = 4_000_000  # characters that one process indexes in the time it takes to start others
_documents_json = TypeAdapter(list[Document])


@dataclass(frozen=True)
class Changes:
    """What is to become of the library.

    :ivar added: documents that come in; one of a known id takes the place of the former. They are
        taken one by one, so that they need not fit into memory together.
    :ivar removed: ids of documents that go.
    :ivar anew: whether what is held is built anew too, as for another encoder.
    """

    added: Iterable[Document] = ()
    removed: Collection[str] = ()
    anew: bool = False


Change = Callable[[Mapping[str, Document]], Changes | None]


def publish(
    directory: Path, documents: list[Document], encoder: Encoder, progress: Progress | None = None
) -> int:
    """Build a version of the library from these documents alone, publish it, return its number.

    :param progress: called with (passages done, passages in all).
    :raises LibraryError: if another build holds the folder, or it cannot be written.
    """
    with changing(directory):
        check_ids(documents)
        number = _Build(directory, encoder, progress).run({}, Changes(documents, anew=True))
    assert number is not None
    return number


def update(
    directory: Path,
    encoder: Encoder,
    change: Change,
    progress: Progress | None = None,
    *,
    keep_versions: int = KEEP_VERSIONS,
    wait_seconds: float = WAIT_SECONDS,
    tuning: Tuning | None = None,
) -> int | None:
    """Change the documents of the library and publish the outcome, with no other builder between.

    :param change: gets the documents stored at present by id, returns what is to become of them,
        or None to leave everything as it is.
    :param progress: called with (passages done, passages in all), where that is known.
    :param keep_versions: how many other versions stay to roll back to.
    :param wait_seconds: how long to wait for another builder.
    :returns: the number of the published version; None if there is none.
    :raises LibraryError: if another build holds the folder, or it cannot be read or written.
    """
    with changing(directory, wait_seconds):
        stored = stored_documents(directory)
        changes = change(stored)
        if changes is None:
            return published(directory)
        if isinstance(changes.added, Sequence):
            check_ids(list(changes.added))
        build = _Build(directory, encoder, progress, keep_versions, tuning)
        return build.run(stored, changes)


def stored_documents(directory: Path) -> Mapping[str, Document]:
    """Return the documents of the published version, whatever encoder or program built it.

    :raises DamagedLibraryError: if they cannot be read, or are not as they were written.
    """
    number = published(directory)
    if number is None:
        return {}
    folder = version_folder(directory, number)
    manifest = read_manifest(folder)
    if DOCUMENTS_BEFORE in manifest.files:  # as the program wrote them up to format 2
        check_files(folder, manifest, (DOCUMENTS_BEFORE,))
        try:
            content = (folder / DOCUMENTS_BEFORE).read_bytes()
            return {d.id: d for d in _documents_json.validate_json(content)}
        except (OSError, ValidationError) as error:
            raise damaged(folder, DOCUMENTS_BEFORE) from error
    check_files(folder, manifest, (STATE_FILE,))
    check_files(folder, manifest, needed_files(folder))
    return StoredDocuments(folder)


@dataclass(frozen=True)
class _Build:
    """One build, made under the lock of the library."""

    directory: Path
    encoder: Encoder
    progress: Progress | None = None
    keep_versions: int = KEEP_VERSIONS
    tuning: Tuning | None = None

    def run(self, stored: Mapping[str, Document], changes: Changes) -> int | None:
        """Build and publish; return the number of what is published then."""
        base = None if changes.anew else self._base()
        stage = Stage(self.directory)
        try:
            try:
                counts = self._write(stage.folder, base, stored, changes)
                # A file on a full disk may have been cut short untold.
                FaissStore.open(stage.folder, self.tuning).close()
            except (RuntimeError, ValueError, OSError) as error:
                if isinstance(error, OSError) and error.errno is not None:
                    raise
                raise write_failure(stage.folder, error) from error
            if not counts.passages:
                raise nothing_to_search(list(stored))
            carried = read_manifest(base) if base is not None else None
            write_manifest(stage.folder, self.encoder, counts, carried)
            number = stage.publish(self.keep_versions)
        except BaseException:
            stage.discard()
            raise
        shutil.rmtree(self._staging, ignore_errors=True)
        return number

    @property
    def _staging(self) -> Path:
        return self.directory / "staging"

    def _base(self) -> Path | None:
        """Return the published version if it can be built upon: whole, and of this encoder."""
        number = published(self.directory)
        if number is None:
            return None
        folder = version_folder(self.directory, number)
        manifest = read_manifest(folder)
        same = manifest.encoder_fingerprint == self.encoder.fingerprint()
        if manifest.format != FORMAT or not same:
            return None
        try:
            check_files(folder, manifest)
        except DamagedLibraryError:
            return None  # the documents are whole: all else is built anew from them
        return folder

    def _write(
        self,
        folder: Path,
        base: Path | None,
        stored: Mapping[str, Document],
        changes: Changes,
    ) -> Counts:
        writer = FaissWriter(folder, base, self.tuning)
        added = changes.added
        if base is None:  # everything is new
            gone = frozenset(changes.removed)
            kept = (stored[i] for i in stored if i not in gone)
            added = [*kept, *added] if isinstance(added, Sequence) else chain(kept, added)
        else:
            writer.remove(changes.removed)
        if isinstance(added, Sequence) and _characters(added) <= _ALONE_UP_TO:
            total = total_passages(added) if self.progress is not None else 0
            writer.add(entries_of(added, self.encoder, progress=self.progress, total=total))
        else:
            self._write_large(writer, added)
        return writer.finish()

    def _write_large(self, writer: FaissWriter, added: Iterable[Document]) -> None:
        done = 0
        for segment in staged_segments(added, self.encoder, self._staging):
            done += writer.adopt(segment)
            if self.progress is not None:
                self.progress(done, done)


def _characters(documents: Sequence[Document]) -> int:
    return sum(len(d.text) for d in documents)
