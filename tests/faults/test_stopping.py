"""A server that is told to stop: answers under way are given, then it is gone within ten seconds."""

from __future__ import annotations

import shutil
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from conftest import wenzheng
from faults.forge import GDP, VALUE
from forked import serving

LIMIT = 10.0  # seconds that a stop may take


@pytest.fixture
def library(data_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_dir, tmp_path / "库"))


def ask_on(address: str, stopped: threading.Event) -> list[str]:
    """Ask until the server takes no connection any more; return what was said, and what went wrong."""
    said: list[str] = []
    while True:
        try:
            reply = httpx.post(f"{address}/v1/ask", json={"question": GDP}, timeout=20)
        except httpx.ConnectError:
            return said if stopped.is_set() else [*said, "refused before the stop"]
        except httpx.HTTPError as error:
            # A connection may be taken by the system before the server closes its door, and then
            # never be read. That is no answer cut off.
            if stopped.is_set() and isinstance(error, httpx.ReadError):
                return said
            return [*said, repr(error)]
        said.append(reply.json()["answer"])


def test_answers_under_way_are_given_and_open_connections_do_not_hinder(library: Path) -> None:
    with serving(library) as (address, process), ThreadPoolExecutor(6) as pool:
        host, port = address.removeprefix("http://").split(":")
        idle = [socket.create_connection((host, int(port))) for _ in range(20)]
        stream = httpx.Client(timeout=30)
        page = stream.send(
            stream.build_request("GET", f"{address}/gradio_api/heartbeat/abcdef"), stream=True
        )
        stopped = threading.Event()
        asking = [pool.submit(ask_on, address, stopped) for _ in range(5)]
        time.sleep(1)
        stopped.set()
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(LIMIT)
        took = time.monotonic() - begun
        said = [answer for each in asking for answer in each.result()]
        assert said
        assert set(said) == {VALUE}
        assert took < LIMIT
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{address}/healthz")
        page.close()
        for connection in idle:
            connection.close()


def test_a_job_that_a_stop_interrupts_is_marked_and_can_be_sent_again(
    library: Path, tmp_path: Path
) -> None:
    created = wenzheng("keys", "create", "--name", "测试", "--scope", "admin", "--data", library)
    key = next(w for w in created.stdout.split() if w.startswith("wz"))
    staff = {"Authorization": f"Bearer {key}"}
    large = tmp_path / "丙县_2022.txt"
    lines = [f"{n}年，丙县新增停车位{n}个，增长{n % 9}.{n % 7}%。" for n in range(1, 20_000)]
    text = "丙县2022年政府工作报告\n\n各位代表：\n一、工作回顾\n" + "\n".join(lines)
    large.write_text(text, encoding="utf-8")

    def upload(address: str) -> str:
        with large.open("rb") as file:
            reply = httpx.post(
                f"{address}/v1/documents", files={"files": file}, headers=staff, timeout=30
            )
        assert reply.status_code == httpx.codes.ACCEPTED, reply.text
        return str(reply.json()["id"])

    def job(address: str, number: str) -> dict[str, object]:
        found = httpx.get(f"{address}/v1/jobs/{number}", headers=staff).json()
        assert isinstance(found, dict)
        return found

    with serving(library) as (address, process):
        number = upload(address)
        deadline = time.monotonic() + 30
        while job(address, number)["state"] != "running" and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        process.wait(LIMIT)
    with serving(library) as (address, _):
        assert job(address, number)["state"] == "interrupted"
        assert httpx.get(f"{address}/v1/documents").json()["total"] == 1
        assert httpx.post(f"{address}/v1/ask", json={"question": GDP}).json()["answer"] == VALUE
