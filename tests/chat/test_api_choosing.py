"""Questions put to some of the reports only: by document, region, year and level."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from live_api import REPORT, LiveApi, live_api

from chat.records.keys import Scope

GDP = "地区生产总值是多少？"
# File, place, gross product of 2022.
REPORTS = (
    ("安江县_2023", "安江县", "101.1"),
    ("宁河县_2023", "宁河县", "202.2"),
    ("和川市_2023", "和川市", "303.3"),
)


@pytest.fixture(scope="module")
def api(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApi]:
    """Four reports of two years and two levels, on a server."""
    with live_api(data_dir, tmp_path_factory.mktemp("choosing")) as running:
        files = [
            ("files", (f"{name}.txt", REPORT.format(region=region, gdp=gdp).encode()))
            for name, region, gdp in REPORTS
        ]
        with running.client(Scope.WRITE) as staff:
            job = staff.post("/v1/documents", files=files).json()
        assert running.finished(job["id"])["state"] == "done"
        yield running


@pytest.fixture(scope="module")
def citizen(api: LiveApi) -> Iterator[httpx.Client]:
    with api.client() as client:
        yield client


def found(citizen: httpx.Client, **chosen: Any) -> set[str]:
    """Return the documents that a search brings up."""
    asked = {"question": GDP, "top_k": 50, **chosen}
    reply = citizen.post("/v1/search", json=asked)
    assert reply.status_code == 200, reply.text
    return {hit["document"] for hit in reply.json()["hits"]}


@pytest.mark.parametrize(
    ("chosen", "documents"),
    [
        ({"documents": ["安江县_2023"]}, {"安江县_2023"}),
        ({"regions": ["宁河县"]}, {"宁河县_2023"}),
        ({"regions": ["北仑"]}, {"北仑区_2022"}),
        ({"regions": ["北仑区", "和川市"]}, {"北仑区_2022", "和川市_2023"}),
        ({"years": [2022]}, {"北仑区_2022"}),
        ({"levels": ["city"]}, {"和川市_2023"}),
        ({"years": [2023], "levels": ["county"]}, {"安江县_2023", "宁河县_2023"}),
        ({"years": [2022, 2023], "regions": ["和川"]}, {"和川市_2023"}),
    ],
)
def test_a_search_brings_up_the_reports_chosen_and_no_others(
    citizen: httpx.Client, chosen: dict[str, Any], documents: set[str]
) -> None:
    assert found(citizen, **chosen) == documents


@pytest.mark.parametrize(
    ("chosen", "question", "told"),
    [
        ({"regions": ["安江"]}, "2022年地区生产总值是多少？", "101.1亿元"),
        ({"levels": ["city"]}, "2022年地区生产总值是多少？", "303.3亿元"),
        ({"documents": ["宁河县_2023"], "years": [2023]}, "去年地区生产总值是多少？", "202.2亿元"),
        ({"years": [2022]}, "去年地区生产总值是多少？", "2382.5亿元"),
    ],
)
def test_an_answer_comes_from_the_reports_chosen(
    citizen: httpx.Client, chosen: dict[str, Any], question: str, told: str
) -> None:
    answer = citizen.post("/v1/ask", json={"question": question, **chosen}).json()
    assert answer["answer"] == told
    # The same where the answer streams, and in OpenAI's form.
    accept = {"accept": "text/event-stream"}
    streamed = citizen.post("/v1/ask", json={"question": question, **chosen}, headers=accept)
    assert told in streamed.text
    asked = {"model": "wenzheng", "messages": [{"role": "user", "content": question}], **chosen}
    reply = citizen.post("/v1/chat/completions", json=asked).json()
    assert reply["wenzheng"]["answer"] == told


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"documents": ["安江区_2023"]}, "安江县_2023"),
        ({"regions": ["安江区"]}, "安江县"),
        ({"years": [2019]}, "2022年"),
        ({"levels": ["province"]}, "county（区县级）"),
        ({"years": [2022], "levels": ["city"]}, "同时符合"),
    ],
)
@pytest.mark.parametrize("route", ["/v1/ask", "/v1/search"])
def test_what_no_report_meets_is_told_with_the_nearest(
    citizen: httpx.Client, route: str, chosen: dict[str, Any], told: str
) -> None:
    reply = citizen.post(route, json={"question": GDP, **chosen})
    assert reply.status_code == 404
    assert reply.headers["content-type"].startswith("application/problem+json")
    assert told in reply.json()["detail"]


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"levels": ["区级"]}, "'nation'、'province'"),
        ({"years": ["2022"]}, "整数"),
        ({"years": [22]}, "最小是1900"),
        ({"regions": "北仑区"}, "列表"),
    ],
)
def test_a_condition_of_the_wrong_form_is_told(
    citizen: httpx.Client, chosen: dict[str, Any], told: str
) -> None:
    reply = citizen.post("/v1/ask", json={"question": GDP, **chosen})
    assert reply.status_code == 422
    assert told in reply.json()["detail"]


def test_the_description_of_the_api_names_the_levels(citizen: httpx.Client) -> None:
    schemas = citizen.get("/openapi.json").json()["components"]["schemas"]
    assert schemas["Level"]["enum"] == ["nation", "province", "city", "county", "township"]
    for request in ("AskRequest", "SearchRequest", "ChatRequest"):
        assert {"documents", "regions", "years", "levels"} <= set(schemas[request]["properties"])
