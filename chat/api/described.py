"""What the OpenAPI document says beyond the schemas: errors, events, keys, headers."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from chat.guard.problems import MEDIA_TYPE
from chat.schemas.common import Problem
from chat.schemas.openai import ErrorReply

Responses = dict[int | str, dict[str, Any]]
_SAID: dict[int, str] = {
    400: "请求有误",
    401: "没有密钥或密钥无效",
    403: "密钥没有这个权限",
    404: "没有这份文件或这个地址",
    406: "没有请求的格式",
    409: "与现状冲突",
    413: "请求太大",
    415: "不支持这种内容",
    422: "请求有误",
    429: "请求太频繁",
    500: "服务出错",
    503: "暂时不能服务",
}


def _event(data: str) -> dict[str, Any]:
    """Return the schema of one event of a stream; OpenAPI 3.1 has no word for the whole stream."""
    return {
        "type": "object",
        "required": ["data"],
        "properties": {
            "event": {"type": "string", "description": "事件的名称。"},
            "data": {"type": "string", "description": data},
        },
    }


EVENT_STREAM: Responses = {
    200: {
        "description": "结果；请求text/event-stream时是事件流，每个事件的data是一个JSON对象。",
        "content": {"text/event-stream": {"schema": _event("JSON对象，见说明。")}},
    }
}
OPENAI_STREAM: Responses = {
    200: {
        "description": "回答；stream为true时是事件流，最后一个事件的data是[DONE]。",
        "content": {
            "text/event-stream": {"schema": _event("一个chat.completion.chunk，最后是[DONE]。")}
        },
    }
}
ACCEPTED: Responses = {
    202: {
        "description": "已受理，任务在后台进行。",
        "headers": {"Location": {"schema": {"type": "string"}, "description": "任务的地址。"}},
        "links": {
            "job": {
                "operationId": "get_job",
                "parameters": {"job_id": "$response.body#/id"},
                "description": "看任务的进展。",
            }
        },
    }
}


def errors(*codes: int) -> Responses:
    """Return the problem documents that a route may answer with."""
    return {code: {"model": Problem, "description": _SAID[code]} for code in codes}


def openai_errors(*codes: int) -> Responses:
    """Return the errors in OpenAI's form that a route may answer with."""
    return {code: {"model": ErrorReply, "description": _SAID[code]} for code in codes}


def describe(app: FastAPI) -> None:
    """Let the OpenAPI document say what FastAPI does not know of itself."""
    original = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = original()
            _name_problems(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _name_problems(document: dict[str, Any]) -> None:
    """Give problem documents their media type, and take FastAPI's own error form away."""
    for path in document["paths"].values():
        for operation in path.values():
            replies = operation["responses"]
            for code in [c for c in replies if c.startswith(("4", "5"))]:
                content = replies[code].get("content", {})
                for given in list(content):
                    named = content[given].get("schema", {}).get("$ref", "")
                    if named.endswith("/Problem"):
                        content[MEDIA_TYPE] = content.pop(given)
                    elif named.endswith("/HTTPValidationError"):
                        del replies[code]
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
