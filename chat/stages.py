"""How long the stages of an answer took, for the metrics."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum


class Stage(StrEnum):
    """The stages of an answer, in their order."""

    UNDERSTAND = "understand"
    SEARCH = "search"
    READ = "read"
    DECIDE = "decide"


Stages = dict[Stage, float]
"""Seconds by stage; a stage that ran twice counts both."""

_current: ContextVar[Stages | None] = ContextVar("stages", default=None)


@contextmanager
def recording() -> Iterator[Stages]:
    """Collect the times of the stages that run inside; the dict fills as they end."""
    stages: Stages = {}
    token = _current.set(stages)
    try:
        yield stages
    finally:
        _current.reset(token)


def recorded(stages: Stages) -> None:
    """Add the times of stages that ran elsewhere."""
    current = _current.get()
    if current is not None:
        for name, seconds in stages.items():
            current[name] = current.get(name, 0.0) + seconds


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """Time a stage; costs next to nothing when nobody records."""
    stages = _current.get()
    if stages is None:
        yield
        return
    started = time.perf_counter()
    try:
        yield
    finally:
        stages[name] = stages.get(name, 0.0) + time.perf_counter() - started
