"""Measure how long each stage of an answer takes, from outside, without a change of the code.

While a stopwatch runs, the public methods of the stages are wrapped in a timer; time spent in a
stage within another counts for the inner one only, so that the stages add up to the whole.
"""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from chat.confidence import Confidence
from chat.evidence import EvidenceRanker
from chat.extractive import ExtractiveAnswerer
from chat.reader.reader import Reader
from chat.spans import SpanFinder
from eval.runners.runs import StageTime
from index.encoder import Encoder
from index.stores.dense import DenseIndex
from index.stores.faiss_store import FaissStore
from retriever.search import Retriever

# Stage in the order of the work, its class and its public method.
STAGES: tuple[tuple[str, type, str], ...] = (
    ("编码问题", Encoder, "encode_queries"),
    ("词语检索", FaissStore, "search"),
    ("向量检索", DenseIndex, "search"),
    ("融合", Retriever, "search"),
    ("证据排序", EvidenceRanker, "read"),
    ("阅读", Reader, "read"),
    ("取出答案", SpanFinder, "find"),
    ("判断把握", Confidence, "probability"),
    ("理解问题、组织回答", ExtractiveAnswerer, "answer"),
)


class Stopwatch:
    """Milliseconds by stage, one entry a question."""

    def __init__(self) -> None:
        self._rows: list[dict[str, float]] = []
        self._now: dict[str, float] = defaultdict(float)
        self._open: list[float] = []  # time spent in stages within each open stage

    @contextmanager
    def running(self) -> Iterator[None]:
        """Wrap the stages while the block runs."""
        kept = [(owner, name, getattr(owner, name)) for _, owner, name in STAGES]
        for stage, owner, name in STAGES:
            setattr(owner, name, self._timed(stage, getattr(owner, name)))
        try:
            yield
        finally:
            for owner, name, method in kept:
                setattr(owner, name, method)

    @contextmanager
    def question(self) -> Iterator[None]:
        """Take what is measured in the block as one question."""
        self._now.clear()
        yield
        self._rows.append(dict(self._now))

    def times(self) -> tuple[StageTime, ...]:
        """Return mean and percentiles by stage, in the order of the work."""
        result = []
        for stage, _, _ in STAGES:
            values = [row.get(stage, 0.0) for row in self._rows]
            if not any(values):
                continue
            p50, p95, p99 = (round(float(v), 3) for v in np.percentile(values, [50, 95, 99]))
            result.append(StageTime(stage, round(float(np.mean(values)), 3), p50, p95, p99))
        return tuple(result)

    def _timed(self, stage: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (any method is wrapped)
            started = time.perf_counter()
            self._open.append(0.0)
            try:
                return method(*args, **kwargs)
            finally:
                whole = time.perf_counter() - started
                inner = self._open.pop()
                self._now[stage] += (whole - inner) * 1000
                if self._open:
                    self._open[-1] += whole

        return call
