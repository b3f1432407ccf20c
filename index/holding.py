"""Hold a version while it is read, so that no builder deletes it under the reader."""

from __future__ import annotations

import errno
import fcntl
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MANIFEST = "manifest.json"
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


class Hold:
    """A shared lock on a version's folder; it ends with the object, or with :meth:`release`."""

    def __init__(self, folder: Path) -> None:
        """Take the hold.

        :raises FileNotFoundError: if the version is gone, or goes at this moment.
        """
        path = folder / MANIFEST
        descriptor = os.open(path, os.O_RDONLY)
        self._end = weakref.finalize(self, os.close, descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        except OSError as error:
            if error.errno not in _NO_LOCKS:  # some network shares: read there all the same
                raise
        # The version may have been moved away to be deleted before the lock was had.
        if os.fstat(descriptor).st_ino != path.stat().st_ino:
            raise FileNotFoundError(path)

    def release(self) -> None:
        """End the hold."""
        self._end()


@contextmanager
def hold_alone(folder: Path) -> Iterator[bool]:
    """Give True, and keep readers away, if no reader holds the version; else give False."""
    try:
        descriptor = os.open(folder / MANIFEST, os.O_RDWR)
    except FileNotFoundError:  # no manifest: nothing that a reader could read
        yield True
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)
