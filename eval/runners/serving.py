"""Run a server of ours in a process of its own, as its users meet it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import httpx

from corpus.errors import WenzhengError

_PATIENCE = 180.0  # seconds to wait for readiness, on a machine that has much else to do


class ServerError(WenzhengError):
    """The server under measurement did not start or stopped."""

    code = "server_failed"


@contextmanager
def serving(
    directory: Path, **given: object
) -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    """Run a server over the library of a folder; give address, process, seconds until ready.

    Every question is answered anew unless ``answer_cache`` is given.

    :param given: settings.
    :raises ServerError: if it does not become ready.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    program = [sys.executable, "-m", "wenzheng", "serve", "--data", str(directory), "--port", port]
    settings = {"answer_cache": 0} | given
    environment = {f"WENZHENG_{name.upper()}": str(value) for name, value in settings.items()}
    started = time.perf_counter()
    with (
        TemporaryFile() as log,
        subprocess.Popen(
            program,
            stdout=subprocess.DEVNULL,
            stderr=log,
            env=os.environ | environment,
        ) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process, log)
            yield address, process, time.perf_counter() - started
        finally:
            process.terminate()


def _wait(address: str, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerError(f"服务没有启动成功：{_last_line(log)}")
        try:
            if httpx.get(f"{address}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise ServerError(f"服务在{_PATIENCE:.0f}秒内没有就绪：{_last_line(log)}")


def _last_line(log: IO[bytes]) -> str:
    """Return what a server said last."""
    log.seek(0)
    lines = log.read().decode("utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "请先运行 wenzheng serve 看看原因。"


def resident_mb(process_id: int) -> float:
    """Return the megabytes that a process and its children hold; 0 where the system does not tell.

    Memory that they share counts once for each.
    """
    folder = Path(f"/proc/{process_id}")
    try:
        status = (folder / "status").read_text(encoding="ascii")
        children = [
            int(child)
            for listed in folder.glob("task/*/children")
            for child in listed.read_text(encoding="ascii").split()
        ]
    except (FileNotFoundError, ProcessLookupError):  # not Linux, or it has just ended
        return 0.0
    line = next((row for row in status.splitlines() if row.startswith("VmRSS")), "VmRSS: 0")
    return int(line.split()[1]) / 1024 + sum(resident_mb(child) for child in children)
