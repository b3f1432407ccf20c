"""Merge what many changes of the library have left in pieces, after they were published."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from corpus.errors import LibraryError, StoppedError

_log = logging.getLogger("wenzheng")


class Compactor:
    """Looks after each change whether merging is worth it, and does it."""

    def __init__(
        self, work: Callable[[], int | None], published: Callable[[], object], *, behind: bool
    ) -> None:
        """Remember what to do.

        :param work: merges and publishes; returns None where there was nothing to do.
        :param published: called when a version was published so.
        :param behind: do it in a thread, as where a server answers meanwhile.
        """
        self._work = work
        self._published = published
        self._behind = behind

    def look(self) -> None:
        """Merge, if it is worth it."""
        if self._behind:
            threading.Thread(target=self._run, name="library-compact", daemon=True).start()
        else:
            self._run()

    def _run(self) -> None:
        try:
            if self._work() is not None:
                self._published()
        except StoppedError:
            return  # the service stops: the next change gives the next occasion
        except LibraryError as error:
            _log.warning("合并索引没有完成，照旧使用现在的版本：%s", error.message)
