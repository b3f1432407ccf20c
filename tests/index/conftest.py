"""Four small reports, ready to be stored."""

from __future__ import annotations

import pytest
from stores_bench import REPORTS, report

from index.encoder import Encoder
from index.entries import entry_of
from index.stores.protocol import Entry


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture(scope="session")
def entries(encoder: Encoder) -> list[Entry]:
    """Four reports of three places."""
    return [entry_of(report(*row), encoder) for row in REPORTS]
