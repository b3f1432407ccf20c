"""Chat completions in OpenAI's form, so that its clients work with another base address only."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from sse_starlette import ServerSentEvent

from chat.api import asking
from chat.api.context import InRooms
from chat.api.described import OPENAI_STREAM, openai_errors
from chat.api.events import event, event_stream
from chat.api.negotiation import EVENTS, JSON, consumes, produces
from chat.api.problems import known_problem, openai_error, problem_body
from chat.checking import checked
from chat.guard.problems import Refused
from chat.observer import Channel
from chat.render import place
from chat.schemas import AnswerModel
from chat.schemas.choosing import choice_of
from chat.schemas.openai import (
    ChatChunk,
    ChatReply,
    ChatRequest,
    Choice,
    ChunkChoice,
    Delta,
    Message,
    Model,
    ModelsReply,
    ReplyMessage,
    Usage,
)
from chat.streaming import Done, Event, Token
from chat.types import Answer, Status
from corpus.errors import QuestionError, WenzhengError

MODEL = "wenzheng"
_SINCE = 1640995200  # a model must have a date; that of the bundled report's year
router = APIRouter(tags=["OpenAI"])
_log = logging.getLogger("wenzheng")


@router.get(
    "/v1/models",
    summary="可用的模型",
    responses=openai_errors(400, 429, 503),
    dependencies=[Depends(produces(JSON))],
)
def list_models() -> ModelsReply:
    """只有一个：wenzheng。"""
    return ModelsReply(data=[Model(id=MODEL, created=_SINCE)])


@router.get(
    "/v1/models/{model}",
    summary="一个模型",
    responses=openai_errors(400, 404, 429, 503),
    dependencies=[Depends(produces(JSON))],
)
def get_model(model: Annotated[str, Path(max_length=100)]) -> Model:
    """看一个模型是否可用。"""
    _check_model(model)
    return Model(id=MODEL, created=_SINCE)


@router.post(
    "/v1/chat/completions",
    summary="对话补全（OpenAI形式）",
    response_model=ChatReply,
    response_model_exclude_none=False,
    responses=openai_errors(400, 404, 413, 429, 503) | OPENAI_STREAM,
    dependencies=[Depends(produces(JSON, EVENTS)), Depends(consumes(JSON))],
)
async def chat_completions(asked: ChatRequest, found: InRooms) -> Response | ChatReply:
    """回答最后一条user消息，此前的user消息用来理解追问。

    答案后面注明出处；扩展字段wenzheng是完整的回答。system消息和temperature等收下，
    但答案逐字引自报告，所以不起作用。
    """
    _check(asked)
    question, history = _conversation(asked.messages)
    choice = choice_of(asked)
    if asked.stream:
        steps = await asking.stream(found, question, history, choice, channel=Channel.OPENAI)
        return event_stream(_chunks(steps, asked))
    answer = await asking.ask(found, question, history, choice, channel=Channel.OPENAI)
    content = answer.answer + appendix(answer)
    return ChatReply(
        id=_new_id(),
        created=int(time.time()),
        model=MODEL,
        choices=[Choice(message=ReplyMessage(content=content))],
        usage=_usage(asked.messages, content),
        wenzheng=AnswerModel.of(answer),
    )


def appendix(answer: Answer) -> str:
    """Return what follows the answer in the text: marks, the sentence, notes, the sources.

    A text that a model wrote has its marks and sentences already. A source's quote is left to the
    sentence above it, which it repeats; a refusal has none.
    """
    parts = []
    answered = answer.status is Status.ANSWERED
    written = answer.answerer == "generative"
    if answered and not written:
        parts.append("".join(f"[{n}]" for n in range(1, len(answer.citations) + 1)))
        if answer.explanation and answer.explanation != answer.answer:
            parts.append(f"\n\n{answer.explanation}")
    parts.extend(f"\n\n{note}" for note in answer.notes)
    sources: dict[str, str] = {}
    for number, cited in enumerate(answer.citations, 1):
        quoted = answered and answer.explanation and not written
        quote = "" if quoted else f"：“{' '.join(cited.quote.split())}”"
        source = f"{place(cited)}{quote}"
        sources[source] = f"{sources.get(source, '')}[{number}]"
    if sources:
        lines = "\n".join(f"{marks} {source}" for source, marks in sources.items())
        parts.append(f"\n\n{'出处' if answered else '最接近的原文'}：\n{lines}")
    return "".join(parts)


async def _chunks(
    steps: AsyncIterator[Event], asked: ChatRequest
) -> AsyncIterator[ServerSentEvent]:
    number, created = _new_id(), int(time.time())
    usage_wanted = asked.stream_options is not None and asked.stream_options.include_usage

    def chunk(
        choices: list[ChunkChoice], answer: Answer | None = None, usage: Usage | None = None
    ) -> ServerSentEvent:
        made = ChatChunk(
            id=number,
            created=created,
            model=MODEL,
            choices=choices,
            usage=usage,
            wenzheng=AnswerModel.of(answer) if answer is not None else None,
        )
        left_out = {name for name in ("usage", "wenzheng") if getattr(made, name) is None}
        if usage_wanted:
            left_out.discard("usage")  # OpenAI sends it as null until the last chunk
        return event(None, made.model_dump_json(exclude=left_out))

    said: list[str] = []

    def delta(text: str) -> ServerSentEvent:
        said.append(text)
        return chunk([ChunkChoice(delta=Delta(content=text))])

    yield chunk([ChunkChoice(delta=Delta(role="assistant", content=""))])
    try:
        async for step in steps:
            if isinstance(step, Token):
                yield delta(step.text)
            elif isinstance(step, Done):
                if rest := appendix(step.answer):
                    yield delta(rest)
                yield chunk([ChunkChoice(delta=Delta(), finish_reason="stop")], step.answer)
    except WenzhengError as error:
        yield event(None, openai_error(known_problem(error)))
        return
    except Exception:
        # The status has been sent already: only a chunk can still tell the client.
        _log.exception("流式回答中出现未预料的错误")
        detail = "服务内部出错，已记入日志；请稍后再试。"
        yield event(None, openai_error(problem_body(500, "服务出错", detail, "internal_error")))
        return
    if usage_wanted:
        yield chunk([], usage=_usage(asked.messages, "".join(said)))
    yield event(None, "[DONE]")


def _conversation(messages: list[Message]) -> tuple[str, list[str]]:
    """Return the question and the questions before it."""
    asked = [m.text() for m in messages if m.role == "user"]
    if messages[-1].role != "user":
        raise _refused("最后一条消息应是user的问题，请改messages。", "messages_invalid")
    last = messages[-1].content
    if isinstance(last, list) and any(p.type != "text" for p in last):
        raise _refused("只能读文字，请去掉消息里的图片、语音和文件。", "content_unsupported")
    return asked[-1], [earlier for earlier in asked[:-1] if _askable(earlier)]


def _askable(question: str) -> bool:
    """Tell whether an earlier message was a question at all, or was refused in its time."""
    try:
        checked(question)
    except QuestionError:
        return False
    return True


def _check(asked: ChatRequest) -> None:
    _check_model(asked.model)
    if asked.n not in (None, 1):
        raise _refused("一次只给一个回答，请把n改为1或删去。", "n_unsupported")
    if asked.tool_choice not in (None, "auto", "none"):
        raise _refused("不调用工具，请删去tool_choice，或改为“auto”。", "tools_unsupported")
    wanted = asked.response_format
    if wanted is not None and (not isinstance(wanted, dict) or wanted.get("type") != "text"):
        raise _refused(
            "只返回文字，请删去response_format；要结构化的结果，请用扩展字段wenzheng或/v1/ask。",
            "response_format_unsupported",
        )


def _check_model(name: str) -> None:
    if name != MODEL:
        shown = "".join(c for c in name if c.isprintable())[:100]
        raise Refused(404, "没有这个模型", f"没有模型“{shown}”，请用“{MODEL}”。", "model_not_found")


def _refused(detail: str, code: str) -> Refused:
    return Refused(400, "请求有误", detail, code)


def _usage(messages: list[Message], content: str) -> Usage:
    """Count characters: there is no tokenizer whose tokens would mean anything here."""
    read = sum(len(m.text()) for m in messages)
    return Usage(
        prompt_tokens=read, completion_tokens=len(content), total_tokens=read + len(content)
    )


def _new_id() -> str:
    return f"chatcmpl-{uuid.uuid4().hex}"
