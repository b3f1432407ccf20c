"""Questions: ask (JSON or events) and search."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

from fastapi import APIRouter, Depends, Request, Response
from sse_starlette import ServerSentEvent

from chat.api import asking
from chat.api.context import InRooms, Rooms, TheService
from chat.api.described import EVENT_STREAM, errors
from chat.api.events import event, event_stream
from chat.api.negotiation import EVENTS, JSON, consumes, produces, wants_events
from chat.api.problems import known_problem, problem_body
from chat.observer import Channel
from chat.schemas import (
    AnswerModel,
    AskRequest,
    CitationModel,
    HitModel,
    SearchReply,
    SearchRequest,
)
from chat.schemas.choosing import choice_of
from chat.streaming import Cited, Done, Event, Retrieved, Token
from chat.types import Answer
from corpus.errors import WenzhengError

router = APIRouter(tags=["问答"])
_log = logging.getLogger("wenzheng")


@router.post(
    "/v1/ask",
    summary="提问",
    response_model=AnswerModel,
    responses=errors(404, 406, 413, 415, 422, 429, 503) | EVENT_STREAM,
    dependencies=[Depends(produces(JSON, EVENTS)), Depends(consumes(JSON))],
)
async def ask(asked: AskRequest, request: Request, found: InRooms) -> Response | AnswerModel:
    """回答一个问题；`Accept: text/event-stream`时逐步返回retrieval、evidence、token、done。

    documents、regions、years、levels限定在哪些报告里找，几项都填时须同时符合。
    """
    history = _history(asked, found)
    choice = choice_of(asked)
    if wants_events(request):
        steps = await asking.stream(
            found, asked.question, history, choice, asked.top_k, channel=Channel.API
        )
        return event_stream(_told(steps, asked, found))
    answer = await asking.ask(
        found, asked.question, history, choice, asked.top_k, channel=Channel.API
    )
    _remember(asked, found, answer)
    return AnswerModel.of(answer)


@router.post(
    "/v1/search",
    summary="检索段落",
    responses=errors(404, 406, 413, 415, 422, 429, 503),
    dependencies=[Depends(produces(JSON)), Depends(consumes(JSON))],
)
def search(asked: SearchRequest, service: TheService) -> SearchReply:
    """找与问题最相关的段落，不作回答；限定报告的写法与提问相同。"""
    chosen = service.chosen(choice_of(asked))
    found = service.find(asked.question, asked.top_k, chosen)
    return SearchReply(
        question=asked.question,
        hits=[HitModel.of(h, found.library.document(h.passage.document_id)) for h in found.hits],
    )


def _history(asked: AskRequest, found: Rooms) -> list[str]:
    earlier = found.sessions.questions(asked.session) if asked.session else []
    return [*earlier, *asked.history]


def _remember(asked: AskRequest, found: Rooms, answer: Answer) -> None:
    if asked.session:
        found.sessions.add(asked.session, answer.question)


async def _told(
    steps: AsyncIterator[Event], asked: AskRequest, found: Rooms
) -> AsyncIterator[ServerSentEvent]:
    try:
        async for step in steps:
            if isinstance(step, Done):
                _remember(asked, found, step.answer)
            yield shown(step)
    except WenzhengError as error:
        yield event("error", known_problem(error))
    except Exception:
        # The status has been sent already: only an event can still tell the client.
        _log.exception("流式回答中出现未预料的错误")
        detail = "服务内部出错，已记入日志；请稍后再试。"
        yield event("error", problem_body(500, "服务出错", detail, "internal_error"))


def shown(step: Event) -> ServerSentEvent:
    """Return a step of an answer as the event that clients read."""
    match step:
        case Retrieved(question=question, hits=hits, library=library):
            models = [HitModel.of(h, library.document(h.passage.document_id)) for h in hits]
            return event("retrieval", SearchReply(question=question, hits=models))
        case Cited(citations=citations):
            cited = [CitationModel.model_validate(c, from_attributes=True) for c in citations]
            return event("evidence", {"citations": [c.model_dump() for c in cited]})
        case Token(text=text):
            return event("token", {"text": text})
        case Done(answer=answer):
            return event("done", AnswerModel.of(answer))
