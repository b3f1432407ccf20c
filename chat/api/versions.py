"""Versions of the library: list them, go back to one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from chat.api.context import InRooms, TheService
from chat.api.described import errors
from chat.api.negotiation import JSON, produces
from chat.guard.keys import Admin, require
from chat.guard.problems import Refused
from chat.schemas import VersionModel, VersionsReply
from corpus.errors import LibraryError

router = APIRouter(tags=["版本"], dependencies=[Depends(produces(JSON))])


@router.get(
    "/v1/versions",
    summary="库的版本",
    responses=errors(401, 403, 406, 429, 503),
    dependencies=[Depends(require("read"))],
)
def list_versions(service: TheService) -> VersionsReply:
    """列出还留着的版本，从新到旧，并逐个核对文件是否完好。"""
    return VersionsReply(versions=[VersionModel.of(v) for v in service.versions()])


@router.post(
    "/v1/versions/{number}/publish",
    summary="换用一个版本",
    responses=errors(401, 403, 404, 406, 409, 422, 429, 503),
)
def publish_version(
    number: Annotated[int, Path(ge=1, le=2**31 - 1, description="版本号。")],
    found: InRooms,
    caller: Admin,
) -> VersionsReply:
    """换用还留着的一个版本，马上生效；此后导入文件仍建立新的版本。"""
    held = {v.number: v for v in found.service.versions()}
    if number not in held:
        numbers = "、".join(map(str, held)) or "（没有）"
        raise Refused(
            404,
            "没有这个版本",
            f"没有版本{number}；请从现有的版本里选：{numbers}。",
            "version_unknown",
        )
    if not held[number].whole:
        raise Refused(
            409, "版本已损坏", f"版本{number}的文件不完整，请选别的版本。", "version_damaged"
        )
    if not held[number].published:
        try:
            found.service.rollback(number)
        except LibraryError as error:  # of an older program, of another encoder, or being changed
            told = error.message.replace(f"“{found.service.directory}”", "报告库")
            raise Refused(409, "不能换用这个版本", told, error.code) from error
        before = next((str(v.number) for v in held.values() if v.published), "不明")
        found.records.audit.record(
            caller.who, "versions.publish", str(number), f"从版本{before}换为版本{number}"
        )
    return VersionsReply(versions=[VersionModel.of(v) for v in found.service.versions()])
