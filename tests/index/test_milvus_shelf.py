"""The library in a Milvus server: moved there whole, served by several processes as one."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import wenzheng
from faults.forge import GDP, VALUE

from chat.service import Service
from corpus.errors import LibraryError
from index.encoder import Encoder
from index.library import open_library
from index.milvus_shelf import MilvusShelf, check_same
from index.stores.milvus_client import MilvusOptions

REPORT = "甲县2022年政府工作报告\n各位代表：\n一、工作回顾\n全县新增停车位300个，建成公园3座。\n"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a Milvus Lite server in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("milvus")
    command: list[str | Path] = [Path(sys.executable).with_name("milvus-lite"), "server"]
    arguments = ["--data-dir", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"milvus://127.0.0.1:{port}"
        process.terminate()


def test_a_library_moved_to_milvus_answers_alike_from_every_process(
    address: str, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = wenzheng("migrate", address, "--data", data_dir)
    assert moved.returncode == 0, moved.stderr
    assert "数目和校验和相符" in moved.stdout
    shelf = MilvusShelf(MilvusOptions(address))
    check_same(open_library(data_dir, Encoder()).store, shelf.open(Encoder()).store)

    here = Service(tmp_path / "此", "wenzheng-static", shelf=shelf)
    here.prepare()
    assert here.ask(GDP).answer == VALUE
    with pytest.raises(LibraryError, match="只管data文件夹"):
        here.versions()
    monkeypatch.setenv("WENZHENG_STORE", address)
    (tmp_path / "甲县_2022.txt").write_text(REPORT, encoding="utf-8")
    added = wenzheng("index", tmp_path / "甲县_2022.txt", "--data", tmp_path / "彼")
    assert added.returncode == 0, added.stderr
    here.prepare()
    assert set(here.library.documents) == {"北仑区_2022", "甲县_2022"}
    there = wenzheng("ask", "甲县新增停车位多少个", "--json", "--data", tmp_path / "彼")
    assert json.loads(there.stdout)["answer"] == here.ask("甲县新增停车位多少个").answer


def test_a_milvus_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"连不上Milvus（milvus://127\.0\.0\.1:1）"):
        MilvusShelf(MilvusOptions("milvus://127.0.0.1:1", timeout_s=2))
    asked = wenzheng("migrate", "nowhere", "--data", tmp_path)
    assert asked.returncode == 2
    assert "不是Milvus的地址" in asked.stderr
