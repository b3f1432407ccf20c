"""The version of the library in use: the next one is loaded behind it and swapped in whole."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from corpus.errors import DamagedLibraryError, LibraryError
from index.encoder import Encoder
from index.library import Library
from index.problems import Problems
from index.shelf import FolderShelf, Shelf
from index.versions import CHECKED_UP_TO

PART = "library"
RETRY_SECONDS = 30.0  # until a version that could not be used is tried again
WATCH_SECONDS = 0.5
_log = logging.getLogger("wenzheng")
T = TypeVar("T")


@dataclass(frozen=True)
class _InUse(Generic[T]):
    version: int
    value: T


class Live(Generic[T]):
    """What is made of the published version; callers keep what they got for a whole answer."""

    def __init__(
        self,
        directory: Path,
        encoder: Encoder,
        make: Callable[[Library], T],
        problems: Problems,
        *,
        check_up_to: int = CHECKED_UP_TO,
        shelf: Shelf | None = None,
    ) -> None:
        """Load nothing yet.

        :param make: makes what is used of a library, tested; raises LibraryError if it is no use.
        :param check_up_to: bytes of a version that are compared with their checksums before it is
            used; a larger one is compared while it is used.
        :param shelf: where the library is; in the folder if None.
        """
        self._shelf: Shelf = shelf or FolderShelf(directory, check_up_to=check_up_to)
        self._encoder = encoder
        self._make = make
        self._problems = problems
        self._in_use: _InUse[T] | None = None
        self._refused: tuple[int | None, float] | None = None  # version, when to try it again
        self._damaged: set[int] = set()  # versions found to be so while they were used
        self._loading = threading.Lock()  # held while a version is loaded
        self._closed = threading.Event()

    @property
    def version(self) -> int | None:
        """The version in use, None if none is loaded."""
        return self._in_use.version if self._in_use is not None else None

    def get(self) -> T:
        """Return what is in use, without waiting for a newer version to be loaded.

        :raises LibraryError: if none is loaded yet, and none can be.
        """
        in_use = self._in_use
        if in_use is None:
            return self.refresh()
        if self._newer(in_use) and not self._loading.locked():
            self._behind(self.refresh)
        return in_use.value

    def refresh(self) -> T:
        """Load the published version, if it is not in use, and return what is in use then.

        A version that cannot be used is told; the one in use stays in use. If none is, the newest
        whole one serves in its stead.

        :raises LibraryError: if no version can be used.
        """
        with self._loading:
            in_use = self._in_use
            if in_use is not None and not self._newer(in_use, patient=False):
                return in_use.value
            if in_use is None:
                library, problem = self._shelf.open_whole(self._encoder)
                if problem:
                    self._refuse(problem)
            else:
                try:
                    library = self._shelf.open(self._encoder)
                except LibraryError as error:
                    self._refuse(f"{error.message}现在用版本{in_use.version}回答。")
                    return in_use.value
            try:
                value = self._make(library)
            except LibraryError as error:
                if in_use is None:
                    raise
                self._refuse(f"{error.message}现在用版本{in_use.version}回答。")
                return in_use.value
            self._in_use = _InUse(library.version, value)
            if not library.checked:
                self._behind(self._verify, library)
            if in_use is not None:
                _log.info("已换用版本%s", library.version)
                self._solved()
            return value

    def watch(self) -> None:
        """Look for a new version from now on, even while nobody asks, until :meth:`close`."""
        threading.Thread(target=self._watch, name="library-watch", daemon=True).start()

    def close(self) -> None:
        """End the watching."""
        self._closed.set()

    def _watch(self) -> None:
        while not self._closed.wait(WATCH_SECONDS):
            if self._in_use is not None:
                self.get()

    def _behind(self, work: Callable[..., object], *given: object) -> None:
        def run() -> None:
            try:
                work(*given)
            except Exception as error:
                # A thread has nobody to raise to: what is in use stays, and staff are told.
                _log.exception("载入新版本时出现未预料的错误")
                self._refuse(f"新版本无法载入（{error}），现在用版本{self.version}回答。")

        threading.Thread(target=run, name="library", daemon=True).start()

    def _verify(self, library: Library) -> None:
        """Compare a large version with its checksums while it is used; replace a damaged one."""
        try:
            library.verify()
        except DamagedLibraryError as error:
            with self._loading:
                if self.version != library.version:
                    return
                self._damaged.add(library.version)
                other = self._shelf.open_other(self._encoder)
                if other is None or other.version in self._damaged:
                    self._refuse(f"{error.message}没有完好的版本可换，现在仍用它回答，请尽快处理。")
                    return
                self._in_use = _InUse(other.version, self._make(other))
                self._refuse(f"{error.message}现在用版本{other.version}回答。")

    def _newer(self, in_use: _InUse[T], *, patient: bool = True) -> bool:
        """Tell whether another version is published and worth loading.

        :param patient: leave a version alone that could not be used a moment ago.
        """
        try:
            number = self._shelf.published()
        except LibraryError as error:
            self._problems.report(PART, f"{error.message}现在用版本{in_use.version}回答。")
            return False
        if number in self._damaged:
            return False
        if number == in_use.version:
            self._solved()
            return False
        if number is None:
            self._problems.report(
                PART,
                f"{self._shelf.name}里的索引不见了，现在用版本{in_use.version}回答；"
                "请恢复该文件夹，或运行 wenzheng index 重建。",
            )
            return False
        refused = self._refused
        return not (patient and refused and refused[0] == number and time.monotonic() < refused[1])

    def _refuse(self, message: str) -> None:
        try:
            number = self._shelf.published()
        except LibraryError:
            number = None
        self._refused = number, time.monotonic() + RETRY_SECONDS
        self._problems.report(PART, message)

    def _solved(self) -> None:
        self._refused = None
        self._problems.clear(PART)
