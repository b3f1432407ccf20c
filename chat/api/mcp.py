"""An MCP server at /mcp: ask, search and figures as tools for assistants."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated

from fastapi import FastAPI
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import ToolAnnotations
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from chat.api import asking
from chat.api.context import Rooms
from chat.checking import MAX_HISTORY, MAX_QUESTION
from chat.observer import Channel
from chat.schemas import AnswerModel, FigureModel, FiguresReply, HitModel, SearchReply
from chat.schemas.choosing import (
    OF_DOCUMENTS,
    OF_LEVELS,
    OF_REGIONS,
    OF_YEARS,
    Documents,
    Levels,
    Regions,
    Years,
)
from chat.settings import Settings
from corpus.errors import WenzhengError
from retriever.choosing import Choice
from retriever.figures import find_figures

PATH = "/mcp"
_INSTRUCTIONS = (
    "就政府工作报告提问。回答逐字引自报告：status为answered时answer是答案，citations是出处；"
    "为unanswerable时报告没有说，请如实转告，不要自行补充。数值、年份、单位请照原文转述。"
)
_MAX_BODY = 256 * 1024
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_LOCAL = ("127.0.0.1", "localhost", "[::1]")

SomeDocuments = Annotated[Documents | None, Field(description=OF_DOCUMENTS)]
SomeRegions = Annotated[Regions | None, Field(description=OF_REGIONS)]
SomeYears = Annotated[Years | None, Field(description=OF_YEARS)]
SomeLevels = Annotated[Levels | None, Field(description=OF_LEVELS)]


class McpServer:
    """The MCP server of one app; its sessions live as long as the app does."""

    def __init__(self, found: Rooms) -> None:
        self._server = _server(found)
        self._security = _security(found.config)
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer requests inside; a manager can be run once, so every run has its own."""
        self._server.streamable_http_app(
            json_response=True,
            stateless_http=True,
            max_request_body_size=_MAX_BODY,
            transport_security=self._security,
        )
        manager = self._server.session_manager
        async with manager.run():
            self._manager = manager
            yield
            self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        :raises HTTPException: 405 if it is no POST. There are no sessions to end with DELETE, and
            nothing is told unasked, for which GET would open a stream that never carries a word;
            the specification (streamable HTTP, 2025-06-18) has 405 for a server without either.
        """
        if scope["method"] != "POST":
            raise HTTPException(405, headers={"Allow": "POST"})
        assert self._manager is not None, "the app's lifespan is not running"
        await self._manager.handle_request(scope, receive, send)


def mount_mcp(app: FastAPI, found: Rooms) -> McpServer:
    """Add the MCP server to an app; the app's lifespan enters ``running``."""
    server = McpServer(found)
    # A route, not a mount: a mount would redirect /mcp to /mcp/, which clients do not follow.
    app.router.routes.append(Route(PATH, server, include_in_schema=False))
    return server


def _server(found: Rooms) -> MCPServer[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    server: MCPServer[None] = MCPServer(
        "wenzheng", title="问政", instructions=_INSTRUCTIONS, version="1"
    )
    root.handlers[:] = handlers  # the constructor sets up logging for a whole program
    root.setLevel(level)

    @server.tool(
        title="提问",
        description="就政府工作报告提问，得到逐字引用的答案和出处。",
        annotations=_READS,
    )
    async def ask(
        question: Annotated[str, Field(max_length=MAX_QUESTION, description="问题，用中文。")],
        history: Annotated[
            list[str] | None,
            Field(max_length=MAX_HISTORY, description="此前问过的问题，从早到晚，用来理解追问。"),
        ] = None,
        documents: SomeDocuments = None,
        regions: SomeRegions = None,
        years: SomeYears = None,
        levels: SomeLevels = None,
    ) -> AnswerModel:
        choice = Choice.of(documents, regions, years, levels)
        with _told():
            answer = await asking.ask(found, question, history or [], choice, channel=Channel.MCP)
        return AnswerModel.of(answer)

    @server.tool(
        title="检索", description="找报告里与问题最相关的段落，不作回答。", annotations=_READS
    )
    async def search(
        question: Annotated[str, Field(max_length=MAX_QUESTION, description="问题或关键词。")],
        top_k: Annotated[int, Field(ge=1, le=50, description="段落数。")] = 5,
        documents: SomeDocuments = None,
        regions: SomeRegions = None,
        years: SomeYears = None,
        levels: SomeLevels = None,
    ) -> SearchReply:
        choice = Choice.of(documents, regions, years, levels)
        with _told():
            chosen = await run_in_threadpool(found.service.chosen, choice)
            hits = await run_in_threadpool(found.service.find, question, top_k, chosen)
        library = hits.library
        return SearchReply(
            question=question,
            hits=[HitModel.of(h, library.document(h.passage.document_id)) for h in hits.hits],
        )

    @server.tool(
        title="查数据",
        description="按指标和年份查报告里的数据，如GDP、财政收入。",
        annotations=_READS,
    )
    async def figures(
        indicator: Annotated[str, Field(max_length=100, description="指标；不填则全部。")] = "",
        year: Annotated[int | None, Field(ge=1900, le=2100, description="年份。")] = None,
        documents: SomeDocuments = None,
        offset: Annotated[int, Field(ge=0, description="从第几个起。")] = 0,
        limit: Annotated[int, Field(ge=1, le=200, description="最多几个。")] = 50,
    ) -> FiguresReply:
        with _told():
            matching = await run_in_threadpool(
                find_figures, found.service.library, indicator, year, tuple(documents or ())
            )
        return FiguresReply(
            total=len(matching),
            offset=offset,
            limit=limit,
            figures=[FigureModel.of(f) for f in matching[offset : offset + limit]],
        )

    return server


@contextmanager
def _told() -> Iterator[None]:
    """Tell an assistant what a person would be told."""
    try:
        yield
    except WenzhengError as error:
        raise ToolError(error.message) from error


def _security(config: Settings) -> TransportSecuritySettings:
    """Return the names under which /mcp may be called.

    A web page that lets its own name point here (DNS rebinding) sends that name as Host.
    """
    hosts = list(config.mcp_hosts)
    local = [*_LOCAL, *(f"{name}:*" for name in _LOCAL)]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[*local, *hosts],
        allowed_origins=[
            *(f"http://{name}" for name in local),
            *(f"{scheme}://{name}" for name in hosts for scheme in ("http", "https")),
        ],
    )
