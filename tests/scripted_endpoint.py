"""An OpenAI-compatible endpoint on loopback whose every reply a test writes, faults included."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route


@dataclass(frozen=True)
class Reply:
    """How the endpoint answers one request.

    :ivar pieces: text as it is sent, piece by piece; bytes are sent as they are, outside the form.
    :ivar status: other than 200, sent instead of the text.
    :ivar silence_s: before the first piece; ``pause_s`` between pieces.
    :ivar breaks: the connection ends behind the last piece, without an end.
    :ivar ends: a last chunk with a finish reason is sent.
    """

    pieces: tuple[str | bytes, ...] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    silence_s: float = 0.0
    pause_s: float = 0.0
    breaks: bool = False
    ends: bool = True


@dataclass
class Seen:
    """What the endpoint was asked.

    :ivar bodies: requests in order.
    :ivar at: when each arrived, by ``time.monotonic``.
    :ivar keys: Authorization headers.
    :ivar most: requests under way at a time, at most.
    :ivar left: replies whose reader went away before their end.
    """

    bodies: list[dict[str, object]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    under_way: int = 0
    most: int = 0
    left: int = 0


Script = Callable[[str, int], Reply]


class Endpoint:
    """A running endpoint; ``script`` gets the user's part of the prompt and the request's number."""

    def __init__(self) -> None:
        self.script: Script = lambda _, __: Reply()
        self.seen = Seen()
        self.url = ""

    def tells(self, *replies: Reply) -> None:
        """Answer the next requests with these replies, the last one from then on."""
        first = len(self.seen.bodies)
        self.script = lambda _, number: replies[min(number - first, len(replies) - 1)]

    async def complete(self, request: Request) -> Response:
        """Answer one chat completion."""
        body = await request.json()
        number = len(self.seen.bodies)
        self.seen.bodies.append(body)
        self.seen.at.append(time.monotonic())
        self.seen.keys.append(request.headers.get("authorization", ""))
        reply = self.script(body["messages"][-1]["content"], number)
        if reply.status != 200:
            error = {"error": {"message": "scripted", "type": "scripted"}}
            return JSONResponse(error, reply.status, headers=reply.headers)
        return StreamingResponse(self._chunks(reply), media_type="text/event-stream")

    async def _chunks(self, reply: Reply) -> AsyncIterator[bytes]:
        self.seen.under_way += 1
        self.seen.most = max(self.seen.most, self.seen.under_way)
        whole = False
        try:
            await asyncio.sleep(reply.silence_s)
            for piece in reply.pieces:
                yield piece if isinstance(piece, bytes) else _chunk(piece)
                await asyncio.sleep(reply.pause_s)
            if reply.breaks:
                raise ConnectionError("scripted")
            if reply.ends:
                yield _chunk("", "stop")
            yield b"data: [DONE]\n\n"
            whole = True
        finally:
            self.seen.under_way -= 1
            self.seen.left += not (whole or reply.breaks)


def _chunk(text: str, finish: str | None = None) -> bytes:
    delta = {"content": text} if text else {}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {
        "id": "scripted",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "scripted",
        "choices": [choice],
    }
    return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"


@contextlib.contextmanager
def running() -> Iterator[Endpoint]:
    """Run an endpoint in a thread on a free port of loopback."""
    endpoint = Endpoint()
    app = Starlette(routes=[Route("/v1/chat/completions", endpoint.complete, methods=["POST"])])
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        endpoint.url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield endpoint
        finally:
            server.should_exit = True
            thread.join(timeout=10)
