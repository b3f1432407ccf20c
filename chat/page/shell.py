"""Serve Gradio's document as ours: its language, title and icon, our header and first screen.

Gradio sends one fixed HTML document with links to pictures of its own on other hosts. It is
rewritten here: what names other hosts goes, and everything that can be read before the scripts run
is put in, so that the first screen stands at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.guard.headers import page_policy
from chat.page.strings import Language
from corpus.errors import WenzhengError

_META = re.compile(r'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*?/?>')
_LANG = re.compile(r'<html\s+lang="en"')
_FRAME = re.compile(r"<gradio-app\b.*?</gradio-app>", re.DOTALL)
_MANIFEST = re.compile(r'<link rel="manifest"[^>]*>')
# Its script for pages framed by hosts of Gradio's own; our frame needs none.
_RESIZER = re.compile(
    r"<script>\s*\(\(\) => \{\s*const root = .*?iframeResizer.*?</script>", re.DOTALL
)
_ROUTES: dict[str, Language] = {"/": "zh", "/en": "en"}

Parts = Callable[[Scope, Language], tuple[str, str, str]]


class ShellError(WenzhengError):
    """Gradio's document is not the one that this program knows."""

    code = "page_failed"


class Shell:
    """Rewrites the document of the page; all other replies pass untouched."""

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        """Wrap an application.

        :param parts: gives head, what stands before and after Gradio's part, for a request.
        """
        self._app = app
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        language = _ROUTES.get(_local(scope))
        if language is None:
            await self._app(scope, receive, send)
            return
        started: Message = {}
        body = bytearray()

        async def gather(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = message
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            whole = bytes(body)
            headers = MutableHeaders(scope=started)
            if headers.get("content-type", "").startswith("text/html"):
                parts = await run_in_threadpool(self._parts, scope, language)
                whole = rewritten(whole.decode(), language, *parts).encode()
                headers["content-length"] = str(len(whole))
                headers["cache-control"] = "no-cache"
                headers["content-security-policy"] = page_policy(whole.decode())
            await send(started)
            await send({"type": "http.response.body", "body": whole})

        await self._app(scope, receive, gather)


def rewritten(html: str, language: Language, head: str, before: str, after: str) -> str:
    """Return Gradio's document with our parts in it.

    :raises ShellError: if it does not look as expected, as after a change of Gradio.
    """
    frame = _FRAME.search(html)
    if not _LANG.search(html) or frame is None or "</head>" not in html:
        raise ShellError("Gradio的页面结构变了，请安装requirements.lock里的版本。")
    html = _LANG.sub(f'<html lang="{"en" if language == "en" else "zh-CN"}"', html, count=1)
    html = _META.sub("", _MANIFEST.sub("", _RESIZER.sub("", html)))
    html = html.replace("</head>", f"{head}</head>", 1)
    frame = _FRAME.search(html)
    assert frame is not None
    return f"{html[: frame.start()]}{before}{frame[0]}{after}{html[frame.end() :]}"


def _local(scope: Scope) -> str:
    """Return the path of a request below the prefix of the service."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    if root and path.startswith(root):
        path = path[len(root) :]
    return path or "/"
