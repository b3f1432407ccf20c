"""Memory stays flat however many questions are asked and versions pass."""

from __future__ import annotations

import gc
import shutil
import tracemalloc
import weakref
from pathlib import Path

import pytest
from conftest import QUESTIONS

from chat.service import Service
from eval.datasets.questions import read_questions
from eval.runners.load import drive
from eval.runners.serving import resident_mb, serving


@pytest.fixture
def library(data_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_dir, tmp_path / "库"))


def test_a_version_that_was_replaced_leaves_memory(library: Path) -> None:
    service = Service(library, "wenzheng-static")
    service.prepare()
    service.ask("2021年北仑区的地区生产总值是多少？")
    former = weakref.ref(service.library)
    service.rebuild()
    gc.collect()
    assert former() is None


def test_questions_that_were_answered_leave_nothing_behind(service: Service) -> None:
    rows = read_questions(QUESTIONS / "beilun" / "dev.jsonl").rows[:15]

    def ask_all() -> int:
        for row in rows:
            service.ask(row.question, list(row.history))
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    ask_all()
    tracemalloc.start()
    try:
        before = ask_all()  # what is kept once, as compiled patterns, is kept by now
        after = ask_all()
    finally:
        tracemalloc.stop()
    assert (after - before) / len(rows) < 1024  # bytes a question


@pytest.mark.long
def test_memory_grows_less_than_five_percent_over_a_hundred_thousand_questions(
    library: Path,
) -> None:
    rows = read_questions(QUESTIONS / "beilun" / "dev.jsonl").rows
    bodies = [{"question": r.question, "history": list(r.history)} for r in rows]
    with serving(library, workers=2) as (address, process, _):
        drive(address, bodies, rate=30, seconds=120)
        before = resident_mb(process.pid)
        load, _ = drive(address, bodies, rate=30, seconds=3400)
        after = resident_mb(process.pid)
    print(f"\n{load}\n{before:.1f} MB before, {after:.1f} MB after")
    assert load.asked > 100_000
    assert load.faults == ()
    assert after < 1.05 * before
