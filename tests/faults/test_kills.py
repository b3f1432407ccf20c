"""The indexing process is killed at random moments while a reader asks without pause."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from faults.forge import GDP, VALUE, Forge, edition

from chat.service import Service
from corpus.report import BUNDLED
from index.encoder import Encoder
from index.library import open_library

LAST = "9000.5亿元"


@dataclass
class Reader:
    """Asks without pause, and keeps what was not as it should be."""

    service: Service
    given_out: set[str]
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    heard: set[str] = field(default_factory=set)

    def ask_on(self, enough: threading.Event) -> None:
        while not enough.is_set():
            try:
                answer = self.service.ask(GDP)
            except Exception as error:
                self.wrong.append(repr(error))
                continue
            self.asked += 1
            self.heard.add(answer.answer)
            # The answer, its sentence and its citation all come from one version.
            parts = (answer.explanation, answer.citations[0].quote)
            if answer.answer not in self.given_out or any(answer.answer not in p for p in parts):
                self.wrong.append(f"{answer.answer}: {parts}")


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    started = Forge(tmp_path / "库")
    yield started
    started.close()


def half_built(library: Path) -> list[Path]:
    return list((library / "versions").glob("*.building"))


def wait_for_half_built(library: Path) -> None:
    deadline = time.monotonic() + 30
    before = half_built(library)  # swept by the next build before it makes its own
    while half_built(library) in ([], before) and time.monotonic() < deadline:
        time.sleep(0.001)


@pytest.mark.parametrize("kills", [8, pytest.param(200, marks=pytest.mark.long)])
def test_whenever_the_builder_is_killed_every_answer_is_of_one_whole_version(
    kills: int, forge: Forge, tmp_path: Path
) -> None:
    chance = random.Random(6)
    library = tmp_path / "库"
    service = Service(library, "wenzheng-static")
    service.prepare()
    values = [VALUE, *(f"{3000 + n}.5亿元" for n in range(kills + 2)), LAST]
    reader = Reader(service, set(values))
    enough = threading.Event()
    thread = threading.Thread(target=reader.ask_on, args=(enough,))
    thread.start()
    seen = Counter[str]()
    try:
        lasting = min(forge.build(edition(tmp_path, BUNDLED, v)) for v in values[1:3])
        for number, value in enumerate(values[3:-1]):
            child = forge.start(edition(tmp_path, BUNDLED, value))
            if number % 2:  # at any moment; else while it writes, which is a small part
                time.sleep(chance.uniform(0, 1.0) * lasting)
            else:
                wait_for_half_built(library)
                time.sleep(chance.uniform(0, 0.1) * lasting)
            os.kill(child, signal.SIGKILL)  # not yet waited for, so the number is still its own
            killed = forge.ended() == -signal.SIGKILL
            seen["killed"] += killed
            lasting *= 1.0 if killed else 0.7  # the machine has less else to do than before
            seen["half-built"] += bool(half_built(library))
            whole = open_library(library, Encoder())  # raises if it is not
            seen["published"] += value in whole.document("北仑区_2022").text
        forge.build(edition(tmp_path, BUNDLED, LAST))
    finally:
        enough.set()
        thread.join()
    service.prepare()
    seen["answers"] = reader.asked
    print(dict(seen), len(reader.heard), "editions heard")
    assert reader.wrong == []
    assert reader.asked > kills
    assert service.ask(GDP).answer == LAST
    assert list(service.library.documents) == ["北仑区_2022"]
    assert [p.name for p in (library / "versions").iterdir() if not p.name.isdigit()] == []
    assert sorted(p.name for p in library.iterdir()) == [
        "build.lock",
        "current",
        "numbered",
        "versions",
    ]
    # The moments were spread over the whole build.
    assert seen["killed"] >= kills / 2
    assert seen["half-built"]
