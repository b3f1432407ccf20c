"""Keep the library: add, replace and remove reports, build it anew, upgrade an old one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import DocumentError, LibraryError, OutdatedLibraryError, UnknownDocumentError
from corpus.facts import Overrides, require_facts
from corpus.report import BUNDLED, read_report, report_files
from corpus.types import Document
from index.encoder import Encoder
from index.entries import Progress
from index.locking import WAIT_SECONDS
from index.publishing import KEEP_VERSIONS, version_folder
from index.shelf import FolderShelf, Shelf
from index.stores.kinds import Tuning
from index.updating import Change, Changes
from index.versions import check_fit, read_manifest

_log = logging.getLogger("wenzheng")


@dataclass(frozen=True)
class Added:
    """What became of the files given.

    :ivar version: the published version, a new one only if something changed.
    :ivar refused: a message for each file that could not be read.
    :ivar warnings: what is odd about files that were taken.
    """

    version: int
    new: tuple[str, ...]
    replaced: tuple[str, ...]
    unchanged: int
    refused: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class FileRead:
    """What became of one file when it was read.

    :ivar document: id of its document, None if it could not be read.
    :ivar messages: why not, or what is odd about it, in Chinese.
    """

    path: Path
    document: str | None
    messages: tuple[str, ...]


Told = Callable[[FileRead], None]


@dataclass(frozen=True)
class Librarian:
    """Changes the library of a folder; what it changes is published at once or not at all.

    :ivar keep_versions: how many earlier versions stay to roll back to.
    :ivar wait_seconds: how long to wait for another builder.
    :ivar tuning: of the vector index of a large library.
    :ivar shelf: where the library is; in the folder if None.
    """

    directory: Path
    encoder: Encoder
    keep_versions: int = KEEP_VERSIONS
    wait_seconds: float = WAIT_SECONDS
    tuning: Tuning = field(default_factory=Tuning)
    shelf: Shelf | None = None

    def prepare(self, progress: Progress | None = None) -> None:
        """Build the index of the bundled report if there is none; upgrade an old one.

        :raises LibraryError: if the folder cannot be written, or the old index not be read.
        """
        number = self.place.published()
        if number is None:
            self._update(
                lambda stored: None if stored else Changes([read_report(BUNDLED)]), progress
            )
            return
        if self.shelf is not None:
            return  # what is not in the folder is not upgraded from there
        try:
            manifest = read_manifest(version_folder(self.directory, number))
            check_fit(self.directory, manifest, self.encoder)
        except OutdatedLibraryError:
            _log.warning("索引由旧版本的程序建立，正在用库里的文件重建……")
            version = self.rebuild(progress)
            _log.warning("索引已升级，现在是版本%s；旧版本%s仍保留。", version, number)
        except LibraryError:
            return  # whoever loads the library says what is wrong, or finds a version that serves

    def add(
        self,
        paths: list[Path],
        progress: Progress | None = None,
        overrides: Overrides | None = None,
        told: Told | None = None,
    ) -> Added:
        """Add report files, and the files of folders, to the library.

        :param overrides: facts of the files that their text does not give.
        :param told: called after each file, for progress.
        :raises DocumentError: if none of the files can be read.
        :raises LibraryError: if the library cannot be read or written.
        """
        read: list[Document] = []
        refused: list[str] = []
        warnings: list[str] = []
        tell = told or (lambda _: None)
        for path in report_files(paths):
            try:
                document = read_report(path, overrides=overrides)
                require_facts(document)
            except DocumentError as error:
                refused.append(error.message)
                tell(FileRead(path, None, (error.message,)))
                continue
            if any(document.id == d.id for d in read):
                refused.append(f"“{path}”与前面的一份文件同名，请改名后再导入。")
                tell(FileRead(path, None, (refused[-1],)))
                continue
            read.append(document)
            tell(FileRead(path, document.id, document.warnings))
            warnings.extend(f"{document.id}：{w}" for w in document.warnings)
        if not read:
            raise DocumentError("；".join(refused) or "没有找到可导入的文件，请检查路径。")
        new: list[str] = []
        changed: list[str] = []

        def merge(stored: Mapping[str, Document]) -> Changes | None:
            new.extend(d.id for d in read if d.id not in stored)
            changed.extend(d.id for d in read if d.id in stored and stored[d.id] != d)
            fresh = {*new, *changed}
            return Changes([d for d in read if d.id in fresh]) if fresh else None

        return Added(
            version=self._update(merge, progress),
            new=tuple(new),
            replaced=tuple(changed),
            unchanged=len(read) - len(new) - len(changed),
            refused=tuple(refused),
            warnings=tuple(warnings),
        )

    def remove(self, ids: list[str], progress: Progress | None = None) -> int:
        """Take documents out of the library and return the number of the new version.

        :raises UnknownDocumentError: if the library does not hold one of them.
        :raises LibraryError: if nothing would be left, or the library cannot be read or written.
        """

        def without(stored: Mapping[str, Document]) -> Changes:
            for wanted in ids:
                if wanted not in stored:
                    raise UnknownDocumentError.of(wanted, stored)
            if len(set(ids)) == len(stored):
                raise LibraryError("库里至少要留一份文件；请先导入别的文件，再删除这一份。")
            return Changes(removed=frozenset(ids))

        return self._update(without, progress)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Build the stored documents anew, as after a change of the encoder.

        :raises LibraryError: if the library cannot be read or written.
        """
        return self._update(
            lambda stored: Changes([] if stored else [read_report(BUNDLED)], anew=True), progress
        )

    def compact(self) -> int | None:
        """Merge what many changes have left in pieces, where that is worth it.

        :returns: the number of the version published so, None if there was nothing to do.
        :raises LibraryError: if the library cannot be read or written.
        """
        return self.place.compact(self.encoder)

    @property
    def place(self) -> Shelf:
        """Where the library is."""
        return self.shelf or FolderShelf(
            self.directory, self.keep_versions, self.wait_seconds, self.tuning
        )

    def _update(
        self,
        change: Change,
        progress: Progress | None,
    ) -> int:
        number = self.place.update(self.encoder, change, progress)
        assert number is not None  # every change of an empty library publishes something
        return number
