"""Routes that need a key: ``Depends(require(Scope.WRITE))``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer

from chat.guard.caller import CALLER, Caller
from chat.guard.problems import Refused
from chat.records.keys import Scope

# Told in the OpenAPI description; what they read was checked before, by ``Identify``.
_BEARER = HTTPBearer(
    auto_error=False, scheme_name="key", description="wenzheng keys create 建立的密钥。"
)
_HEADER = APIKeyHeader(
    name="X-API-Key",
    auto_error=False,
    scheme_name="keyHeader",
    description="同上，放在X-API-Key里。",
)
_NAMES = {Scope.READ: "查看", Scope.WRITE: "修改", Scope.ADMIN: "管理"}


def caller_of(request: Request) -> Caller:
    """Return who sent the request; a stranger if nothing has identified the sender."""
    known = request.scope.get(CALLER)
    return known if isinstance(known, Caller) else Caller("unknown", False, None, "")


def require(scope: Scope | str) -> Callable[..., Caller]:
    """Return a dependency that lets in only callers whose key has the scope.

    The dependency returns the caller, or raises ``Refused``: 401 without a valid key, 403 with
    one of too small a scope.
    """
    wanted = Scope(scope)

    def checked(
        request: Request,
        _bearer: Annotated[object, Security(_BEARER)],
        _header: Annotated[object, Security(_HEADER)],
    ) -> Caller:
        return admitted(caller_of(request), wanted, given=_given(request))

    return checked


Reader = Annotated[Caller, Depends(require(Scope.READ))]
Writer = Annotated[Caller, Depends(require(Scope.WRITE))]
Admin = Annotated[Caller, Depends(require(Scope.ADMIN))]


def admitted(caller: Caller, wanted: Scope, *, given: bool) -> Caller:
    """Return the caller if its key has the scope.

    :param given: whether a key came along at all.
    :raises Refused: 401 or 403.
    """
    if caller.key is None:
        why = "密钥无效、已过期或已吊销" if given else "这个地址只给工作人员用，请求里没有密钥"
        raise Refused(
            401,
            "需要密钥",
            f"{why}。请在服务器上运行 wenzheng keys create --name 名称 --scope {wanted} 建立密钥，"
            "再放进请求头“Authorization: Bearer 密钥”或“X-API-Key: 密钥”。",
            "key_required",
            {"WWW-Authenticate": 'Bearer realm="wenzheng"'},
        )
    if not caller.key.scope.allows(wanted):
        raise Refused(
            403,
            "权限不够",
            f"这个地址需要{wanted}（{_NAMES[wanted]}）权限，密钥“{caller.key.name}”"
            f"只有{caller.key.scope}（{_NAMES[caller.key.scope]}）权限；请换一个密钥，"
            f"或用 wenzheng keys create --scope {wanted} 建立。",
            "scope_missing",
            {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{wanted}"'},
        )
    return caller


def _given(request: Request) -> bool:
    return "x-api-key" in request.headers or "authorization" in request.headers
