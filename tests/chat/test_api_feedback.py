"""Feedback, insights and calls from other web sites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from live_api import LiveApi, live_api

from chat.records.keys import Scope

SITE = "https://www.example.gov.cn"


@pytest.fixture(scope="module")
def api(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApi]:
    folder = tmp_path_factory.mktemp("feedback")
    with live_api(data_dir, folder, cors_origins=(SITE,)) as running:
        yield running


@pytest.fixture(scope="module")
def citizen(api: LiveApi) -> Iterator[httpx.Client]:
    with api.client() as client:
        yield client


@pytest.fixture(scope="module")
def staff(api: LiveApi) -> Iterator[httpx.Client]:
    with api.client(Scope.READ) as client:
        yield client


def feedback(citizen: httpx.Client, question: str, **more: object) -> httpx.Response:
    said = {"question": question, "answer": "答案", "status": "answered", "helpful": False}
    return citizen.post("/v1/feedback", json=said | more)


def test_staff_read_what_a_citizen_says_of_an_answer(
    citizen: httpx.Client, staff: httpx.Client
) -> None:
    asked = citizen.post("/v1/ask", json={"question": "2021年北仑区的地区生产总值是多少？"})
    answer = asked.json()
    given = feedback(
        citizen,
        answer["question"],
        answer=answer["answer"],
        citations=answer["citations"],
        reason="答非所问",
        comment="请打13800138000告诉我",
        request_id=asked.headers["x-request-id"],
    )
    assert given.status_code == 201
    kept = staff.get("/v1/feedback").json()["feedback"][0]
    assert kept["id"] == given.json()["id"]
    assert kept["citations"] == answer["citations"]
    assert kept["request_id"] == asked.headers["x-request-id"]
    assert "13800138000" not in kept["comment"]


def test_feedback_comes_in_pages_newest_first(citizen: httpx.Client, staff: httpx.Client) -> None:
    made = [feedback(citizen, f"第{n}个问题").json()["id"] for n in range(5)]
    address = "/v1/feedback?limit=2&helpful=false"
    seen: list[int] = []
    while address:
        reply = staff.get(address)
        seen.extend(f["id"] for f in reply.json()["feedback"])
        address = reply.links.get("next", {}).get("url", "")
    assert seen[:5] == made[::-1]
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"status": "perhaps"}, "status"),
        ({"helpful": "no"}, "helpful"),
        ({"comment": "长" * 1001}, "1000"),
        ({"citations": [{}]}, "citations"),
        ({"name": "张三"}, "name"),
    ],
)
def test_bad_feedback_is_refused_with_the_field(
    citizen: httpx.Client, more: dict[str, object], told: str
) -> None:
    reply = feedback(citizen, "问题", **more)
    assert reply.status_code == 422
    assert told in reply.json()["detail"]


def test_insights_show_what_the_report_does_not_say(
    citizen: httpx.Client, staff: httpx.Client
) -> None:
    for question in ("火星移民计划的进展如何？", "火星移民计划进展如何"):
        assert citizen.post("/v1/ask", json={"question": question}).json()["status"] != "answered"
    told = staff.get("/v1/insights", params={"days": 1}).json()
    group = next(g for g in told["groups"] if "火星" in g["question"])
    assert group["unanswered"] >= 2
    assert told["total"] == len(told["groups"])


def test_only_allowed_sites_may_call_from_a_browser(citizen: httpx.Client) -> None:
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    for origin, allowed in ((SITE, SITE), ("https://evil.example", None)):
        preflight = citizen.options("/v1/ask", headers={"Origin": origin} | asked)
        assert preflight.headers.get("access-control-allow-origin") == allowed
        reply = citizen.get("/v1/documents", headers={"Origin": origin})
        assert reply.headers.get("access-control-allow-origin") == allowed


def test_no_site_may_call_from_a_browser_unless_set(server: str) -> None:
    reply = httpx.get(f"{server}/v1/documents", headers={"Origin": SITE})
    assert reply.status_code == 200
    assert "access-control-allow-origin" not in reply.headers
