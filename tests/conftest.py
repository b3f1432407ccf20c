"""Shared by all tests: the bundled report, its index on disk, and a real server on loopback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat.service import Service
from corpus.report import BUNDLED, read_report
from corpus.types import Document
from eval.runners.serving import serving

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
    with serving(data_dir) as (address, _, _):
        yield address
