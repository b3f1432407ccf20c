"""The server runs as nobody from a tree that it cannot write, and writes into its data only."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from conftest import ROOT

NOBODY = 65534
ROOMS = ("chat", "corpus", "eval", "index", "models", "retriever")
GDP = "2021年北仑区的地区生产总值是多少？"


def unprivileged() -> list[str]:
    """Return a command prefix that gives up root: another user, no capability, none to come.

    Reading everything stays where Python itself lies in a folder of root's own; it lets nobody
    write.
    """
    if os.getuid() != 0:
        return []
    programs = (Path(sys.executable).resolve(), Path(sysconfig.get_path("purelib")))
    reachable = all(f.stat().st_mode & 0o005 == 0o005 for p in programs for f in (p, *p.parents))
    kept = "" if reachable else ",+dac_read_search"
    return [
        "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs",
        f"--inh-caps=-all{kept}", f"--ambient-caps=-all{kept}", f"--bounding-set=-all{kept}",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program that nobody may write into."""
    folder = tmp_path_factory.mktemp("unprivileged")
    folder.chmod(0o755)
    for name in ROOMS:
        shutil.copytree(
            ROOT / name,
            folder / name,
            ignore=shutil.ignore_patterns("__pycache__", "training", "runs", "peers"),
        )
    shutil.copy(ROOT / "wenzheng.py", folder)
    for path in folder.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    folder.chmod(0o555)
    return folder


@contextmanager
def running(tree: Path, data: Path, temporary: Path) -> Iterator[tuple[str, int]]:
    """Run the server without privileges; give its address and process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*unprivileged(), sys.executable, "-P", "-m", "wenzheng", "serve", "--port", str(port)],
        cwd=data,
        env={
            "PYTHONPATH": str(tree), "WENZHENG_DATA": str(data), "TMPDIR": str(temporary),
            "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1",
        },
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 180
        while time.monotonic() < until:
            assert process.poll() is None, process.stderr and process.stderr.read()
            try:
                if httpx.get(f"{address}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def status_of(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_it_serves_and_takes_a_report_without_any_privilege(
    tree: Path, data_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.mktemp("owned")
    for folder in (base, *base.parents):
        if folder.stat().st_uid == os.getuid() and "pytest-of" in str(folder):
            folder.chmod(0o755)  # pytest's own folders let nobody through
    data, temporary = base / "data", base / "tmp"
    shutil.copytree(data_dir, data, ignore=shutil.ignore_patterns("records.sqlite*"))
    temporary.mkdir()
    report = base / "新县_2023.txt"
    report.write_text(
        "新县2023年政府工作报告\n各位代表：\n2022年，新县地区生产总值5亿元。\n", "utf-8"
    )
    report.chmod(0o644)
    if os.getuid() == 0:
        for path in (data, temporary, *data.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    before = {p: p.stat().st_mtime_ns for p in tree.rglob("*")}
    with running(tree, data, temporary) as (address, pid):
        status = status_of(pid)
        assert status["Uid"].split()[0] != "0"
        assert int(status["CapEff"], 16) & ~4 == 0  # at most reading everything, bit 2
        assert status["NoNewPrivs"] == "1" or os.getuid() != 0
        asked = httpx.post(f"{address}/v1/ask", json={"question": GDP}, timeout=60).json()
        assert asked["answer"] == "2382.5亿元"
        command = [*unprivileged(), sys.executable, "-P", "-m", "wenzheng"]
        environment = {
            "PYTHONPATH": str(tree), "WENZHENG_DATA": str(data), "TMPDIR": str(temporary),
            "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        compiled = subprocess.run(  # what only large libraries load
            [*command[:-2], "-c", "import index.stores.kernels"],
            cwd=data, env=environment | {"HOME": "/nonexistent"}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert compiled.returncode == 0, compiled.stderr
        added = subprocess.run(
            [*command, "index", str(report)],
            cwd=data, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert added.returncode == 0, added.stderr
        until = time.monotonic() + 60
        while time.monotonic() < until:
            known = httpx.get(f"{address}/v1/documents").json()["documents"]
            if len(known) == 2:
                break
            time.sleep(0.2)
        assert {d["id"] for d in known} == {"北仑区_2022", "新县_2023"}
    assert {p: p.stat().st_mtime_ns for p in tree.rglob("*")} == before
    modes = {p.name: p.stat().st_mode & 0o077 for p in data.glob("records.sqlite*")}
    assert modes
    assert set(modes.values()) == {0}
