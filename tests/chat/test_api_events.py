"""Answers that stream: events in order, sessions, a reader who leaves."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from live_api import LiveApi, live_api

from chat.api import create_api
from chat.api.asking import stream
from chat.api.sessions import Sessions
from chat.checking import MAX_HISTORY
from chat.observer import Channel

GDP = "2021年北仑区的地区生产总值是多少？"
MEASURES = "怎么推进乡村振兴？"


@pytest.fixture(scope="module")
def api(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApi]:
    with live_api(data_dir, tmp_path_factory.mktemp("events")) as running:
        yield running


@pytest.fixture(scope="module")
def client(api: LiveApi) -> Iterator[httpx.Client]:
    with api.client() as citizen:
        yield citizen


def events(client: httpx.Client, **body: Any) -> list[tuple[str, Any]]:
    headers = {"accept": "text/event-stream", "accept-encoding": "gzip"}
    with client.stream("POST", "/v1/ask", json=body, headers=headers) as reply:
        assert reply.status_code == 200, reply.read()
        assert reply.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in reply.headers
        found, name = [], ""
        for line in reply.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                found.append((name, json.loads(line.removeprefix("data: "))))
    return found


@pytest.mark.parametrize("question", [GDP, MEASURES, "2019年北仑区的地区生产总值是多少？"])
def test_the_events_end_with_the_answer_that_json_gives(
    client: httpx.Client, question: str
) -> None:
    told = events(client, question=question)
    plain = client.post("/v1/ask", json={"question": question}).json()
    names = [name for name, _ in told]
    assert names[:2] == ["retrieval", "evidence"]
    assert names[-1] == "done"
    assert set(names[2:-1]) <= {"token"}
    done = told[-1][1]
    assert {k: v for k, v in done.items() if k != "took_ms"} == {
        k: v for k, v in plain.items() if k != "took_ms"
    }
    assert "".join(data["text"] for name, data in told if name == "token") == done["answer"]
    assert told[1][1]["citations"] == done["citations"]
    assert told[0][1]["question"] == done["standalone_question"]


def test_a_long_answer_comes_in_pieces(client: httpx.Client) -> None:
    assert sum(name == "token" for name, _ in events(client, question=MEASURES)) > 1


def test_a_bad_question_is_refused_before_the_stream_begins(client: httpx.Client) -> None:
    headers = {"accept": "text/event-stream"}
    for body, status in (
        ({"question": "？"}, 422),
        ({"question": GDP, "documents": ["没有这份"]}, 404),
    ):
        reply = client.post("/v1/ask", json=body, headers=headers)
        assert reply.status_code == status
        assert reply.headers["content-type"] == "application/problem+json"


def test_who_accepts_anything_gets_json(client: httpx.Client) -> None:
    for accept in ("*/*", "application/json, text/event-stream;q=0.5", "application/json"):
        reply = client.post("/v1/ask", json={"question": GDP}, headers={"accept": accept})
        assert reply.headers["content-type"] == "application/json"


def test_an_answer_that_nobody_waits_for_is_not_finished(api: LiveApi) -> None:
    """The log of questions tells: a reader who leaves after the first event ends the work."""
    rooms = create_api(api.service, api.records).state.rooms

    async def ask(question: str, *, leave: bool) -> None:
        steps = await stream(rooms, question, [], channel=Channel.API)
        async for _ in steps:
            if leave:
                break
        await steps.aclose()  # type: ignore[attr-defined]

    asyncio.run(ask("读完的问题是多少", leave=False))
    asyncio.run(ask("没读完的问题是多少", leave=True))
    logged = {q.question for q in api.records.questions.list()}
    assert "读完的问题是多少" in logged
    assert "没读完的问题是多少" not in logged


def test_a_session_remembers_the_questions_before(client: httpx.Client) -> None:
    session = uuid.uuid4().hex
    first, then = "梅山水道北堤工程得了什么奖", "那南堤工程呢"
    client.post("/v1/ask", json={"question": first, "session": session})
    alone = client.post("/v1/ask", json={"question": then}).json()
    within = client.post("/v1/ask", json={"question": then, "session": session}).json()
    told = client.post("/v1/ask", json={"question": then, "history": [first]}).json()
    assert within["standalone_question"] == told["standalone_question"]
    assert within["standalone_question"] != alone["standalone_question"]
    other = client.post("/v1/ask", json={"question": then, "session": uuid.uuid4().hex}).json()
    assert other["standalone_question"] == alone["standalone_question"]


def test_a_session_that_can_be_guessed_is_refused(client: httpx.Client) -> None:
    reply = client.post("/v1/ask", json={"question": GDP, "session": "1"})
    assert reply.status_code == 422
    assert "session" in reply.json()["detail"]


def test_sessions_are_bounded_in_number_length_and_age() -> None:
    now = 0.0
    kept = Sessions(most=2, idle_seconds=60, clock=lambda: now)
    for number in range(MAX_HISTORY + 5):
        kept.add("a", f"问题{number}")
    assert len(kept.questions("a")) == MAX_HISTORY
    assert kept.questions("a")[-1] == f"问题{MAX_HISTORY + 4}"
    kept.add("b", "问题")
    kept.add("c", "问题")
    assert kept.questions("a") == []
    assert kept.questions("c") == ["问题"]
    now = 61.0
    assert kept.questions("c") == []
    assert len(kept) == 0
