"""Measure time and memory: over HTTP as users meet it, and by stage in this process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import numpy.typing as npt

from eval.datasets.types import QuestionRow, QuestionSet
from eval.metrics.intervals import interval_of
from eval.runners.asking import followed
from eval.runners.local import Local
from eval.runners.remote import Remote, headers
from eval.runners.runs import Measure, Run, StageTime
from eval.runners.serving import resident_mb, serving
from eval.runners.stopwatch import Stopwatch
from eval.runners.systems import SystemFailedError
from eval.runners.versions import code_versions, now
from index.library import assemble

_WARM_UP = 5
_PERCENTILES = (("median_ms", 50), ("p95_ms", 95), ("p99_ms", 99))


@dataclass(frozen=True)
class _Timed:
    """Milliseconds of every question, and how long all took in seconds."""

    took: list[float]
    lasted: float


def measure_library(
    system: Local, directory: Path, asked: QuestionSet, rounds: int = 3, seed: int = 0
) -> Run:
    """Start a server over a library and put every question to it; then take the time by stage.

    :param system: the same library in this process.
    :param rounds: how often the file is asked through.
    :raises ServerError: if the server does not become ready.
    :raises SystemFailedError: if it does not answer.
    """
    with serving(directory) as (address, process, ready):
        timed = _time(address, asked.rows, rounds, asked.name)
        resident = resident_mb(process.pid)
    return _run(
        asked,
        timed,
        seed,
        name="问政（本机服务）",
        versions=system.versions(),
        more=[
            _plain("ready_s", ready),
            _plain("resident_mb", resident),
            _plain("index_per_second", _index_rate(system)),
        ],
        stages=_by_stage(system, asked.rows),
        rounds=rounds,
    )


def measure_url(url: str, asked: QuestionSet, rounds: int = 3, seed: int = 0) -> Run:
    """Put every question to a running server of ours.

    :raises SystemFailedError: if it does not answer.
    """
    remote = Remote(url)
    timed = _time(remote.url, asked.rows, rounds, asked.name)
    return _run(
        asked,
        timed,
        seed,
        name=remote.name,
        versions=remote.versions(),
        more=[],
        stages=(),
        rounds=rounds,
    )


def _time(address: str, rows: tuple[QuestionRow, ...], rounds: int, label: str) -> _Timed:
    bodies = [{"question": r.question, "history": list(r.history)} for r in rows]
    with httpx.Client(base_url=address, timeout=60, headers=headers()) as client:
        for body in bodies[:_WARM_UP]:
            _post(client, body)
        took = []
        begun = time.perf_counter()
        for body in followed(bodies * rounds, label):
            started = time.perf_counter()
            _post(client, body)
            took.append((time.perf_counter() - started) * 1000)
        return _Timed(took, time.perf_counter() - begun)


def _post(client: httpx.Client, body: Mapping[str, object]) -> None:
    try:
        reply = client.post("/v1/ask", json=body)
        reply.raise_for_status()
    except httpx.HTTPStatusError as error:
        raise SystemFailedError(
            f"服务回答了状态{error.response.status_code}：{error.response.text[:200]}"
        ) from error
    except httpx.HTTPError as error:
        raise SystemFailedError(
            f"服务没有回答（{type(error).__name__}），请检查它是否还在运行。"
        ) from error


def _by_stage(system: Local, rows: tuple[QuestionRow, ...]) -> tuple[StageTime, ...]:
    watch = Stopwatch()
    for row in rows[:_WARM_UP]:
        system.ask(row)
    for row in followed(rows, "各环节用时"):
        with watch.question(), watch.running():
            system.ask(row)
    return watch.times()


def _index_rate(system: Local) -> float:
    """Return passages indexed in a second, models loaded."""
    started = time.perf_counter()
    library = assemble(list(system.library.documents.values()), system.encoder)
    return len(library.passages) / (time.perf_counter() - started)


def _run(
    asked: QuestionSet,
    timed: _Timed,
    seed: int,
    *,
    name: str,
    versions: dict[str, str],
    more: list[Measure],
    stages: tuple[StageTime, ...],
    rounds: int,
) -> Run:
    took = np.array(timed.took)
    return Run(
        kind="latency",
        file=asked.name,
        system=name,
        made=now(),
        seed=seed,
        versions={"数据": f"{asked.name} sha256 {asked.sha256[:16]}"} | versions | code_versions(),
        measures=(
            _plain("questions", len(took)),
            *(_percentile(n, p, took, seed) for n, p in _PERCENTILES),
            _plain("per_second", len(took) / timed.lasted),
            *more,
        ),
        options={"rounds": str(rounds)},
        stages=stages,
    )


def _percentile(name: str, percent: int, took: npt.NDArray[np.float64], seed: int) -> Measure:
    def figure(drawn: npt.NDArray[np.int64]) -> float:
        return float(np.percentile(took[drawn], percent))

    low, high = interval_of(len(took), figure, seed)
    value = float(np.percentile(took, percent))
    return Measure(name, round(value, 2), round(low, 2), round(high, 2), len(took))


def _plain(name: str, value: float) -> Measure:
    rounded = round(float(value), 2)
    return Measure(name, rounded, rounded, rounded, 1)
