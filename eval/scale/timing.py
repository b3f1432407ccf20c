"""Take the time of queries asked one at a time; runs in any environment that has numpy."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_WARM_UP = 20
_ROUNDS = 2


@dataclass(frozen=True)
class Times:
    """Milliseconds of one query, one at a time.

    :ivar cpu_p50: of the thread alone: what the machine's other work does not touch.
    """

    p50: float
    p99: float
    cpu_p50: float
    cpu_p99: float


def timed(ask: Callable[[int], object], count: int) -> Times:
    """Ask ``count`` queries one at a time, in two rounds, and return how long they took."""
    for i in range(min(_WARM_UP, count)):
        ask(i)
    wall: list[float] = []
    cpu: list[float] = []
    for i in [*range(count)] * _ROUNDS:
        begun, used = time.perf_counter(), time.thread_time()
        ask(i)
        wall.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.thread_time() - used) * 1000)
    return Times(*_percentiles(wall), *_percentiles(cpu))


def resident_mb() -> float:
    """Return the megabytes of this process in memory (Linux only, else 0)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    lines = status.read_text(encoding="ascii").splitlines()
    return round(next(int(row.split()[1]) for row in lines if row.startswith("VmRSS")) / 1024, 1)


def _percentiles(values: list[float]) -> tuple[float, float]:
    p50, p99 = np.percentile(np.array(values, dtype=np.float64), [50, 99])
    return round(float(p50), 2), round(float(p99), 2)
