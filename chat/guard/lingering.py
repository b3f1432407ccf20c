"""Let a client finish sending before it is refused, so that it gets to read why.

A connection that is closed while its client still sends is reset, and the reply is lost: a browser
then shows a network error instead of "the file is too large".
"""

from __future__ import annotations

import asyncio
import contextlib

from starlette.types import Receive

from chat.guard.problems import Refused

SECONDS = 2.0
MAX_BYTES = 64 * 1024 * 1024


async def linger(receive: Receive) -> None:
    """Take in and drop what a client still sends, for a short while."""
    left = MAX_BYTES
    with contextlib.suppress(TimeoutError, Refused):
        async with asyncio.timeout(SECONDS):
            while left > 0:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
                left -= len(message.get("body", b""))
