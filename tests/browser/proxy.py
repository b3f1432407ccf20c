"""A reverse proxy that takes a path prefix away, as one stands before the service at its users'."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

_METHODS = ["GET", "HEAD", "POST", "DELETE"]


@contextmanager
def proxied(address: str, prefix: str) -> Iterator[str]:
    """Give the address of a proxy under whose prefix the server at ``address`` is reached."""
    client = httpx.AsyncClient(base_url=address, timeout=60)

    async def forward(request: Request) -> Response:
        target = httpx.URL(
            path=request.url.path.removeprefix(prefix) or "/", query=request.url.query.encode()
        )
        asked = client.build_request(
            request.method, target, headers=request.headers.raw, content=await request.body()
        )
        got = await client.send(asked, stream=True)
        reply = StreamingResponse(
            got.aiter_raw(), got.status_code, background=BackgroundTask(got.aclose)
        )
        reply.raw_headers = got.headers.raw
        return reply

    app = Starlette(routes=[Route(prefix + "/{rest:path}", forward, methods=_METHODS)])
    config = uvicorn.Config(app, port=0, log_level="warning", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
