"""Turn away what neither our pages nor our API ask for: Gradio's other addresses, a bad Host.

Gradio brings addresses that read files from the server's disk, fetch from other hosts, take
uploads or tell of its insides. Our page needs none of them, so all but the few it does need are
closed here, before anything of Gradio runs: what a later Gradio adds is closed from the start.
"""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

from chat.guard.problems import problem
from chat.guard.routes import path_of

# Gradio's addresses below this one, of which only these are open: asking, directly or in its queue,
# hearing the answer, stopping, noticing a restart.
_GRADIO = "/gradio_api"
_OPEN = re.compile(
    r"/gradio_api/(?:queue/(?:join|data)|run/predict|cancel|reset/?|app_id/?|heartbeat/[^/]+)"
)
# Those of its addresses that lie beside our own.
_CLOSED = re.compile(
    r"/(?:login|logout|monitoring|svelte|pwa_icon|manifest\.json|custom_component|file=|proxy=)(?![\w-]).*",
    re.DOTALL,
)
# Gradio's own files; a name that no file can have would be an error there.
_FILES = ("/static/", "/assets/")
_NAME_BYTES = 255
# By these headers Gradio lets a sender choose the address that the page then calls; what a trusted
# proxy tells was taken from them before.
_DROPPED = frozenset(
    f"x-{name}".encode()
    for name in (
        "forwarded-host", "forwarded-proto", "forwarded-port", "forwarded-prefix",
        "gradio-server", "original-url", "rewrite-url",
    )
)  # fmt: skip
_HOST = re.compile(rb"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")


class Closed:
    """Answer 404 for a closed address and 400 for a Host that names none; pass on all else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on without the headers that are not for us."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not _names_a_host(scope):
            response = problem(
                400, "请求有误", "请求头Host应是一个主机名，可带端口。", "host_invalid"
            )
            await response(scope, receive, send)
            return
        if is_closed(path_of(scope)):
            response = problem(404, "没有这个地址", "请对照 /docs 检查地址。", "http_404")
            await response(scope, receive, send)
            return
        scope["headers"] = [(n, v) for n, v in scope["headers"] if n not in _DROPPED]
        await self._app(scope, receive, send)


def is_closed(path: str) -> bool:
    """Tell whether an address of Gradio's is one that our page does without."""
    if path.startswith(_GRADIO):
        return _OPEN.fullmatch(path) is None
    if path.startswith(_FILES) and any(len(p.encode()) > _NAME_BYTES for p in path.split("/")):
        return True
    return _CLOSED.fullmatch(path) is not None


def _names_a_host(scope: Scope) -> bool:
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    # HTTP/1.0 goes without one, as old health checks do.
    return not hosts or (len(hosts) == 1 and _HOST.fullmatch(hosts[0]) is not None)
