"""A small application behind the real guard, served by the real server on loopback."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from chat.guard import Metrics, guarded, uvicorn_options
from chat.guard.caller import Caller
from chat.guard.keys import caller_of, require
from chat.guard.problems import Refused, refused
from chat.records import Records
from chat.settings import settings


def small_app() -> FastAPI:
    """Return an application with a route for each thing that the guard watches."""
    app = FastAPI()
    app.add_exception_handler(Refused, refused)

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.post("/v1/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    @app.post("/v1/documents")
    async def upload(request: Request) -> int:
        return len(await request.body())

    @app.get("/v1/whoami")
    def whoami(request: Request) -> dict[str, str | bool]:
        caller = caller_of(request)
        return {"address": caller.address, "local": caller.local, "who": caller.who}

    @app.get("/v1/staff/{thing}")
    def staff(thing: str, caller: Annotated[Caller, Depends(require("write"))]) -> list[str]:
        return [thing, caller.who]

    released = threading.Event()

    @app.get("/v1/held")
    async def held() -> str:
        while not released.is_set():
            await asyncio.sleep(0.01)
        return "done"

    @app.get("/v1/stuck")
    def stuck() -> str:
        released.wait(30)  # a thread, which nobody can stop
        return "done"

    @app.get("/page/release")
    async def release() -> str:
        released.set()
        return "released"

    @app.get("/v1/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            for number in range(5):
                yield f"data: {number}\n\n".encode()
                await asyncio.sleep(0.3)

        return StreamingResponse(parts(), media_type="text/event-stream")

    @app.get("/v1/broken")
    def broken() -> None:
        raise RuntimeError("秘密的原因")

    @app.get("/page")
    def page() -> HTMLResponse:
        return HTMLResponse("<p>页面</p>")

    return app


@contextmanager
def guarded_server(folder: Path, **given: object) -> Iterator[tuple[str, Records]]:
    """Serve the small application with the settings given; yield its address and records."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = settings(data=folder, port=port, **given)
    records = Records(folder)
    app = guarded(small_app(), config, records, Metrics(records))
    server = uvicorn.Server(uvicorn.Config(app, **uvicorn_options(config)))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}", records
    finally:
        server.should_exit = True
        thread.join(timeout=15)
