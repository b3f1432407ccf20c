"""Problem documents (RFC 9457) and the refusals that become one."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
# How OpenAI calls them.
_KINDS = {
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
    503: "server_error",
    504: "server_error",
}


def problem(
    status: int, title: str, detail: str, code: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return a problem document.

    :param detail: Chinese, names cause and mend.
    :param code: stable name for programs.
    """
    return JSONResponse(problem_body(status, title, detail, code), status, headers, MEDIA_TYPE)


def problem_body(status: int, title: str, detail: str, code: str) -> dict[str, object]:
    """Return what a problem document says."""
    return {
        "type": f"urn:wenzheng:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
    }


class Refused(HTTPException):
    """A request that the guard turns away."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        code: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, headers)
        self.title = title
        self.code = code

    def response(self) -> JSONResponse:
        """Return the problem document of the refusal.

        OpenAI's clients read its ``error``, which the form of problem documents leaves room for.
        """
        detail = str(self.detail)
        error = {"message": detail, "type": _KINDS.get(self.status_code, "invalid_request_error")}
        body = problem_body(self.status_code, self.title, detail, self.code)
        extended = body | {"error": error | {"param": None, "code": self.code}}
        return JSONResponse(extended, self.status_code, self.headers, MEDIA_TYPE)


async def refused(_: Request, error: Exception) -> JSONResponse:
    """Answer a refusal raised in a route; the exception handler of an application."""
    assert isinstance(error, Refused)
    return error.response()
