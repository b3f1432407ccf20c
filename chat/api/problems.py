"""Errors as problem documents (RFC 9457) in Chinese, or in OpenAI's form on its routes."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from chat.guard.problems import MEDIA_TYPE, Refused
from chat.records.idempotency import IdempotencyBusyError, IdempotencyConflictError
from chat.records.jobs import UnknownJobError
from chat.schemas.common import Problem
from chat.schemas.openai import ErrorReply, OpenAIError
from chat.staff.wordlist import WordsError
from corpus.errors import (
    DocumentError,
    LibraryError,
    NoReportError,
    QuestionError,
    RecordsError,
    UnknownDocumentError,
    WenzhengError,
)
from retriever.vocabulary import VocabularyError

OPENAI_ROUTES = ("/v1/chat/", "/v1/models")
_log = logging.getLogger("wenzheng")

# Error → status and title; the first class that fits counts.
_STATUS: tuple[tuple[type[WenzhengError], int, str], ...] = (
    (QuestionError, 422, "问题无法受理"),
    (UnknownDocumentError, 404, "没有这份文件"),
    (NoReportError, 404, "没有这样的报告"),
    (DocumentError, 422, "文件无法读取"),
    (WordsError, 422, "说法无法受理"),
    (VocabularyError, 409, "词表无法使用"),
    (LibraryError, 503, "索引不可用"),
    (UnknownJobError, 404, "没有这个任务"),
    (RecordsError, 503, "记录库不可用"),
    (IdempotencyConflictError, 422, "重复的Idempotency-Key"),
    (IdempotencyBusyError, 409, "请求还在处理"),
)
# What pydantic found → what a person reads. {field} is the field, the rest the error's context.
_WRONG: dict[str, str] = {
    "missing": "缺少“{field}”，请补上。",
    "string_type": "“{field}”应是文字，请用引号括起来。",
    "string_too_long": "“{field}”最多{max_length}字，请缩短。",
    "string_too_short": "“{field}”至少{min_length}字，请补全。",
    "string_pattern_mismatch": "“{field}”应是{form}。",
    "list_type": "“{field}”应是列表，请用方括号括起来。",
    "bool_type": "“{field}”应是true或false。",
    "bool_parsing": "“{field}”应是true或false。",
    "int_type": "“{field}”应是整数。",
    "int_parsing": "“{field}”应是整数。",
    "int_parsing_size": "“{field}”太大或太小。",
    "int_from_float": "“{field}”应是整数。",
    "float_type": "“{field}”应是数字。",
    "float_parsing": "“{field}”应是数字。",
    "greater_than_equal": "“{field}”太小，最小是{ge}。",
    "less_than_equal": "“{field}”太大，最大是{le}。",
    "too_long": "“{field}”最多{max_length}项，请减少。",
    "too_short": "“{field}”至少要有{min_length}项。",
    "enum": "“{field}”只能是这些之一：{expected}。",
    "literal_error": "“{field}”只能是这些之一：{expected}。",
    "extra_forbidden": "不认识“{field}”这个字段，请删去或检查拼写。",
    "json_invalid": "请求不是合法的JSON，请检查引号、逗号和括号。",
    "string_unicode": "“{field}”里有无法识别的字符，请去掉后再试。",
    "model_attributes_type": '请求应是一个JSON对象，例如 {{"question": "…"}}。',
    "dict_type": '请求应是一个JSON对象，例如 {{"question": "…"}}。',
}
# Status → title and detail where the raiser gave none of its own.
_TOLD: dict[int, tuple[str, str]] = {
    404: ("没有这个地址", "请对照 /docs 检查地址。"),
    405: ("方法不对", "这个地址不支持该方法，请对照 /docs。"),
    413: ("请求太大", "请求太大，请缩短后再试。"),
}


def problem_body(status: int, title: str, detail: str, code: str) -> Problem:
    """Return what a problem document says; its type is a name made of the code."""
    return Problem(
        type=f"urn:wenzheng:{code}", title=title, status=status, detail=detail, code=code
    )


def known_problem(error: WenzhengError) -> Problem:
    """Return what a problem document says of one of the project's errors."""
    status, title = next(
        ((status, title) for kind, status, title in _STATUS if isinstance(error, kind)),
        (500, "服务出错"),
    )
    return problem_body(status, title, error.message, error.code)


def explain(error: Mapping[str, object]) -> str:
    """Return one of pydantic's errors as a Chinese sentence."""
    place = error.get("loc", ())
    names = (
        [str(p) for p in place if p not in ("body", "query", "path", "header")]
        if isinstance(place, tuple)
        else []
    )
    template = _WRONG.get(str(error["type"]), "“{field}”的值不对，请对照 /docs 检查。")
    context = error.get("ctx") or {}
    assert isinstance(context, dict)
    if "expected" in context:  # 'a', 'b' or 'c'
        context = context | {"expected": re.sub(", | or ", "、", str(context["expected"]))}
    field = _printable(".".join(names)) or "请求"
    form = _form(str(context.get("pattern", "")))
    return template.format(**(context | {"field": field, "form": form}))


def _form(pattern: str) -> str:
    """Return in words which texts a pattern of ours lets through."""
    told = re.fullmatch(r"\^\[A-Za-z0-9(\S*)\]\{(\d+),(\d+)\}\$", pattern)
    if told is None:
        return "/docs 里说明的写法"
    return f"{told[2]}到{told[3]}个字符，只用英文字母、数字和“{told[1]}”"


def _printable(name: str) -> str:
    """Return the name of a field that a caller made up, fit to be shown."""
    return "".join(c for c in name if c.isprintable())[:80]


def reply(
    request: Request, said: Problem, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return a problem in the form that the route's clients read."""
    if not request.url.path.startswith(OPENAI_ROUTES):
        return JSONResponse(
            said.model_dump(), said.status, dict(headers) if headers else None, MEDIA_TYPE
        )
    # OpenAI's clients know 400 for a faulty request, where problem documents tell 422.
    status = 400 if said.status in (406, 415, 422) else said.status
    body = openai_error(said)
    return JSONResponse(body.model_dump(), status, dict(headers) if headers else None)


def openai_error(said: Problem) -> ErrorReply:
    """Return a problem in OpenAI's form."""
    kinds = {401: "authentication_error", 429: "rate_limit_error"}
    kind = kinds.get(said.status, "invalid_request_error" if said.status < 500 else "server_error")
    return ErrorReply(error=OpenAIError(message=said.detail, type=kind, param=None, code=said.code))


def handle_errors(app: FastAPI) -> None:
    """Let every error of the app answer with a problem."""

    @app.exception_handler(WenzhengError)
    async def known(request: Request, error: WenzhengError) -> JSONResponse:
        said = known_problem(error)
        if said.status >= 500:
            _log.error("%s", error.message)
            folder = request.app.state.rooms.service.directory
            said.detail = said.detail.replace(f"“{folder}”", "报告库")  # no path for strangers
        return reply(request, said)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        details = "".join(dict.fromkeys(explain(e) for e in error.errors()[:5]))
        return reply(request, problem_body(422, "请求有误", details, "request_invalid"))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        if isinstance(error, Refused):
            said = problem_body(error.status_code, error.title, str(error.detail), error.code)
        elif error.status_code == 400:  # FastAPI's word for bytes that are no text
            said = problem_body(422, "请求有误", _WRONG["json_invalid"], "request_invalid")
        else:
            title, detail = _TOLD.get(error.status_code, ("请求有误", str(error.detail)))
            said = problem_body(error.status_code, title, detail, f"http_{error.status_code}")
        return reply(request, said, error.headers)

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> JSONResponse:
        _log.error("未预料的错误：%s %s", request.method, request.url.path, exc_info=error)
        detail = "服务内部出错，已记入日志；请稍后再试，仍不行请联系管理员。"
        return reply(request, problem_body(500, "服务出错", detail, "internal_error"))
