"""Start a worker, send it a job, and collect what it tells until it ends or its time is up."""

from __future__ import annotations

import math
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from corpus.errors import WenzhengError
from eval.peers.catalogue import Entry
from eval.peers.protocol import Document, Job, Question, read_events, write_request
from index.encoder import SHIPPED_FOLDER

_ROOT = Path(__file__).parents[2]
_PATIENCE = 20


class PeerError(WenzhengError):
    """The environment of the peers is not there or does not work."""

    code = "peer_failed"


@dataclass
class Run:
    """What a worker told.

    :ivar answers: ``answer`` events, in the order asked.
    :ivar first_answer_s: seconds from the start of the process to the first answer, 0 if none.
    :ivar stopped: why it did not come to its end, empty if it did.
    """

    imported: dict[str, Any] = field(default_factory=dict)
    indexed: dict[str, Any] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    first_answer_s: float = 0.0
    peak_mb: float = 0.0
    stopped: str = ""


def python_of(entry: Entry, venv: Path) -> str:
    """Return the interpreter that an entry runs in.

    :raises PeerError: if the environment of the peers is not there.
    """
    if entry.product:
        return sys.executable
    found = venv / "bin" / "python"
    if not found.is_file():
        raise PeerError(
            f"“{venv}”不是对照工具的环境，请先运行：python -m venv {venv} && "
            f"{venv}/bin/pip install -r eval/peers/requirements.txt"
        )
    return str(found)


def launch(
    entry: Entry,
    python: str,
    documents: Sequence[Document],
    questions: Sequence[Question],
    *,
    cut: bool = True,
    k: int = 10,
    read: bool = False,
    reader: Path | None = None,
    limit_s: float = 300.0,
) -> Run:
    """Run one job in a process of its own.

    :param limit_s: seconds of processor time after which the worker is ended, or ``_PATIENCE`` times
        as many on the clock; what it told until then counts.
    """
    told = str(reader) if reader else ""
    allowed = max(math.ceil(limit_s), 1)
    job = Job(entry.module, entry.way, str(SHIPPED_FOLDER), told, k, cut, read, allowed)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as request:
        descriptor = os.dup(request.fileno())
        with os.fdopen(descriptor, "w", encoding="utf-8") as writable:
            write_request(writable, job, documents, questions)
        request.seek(0)
        started = time.perf_counter()
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8") as errors,
            subprocess.Popen(
                [python, "-m", "eval.peers.worker"],
                stdin=request,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
                cwd=_ROOT,
            ) as process,
        ):
            run = _collect(process, started, limit_s)
            if run.stopped and not run.stopped.startswith("时限"):
                errors.seek(0)
                sys.stderr.write(errors.read()[-2000:])
    return run


def _collect(process: subprocess.Popen[str], started: float, limit_s: float) -> Run:
    """Take events until the worker ends or its time is up."""
    events: queue.Queue[dict[str, Any] | None] = queue.Queue()
    assert process.stdout is not None
    reader = threading.Thread(target=_pump, args=(process.stdout, events), daemon=True)
    reader.start()
    run = Run(stopped="进程中断")
    patience_s = _PATIENCE * limit_s
    while True:
        left = patience_s - (time.perf_counter() - started)
        try:
            event = events.get(timeout=max(left, 0.01))
        except queue.Empty:
            run.stopped = _over(limit_s)
            run.peak_mb = max(run.peak_mb, _resident_mb(process.pid))
            process.kill()
            break
        if event is None:
            break
        _take(run, event, time.perf_counter() - started)
        if event["event"] == "stopped":
            run.stopped = _over(limit_s)
    process.wait()
    reader.join()
    return run


def _over(limit_s: float) -> str:
    return f"时限{limit_s:.0f}秒"


def _pump(stream: IO[str], events: queue.Queue[dict[str, Any] | None]) -> None:
    for event in read_events(stream):
        events.put(event)
    events.put(None)


def _take(run: Run, event: dict[str, Any], since_s: float) -> None:
    kind = event["event"]
    run.peak_mb = max(run.peak_mb, event.get("resident_mb", 0.0), event.get("peak_mb", 0.0))
    if kind == "imported":
        run.imported = event
    elif kind == "indexed":
        run.indexed = event
    elif kind == "answer":
        run.first_answer_s = run.first_answer_s or since_s
        run.answers.append(event)
    elif kind == "done":
        run.stopped = ""
    elif kind == "failed":
        run.stopped = str(event["message"])


def _resident_mb(process_id: int) -> float:
    """Return the peak memory of a process that is still running (Linux only, else 0)."""
    try:
        status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return 0.0
    line = next((row for row in status.splitlines() if row.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(line.split()[1]) / 1024
