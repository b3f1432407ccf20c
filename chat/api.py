"""The HTTP API under /v1, health checks, and problem details in Chinese."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.middleware.base import RequestResponseEndpoint
from starlette.routing import Match

from chat.schemas import (
    AnswerModel,
    AskRequest,
    DocumentModel,
    DocumentsReply,
    FigureModel,
    FiguresReply,
    Health,
    HitModel,
    Problem,
    SearchReply,
    SearchRequest,
)
from chat.service import Service
from corpus.errors import LibraryError, QuestionError, UnknownDocumentError, WenzhengError
from retriever.figures import find_figures

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
PROBLEM = "application/problem+json"
MAX_BODY = 256 * 1024
_STATUS: dict[type[WenzhengError], tuple[int, str]] = {
    QuestionError: (422, "问题无法受理"),
    UnknownDocumentError: (404, "没有这份文件"),
    LibraryError: (503, "索引不可用"),
}
# What pydantic found → what a person reads. {0} is the field, the rest the error's context.
_WRONG: dict[str, str] = {
    "missing": "缺少“{field}”，请补上。",
    "string_type": "“{field}”应是文字，请用引号括起来。",
    "list_type": "“{field}”应是列表，请用方括号括起来。",
    "int_type": "“{field}”应是整数。",
    "int_parsing": "“{field}”应是整数。",
    "int_from_float": "“{field}”应是整数。",
    "greater_than_equal": "“{field}”太小，最小是{ge}。",
    "less_than_equal": "“{field}”太大，最大是{le}。",
    "too_long": "“{field}”最多{max_length}项，请减少。",
    "extra_forbidden": "不认识“{field}”这个字段，请删去或检查拼写。",
    "json_invalid": "请求不是合法的JSON，请检查引号、逗号和括号。",
    "model_attributes_type": '请求应是一个JSON对象，例如 {{"question": "…"}}，并注明Content-Type: application/json。',
    "dict_type": '请求应是一个JSON对象，例如 {{"question": "…"}}。',
}
_ERRORS: dict[int | str, dict[str, object]] = {
    code: {"model": Problem, "description": text}
    for code, text in (
        (404, "没有这份文件"),
        (413, "请求太大"),
        (422, "请求有误"),
        (503, "索引不可用"),
    )
}


def problem(status: int, title: str, detail: str, code: str) -> JSONResponse:
    """Return a problem document."""
    body = Problem(title=title, status=status, detail=detail, code=code)
    return JSONResponse(body.model_dump(), status_code=status, media_type=PROBLEM)


def create_api(service: Service) -> FastAPI:
    """Return the API over a service; the page is mounted on it elsewhere."""
    app = FastAPIOffline(
        title="问政 Wenzheng",
        version="1",
        description="就政府工作报告提问：逐字引用，注明出处，报告没说的就说没有。",
        docs_url="/docs",
        redoc_url=None,
    )
    _handle_errors(app)

    @app.post("/v1/ask", responses=_ERRORS, summary="提问", tags=["问答"])
    def ask(request: AskRequest) -> AnswerModel:
        answer = service.ask(
            request.question, request.history, tuple(request.documents), request.top_k
        )
        return AnswerModel.of(answer)

    @app.post("/v1/search", responses=_ERRORS, summary="检索段落", tags=["问答"])
    def search(request: SearchRequest) -> SearchReply:
        hits = service.search(request.question, request.top_k, tuple(request.documents))
        library = service.library
        return SearchReply(
            question=request.question,
            hits=[HitModel.of(h, library.document(h.passage.document_id)) for h in hits],
        )

    @app.get("/v1/figures", responses=_ERRORS, summary="查数据", tags=["问答"])
    def figures(
        indicator: Annotated[
            str, Query(max_length=100, description="指标，如GDP；不填则全部")
        ] = "",
        year: Annotated[int | None, Query(ge=1900, le=2100, description="年份")] = None,
        document: Annotated[list[str] | None, Query(description="文件编号，可重复")] = None,
        offset: Annotated[int, Query(ge=0, description="从第几个起")] = 0,
        limit: Annotated[int, Query(ge=1, le=1000, description="最多几个")] = 100,
    ) -> FiguresReply:
        found = find_figures(service.library, indicator, year, tuple(document or ()))
        page = found[offset : offset + limit]
        return FiguresReply(total=len(found), figures=[FigureModel.of(f) for f in page])

    @app.get("/v1/documents", responses=_ERRORS, summary="库里的文件", tags=["文件"])
    def documents() -> DocumentsReply:
        library = service.library
        return DocumentsReply(
            version=library.version,
            documents=[DocumentModel.of(d) for d in library.documents.values()],
        )

    @app.get(
        "/v1/documents/{document_id}/text",
        response_class=PlainTextResponse,
        responses=_ERRORS,
        summary="文件全文或其中一段",
        tags=["文件"],
    )
    def text(
        document_id: str,
        start: Annotated[int, Query(ge=0, description="起始字符")] = 0,
        end: Annotated[
            int | None, Query(ge=0, description="结束字符（不含）；不填则到文末")
        ] = None,
    ) -> PlainTextResponse:
        content = service.library.document(document_id).text
        return PlainTextResponse(content[start : len(content) if end is None else end])

    @app.get("/healthz", summary="进程在运行", tags=["状态"])
    def healthz() -> Health:
        return Health(status="ok")

    @app.get("/readyz", responses=_ERRORS, summary="可以回答问题", tags=["状态"])
    def readyz(response: Response) -> Health:
        ready, why = service.ready()
        if not ready:
            response.status_code = 503
        return Health(status="ok" if ready else "unavailable", detail=why)

    @app.api_route("/v1/{rest:path}", methods=_METHODS, include_in_schema=False)
    def unknown(request: Request) -> None:
        # The page answers for every other address; here a program needs a problem document.
        partial = any(r.matches(request.scope)[0] is Match.PARTIAL for r in app.routes)
        raise HTTPException(405 if partial else 404)

    return app


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(WenzhengError)
    async def known(_: Request, error: WenzhengError) -> JSONResponse:
        status, title = _STATUS.get(type(error), (500, "服务出错"))
        return problem(status, title, error.message, error.code)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        details = [_explain(e) for e in error.errors()[:5]]
        return problem(422, "请求有误", "".join(details), "request_invalid")

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        told = {
            404: ("没有这个地址", "请对照 /docs 检查地址。"),
            405: ("方法不对", "这个地址不支持该方法，请对照 /docs。"),
        }
        title, detail = told.get(error.status_code, ("请求有误", str(error.detail)))
        return problem(error.status_code, title, detail, f"http_{error.status_code}")

    @app.middleware("http")
    async def limit(request: Request, call_next: RequestResponseEndpoint) -> Response:
        length = request.headers.get("content-length", "0")
        if request.url.path.startswith("/v1/") and length.isdigit() and int(length) > MAX_BODY:
            return problem(
                413, "请求太大", f"请求超过{MAX_BODY // 1024} KiB，请缩短后再试。", "too_large"
            )
        return await call_next(request)


def _explain(error: dict[str, object]) -> str:
    place = error.get("loc", ())
    names = (
        [str(p) for p in place if p not in ("body", "query", "path")]
        if isinstance(place, tuple)
        else []
    )
    template = _WRONG.get(str(error["type"]), "“{field}”的值不对，请对照 /docs 检查。")
    context = error.get("ctx") or {}
    assert isinstance(context, dict)
    return template.format(field=".".join(names) or "请求", **context)
