"""Shared by all tests: the bundled report, its index on disk, and a real server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from forked import serving, wenzheng

from chat.service import Service
from corpus.report import BUNDLED, read_report
from corpus.types import Document

__all__ = ["QUESTIONS", "ROOT", "wenzheng"]

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "eval" / "data"


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
    with serving(data_dir) as (address, _):
        yield address
