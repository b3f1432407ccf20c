"""The MCP server, asked by the official SDK's own client over loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from live_api import live_api
from mcp.client.client import Client
from mcp_types import CallToolResult, ListToolsResult

from corpus.types import Document

GDP = "2021年北仑区的地区生产总值是多少？"
T = TypeVar("T")
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


@pytest.fixture(scope="module")
def address(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("mcp")
    with live_api(data_dir, folder, mcp_hosts=("wz.example.gov.cn",)) as api:
        yield f"{api.address}/mcp"


def within(address: str, work: Callable[[Client], Awaitable[T]], mode: str = "auto") -> T:
    async def run() -> T:
        async with Client(address, mode=mode) as client:
            return await work(client)

    return asyncio.run(run())


def call(address: str, tool: str, **arguments: object) -> CallToolResult:
    async def work(client: Client) -> CallToolResult:
        return await client.call_tool(tool, arguments)

    return within(address, work)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_are_described_in_chinese_with_schemas(address: str, mode: str) -> None:
    async def work(client: Client) -> ListToolsResult:
        return await client.list_tools()

    tools = {t.name: t for t in within(address, work, mode).tools}
    assert set(tools) == {"ask", "search", "figures"}
    for tool in tools.values():
        assert "报告" in (tool.description or "")
        properties = tool.input_schema["properties"]
        assert all(p.get("description") for p in properties.values())
        assert tool.output_schema
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint


def test_ask_returns_the_answer_with_its_citations(address: str, document: Document) -> None:
    result = call(address, "ask", question=GDP)
    answer = result.structured_content
    assert not result.is_error
    assert answer is not None
    assert answer["answer"] == "2382.5亿元"
    for cited in answer["citations"]:
        assert document.text[cited["start"] : cited["end"]] == cited["quote"]


def test_ask_understands_a_follow_up(address: str) -> None:
    earlier = ["梅山水道北堤工程得了什么奖"]
    answer = call(address, "ask", question="那南堤工程呢", history=earlier).structured_content
    assert answer is not None
    assert "南堤" in answer["standalone_question"]


def test_search_and_figures_return_places_in_the_report(address: str, document: Document) -> None:
    hits = call(address, "search", question="保障性租赁住房", top_k=3).structured_content
    figures = call(address, "figures", indicator="GDP", year=2021).structured_content
    assert hits is not None
    assert figures is not None
    assert len(hits["hits"]) == 3
    assert "租赁住房" in hits["hits"][0]["text"]
    assert figures["figures"][0]["value"] == "2382.5"
    for found in (*hits["hits"], *figures["figures"]):
        assert document.text[found["start"] : found["end"]] == found["text"]


def test_ask_and_search_keep_to_the_reports_chosen(address: str) -> None:
    chosen = {"regions": ["北仑"], "years": [2022], "levels": ["county"]}
    answer = call(address, "ask", question=GDP, **chosen).structured_content
    found = call(address, "search", question="产值", **chosen).structured_content
    assert answer is not None
    assert found is not None
    assert answer["answer"] == "2382.5亿元"
    assert {hit["document"] for hit in found["hits"]} == {"北仑区_2022"}


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask", {"question": "？"}, "空"),
        ("ask", {"question": GDP, "documents": ["没有这份"]}, "没有编号"),
        ("ask", {"question": GDP, "regions": ["镇海区"]}, "宁波市北仑区"),
        ("search", {"question": "产值", "years": [2021]}, "2022年"),
        ("search", {"question": "产值", "levels": ["区"]}, "levels"),
        ("search", {"question": "产值", "top_k": 1000}, "top_k"),
        ("figures", {"year": 12}, "year"),
    ],
)
def test_a_faulty_call_tells_the_assistant_what_is_wrong(
    address: str, tool: str, arguments: dict[str, object], told: str
) -> None:
    result = call(address, tool, **arguments)
    assert result.is_error
    assert told in str(result.content)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "wz.example.gov.cn"}, 200),
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
    ],
)
def test_a_page_that_rebinds_its_name_is_refused(
    address: str, headers: dict[str, str], status: int
) -> None:
    accept = {"Accept": "application/json, text/event-stream"}
    assert httpx.post(address, json=INITIALIZE, headers=accept | headers).status_code == status


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "PUT", "OPTIONS"])
def test_what_the_server_does_not_offer_is_said_at_once(address: str, method: str) -> None:
    """The specification: 405 where a server has no stream of its own and no sessions to end."""
    reply = httpx.request(method, address, headers={"Accept": "text/event-stream"}, timeout=10)
    assert reply.status_code == 405
    assert reply.headers["allow"] == "POST"
    assert reply.headers["content-type"] == "application/problem+json"
