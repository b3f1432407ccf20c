"""Earlier questions of callers who pass a session, kept in memory.

In memory on purpose: what a citizen asked should not reach a disk merely to understand a
follow-up, and losing it at a restart costs one repeated question.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from chat.checking import MAX_HISTORY


@dataclass
class _Session:
    used: float
    questions: list[str]


class Sessions:
    """Questions by session; bounded in number, in length and in age."""

    def __init__(
        self,
        most: int = 10_000,
        idle_seconds: float = 1800.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep up to ``most`` sessions, each until it was not used for ``idle_seconds``."""
        self._most = most
        self._idle = idle_seconds
        self._clock = clock
        self._kept: OrderedDict[str, _Session] = OrderedDict()
        self._lock = threading.Lock()

    def questions(self, session: str) -> list[str]:
        """Return the questions asked in a session, oldest first."""
        with self._lock:
            self._forget()
            found = self._kept.get(session)
            return list(found.questions) if found is not None else []

    def add(self, session: str, question: str) -> None:
        """Remember a question that was answered; the least recently used session makes room."""
        with self._lock:
            self._forget()
            found = self._kept.pop(session, _Session(0.0, []))
            found.used = self._clock()
            found.questions = [*found.questions, question][-MAX_HISTORY:]
            self._kept[session] = found
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def __len__(self) -> int:
        """Return how many sessions are kept."""
        with self._lock:
            self._forget()
            return len(self._kept)

    def _forget(self) -> None:
        """Drop what is too old; the order of use is the order of age."""
        oldest = self._clock() - self._idle
        while self._kept and next(iter(self._kept.values())).used < oldest:
            self._kept.popitem(last=False)
