"""Security headers of every reply."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.guard.routes import Sort, path_of, sort_of

if TYPE_CHECKING:
    from chat.settings import Settings

# Data is not a page: nothing in it may run, load or be framed.
_DATA = "default-src 'none'; base-uri 'none'; form-action 'none'"
# Scripts come from this server only, and those in the page itself only by their digests, so that
# text of a report or a question never runs, whatever becomes of it. Styles may stand in the page:
# Gradio's components write them as they are drawn, which no digest can name.
_PAGE = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; base-uri 'self'; "
    "form-action 'self'; object-src 'none'"
)
# The reference of the API starts from a script in its page; it shows nothing that a user wrote.
_REFERENCE = "/docs"
_INLINE = re.compile(r"<script\b(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(self), midi=(), payment=(), usb=()"
)


def page_policy(html: str) -> str:
    """Return the Content-Security-Policy of a page that lets only its own scripts run.

    For a page whose scripts are known to be ours; the page sends it itself.
    """
    digests = (
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in _INLINE.findall(html)
    )
    return _PAGE.format(scripts="".join(f" 'sha256-{d}'" for d in dict.fromkeys(digests)))


class SecurityHeaders:
    """Add the headers that keep a browser from doing what nobody meant.

    A reply that sets its own Content-Security-Policy keeps it, with our ``frame-ancestors``.
    """

    def __init__(self, app: ASGIApp, config: Settings) -> None:
        self._app = app
        hosts = " ".join(config.embed_hosts)
        self._ancestors = f"frame-ancestors 'self' {hosts}" if hosts else "frame-ancestors 'self'"
        self._fixed = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": _PERMISSIONS,
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        if not hosts:
            self._fixed["X-Frame-Options"] = "SAMEORIGIN"
            self._fixed["Cross-Origin-Resource-Policy"] = "same-origin"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with the headers added."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def added(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._fixed.items():
                    headers.setdefault(name, value)
                policy = headers.get("Content-Security-Policy") or self._policy(scope, headers)
                if "frame-ancestors" not in policy:
                    policy = f"{policy}; {self._ancestors}"
                headers["Content-Security-Policy"] = policy
                if sort_of(scope) is Sort.API and "etag" not in headers:
                    headers.setdefault("Cache-Control", "no-store")
                if scope.get("scheme") == "https":
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        await self._app(scope, receive, added)

    def _policy(self, scope: Scope, headers: MutableHeaders) -> str:
        page = headers.get("content-type", "").startswith("text/html")
        if not page or sort_of(scope) is not Sort.PAGE:
            return _DATA
        reference = path_of(scope).startswith(_REFERENCE)
        return _PAGE.format(scripts=" 'unsafe-inline'" if reference else "")
