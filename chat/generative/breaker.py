"""A circuit breaker: after some failures in a row a model is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Closed while calls succeed; open after failures in a row; then one call is let through to try."""

    def __init__(
        self,
        failures: int = 3,
        pause_s: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start closed.

        :param failures: in a row, from which calls are refused.
        :param pause_s: seconds until one call may try again.
        """
        self._limit = failures
        self._pause_s = pause_s
        self._clock = clock
        self._failed = 0
        self._open_until = 0.0
        self._lock = threading.Lock()

    def allow(self) -> bool:
        """Tell whether a call may be made now; of an open circuit one caller in a pause may try."""
        with self._lock:
            if self._failed < self._limit:
                return True
            if self._clock() < self._open_until:
                return False
            self._open_until = self._clock() + self._pause_s
            return True

    def succeeded(self) -> None:
        """Close the circuit."""
        with self._lock:
            self._failed = 0

    def failed(self) -> None:
        """Count a failure; the last one allowed opens the circuit."""
        with self._lock:
            self._failed += 1
            if self._failed >= self._limit:
                self._open_until = self._clock() + self._pause_s
