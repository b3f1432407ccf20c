"""The HTTP API on a real server."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate

from corpus.types import Document

FIELDS = {
    "question", "standalone_question", "status", "answer", "explanation", "items", "confidence",
    "citations", "answerer", "model", "took_ms", "grounding", "notes", "groups",
}  # fmt: skip
GDP = "2021年北仑区的地区生产总值是多少？"


@pytest.fixture(scope="module")
def client(server: str) -> httpx.Client:
    return httpx.Client(base_url=server, timeout=30)


def ask(client: httpx.Client, question: str, **more: Any) -> dict[str, Any]:
    reply = client.post("/v1/ask", json={"question": question, **more})
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    return body


def test_an_answer_has_every_field_of_the_contract(client: httpx.Client) -> None:
    answer = ask(client, GDP)
    assert set(answer) == FIELDS
    assert answer["answer"] == "2382.5亿元"
    assert answer["status"] == "answered"
    assert answer["answerer"] == "extractive"
    assert 0.5 < answer["confidence"] <= 1


def test_every_quote_stands_at_its_offsets(client: httpx.Client, document: Document) -> None:
    for citation in ask(client, GDP)["citations"]:
        text = client.get(
            f"/v1/documents/{citation['document']}/text",
            params={"start": citation["start"], "end": citation["end"]},
        ).text
        assert text == citation["quote"]
        assert document.text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_follow_up_is_understood_from_the_history(client: httpx.Client) -> None:
    answer = ask(client, "那南堤工程呢", history=["梅山水道北堤工程得了什么奖"])
    assert answer["standalone_question"] != "那南堤工程呢"
    assert "大禹奖" in answer["answer"] + answer["explanation"]


def test_a_refusal_says_so_and_shows_the_nearest_places(client: httpx.Client) -> None:
    answer = ask(client, "2019年北仑区的地区生产总值是多少？")
    assert answer["status"] == "unanswerable"
    assert "没有" in answer["answer"]
    assert answer["citations"]


def test_search_returns_passages_with_their_place(client: httpx.Client, document: Document) -> None:
    reply = client.post("/v1/search", json={"question": "保障性租赁住房", "top_k": 3}).json()
    assert len(reply["hits"]) == 3
    first = reply["hits"][0]
    assert "租赁住房" in first["text"]
    assert document.text[first["start"] : first["end"]] == first["text"]
    assert first["section"]


def test_figures_are_found_by_indicator_and_year(client: httpx.Client, document: Document) -> None:
    reply = client.get("/v1/figures", params={"indicator": "GDP", "year": 2021}).json()
    figure = reply["figures"][0]
    assert (figure["value"], figure["unit"], figure["period"]) == ("2382.5", "亿元", [2021, 2021])
    assert document.text[figure["start"] : figure["end"]] == figure["text"]


def test_figures_come_in_pages(client: httpx.Client) -> None:
    everything = client.get("/v1/figures", params={"limit": 1000}).json()
    second = client.get("/v1/figures", params={"limit": 10, "offset": 10}).json()
    assert second["total"] == everything["total"] == len(everything["figures"])
    assert second["figures"] == everything["figures"][10:20]


def test_the_link_header_leads_through_all_pages(client: httpx.Client) -> None:
    total = client.get("/v1/figures").json()["total"]
    address = "/v1/figures?limit=50"
    starts: list[int] = []
    while address:
        reply = client.get(address)
        starts.extend(f["start"] for f in reply.json()["figures"])
        address = reply.links.get("next", {}).get("url", "")
    assert len(starts) == total
    assert starts == [f["start"] for f in client.get("/v1/figures?limit=1000").json()["figures"]]


def test_the_figures_of_one_document_are_those_of_the_library(
    client: httpx.Client, document: Document
) -> None:
    query = {"indicator": "GDP"}
    assert (
        client.get(f"/v1/documents/{document.id}/figures", params=query).json()
        == client.get("/v1/figures", params=query).json()
    )


def test_the_documents_are_listed_with_their_facts(client: httpx.Client) -> None:
    (listed,) = client.get("/v1/documents").json()["documents"]
    assert listed["title"] == "宁波市北仑区2022年政府工作报告"
    assert listed["date"] == "2022-02-12"


def test_the_whole_text_is_served_untouched(client: httpx.Client, document: Document) -> None:
    assert client.get(f"/v1/documents/{document.id}/text").text == document.text


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"question": ""}, "空"),
        ({"question": " \n　"}, "空"),
        ({"question": "？？！"}, "空"),
        ({"question": "问" * 10_000}, "最多"),
        ({"question": "产值\u0000多少"}, "控制字符"),
        ({"question": 12}, "文字"),
        ({"question": "产值", "history": "上一个"}, "列表"),
        ({"question": "产值", "history": [""]}, "空"),
        ({"question": "产值", "top_k": 0}, "最小"),
        ({"question": "产值", "top_k": "多"}, "整数"),
        ({"question": "产值", "topk": 3}, "topk"),
        ({}, "question"),
        ([], "JSON"),
    ],
)
def test_a_bad_question_gets_a_problem_that_names_cause_and_mend(
    client: httpx.Client, body: object, told: str
) -> None:
    reply = client.post("/v1/ask", json=body)
    assert reply.status_code == 422
    assert_problem(reply, told)


def test_broken_json_is_told(client: httpx.Client) -> None:
    headers = {"content-type": "application/json"}
    reply = client.post("/v1/ask", content='{"question": "产值', headers=headers)
    assert reply.status_code == 422
    assert_problem(reply, "JSON")


def test_a_body_of_another_type_is_told(client: httpx.Client) -> None:
    for headers in ({}, {"content-type": "text/plain"}):
        reply = client.post("/v1/ask", content="产值", headers=headers)
        assert reply.status_code == 415
        assert_problem(reply, "application/json")


def test_a_client_that_reads_no_json_is_told(client: httpx.Client) -> None:
    reply = client.post("/v1/ask", json={"question": GDP}, headers={"accept": "text/html"})
    assert reply.status_code == 406
    assert_problem(reply, "application/json")


def test_bytes_that_are_no_text_are_told(client: httpx.Client) -> None:
    headers = {"content-type": "application/json"}
    reply = client.post("/v1/ask", content=b"\xff\xfe\x00", headers=headers)
    assert reply.status_code == 422
    assert_problem(reply, "JSON")


def test_a_huge_body_is_refused_before_it_is_read(client: httpx.Client) -> None:
    reply = client.post("/v1/ask", json={"question": "问" * 300_000})
    assert reply.status_code == 413
    assert_problem(reply, "KiB")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/documents/没有这份/text", 404),
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/ask", 405),
        ("GET", "/v1/documents/北仑区_2022/text?start=-1", 422),
    ],
)
def test_a_wrong_address_gets_a_problem(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    reply = client.request(method, path)
    assert reply.status_code == status
    assert_problem(reply, "")


def test_a_wrong_method_is_told_the_right_ones(client: httpx.Client) -> None:
    assert client.get("/v1/ask").headers["allow"] == "POST"
    assert client.put("/v1/figures").headers["allow"] == "GET, HEAD"


def test_an_unknown_document_is_named_with_those_that_exist(client: httpx.Client) -> None:
    reply = client.post("/v1/ask", json={"question": "产值", "documents": ["镇海区_2022"]})
    assert reply.status_code == 404
    assert_problem(reply, "镇海区_2022")
    assert "北仑区_2022" in reply.json()["detail"]


def assert_problem(reply: httpx.Response, told: str) -> None:
    assert reply.headers["content-type"].startswith("application/problem+json")
    problem = reply.json()
    assert {"type", "title", "status", "detail"} <= set(problem)
    assert problem["status"] == reply.status_code
    assert told in problem["detail"]
    assert re.search(r"[\u4e00-\u9fff]", problem["detail"])


def test_health_and_readiness(client: httpx.Client) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/readyz").json()["status"] == "ok"


def test_the_api_pages_load_nothing_from_elsewhere(client: httpx.Client) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert sources
    assert not [s for s in sources if s.startswith(("http:", "https:", "//"))]
    for source in sources:
        assert client.get(source).status_code == 200


def test_head_is_answered_wherever_get_is(client: httpx.Client, document: Document) -> None:
    for path in ("/v1/documents", f"/v1/documents/{document.id}/text", "/v1/models", "/healthz"):
        got, head = client.get(path), client.head(path)
        assert head.status_code == 200
        assert head.content == b""
        assert head.headers["content-type"] == got.headers["content-type"]


def test_openapi_is_valid_and_describes_the_routes(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    validate(described)
    assert described["openapi"].startswith("3.1")
    assert {"/v1/ask", "/v1/documents", "/v1/chat/completions", "/readyz"} <= set(
        described["paths"]
    )


def test_every_refusal_in_openapi_is_a_problem_document(client: httpx.Client) -> None:
    for path, operations in client.get("/openapi.json").json()["paths"].items():
        for operation in operations.values():
            refusals = {c: r for c, r in operation["responses"].items() if c >= "400"}
            kind = (
                "application/json"  # OpenAI's own form, and health checks
                if path.startswith(("/v1/chat", "/v1/models", "/readyz"))
                else "application/problem+json"
            )
            assert all(set(r["content"]) == {kind} for r in refusals.values()), path
