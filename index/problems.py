"""What does not work at present, told by the part that finds out to those who run the service."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime

_log = logging.getLogger("wenzheng")


@dataclass(frozen=True)
class Problem:
    """Something that does not work while the service goes on without it.

    :ivar part: stable name for programs: ``library``, ``store``, ``answerer``, ``records``.
    :ivar message: Chinese; what is wrong, what is done meanwhile, how to mend it.
    :ivar since: when it was first told.
    """

    part: str
    message: str
    since: datetime


class Problems:
    """The problems at present, at most one a part; safe to use from many threads."""

    def __init__(self) -> None:
        self._by_part: dict[str, Problem] = {}
        self._lock = threading.Lock()

    def report(self, part: str, message: str) -> None:
        """Tell that a part does not work; told again with the same message, nothing changes."""
        with self._lock:
            known = self._by_part.get(part)
            if known is not None and known.message == message:
                return
            since = known.since if known is not None else datetime.now(UTC)
            self._by_part[part] = Problem(part, message, since)
        _log.error(message)

    def clear(self, part: str) -> None:
        """Tell that a part works (again)."""
        with self._lock:
            solved = self._by_part.pop(part, None)
        if solved is not None:
            _log.warning("已恢复：%s", solved.message)

    def all(self) -> tuple[Problem, ...]:
        """Return the problems at present, oldest first."""
        with self._lock:
            return tuple(sorted(self._by_part.values(), key=lambda p: p.since))
