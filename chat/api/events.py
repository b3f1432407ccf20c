"""Server-sent events: data as JSON, and heartbeats."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

HEARTBEAT_SECONDS = 15


def event_stream(events: AsyncIterator[ServerSentEvent]) -> EventSourceResponse:
    """Return a reply that sends the events, with a comment as heartbeat in between."""
    return EventSourceResponse(events, ping=HEARTBEAT_SECONDS, sep="\n")


def event(name: str | None, data: BaseModel | dict[str, object] | str) -> ServerSentEvent:
    """Return an event; anything but text is sent as JSON."""
    if isinstance(data, BaseModel):
        text = data.model_dump_json()
    elif isinstance(data, str):
        text = data
    else:
        text = json.dumps(data, ensure_ascii=False)
    return ServerSentEvent(text, event=name)
