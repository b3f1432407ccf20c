"""Lists of reports and searches among figures read no report that they do not show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from live_api import REPORT, LiveApi, live_api

from chat.api import create_api
from chat.records import Records
from chat.records.keys import Scope
from chat.reports.pages import reports_router
from chat.service import Service
from eval.scale.many import Watched
from index.stores.faiss_store import FaissStore

PLACES = ("安江县", "宁河县", "和川市", "平湖市")


def create(service: Service, records: Records, *given: Any) -> FastAPI:
    """Return the API with the pages of the reports, without the page that reads some for itself."""
    app = create_api(service, records, *given)
    app.router.routes[:0] = reports_router(service).routes
    return app


@pytest.fixture(scope="module")
def api(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApi]:
    """Five reports on a server."""
    with live_api(data_dir, tmp_path_factory.mktemp("listing"), create) as running:
        files = [
            ("files", (f"{place}_2023.txt", REPORT.format(region=place, gdp="101.1").encode()))
            for place in PLACES
        ]
        with running.client(Scope.WRITE) as staff:
            job = staff.post("/v1/documents", files=files).json()
        assert running.finished(job["id"])["state"] == "done"
        yield running


@pytest.fixture
def watched(api: LiveApi) -> Watched:
    store = api.service.library.store
    assert isinstance(store, FaissStore)
    store.documents = watched = Watched(store.documents)
    return watched


@pytest.fixture
def citizen(api: LiveApi) -> Iterator[httpx.Client]:
    with api.client() as client:
        yield client


def test_a_list_of_reports_tells_their_facts_and_reads_none(
    citizen: httpx.Client, watched: Watched
) -> None:
    listed = citizen.get("/v1/documents").json()["documents"]
    page = citizen.get("/reports").text
    assert not watched.read
    for place in PLACES:
        told = next(d for d in listed if d["region"] == place)
        assert (told["date"], told["level"]) == (
            "2023-01-05",
            "city" if place.endswith("市") else "county",
        )
        assert told["characters"] == len(watched[f"{place}_2023"].text)
        assert f"{place}2023年政府工作报告" in page


def test_a_search_among_figures_reads_the_reports_that_it_shows(
    citizen: httpx.Client, watched: Watched
) -> None:
    query = "indicator=地区生产总值&year=2022&limit=1"
    found = citizen.get(f"/v1/figures?{query}").json()
    assert found["total"] > len(PLACES)
    assert watched.read == {found["figures"][0]["document"]}
    shown = citizen.get("/figures", params={"indicator": "财政总收入", "kind": "actual"}).text
    assert all(f"{place}2023年政府工作报告" in shown for place in PLACES)
