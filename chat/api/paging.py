"""Pages of a list: offset, limit, and the Link header with the pages around (RFC 8288)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response

MOST = 1000
Offset = Annotated[int, Query(ge=0, le=2**31 - 1, description="从第几个起。")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="一页最多几个。")]
Before = Annotated[
    int | None, Query(ge=1, le=2**53, description="只要编号比它小（更早）的，用于下一页。")
]


def link(request: Request, response: Response, total: int, offset: int, limit: int) -> None:
    """Name the first, previous, next and last page in the reply's Link header.

    Addresses are relative, so that they hold behind a proxy.
    """
    last = max(total - 1, 0) // limit * limit
    pages = {"first": 0, "last": last}
    if offset > 0:
        pages["prev"] = min(max(offset - limit, 0), last)
    if offset + limit < total:
        pages["next"] = offset + limit
    response.headers["Link"] = ", ".join(
        f'<{_with(request, offset=start, limit=limit)}>; rel="{rel}"'
        for rel, start in pages.items()
    )


def link_older(request: Request, response: Response, ids: list[int], limit: int) -> None:
    """Name the next page of a list that grows at its front: what is older than the last one.

    :param ids: of this page; fewer than ``limit`` of them are the end of the list.
    """
    if len(ids) == limit:
        older = _with(request, before=ids[-1], limit=limit)
        response.headers["Link"] = f'<{older}>; rel="next"'


def _with(request: Request, **query: int) -> str:
    """Return the address of a request with other parameters, fit for a header."""
    return f"{quote(request.url.path)}?{request.url.include_query_params(**query).query}"
