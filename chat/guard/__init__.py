"""What stands between the network and the application: limits, keys, logs, meters, headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from chat.guard.caller import Identify
from chat.guard.closed import Closed
from chat.guard.connections import protocol_for
from chat.guard.headers import SecurityHeaders
from chat.guard.limits import BodyLimit, RateLimit
from chat.guard.logs import RequestLog
from chat.guard.metrics import Meter, Metrics, MetricsPage
from chat.guard.work import WorkLimit
from chat.records import Records

if TYPE_CHECKING:
    from chat.settings import Settings

__all__ = ["Metrics", "guarded", "uvicorn_options"]


def guarded(
    app: ASGIApp, config: Settings, records: Records, metrics: Metrics | None = None
) -> ASGIApp:
    """Return the application with the guard around it.

    From the outside in: the client's address as a trusted proxy tells it; security headers, on
    refusals too; request id and log; meters; who it is; how often; whether the address is open; how
    large; how many at a time and how long. The records' upkeep runs while the application does.
    """
    metrics = metrics or Metrics(records)
    inner: ASGIApp = MetricsPage(app, metrics)
    inner = WorkLimit(inner, config, metrics)
    inner = BodyLimit(inner, config, metrics)
    inner = Closed(inner)
    inner = RateLimit(inner, config, metrics)
    inner = Identify(inner, records, trusts_proxy=bool(config.trusted_proxies))
    inner = Meter(inner, metrics)
    inner = RequestLog(inner)
    inner = SecurityHeaders(inner, config)
    if config.trusted_proxies:
        inner = ProxyHeadersMiddleware(  # type: ignore[assignment]
            inner,  # type: ignore[arg-type]
            trusted_hosts=list(config.trusted_proxies),
        )
    return _Upkeep(inner, records)


def uvicorn_options(config: Settings) -> dict[str, Any]:
    """Return the options under which uvicorn runs a guarded application."""
    return {
        "host": config.host,
        "port": config.port,
        "http": protocol_for(config),
        "root_path": config.root_path,
        "proxy_headers": False,  # the guard reads them, from trusted proxies only
        "server_header": False,
        "access_log": False,  # the guard writes it
        "log_config": None,
        # A citizen's browser, or a proxy, asks again over the same connection within this time.
        "timeout_keep_alive": 30,
        "timeout_graceful_shutdown": config.drain_seconds,
        "h11_max_incomplete_event_size": 64 * 1024,
        "ws": "none",
    }


class _Upkeep:
    """Start the upkeep of the records with the application, and close them with it."""

    def __init__(self, app: ASGIApp, records: Records) -> None:
        self._app = app
        self._records = records

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def followed(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                self._records.start_upkeep()
            await send(message)

        try:
            await self._app(scope, receive, followed)
        finally:
            self._records.close()
