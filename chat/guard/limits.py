"""Limit how often one may come, and how large a request may be."""

from __future__ import annotations

import asyncio
import math
import time
from typing import TYPE_CHECKING

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.guard.caller import CALLER, Caller
from chat.guard.lingering import linger
from chat.guard.metrics import Metrics
from chat.guard.problems import Refused
from chat.guard.routes import Sort, path_of, sort_of

if TYPE_CHECKING:
    from chat.settings import Settings

_UPLOADS = ("/v1/documents", "/staff/check")
_REASONS = {408: "slow_body", 413: "too_large"}
_NEVER = Caller("unknown", False, None, "")


class RateLimit:
    """Refuse who asks too often: 429 with ``Retry-After``.

    Counted in this process, per key, per address, or per /64 of IPv6; questions and page files
    apart. Two windows are kept for each, so memory does not grow with the number of requests.
    """

    def __init__(self, app: ASGIApp, config: Settings, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._public = parse_many(config.rate_public)
        self._local = parse_many(config.rate_local)
        self._key = parse_many(config.rate_key)
        self._page = parse_many(config.rate_page)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "http" and (sort := sort_of(scope)) is not Sort.PROBE:
            caller: Caller = scope.get(CALLER, _NEVER)
            wait = self.wait(sort, caller)
            if wait:
                self._metrics.turned_away.labels("rate").inc()
                refusal = Refused(
                    429,
                    "请求太频繁",
                    f"请求太频繁，请{wait}秒后再试；单位的系统可向管理员申请密钥。",
                    "too_many_requests",
                    {"Retry-After": str(wait)},
                )
                await refusal.response()(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def wait(self, sort: Sort, caller: Caller) -> int:
        """Return after how many seconds the caller may come again; 0 for now."""
        items, name = self._limits(sort, caller)
        for item in items:
            if not self._limiter.hit(item, name, caller.bucket):
                reset = self._limiter.get_window_stats(item, name, caller.bucket).reset_time
                return max(1, math.ceil(reset - time.time()))
        return 0

    def _limits(self, sort: Sort, caller: Caller) -> tuple[list[RateLimitItem], str]:
        if caller.key is not None:
            return self._key, "key"
        if caller.local:
            return self._local, "local"
        return (self._page, "page") if sort is Sort.PAGE else (self._public, "public")


class BodyLimit:
    """Refuse a body that is too large (413), or that does not come in time (408).

    Counted as it comes in, whether or not its length was announced. The body of a usual request is
    taken in whole before anything is done with it, so that a slow sender keeps nobody waiting; an
    upload is passed on part by part.
    """

    def __init__(self, app: ASGIApp, config: Settings, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._usual = config.max_body_kib * 1024
        self._upload = config.max_upload_mib * 1024 * 1024
        self._seconds = config.body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        upload = scope["method"] == "POST" and path_of(scope).rstrip("/") in _UPLOADS
        most = self._upload if upload else self._usual
        began = False

        async def noted(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start" and message["status"] in _REASONS:
                self._metrics.turned_away.labels(_REASONS[message["status"]]).inc()
            began = True
            await send(message)

        body = _Body(receive, most, self._seconds)
        try:
            self._check_announced(scope, most)
            if not upload:
                await body.take_in()
            await self._app(scope, body, noted)
        except Refused as refusal:  # as the application passes it on, if it read the body
            if began:
                raise
            if refusal.status_code == 413 and not body.whole:
                await linger(receive)
            await refusal.response()(scope, receive, noted)

    @staticmethod
    def _check_announced(scope: Scope, most: int) -> None:
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > most:
            raise _too_large(most)


class _Body:
    """The body of a request, counted as it comes in.

    ``receive`` of the application: gives what was taken in first, then what follows.
    """

    def __init__(self, receive: Receive, most: int, seconds: float) -> None:
        self._receive = receive
        self._most = most
        self._seconds = seconds
        self._taken: list[Message] = []
        self._seen = 0
        self.whole = False

    async def take_in(self) -> None:
        """Read the whole body, within the time for one part.

        :raises Refused: if it is too large or too slow.
        """
        try:
            async with asyncio.timeout(self._seconds):
                while not self.whole:
                    self._taken.append(await self._next())
        except TimeoutError:
            raise _too_slow(self._seconds) from None

    async def __call__(self) -> Message:
        if self._taken:
            return self._taken.pop(0)
        if self.whole:  # what comes now is the end of the connection, however long that takes
            return await self._receive()
        try:
            return await asyncio.wait_for(self._next(), self._seconds)
        except TimeoutError:
            raise _too_slow(self._seconds) from None

    async def _next(self) -> Message:
        message = await self._receive()
        self.whole = not message.get("more_body", False)
        self._seen += len(message.get("body", b""))
        if self._seen > self._most:
            raise _too_large(self._most)
        return message


def _too_large(most: int) -> Refused:
    size = f"{most >> 10} KiB" if most < 1 << 20 else f"{most >> 20} MiB"
    return Refused(
        413, "请求太大", f"请求超过{size}，请缩短或分成几次。", "too_large", {"Connection": "close"}
    )


def _too_slow(seconds: float) -> Refused:
    return Refused(
        408,
        "请求没有发完",
        f"等了{seconds:g}秒没有收到请求的下一段，请检查网络后再试。",
        "request_timeout",
        {"Connection": "close"},
    )
