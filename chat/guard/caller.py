"""Who sent a request: address, key, request id."""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from chat.guard.logs import request_id
from chat.records import Records
from chat.records.keys import Key
from corpus.errors import RecordsError

CALLER = "wenzheng.caller"
_FORWARDING = ("x-forwarded-for", "forwarded", "x-real-ip")
_log = logging.getLogger("wenzheng.guard")


@dataclass(frozen=True)
class Caller:
    """Who sent a request.

    :ivar address: of the client; behind a trusted proxy the one that it names.
    :ivar local: whether a program of this machine asked, without a proxy in between.
    :ivar key: the valid key that came along, if any.
    """

    address: str
    local: bool
    key: Key | None
    request_id: str

    @property
    def who(self) -> str:
        """The name in the audit log."""
        return f"key:{self.key.id}（{self.key.name}）" if self.key else f"address:{self.address}"

    @property
    def bucket(self) -> str:
        """What the rate limit counts: the key, the address, or the /64 of an IPv6 address."""
        if self.key:
            return f"key:{self.key.id}"
        try:
            parsed = ipaddress.ip_address(self.address)
        except ValueError:
            return self.address
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
            return str(ipaddress.ip_network((parsed, 64), strict=False))
        return str(getattr(parsed, "ipv4_mapped", None) or parsed)


class Identify:
    """Find out who sends a request, once, for all that follows."""

    def __init__(self, app: ASGIApp, records: Records, trusts_proxy: bool) -> None:
        """Wrap an application.

        :param trusts_proxy: whether forwarded headers were taken from a trusted proxy before.
        """
        self._app = app
        self._records = records
        self._trusts_proxy = trusts_proxy
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put a ``Caller`` into the scope."""
        if scope["type"] in ("http", "websocket"):
            headers = Headers(scope=scope)
            address = scope["client"][0] if scope.get("client") else "unknown"
            forwarded = any(name in headers for name in _FORWARDING)
            if forwarded and not self._trusts_proxy and not self._warned:
                self._warned = True
                _log.warning(
                    "请求经过代理，但没有设置trusted_proxies，所以按代理的地址限速；"
                    "请把代理的地址写进该设置。"
                )
            scope[CALLER] = Caller(
                address=address,
                local=_is_loopback(address) and not forwarded,
                key=await self._key(headers),
                request_id=request_id(),
            )
        await self._app(scope, receive, send)

    async def _key(self, headers: Headers) -> Key | None:
        secret = headers.get("x-api-key", "")
        kind, _, token = headers.get("authorization", "").partition(" ")
        if not secret and kind.lower() == "bearer":
            secret = token.strip()
        if not secret:
            return None
        try:
            return await to_thread.run_sync(self._records.keys.verify, secret)
        except RecordsError as error:  # a staff route then refuses; citizens need no key
            _log.error("无法核对密钥：%s", error.message)
            return None


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
