"""New versions are published while citizens ask: nobody waits, nobody gets half of each."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import QUESTIONS
from faults.forge import GDP, VALUE, Forge, edition
from forked import serving

from corpus.report import BUNDLED
from eval.datasets.questions import read_questions
from eval.runners import serving as alone
from eval.runners.load import Body, Check, Load, Reply, Sample, drive


@pytest.fixture
def library(data_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_dir, tmp_path / "库"))


@pytest.fixture
def forge(library: Path) -> Iterator[Forge]:
    started = Forge(library)
    yield started
    started.close()


def bodies() -> list[Body]:
    """Half of the questions ask for the figure that differs from version to version."""
    others = read_questions(QUESTIONS / "beilun" / "dev.jsonl").rows
    return [b for r in others for b in ({"question": GDP}, {"question": r.question})]


def whole(given_out: set[str]) -> Check:
    """Return the check that an answer comes from one of the versions published so far."""

    def check(body: Body, reply: Reply) -> str:
        if body["question"] != GDP:
            return ""
        said = [reply["explanation"], *(c["quote"] for c in reply["citations"])]
        if reply["answer"] in given_out and all(reply["answer"] in s for s in said):
            return ""
        return f"mixed: {reply['answer']} {said}"

    return check


def under_load(
    address: str, forge: Forge, folder: Path, *, rate: float, seconds: float, versions: int
) -> tuple[Load, list[Sample], list[str]]:
    """Ask while versions are published at even distances; return the editions published."""
    editions = [f"{4000 + n}.5亿元" for n in range(versions)]

    def publish() -> None:
        begun = time.monotonic()
        for number, value in enumerate(editions):
            due = begun + (number + 0.5) * seconds / versions
            time.sleep(max(0.0, due - time.monotonic()))
            forge.build(edition(folder, BUNDLED, value))

    publisher = threading.Thread(target=publish)
    publisher.start()
    load, samples = drive(
        address, bodies(), rate=rate, seconds=seconds, check=whole({VALUE, *editions})
    )
    publisher.join()
    return load, samples, editions


def test_versions_are_swapped_under_load_without_a_failed_or_mixed_answer(
    library: Path, forge: Forge, tmp_path: Path
) -> None:
    with serving(library) as (address, _):
        load, _, editions = under_load(address, forge, tmp_path, rate=10, seconds=6, versions=3)
        assert load.faults == ()
        assert load.asked > 35
        # The last version is taken up although nobody asks.
        assert heard_within(address, editions[-1], seconds=20)


@pytest.mark.long
def test_twenty_swaps_in_twenty_thousand_questions_do_not_slow_answers_threefold(
    library: Path, forge: Forge, tmp_path: Path
) -> None:
    with alone.serving(library, workers=2) as (address, _, _):
        drive(address, bodies(), rate=30, seconds=10)
        quiet, _ = drive(address, bodies(), rate=30, seconds=60)
        load, _, editions = under_load(address, forge, tmp_path, rate=30, seconds=668, versions=20)
        assert heard_within(address, editions[-1], seconds=20)
    print(f"\nquiet: {quiet}\nswapping: {load}")
    assert load.asked > 19_500
    assert load.faults == ()
    assert load.p99_ms <= 3 * quiet.p99_ms


def heard_within(address: str, value: str, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        reply = httpx.post(f"{address}/v1/ask", json={"question": GDP}).json()
        if reply["answer"] == value:
            return True
        time.sleep(0.1)
    return False
