"""Child processes that answer: the same answers, the version in use, and nothing lost with a child."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import QUESTIONS

from chat.service import Service
from chat.stages import recording
from corpus.errors import UnknownDocumentError
from corpus.report import BUNDLED
from eval.datasets.questions import read_questions

GDP = "2021年北仑区的地区生产总值是多少？"


def until(said: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not said():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def folder(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(data_dir, tmp_path_factory.mktemp("workers") / "库"))


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[Service]:
    """A service with one child that answers."""
    service = Service(folder, "wenzheng-static")
    service.prepare()
    service.answer_apart(1)
    until(lambda: service.workers and service.workers.ready)
    yield service
    service.close()


def test_a_child_gives_the_same_answers_and_tells_its_times(
    shared: Service, service: Service
) -> None:
    for row in read_questions(QUESTIONS / "beilun" / "dev.jsonl").rows[::20]:
        with recording() as stages:
            answer = shared.ask(row.question, list(row.history))
        assert replace(answer, took_ms=0) == replace(
            service.ask(row.question, list(row.history)), took_ms=0
        )
        assert stages
    *_, last = shared.stream(GDP)
    assert last.answer.answer == "2382.5亿元"  # type: ignore[union-attr]


def test_an_error_of_a_child_is_the_error_of_who_asked(shared: Service) -> None:
    with pytest.raises(UnknownDocumentError, match="没有_1900"):
        shared.ask(GDP, documents=("没有_1900",))


def test_a_new_version_is_answered_from_at_once(shared: Service, tmp_path: Path) -> None:
    newer = tmp_path / BUNDLED.name
    text = BUNDLED.read_text(encoding="utf-8").replace("2382.5亿元", "2400亿元")
    newer.write_text(text, encoding="utf-8")
    shared.add([newer])
    assert shared.ask(GDP).answer == "2400亿元"


def test_a_child_that_is_killed_costs_no_answer_and_is_told(shared: Service) -> None:
    assert shared.workers is not None
    before = shared.ask(GDP).answer
    (child,) = shared.workers.processes()
    os.kill(child, signal.SIGKILL)
    assert shared.ask(GDP).answer == before
    until(lambda: shared.health().problems)
    assert "回答进程退出了" in shared.health().told()
    assert shared.health().ready
