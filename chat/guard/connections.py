"""Connections that say nothing, too little or too slowly, and too many of them.

What the guard limits elsewhere begins with a whole request. Here stands what comes before: uvicorn
waits for the head of a request, and for a reader of a reply, as long as it takes; a few thousand
connections held open that way would keep everyone else out.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections import Counter
from typing import TYPE_CHECKING

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from chat.guard.problems import problem

if TYPE_CHECKING:
    from chat.settings import Settings


class Connections:
    """How many connections are open, in all and from each address."""

    def __init__(self, config: Settings) -> None:
        self._most = config.max_connections
        self._most_each = config.max_connections_each
        self._exempt = [ipaddress.ip_network(p, strict=False) for p in _networks(config)]
        self._each: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count a new connection; tell whether there is room for it.

        This machine and trusted proxies, which speak for many, are limited in all only.
        """
        self._each[address] += 1
        most = self._most if self._speaks_for_many(address) else self._most_each
        return self._each[address] <= most and self._each.total() <= self._most

    def leave(self, address: str) -> None:
        """Count a connection that has ended."""
        self._each[address] -= 1
        if not self._each[address]:
            del self._each[address]

    def _speaks_for_many(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:  # a socket of this machine has none
            return True
        return parsed.is_loopback or any(parsed in network for network in self._exempt)


def _networks(config: Settings) -> list[str]:
    """Return the trusted proxies that are addresses or networks."""
    found = []
    for name in config.trusted_proxies:
        try:
            ipaddress.ip_network(name, strict=False)
        except ValueError:  # the path of a socket, or ``*``
            continue
        found.append(name)
    return found


class PatientProtocol(H11Protocol):
    """HTTP/1.1 with patience that ends.

    ``protocol_for`` makes the class that a server uses, with the limits of its settings.
    """

    counted: Connections
    head_seconds: float
    send_seconds: float

    _head: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection and await a request, if there is room."""
        super().connection_made(transport)
        self.access_log = False  # the guard writes its own, without queries
        if self.counted.enter(self._address()):
            self._head = self.loop.call_later(self.head_seconds, self.transport.close)
        else:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the connection no more."""
        self.counted.leave(self._address())
        self._drop_head()
        self._drop_stalled()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; the head of a request must be whole within its time."""
        super().data_received(data)
        self._watch_head()

    def on_response_complete(self) -> None:
        """Await the next request; one that has begun to come must go on."""
        super().on_response_complete()
        self._watch_head()

    def pause_writing(self) -> None:
        """Wait for the reader, for some time."""
        super().pause_writing()
        self._drop_stalled()
        self._stalled = self.loop.call_later(self.send_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on, as the reader does."""
        self._drop_stalled()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP in the form, and with the headers, of all other refusals."""
        said = problem(
            400, "请求有误", f"这不是合法的HTTP请求（{msg}），请检查客户端。", "http_invalid"
        )
        headers = [
            *said.raw_headers,
            (b"x-content-type-options", b"nosniff"),
            (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
            (b"connection", b"close"),
        ]
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            for event in (
                h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
                h11.Data(data=bytes(said.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def _watch_head(self) -> None:
        coming = self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0])
        if not coming:
            self._drop_head()
        elif self._head is None:
            self._head = self.loop.call_later(self.head_seconds, self.transport.close)

    def _drop_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _drop_stalled(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None


def protocol_for(config: Settings) -> type[PatientProtocol]:
    """Return the protocol of a server, with a count of its own."""
    return type(
        "Protocol",
        (PatientProtocol,),
        {
            "counted": Connections(config),
            "head_seconds": config.head_seconds,
            "send_seconds": config.body_seconds,
        },
    )
