"""Limit how many API requests are worked on at a time, and for how long."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.guard.metrics import Metrics
from chat.guard.problems import Refused
from chat.guard.routes import Sort, sort_of

if TYPE_CHECKING:
    from chat.settings import Settings

_log = logging.getLogger("wenzheng.guard")


class WorkLimit:
    """Work on so many API requests at a time; a few more wait, the rest are told to come again."""

    def __init__(self, app: ASGIApp, config: Settings, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._free = asyncio.Semaphore(config.max_concurrent)
        self._most = config.max_waiting
        self._seconds = config.wait_seconds
        self._request_seconds = config.request_seconds
        self._stream_seconds = config.stream_seconds
        self._send_seconds = config.body_seconds
        self._waiting = 0
        self._left_alone: set[asyncio.Future[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http" or sort_of(scope) is not Sort.API:
            await self._app(scope, receive, send)
            return
        refusal = await self._enter()
        if refusal is not None:
            await refusal.response()(scope, receive, send)
            return
        self._metrics.running.inc()
        await self._work(scope, receive, send)

    async def _enter(self) -> Refused | None:
        """Wait for a free place; return a refusal if there is none in time."""
        if self._free.locked() and self._waiting >= self._most:
            return self._busy()
        self._waiting += 1
        self._metrics.waiting.set(self._waiting)
        try:
            await asyncio.wait_for(self._free.acquire(), self._seconds)
        except TimeoutError:
            return self._busy()
        finally:
            self._waiting -= 1
            self._metrics.waiting.set(self._waiting)
        return None

    def _busy(self) -> Refused:
        self._metrics.turned_away.labels("busy").inc()
        return Refused(
            503,
            "服务繁忙",
            "现在提问的人太多，请过几秒再试。",
            "busy",
            {"Retry-After": "5"},
        )

    async def _work(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application in a task of its own, so that a time-out is told at once.

        A thread cannot be stopped: work that runs over time keeps its place until it ends, told
        that nobody listens any more, and what it then says goes nowhere.
        """
        reply = _Reply(send, self._send_seconds)
        gate = _Gate(receive)
        task = asyncio.ensure_future(self._app(scope, gate, reply))
        task.add_done_callback(self._leave)
        try:
            await self._watch(task, gate, reply)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if task.done():
            task.result()
            return
        self._left_alone.add(task)
        reply.closed = gate.closed = True
        self._metrics.turned_away.labels("timeout").inc()
        if not reply.began.done():
            refusal = Refused(
                504,
                "处理超时",
                f"{self._request_seconds:g}秒内没有处理完，请把问题问得短些，或稍后再试。",
                "timeout",
            )
            await refusal.response()(scope, receive, send)

    async def _watch(self, task: asyncio.Future[None], gate: _Gate, reply: _Reply) -> None:
        """Return when the task is done, or its time is over."""
        loop = asyncio.get_running_loop()
        while not task.done():
            if reply.began.done():
                end = reply.began.result() + self._stream_seconds
            else:
                end = gate.last + self._request_seconds
            left = end - loop.time()
            if left <= 0:
                return
            awaited: list[asyncio.Future[Any]] = [
                task,
                *([] if reply.began.done() else [reply.began]),
            ]
            await asyncio.wait(awaited, timeout=left, return_when=asyncio.FIRST_COMPLETED)

    def _leave(self, task: asyncio.Future[None]) -> None:
        self._free.release()
        self._metrics.running.dec()
        if task in self._left_alone:
            self._left_alone.discard(task)
            error = None if task.cancelled() else task.exception()
            if error is not None and not isinstance(error, ClientDisconnect | OSError):
                _log.error("超时后仍在进行的处理出错", exc_info=error)


class _Gate:
    """Passes the body on and notes when its last part came."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.last = asyncio.get_running_loop().time()
        self.closed = False

    async def __call__(self) -> Message:
        if self.closed:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self.last = asyncio.get_running_loop().time()
        return message


class _Reply:
    """Passes the reply on; one whose reader does not take it for too long is broken off.

    :ivar began: when the reply began, once it has.
    """

    def __init__(self, send: Send, seconds: float) -> None:
        self._send = send
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self.began: asyncio.Future[float] = self._loop.create_future()
        self.closed = False

    async def __call__(self, message: Message) -> None:
        if self.closed:
            if self.began.done():
                raise OSError("the reply was broken off")  # as a server says it; ends a stream
            return
        if not self.began.done():
            self.began.set_result(self._loop.time())
        await asyncio.wait_for(self._send(message), self._seconds)
