"""Measure the service as its users meet it: over HTTP, from start to the last answer."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import track

from corpus.errors import WenzhengError
from eval.questions import read_questions

_PATIENCE = 60.0  # seconds to wait for readiness
_WARM_UP = 5


class ServerError(WenzhengError):
    """The server under measurement did not start or stopped."""

    code = "server_failed"


@dataclass(frozen=True)
class Latency:
    """What was measured.

    :ivar ready_s: seconds from the start of the process to a good ``/readyz``.
    :ivar p50_ms: milliseconds a question over HTTP, one at a time; p95 and p99 likewise.
    :ivar resident_mb: megabytes resident after all questions (Linux only, else 0).
    """

    questions: int
    ready_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    per_second: float
    resident_mb: float

    def as_json(self) -> str:
        """Return the figures as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def measure(directory: Path, file: Path, rounds: int = 3) -> Latency:
    """Start a server over the library of a folder and put every question to it.

    :param rounds: how often the file is asked through.
    :raises QuestionFileError: if the file is faulty.
    :raises ServerError: if the server does not become ready.
    """
    rows = read_questions(file).rows
    with serving(directory) as (address, process, ready), httpx.Client(base_url=address) as client:
        bodies = [{"question": r.question, "history": list(r.history)} for r in rows]
        for body in bodies[:_WARM_UP]:
            client.post("/v1/ask", json=body).raise_for_status()
        took = []
        begun = time.perf_counter()
        console = Console(stderr=True)
        for body in track(bodies * rounds, file.name, console=console, transient=True):
            started = time.perf_counter()
            client.post("/v1/ask", json=body).raise_for_status()
            took.append((time.perf_counter() - started) * 1000)
        lasted = time.perf_counter() - begun
        resident = _resident_mb(process.pid)
    cuts = statistics.quantiles(took, n=100)
    return Latency(
        questions=len(took),
        ready_s=round(ready, 2),
        p50_ms=round(statistics.median(took), 1),
        p95_ms=round(cuts[94], 1),
        p99_ms=round(cuts[98], 1),
        per_second=round(len(took) / lasted, 1),
        resident_mb=round(resident, 0),
    )


@contextmanager
def serving(directory: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    """Run a server over the library of a folder; give address, process, seconds until ready.

    :raises ServerError: if it does not become ready.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    program = [sys.executable, "-m", "wenzheng", "serve", "--data", str(directory), "--port", port]
    started = time.perf_counter()
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, env=os.environ.copy()) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process)
            yield address, process, time.perf_counter() - started
        finally:
            process.terminate()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerError("服务没有启动成功，请先运行 wenzheng serve 看看原因。")
        try:
            if httpx.get(f"{address}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise ServerError(f"服务在{_PATIENCE:.0f}秒内没有就绪，请先运行 wenzheng serve 看看原因。")


def _resident_mb(process_id: int) -> float:
    try:
        status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    except FileNotFoundError:  # not Linux
        return 0.0
    line = next(row for row in status.splitlines() if row.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def show(figures: Latency) -> None:
    """Print the figures in Chinese."""
    Console().print(
        f"{figures.questions}次提问：启动到就绪{figures.ready_s}秒；用时中位数{figures.p50_ms}毫秒，"
        f"95%在{figures.p95_ms}毫秒内，99%在{figures.p99_ms}毫秒内；"
        f"每秒{figures.per_second}问；常驻内存{figures.resident_mb:.0f} MB"
    )
