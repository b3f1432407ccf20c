"""Put the API together: routers, errors, what every reply has in common."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import takewhile
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi_offline import FastAPIOffline
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Match

from chat.api import ask, documents, feedback, figures, jobs, openai, status, upload, versions
from chat.api.context import Rooms
from chat.api.described import describe
from chat.api.heads import HeadMiddleware
from chat.api.mcp import mount_mcp
from chat.api.problems import handle_errors
from chat.api.sessions import Sessions
from chat.api.worker import Worker
from chat.guard.metrics import Metrics
from chat.observer import Observer
from chat.records import open_records
from chat.settings import settings

if TYPE_CHECKING:
    from chat.records import Records
    from chat.service import Service
    from chat.settings import Settings

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
_REST = "/v1/{rest:path}"
_ABOUT = """就政府工作报告提问：逐字引用，注明出处，报告没说的就说没有。

提问、检索、查数据、看文件不用密钥；上传、删除、换版本和看反馈要密钥：
请求头写 `Authorization: Bearer 密钥`，密钥由管理员用 `wenzheng keys create` 签发。
出错时返回 `application/problem+json`（RFC 9457），detail写明原因和办法。
"""
_TAGS = [
    {"name": "问答", "description": "提问、检索、查数据。"},
    {"name": "文件", "description": "库里的文件：上传、列出、全文、章节、删除。"},
    {"name": "版本", "description": "库的版本：列出、换用。"},
    {"name": "任务", "description": "上传和删除在后台进行，这里看进展。"},
    {"name": "反馈", "description": "市民的反馈，和没答上的问题。"},
    {"name": "OpenAI", "description": "OpenAI形式的接口，官方客户端改个地址即可使用。"},
    {"name": "状态", "description": "运行状态。"},
]


def build(
    service: Service,
    records: Records | None = None,
    config: Settings | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """Return the API; see ``chat.api.create_api``."""
    config = config or settings(data=service.directory)
    records = records or open_records(config)
    observer = Observer(service, records, metrics or Metrics(records, service))
    worker = Worker(service, records)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(worker.start)
        try:
            async with mcp.running():
                yield
        finally:
            await run_in_threadpool(worker.stop)

    app = FastAPIOffline(
        title="问政 Wenzheng",
        version="1",
        summary="政府工作报告问答",
        description=_ABOUT,
        openapi_tags=_TAGS,
        docs_url="/docs",
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
        separate_input_output_schemas=False,
    )
    app.state.rooms = Rooms(service, records, config, observer, Sessions(), worker)
    for topic in (ask, figures, documents, upload, versions, jobs, feedback, openai, status):
        app.include_router(topic.router)
    mcp = mount_mcp(app, app.state.rooms)
    handle_errors(app)
    describe(app)
    app.add_middleware(HeadMiddleware)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    if config.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=config.cors_origins,
            allow_methods=["GET", "HEAD", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-API-Key"],
            expose_headers=["ETag", "Link", "Location", "Retry-After", "X-Request-ID"],
        )

    @app.api_route(_REST, methods=_METHODS, include_in_schema=False)
    def unknown(request: Request) -> None:
        # The page answers for every other address; here a program needs a problem document.
        allowed = _allowed(app, request)
        if allowed:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(allowed))})
        raise HTTPException(404)

    return app


def _allowed(app: FastAPI, request: Request) -> set[str]:
    """Return the methods that the address of a request takes."""
    # Behind the catch-all stands what is mounted on the API: the page.
    ours = list(takewhile(lambda r: getattr(r, "path", "") != _REST, app.routes))
    found = {
        method
        for method in _METHODS
        if any(r.matches({**request.scope, "method": method})[0] is Match.FULL for r in ours)
    }
    return found | ({"HEAD"} if "GET" in found else set())
