"""Shared by all tests: the bundled report, its index on disk, and a real server on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chat.service import Service
from corpus.report import BUNDLED, read_report
from corpus.types import Document

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "eval" / "data"


def wenzheng(*arguments: str | Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does."""
    return subprocess.run(
        [Path(sys.executable).with_name("wenzheng"), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def document() -> Document:
    """The bundled report."""
    return read_report(BUNDLED)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the published index of the bundled report; read it, do not change it."""
    folder = tmp_path_factory.mktemp("library")
    Service(folder, "wenzheng-static").prepare()
    return folder


@pytest.fixture(scope="session")
def service(data_dir: Path) -> Service:
    """The product over the bundled report."""
    ready = Service(data_dir, "wenzheng-static")
    ready.prepare()
    return ready


@pytest.fixture(scope="session")
def server(data_dir: Path) -> Iterator[str]:
    """Address of ``wenzheng serve`` in a process of its own."""
    port = free_port()
    program = str(Path(sys.executable).with_name("wenzheng"))
    command = [program, "serve", "--port", str(port), "--data", str(data_dir)]
    with subprocess.Popen(command, env=os.environ | {"PYTHONUNBUFFERED": "1"}) as process:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(address, process)
        yield address
        process.terminate()


def wait_until_ready(address: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Wait until ``/readyz`` says that questions are answered."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server has stopped"
        try:
            if httpx.get(f"{address}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"{address} is not ready after {seconds} s")
