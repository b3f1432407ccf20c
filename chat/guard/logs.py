"""Logs, one JSON object a line, and the request ids that tie them together."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import unicodedata
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pythonjsonlogger.json import JsonFormatter
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.guard.problems import problem
from chat.guard.routes import Sort, route_of, sort_of

if TYPE_CHECKING:
    from chat.settings import Settings

HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_current: ContextVar[str] = ContextVar("request_id", default="")
_access = logging.getLogger("wenzheng.access")
_log = logging.getLogger("wenzheng.guard")


def request_id() -> str:
    """Return the id of the request that is being answered, or an empty string."""
    return _current.get()


def configure_logs(config: Settings) -> None:
    """Send the logs of this program and of its web server to standard error.

    In a terminal they are text, elsewhere JSON, unless the settings say otherwise. In either form
    one record is one line: control characters of a message are escaped.
    """
    as_text = config.log_format == "text" or (config.log_format == "auto" and sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Text() if as_text else _json())
    handler.addFilter(_add_request_id)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("wenzheng").setLevel(config.log_level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    logging.captureWarnings(True)


def _add_request_id(record: logging.LogRecord) -> bool:
    record.request_id = _current.get()
    # Libraries that set their own level (bm25s) would tell more than anybody asked for.
    return record.levelno >= logging.WARNING or record.name.startswith("wenzheng")


class _Json(JsonFormatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802, ARG002
        """Return the moment in UTC, as RFC 3339 writes it."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        """Return the object on one line, whatever reads it."""
        return _inert(super().format(record))


def _json() -> logging.Formatter:
    return _Json(
        "{asctime}{levelname}{name}{message}{request_id}",
        style="{",
        rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        json_ensure_ascii=False,
    )


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """Return the line, unable to look like two."""
        return _inert(super().formatMessage(record))


def _inert(line: str) -> str:
    """Escape control characters, line separators and marks that turn the direction of writing."""
    return "".join(
        json.dumps(c)[1:-1] if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c
        for c in line
    )


class RequestLog:
    """Give every request an id, return it, and write one line when the request is over.

    The line holds neither the query nor the body: these may tell about people.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request under its id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        identity = given if _WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
        token = _current.set(identity)
        started = time.perf_counter()
        status = 0
        whole = False

        async def noted(message: Message) -> None:
            nonlocal status, whole
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = identity
            await send(message)
            whole = message["type"] == "http.response.body" and not message.get("more_body")

        try:
            await self._app(scope, receive, noted)
        except Exception:  # the edge of the program: whatever went wrong is told in the log
            _log.exception("处理请求时出错")
            if not status:
                await _fault(identity)(scope, receive, noted)
            elif not whole:
                raise  # the server breaks off a reply that was begun
        finally:
            took = round((time.perf_counter() - started) * 1000, 1)
            route = route_of(scope)
            quiet = status < 400 and sort_of(scope) in (Sort.PAGE, Sort.PROBE, Sort.STATUS)
            _access.log(
                logging.DEBUG if quiet else logging.INFO,
                "%s %s %s %sms",
                scope["method"],
                route,
                status,
                took,
                extra={
                    "method": scope["method"],
                    "route": route,
                    "status": status,
                    "took_ms": took,
                    "caller": _caller(scope),
                },
            )
            _current.reset(token)


def _fault(identity: str) -> Response:
    return problem(
        500, "服务出错", f"服务出错，请稍后再试；报告问题时请附上编号{identity}。", "internal_error"
    )


def _caller(scope: Scope) -> str:
    caller = scope.get("wenzheng.caller")
    if caller is not None and caller.key is not None:
        return f"key:{caller.key.id}"
    return caller.address if caller is not None else ""
