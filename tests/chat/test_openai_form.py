"""OpenAI's own client and LangChain's, unchanged, against a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_openai import ChatOpenAI
from live_api import live_api
from openai.types.chat import ChatCompletionMessageParam

GDP = "2021年北仑区的地区生产总值是多少？"
MISSING = "2019年北仑区的地区生产总值是多少？"


@pytest.fixture(scope="module")
def base(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with live_api(data_dir, tmp_path_factory.mktemp("openai")) as api:
        yield f"{api.address}/v1"


@pytest.fixture(scope="module")
def client(base: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=base, api_key="not-needed", max_retries=0) as made:
        yield made


def messages(*texts: str) -> list[ChatCompletionMessageParam]:
    return [{"role": "user", "content": text} for text in texts]


def test_a_completion_quotes_the_report_and_names_its_place(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(
        model="wenzheng",
        messages=[{"role": "system", "content": "请简短回答。"}, *messages(GDP)],
        temperature=0.2,
        max_tokens=500,
        user="someone",
    )
    content = reply.choices[0].message.content or ""
    assert content.startswith("2382.5亿元[1]")
    assert "[1] 宁波市北仑区2022年政府工作报告 › " in content
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage is not None
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens
    answer: dict[str, Any] = (reply.model_extra or {})["wenzheng"]
    assert answer["answer"] == "2382.5亿元"
    assert answer["citations"][0]["quote"]


def test_a_refusal_says_so_and_shows_the_nearest_places(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(model="wenzheng", messages=messages(MISSING))
    content = reply.choices[0].message.content or ""
    assert "没有" in content
    assert "最接近的原文：\n[1] " in content


@pytest.mark.parametrize("question", [GDP, MISSING, "怎么推进乡村振兴？"])
def test_the_stream_says_what_the_completion_says(client: openai.OpenAI, question: str) -> None:
    whole = client.chat.completions.create(model="wenzheng", messages=messages(question))
    chunks = list(
        client.chat.completions.create(
            model="wenzheng",
            messages=messages(question),
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    said = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert said == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert (chunks[-2].model_extra or {})["wenzheng"]["citations"]
    assert chunks[-1].choices == []
    assert chunks[-1].usage == whole.usage
    assert len({c.id for c in chunks}) == 1


def test_without_asking_for_it_no_usage_is_streamed(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(model="wenzheng", messages=messages(GDP), stream=True)
    )
    assert all(c.usage is None and c.choices for c in chunks)


def test_earlier_messages_are_the_conversation(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(
        model="wenzheng",
        messages=[
            *messages("梅山水道北堤工程得了什么奖"),
            {"role": "assistant", "content": "大禹奖"},
            *messages("？", "那南堤工程呢"),
        ],
    )
    assert "大禹奖" in (reply.choices[0].message.content or "")


def test_text_in_parts_is_read_and_pictures_are_refused(client: openai.OpenAI) -> None:
    part = {"type": "text", "text": GDP}
    reply = client.chat.completions.create(
        model="wenzheng",
        messages=[{"role": "user", "content": [part]}],  # type: ignore[list-item,misc]
    )
    assert (reply.choices[0].message.content or "").startswith("2382.5亿元")
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,"}}
    with pytest.raises(openai.BadRequestError, match="图片"):
        client.chat.completions.create(
            model="wenzheng",
            messages=[{"role": "user", "content": [part, picture]}],  # type: ignore[list-item,misc]
        )


def test_the_models_are_listed(client: openai.OpenAI) -> None:
    assert [m.id for m in client.models.list()] == ["wenzheng"]
    assert client.models.retrieve("wenzheng").object == "model"


@pytest.mark.parametrize(
    ("more", "error", "told"),
    [
        ({"model": "gpt-4o"}, openai.NotFoundError, "wenzheng"),
        ({"n": 2}, openai.BadRequestError, "n"),
        ({"messages": messages("")}, openai.BadRequestError, "空"),
        ({"messages": messages("问" * 501)}, openai.BadRequestError, "500"),
        ({"messages": []}, openai.BadRequestError, "messages"),
        ({"response_format": {"type": "json_object"}}, openai.BadRequestError, "文字"),
        ({"tool_choice": "required"}, openai.BadRequestError, "工具"),
    ],
)
def test_errors_reach_the_client_in_its_own_form(
    client: openai.OpenAI, more: dict[str, Any], error: type[openai.APIStatusError], told: str
) -> None:
    for stream in (False, True):
        asked = {"model": "wenzheng", "messages": messages(GDP), "stream": stream} | more
        with pytest.raises(error) as raised:
            client.chat.completions.create(**asked)
        assert told in raised.value.message
        assert raised.value.code


def test_a_body_that_is_no_json_gets_an_error_in_openais_form(base: str) -> None:
    for content, kind in (("{", "application/json"), ("x", "text/plain")):
        reply = httpx.post(
            f"{base}/chat/completions", content=content, headers={"content-type": kind}
        )
        assert reply.status_code == 400
        assert set(reply.json()["error"]) == {"message", "type", "param", "code"}


def test_the_asynchronous_client_streams_too(base: str) -> None:
    async def ask() -> tuple[str, str]:
        async with openai.AsyncOpenAI(base_url=base, api_key="x") as client:
            whole = await client.chat.completions.create(model="wenzheng", messages=messages(GDP))
            stream = await client.chat.completions.create(
                model="wenzheng", messages=messages(GDP), stream=True
            )
            said = [c.choices[0].delta.content or "" async for c in stream]
            return whole.choices[0].message.content or "", "".join(said)

    whole, streamed = asyncio.run(ask())
    assert whole == streamed
    assert whole.startswith("2382.5亿元")


def test_langchain_asks_and_streams(base: str) -> None:
    model = ChatOpenAI(base_url=base, api_key="x", model="wenzheng", temperature=0)  # type: ignore[arg-type]
    asked = model.invoke([HumanMessage(GDP)])
    assert str(asked.content).startswith("2382.5亿元[1]")
    assert asked.usage_metadata is not None
    pieces = [str(chunk.content) for chunk in model.stream(GDP)]
    assert "".join(pieces) == asked.content
    followed = model.invoke(
        [
            HumanMessage("梅山水道北堤工程得了什么奖"),
            AIMessage("大禹奖"),
            HumanMessage("那南堤工程呢"),
        ]
    )
    assert "大禹奖" in str(followed.content)
