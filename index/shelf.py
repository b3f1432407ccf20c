"""Where the published library is: in a folder of this machine, or in Milvus."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from corpus.errors import LibraryError
from index.compacting import compact
from index.encoder import Encoder
from index.entries import Progress
from index.library import Library, open_library, open_other, open_whole
from index.locking import WAIT_SECONDS
from index.publishing import KEEP_VERSIONS, published
from index.stores.kinds import Tuning
from index.updating import Change, update
from index.versions import CHECKED_UP_TO


class Shelf(Protocol):
    """Gives the published library and takes changes of it."""

    @property
    def name(self) -> str:
        """Where it is, for people."""

    def published(self) -> int | None:
        """Return the number of the published version, None if there is none yet.

        :raises LibraryError: if that cannot be told.
        """

    def open(self, encoder: Encoder) -> Library:
        """Load the published version.

        :raises LibraryError: if there is none, it is damaged, or it does not fit the encoder.
        """

    def open_whole(self, encoder: Encoder) -> tuple[Library, str]:
        """Load the published version or one that can stand in for it, and say if one does."""

    def open_other(self, encoder: Encoder) -> Library | None:
        """Load the best version that may stand in for the published one, None if there is none."""

    def update(self, encoder: Encoder, change: Change, progress: Progress | None) -> int | None:
        """Change the documents and publish the outcome; return the number published then.

        :raises LibraryError: if the library cannot be read or written.
        """

    def compact(self, encoder: Encoder) -> int | None:
        """Merge what many changes have left in pieces; return the number published so, if any.

        :raises LibraryError: if the library cannot be read or written.
        """


def require_folder(shelf: Shelf) -> None:
    """See that versions can be listed and gone back to, which only a folder allows.

    :raises LibraryError: if the library is in Milvus.
    """
    if not isinstance(shelf, FolderShelf):
        raise LibraryError(
            f"报告库在{shelf.name}里，versions和rollback只管data文件夹里的版本；"
            "要退回旧版本，请用Milvus的工具把别名wenzheng指向旧的集合，见 docs/scale.md。"
        )


@dataclass(frozen=True)
class FolderShelf:
    """A folder with versions (:mod:`index.publishing`).

    :ivar keep_versions: how many earlier versions stay to roll back to.
    :ivar wait_seconds: how long to wait for another builder.
    :ivar check_up_to: see :func:`index.library.open_library`.
    """

    directory: Path
    keep_versions: int = KEEP_VERSIONS
    wait_seconds: float = WAIT_SECONDS
    tuning: Tuning = field(default_factory=Tuning)
    check_up_to: int = CHECKED_UP_TO

    @property
    def name(self) -> str:
        """Where it is, for people."""
        return f"“{self.directory}”"

    def published(self) -> int | None:
        """Return the number of the published version."""
        return published(self.directory)

    def open(self, encoder: Encoder) -> Library:
        """Load the published version."""
        return open_library(self.directory, encoder, self.tuning, self.check_up_to)

    def open_whole(self, encoder: Encoder) -> tuple[Library, str]:
        """Load the published version, or the newest whole one before it."""
        return open_whole(self.directory, encoder, self.tuning, self.check_up_to)

    def open_other(self, encoder: Encoder) -> Library | None:
        """Load the best version that may stand in for the published one."""
        return open_other(self.directory, encoder, self.tuning)

    def update(self, encoder: Encoder, change: Change, progress: Progress | None) -> int | None:
        """Change the documents and publish the outcome."""
        return update(
            self.directory,
            encoder,
            change,
            progress,
            keep_versions=self.keep_versions,
            wait_seconds=self.wait_seconds,
            tuning=self.tuning,
        )

    def compact(self, encoder: Encoder) -> int | None:
        """Merge segments where that is worth it."""
        return compact(
            self.directory,
            encoder,
            keep_versions=self.keep_versions,
            wait_seconds=self.wait_seconds,
            tuning=self.tuning,
        )
