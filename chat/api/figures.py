"""Figures of the reports, in pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from chat.api.context import DocumentId, TheService
from chat.api.described import errors
from chat.api.negotiation import JSON, produces
from chat.api.paging import Limit, Offset, link
from chat.schemas import FigureModel, FiguresReply
from chat.service import Service
from retriever.figures import find_figures

router = APIRouter(tags=["问答"], dependencies=[Depends(produces(JSON))])

Indicator = Annotated[
    str, Query(max_length=100, description="指标，如GDP；不填则全部。", examples=["GDP"])
]
Year = Annotated[int | None, Query(ge=1900, le=2100, description="年份。", examples=[2021])]


@router.get("/v1/figures", summary="查数据", responses=errors(404, 406, 422, 429, 503))
def list_figures(
    request: Request,
    response: Response,
    service: TheService,
    indicator: Indicator = "",
    year: Year = None,
    document: Annotated[
        list[str] | None, Query(max_length=100, description="文件编号，可重复。")
    ] = None,
    offset: Offset = 0,
    limit: Limit = 100,
) -> FiguresReply:
    """按指标、年份、文件查报告里的数据。"""
    found = _page(service, indicator, year, tuple(document or ()), offset, limit)
    link(request, response, found.total, offset, limit)
    return found


@router.get(
    "/v1/documents/{document_id}/figures",
    summary="一份文件里的数据",
    tags=["文件"],
    responses=errors(404, 406, 422, 429, 503),
)
def document_figures(
    document_id: DocumentId,
    request: Request,
    response: Response,
    service: TheService,
    indicator: Indicator = "",
    year: Year = None,
    offset: Offset = 0,
    limit: Limit = 100,
) -> FiguresReply:
    """按指标和年份查一份文件里的数据。"""
    found = _page(service, indicator, year, (document_id,), offset, limit)
    link(request, response, found.total, offset, limit)
    return found


def _page(
    service: Service,
    indicator: str,
    year: int | None,
    documents: tuple[str, ...],
    offset: int,
    limit: int,
) -> FiguresReply:
    found = find_figures(service.library, indicator, year, documents)
    return FiguresReply(
        total=len(found),
        offset=offset,
        limit=limit,
        figures=[FigureModel.of(f) for f in found[offset : offset + limit]],
    )
