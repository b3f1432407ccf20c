"""One builder at a time: a lock on the library's folder that tells who holds it.

The lock is the system's (``flock``): it ends with the process that holds it, however that ends, so
a dead builder's lock never has to be broken. Who holds it stands in a file beside it.
"""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import LibraryError

WAIT_SECONDS = 120.0
_PATIENCE = 0.2  # seconds that another builder may hold the lock before it is worth telling
_log = logging.getLogger("wenzheng")


@dataclass(frozen=True)
class Owner:
    """The process that builds.

    :ivar since: when it took the lock, ISO, UTC.
    """

    pid: int
    host: str
    since: str

    @classmethod
    def this(cls) -> Owner:
        """Return the process that calls."""
        return cls(os.getpid(), socket.gethostname(), datetime.now(UTC).isoformat())

    def told(self) -> str:
        """Return who it is and for how long, in Chinese."""
        seconds = (datetime.now(UTC) - datetime.fromisoformat(self.since)).total_seconds()
        return f"主机{self.host}上的进程{self.pid}，已持续{_lasting(seconds)}"


@contextmanager
def build_lock(directory: Path, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the library's folder alone; wait for another builder, telling who it is.

    :param directory: exists.
    :raises LibraryError: if another builder still holds it after ``wait_seconds``.
    :raises OSError: if the folder cannot be written.
    """
    lock = FileLock(directory / "build.lock")
    owner = directory / "build.owner"
    try:
        lock.acquire(timeout=min(_PATIENCE, wait_seconds))
    except Timeout:
        _log.warning("“%s”正在由%s更新，等待中……", directory, holder(directory))
        try:
            lock.acquire(timeout=max(0.0, wait_seconds - _PATIENCE))
        except Timeout as error:
            raise LibraryError(
                f"“{directory}”正在由{holder(directory)}更新，等了{_lasting(wait_seconds)}仍未结束；"
                "请等它完成后再试，或确认它已无响应后结束该进程。"
            ) from error
    try:
        owner.write_text(json.dumps(asdict(Owner.this())), encoding="utf-8")
        yield
    finally:
        try:
            owner.unlink(missing_ok=True)
        finally:
            lock.release()


def holder(directory: Path) -> str:
    """Return in Chinese who builds at present, as far as it is known."""
    try:
        found = json.loads((directory / "build.owner").read_bytes())
        return Owner(int(found["pid"]), str(found["host"]), str(found["since"])).told()
    except (OSError, ValueError, KeyError, TypeError):
        return "另一个进程"  # it has just taken the lock and not yet written its name


def _lasting(seconds: float) -> str:
    if seconds < 120:
        return f"{max(0.0, seconds):.0f}秒"
    return f"{seconds / 60:.0f}分钟"
