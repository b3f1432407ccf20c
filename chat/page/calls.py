"""Let only such calls of the page's functions through to Gradio as the page's script makes.

Gradio answers others with an error of its own, which anybody could fill the log with.
"""

from __future__ import annotations

from typing import Annotated

import gradio as gr
from pydantic import BaseModel, Field, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.guard.problems import problem
from chat.guard.routes import path_of

_PATH = "/gradio_api/run/predict"
_Hash = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,40}$")]


class _Call(BaseModel):
    """A call: the number of a function, and the texts of the fields that it reads."""

    fn_index: int
    data: list[str] = Field(max_length=4)
    session_hash: _Hash | None = None
    trigger_id: int | None = None


class Calls:
    """Refuses other calls with 422; all other requests pass untouched."""

    def __init__(self, app: ASGIApp, blocks: gr.Blocks) -> None:
        """Note which functions there are, and how many fields each reads."""
        self._app = app
        self._fields = {
            number: len(function.inputs)
            for number, function in blocks.fns.items()
            if function.fn is not None and not function.queue
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http" or path_of(scope) != _PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        try:
            call = _Call.model_validate_json(body)
        except ValidationError:
            call = None
        if call is None or self._fields.get(call.fn_index) != len(call.data):
            refusal = problem(
                422,
                "请求有误",
                "这个地址只供网页自己使用；程序请用 /v1/ask，见 /docs。",
                "page_call_invalid",
            )
            await refusal(scope, receive, send)
            return
        given = call.model_dump_json(exclude_none=True).encode()
        whole: Message = {"type": "http.request", "body": given, "more_body": False}
        first = True

        async def again() -> Message:
            nonlocal first
            if first:
                first = False
                return whole
            return await receive()

        headers = [
            (n, v) for n, v in scope["headers"] if n not in (b"content-length", b"content-type")
        ]
        headers += [
            (b"content-length", str(len(given)).encode()),
            (b"content-type", b"application/json"),
        ]
        await self._app({**scope, "headers": headers}, again, send)
