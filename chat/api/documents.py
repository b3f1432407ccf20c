"""Documents of the library: list, show, text, outline, delete."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

from chat.api.context import DocumentId, InRooms, TheService
from chat.api.described import ACCEPTED, errors
from chat.api.negotiation import JSON, produces
from chat.api.paging import Limit, Offset, link
from chat.guard.keys import Writer
from chat.guard.problems import Refused
from chat.schemas import DocumentDetail, DocumentModel, DocumentsReply, OutlineReply
from chat.schemas.records import JobModel
from corpus.types import Document

router = APIRouter(tags=["文件"])
_TEXT = "text/plain"


@router.get(
    "/v1/documents",
    summary="库里的文件",
    responses=errors(406, 422, 429, 503),
    dependencies=[Depends(produces(JSON))],
)
def list_documents(
    request: Request,
    response: Response,
    service: TheService,
    offset: Offset = 0,
    limit: Limit = 100,
) -> DocumentsReply:
    """列出库里的文件。"""
    library = service.library
    held = library.store.descriptions()
    link(request, response, len(held), offset, limit)
    return DocumentsReply(
        version=library.version,
        total=len(held),
        offset=offset,
        limit=limit,
        documents=[DocumentModel.of(row) for row in held[offset : offset + limit]],
    )


@router.get(
    "/v1/documents/{document_id}",
    summary="一份文件的详情",
    responses=errors(404, 406, 422, 429, 503),
    dependencies=[Depends(produces(JSON))],
)
def get_document(document_id: DocumentId, service: TheService) -> DocumentDetail:
    """看一份文件的标题、地区、年份、会议、篇幅等。"""
    library = service.library
    return DocumentDetail.within(library.document(document_id), library)


@router.get(
    "/v1/documents/{document_id}/text",
    response_class=PlainTextResponse,
    responses=errors(404, 406, 422, 429, 503)
    | {
        200: {
            "description": "文字，UTF-8。",
            "headers": {"ETag": {"schema": {"type": "string"}, "description": "内容的标记。"}},
        },
        304: {"description": "与If-None-Match所说的相同，没有正文。"},
    },
    summary="文件全文或其中一段",
    dependencies=[Depends(produces(_TEXT))],
)
def get_text(
    document_id: DocumentId,
    request: Request,
    service: TheService,
    start: Annotated[int, Query(ge=0, le=2**31 - 1, description="起始字符。")] = 0,
    end: Annotated[
        int | None, Query(ge=0, le=2**31 - 1, description="结束字符（不含）；不填则到文末。")
    ] = None,
) -> Response:
    """返回文件文本的 [start, end) 字符，引文的位置就是这样数的。"""
    found = service.library.document(document_id)
    last = len(found.text) if end is None else min(end, len(found.text))
    if start > last:
        raise Refused(
            422,
            "范围不对",
            f"起始字符{start}在结束字符{last}之后（全文{len(found.text)}字），请改start或end。",
            "range_invalid",
        )
    tag = _tag(found, start, last)
    headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    if _matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return PlainTextResponse(found.text[start:last], headers=headers)


@router.get(
    "/v1/documents/{document_id}/outline",
    summary="一份文件的章节",
    responses=errors(404, 406, 422, 429, 503),
    dependencies=[Depends(produces(JSON))],
)
def get_outline(document_id: DocumentId, service: TheService) -> OutlineReply:
    """列出各级标题和它们在文本里的位置。"""
    return OutlineReply.of(service.library.document(document_id))


@router.delete(
    "/v1/documents/{document_id}",
    status_code=202,
    summary="删除一份文件",
    responses=errors(401, 403, 404, 406, 409, 422, 429, 503) | ACCEPTED,
    dependencies=[Depends(produces(JSON))],
)
async def delete_document(
    document_id: DocumentId, response: Response, found: InRooms, caller: Writer
) -> JobModel:
    """在后台删除一份文件并发布新版本；进展见任务。"""
    library = found.service.library
    library.document(document_id)
    if len(library.documents) == 1:
        raise Refused(
            409,
            "不能删除",
            "库里至少要留一份文件；请先导入别的文件，再删除这一份。",
            "last_document",
        )
    found.worker.check_room()
    job = await run_in_threadpool(found.worker.remove, document_id, caller.who)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return JobModel.of(job)


def _tag(document: Document, start: int, end: int) -> str:
    """Return the ETag of a stretch of text; weak, as gzip changes its bytes."""
    digest = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
    return f'W/"{digest[:24]}-{start}-{end}"'


def _matches(header: str, tag: str) -> bool:
    """Tell whether If-None-Match names a tag, by weak comparison (RFC 9110, 13.1.2)."""
    wanted = tag.removeprefix("W/")
    named = [t.strip().removeprefix("W/") for t in header.split(",")]
    return "*" in named or wanted in named
