"""Run the command line in processes of their own that need not read the program anew.

Reading it takes seconds of processor time, most of a command's; a fork server reads it once. The
program as it is installed runs in ``faults/test_builders.py`` and ``security/test_unprivileged.py``.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx

_READ_ONCE = [
    "wenzheng", "chat.service", "chat.page", "chat.guard", "chat.api", "chat.serving", "gradio",
    "eval.options", "eval.runners.qa", "pytest",
]  # fmt: skip
_PATIENCE = 180.0  # seconds until a server is ready, on a machine that has much else to do
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(_READ_ONCE)


class Command:
    """A command that runs; its standard output and error go into files."""

    def __init__(
        self,
        arguments: tuple[str | Path, ...],
        folder: Path,
        settings: dict[str, str] | None = None,
    ) -> None:
        self._out, self._err = folder / "out", folder / "err"
        environment = {**os.environ, **(settings or {})}
        given = (list(map(str, arguments)), environment, Path.cwd(), self._out, self._err)
        self._process: ForkServerProcess = _forks.Process(target=_run, args=given, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        """Its process number."""
        assert self._process.pid is not None
        return self._process.pid

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def wait(self, timeout: float) -> int:
        """Return its exit status once it has ended.

        :raises TimeoutExpired: if it has not in time; it is killed.
        """
        self._process.join(timeout)
        status = self._process.exitcode
        if status is None:
            self._process.kill()
            self._process.join()
            raise subprocess.TimeoutExpired("wenzheng", timeout)
        return status

    def said(self) -> tuple[str, str]:
        """Return its standard output and error so far."""
        return tuple(  # type: ignore[return-value]
            p.read_text(encoding="utf-8") if p.exists() else "" for p in (self._out, self._err)
        )

    def ended(self) -> bool:
        """Whether it has ended."""
        return self._process.exitcode is not None


def wenzheng(*arguments: str | Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does."""
    with tempfile.TemporaryDirectory() as folder:
        command = Command(arguments, Path(folder))
        status = command.wait(timeout)
        return subprocess.CompletedProcess(arguments, status, *command.said())


@contextmanager
def serving(directory: Path) -> Iterator[tuple[str, Command]]:
    """Run ``wenzheng serve`` over the library of a folder; give its address and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        server = Command(("serve", "--data", directory, "--port", port), Path(folder))
        try:
            deadline = time.monotonic() + _PATIENCE
            while not is_ready(address):
                assert not server.ended(), server.said()
                assert time.monotonic() < deadline, server.said()
                time.sleep(0.05)
            yield address, server
        finally:
            if not server.ended():
                server.send_signal(signal.SIGTERM)
            server.wait(30)


def is_ready(address: str) -> bool:
    """Tell whether a server answers questions."""
    try:
        return httpx.get(f"{address}/readyz").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _run(
    arguments: list[str], environment: dict[str, str], folder: Path, out: Path, err: Path
) -> None:
    for number, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    for name in [n for n in os.environ if n.startswith("WENZHENG_") and n not in environment]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["wenzheng", *arguments]
    import wenzheng as program

    program.main()
