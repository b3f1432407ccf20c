"""Publishing a version: one builder at a time, numbers used once, leftovers swept, old ones kept."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.errors import LibraryError
from corpus.report import parse_report
from corpus.types import Document
from index.encoder import Encoder
from index.library import open_library
from index.locking import build_lock
from index.publishing import changing, published, version_numbers
from index.updating import Changes, publish, update

HOLD = """
import sys, time
from pathlib import Path
from index.locking import build_lock
with build_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def note(number: int = 0) -> Document:
    return parse_report(
        f"政府工作报告\n各位代表：\n一、生态\n2021年，新增停车位{2000 + number}个。\n", "甲县_2022"
    )


def fill(directory: Path, encoder: Encoder, versions: int) -> None:
    for number in range(versions):
        publish(directory, [note(number)], encoder)


@contextmanager
def another_builder(directory: Path) -> Iterator[subprocess.Popen[str]]:
    """Give another process that holds the library."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(directory)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "held"
        try:
            yield process
        finally:
            process.kill()


def test_the_published_version_and_three_before_it_are_kept(
    encoder: Encoder, tmp_path: Path
) -> None:
    fill(tmp_path, encoder, 6)
    assert version_numbers(tmp_path) == [6, 5, 4, 3]


def test_how_many_are_kept_can_be_chosen(encoder: Encoder, tmp_path: Path) -> None:
    fill(tmp_path, encoder, 3)
    update(tmp_path, encoder, lambda _: Changes([note(9)]), keep_versions=1)
    assert version_numbers(tmp_path) == [4, 3]


def test_a_version_that_is_being_read_is_not_deleted(encoder: Encoder, tmp_path: Path) -> None:
    fill(tmp_path, encoder, 1)
    library = open_library(tmp_path, encoder)
    fill(tmp_path, encoder, 5)
    assert library.version in version_numbers(tmp_path)
    del library
    fill(tmp_path, encoder, 1)
    assert version_numbers(tmp_path) == [7, 6, 5, 4]


def test_what_a_dead_build_left_is_not_read_and_swept_by_the_next(
    encoder: Encoder, tmp_path: Path
) -> None:
    fill(tmp_path, encoder, 1)
    for leftover in ("2.building", "3.deleting"):
        (tmp_path / "versions" / leftover).mkdir()
        (tmp_path / "versions" / leftover / "documents.zlib").write_text("[{", encoding="utf-8")
    (tmp_path / "current.new").write_text("2", encoding="ascii")
    assert open_library(tmp_path, encoder).version == 1
    fill(tmp_path, encoder, 1)
    assert sorted(p.name for p in (tmp_path / "versions").iterdir()) == ["1", "2"]
    assert not (tmp_path / "current.new").exists()


def test_a_number_is_never_used_for_two_contents(encoder: Encoder, tmp_path: Path) -> None:
    fill(tmp_path, encoder, 1)

    def give_up(_: Mapping[str, Document]) -> Changes:
        return Changes([note(1), note(1)])  # two files of one name are refused

    with pytest.raises(LibraryError, match="编号都是"):
        update(tmp_path, encoder, give_up)
    # A version that was taken away by hand is not replaced by another of its number either.
    fill(tmp_path, encoder, 1)
    (tmp_path / "current").write_text("1", encoding="ascii")
    (tmp_path / "versions" / "2").rename(tmp_path / "away")
    fill(tmp_path, encoder, 1)
    assert published(tmp_path) == 3


def test_a_change_that_changes_nothing_publishes_nothing(encoder: Encoder, tmp_path: Path) -> None:
    fill(tmp_path, encoder, 1)
    assert update(tmp_path, encoder, lambda _: None) == 1
    assert version_numbers(tmp_path) == [1]


def test_a_build_waits_for_the_one_before_it_and_says_for_whom(
    encoder: Encoder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with build_lock(tmp_path):
            waiting = pool.submit(publish, tmp_path, [note()], encoder)
            assert not wait([waiting], timeout=0.5).done
            assert published(tmp_path) is None
        assert waiting.result(timeout=30) == 1
    assert f"进程{os.getpid()}" in caplog.text


def test_who_waits_in_vain_is_told_who_builds_and_for_how_long(tmp_path: Path) -> None:
    with (
        another_builder(tmp_path) as builder,
        pytest.raises(LibraryError, match=rf"进程{builder.pid}，已持续\d+秒.*等了1秒") as refused,
        changing(tmp_path, wait_seconds=1),
    ):
        pass
    assert os.uname().nodename in refused.value.message


def test_the_lock_of_a_dead_builder_is_taken_over(
    encoder: Encoder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with another_builder(tmp_path) as builder:
        os.kill(builder.pid, signal.SIGKILL)
        builder.wait()
        assert json.loads((tmp_path / "build.owner").read_bytes())["pid"] == builder.pid
        with caplog.at_level(logging.WARNING, "wenzheng"):
            assert publish(tmp_path, [note()], encoder) == 1
    assert "等待" not in caplog.text
    assert not (tmp_path / "build.owner").exists()


def test_the_lock_of_a_dead_builder_frees_who_waits(encoder: Encoder, tmp_path: Path) -> None:
    with another_builder(tmp_path) as builder, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(publish, tmp_path, [note()], encoder)
        time.sleep(0.3)
        assert not waiting.done()
        builder.kill()
        assert waiting.result(timeout=30) == 1


def test_readers_are_not_hindered_by_a_builder(encoder: Encoder, tmp_path: Path) -> None:
    fill(tmp_path, encoder, 1)
    with another_builder(tmp_path):
        assert open_library(tmp_path, encoder).version == 1
