"""Answer HEAD wherever GET is answered: the same headers without a body (RFC 9110, 9.3.2)."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OURS = ("/v1/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs")


class HeadMiddleware:
    """Runs HEAD requests of the API as GET and keeps the body back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if (
            scope["type"] != "http"
            or scope["method"] != "HEAD"
            or not scope["path"].startswith(_OURS)
        ):
            await self._app(scope, receive, send)
            return

        async def headers_only(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # A stream of events would have no end; the headers of the plain reply will do.
        headers = [(k, v) for k, v in scope["headers"] if k != b"accept"]
        await self._app({**scope, "method": "GET", "headers": headers}, receive, headers_only)
