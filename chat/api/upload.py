"""Upload of reports: written to disk as they arrive, read and indexed by a job."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from chat.api.context import InRooms, Rooms
from chat.api.described import ACCEPTED, errors
from chat.api.multipart import MULTIPART, Limits, Upload, receive
from chat.api.negotiation import JSON, consumes, produces
from chat.api.problems import explain
from chat.guard.caller import Caller
from chat.guard.keys import Writer, require
from chat.guard.problems import Refused
from chat.records.idempotency import StoredReply
from chat.records.keys import Scope
from chat.schemas.records import JobModel
from corpus.errors import LibraryError
from corpus.facts import Overrides
from corpus.reading import MAX_BYTES

MAX_FILES = 50
router = APIRouter(tags=["文件"])
_FORM = {
    "required": True,
    "content": {
        MULTIPART: {
            "schema": {
                "type": "object",
                "required": ["files"],
                "additionalProperties": False,
                "properties": {
                    "files": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": MAX_FILES,
                        "items": {"type": "string", "contentMediaType": "application/octet-stream"},
                        "description": "报告文件：txt、md、html、docx、pdf，可以有几个。",
                    },
                    "region": {"type": "string", "maxLength": 50, "description": "地区。"},
                    "year": {
                        "type": "integer",
                        "minimum": 1900,
                        "maximum": 2100,
                        "description": "年份。",
                    },
                    "title": {
                        "type": "string",
                        "maxLength": 200,
                        "description": "标题；只在上传一个文件时给。",
                    },
                },
            }
        }
    },
}


class _Facts(BaseModel):
    """What a caller says of the files, in place of what their text says."""

    model_config = ConfigDict(extra="forbid")

    region: str = Field(default="", max_length=50)
    year: int | None = Field(default=None, ge=1900, le=2100)
    title: str = Field(default="", max_length=200)


@dataclass(frozen=True)
class _Sent:
    """An upload that has come in whole."""

    folder: Path
    upload: Upload
    overrides: Overrides
    caller: Caller


@router.post(
    "/v1/documents",
    status_code=202,
    summary="上传报告",
    responses=errors(401, 403, 406, 409, 413, 415, 422, 429, 503) | ACCEPTED,
    openapi_extra={"requestBody": _FORM},
    response_model=JobModel,
    dependencies=[
        Depends(require(Scope.WRITE)),  # a stranger is told nothing else
        Depends(produces(JSON)),
        Depends(consumes(MULTIPART)),
    ],
)
async def upload_documents(
    request: Request,
    found: InRooms,
    caller: Writer,
    idempotency_key: Annotated[
        str | None,
        Header(
            pattern=r"^[A-Za-z0-9._:-]{8,128}$",
            description="8到128个字符；重复的请求用同一个键，只做一次（24小时内）。",
        ),
    ] = None,
) -> Response:
    """上传一个或几个报告，在后台读取、索引，一起发布为一个新版本；进展见任务。

    与库里文件同名（不含扩展名）的，替换原来的。读取在受限的子进程里进行；
    读完就删去原件，库里只留文字。
    """
    limits = Limits(MAX_BYTES, found.config.max_upload_mib * 2**20, MAX_FILES)
    found.worker.check_room()
    with _on_disk():
        folder = await run_in_threadpool(found.worker.new_folder)
    try:
        with _on_disk():
            received = await receive(request, folder, limits)
        sent = _Sent(folder, received, _overrides(received), caller)
        if idempotency_key is None:
            job = await run_in_threadpool(_queue, found, sent)
        else:
            job = await run_in_threadpool(_once, found, sent, idempotency_key)
        headers = {"Location": f"/v1/jobs/{job.id}"}
        return Response(job.model_dump_json(), 202, headers, JSON)
    finally:
        # Taken over by the job it has another name; whatever else is left goes.
        await run_in_threadpool(shutil.rmtree, folder, ignore_errors=True)


@contextmanager
def _on_disk() -> Iterator[None]:
    """Tell what hinders an upload from getting to the disk."""
    try:
        yield
    except OSError as error:
        raise LibraryError(
            f"无法保存上传的文件（{error.strerror}），请检查磁盘空间和文件夹的权限。"
        ) from error
    except ClientDisconnect as error:  # nobody reads this; the log tells it from a fault of ours
        raise Refused(
            400, "上传中断", "上传到一半断开了，请重新上传。", "upload_cut_off"
        ) from error


def _queue(found: Rooms, sent: _Sent) -> JobModel:
    who = sent.caller.who
    return JobModel.of(found.worker.add(sent.folder, sent.upload.names, sent.overrides, who))


def _once(found: Rooms, sent: _Sent, key: str) -> JobModel:
    """Queue the job, or repeat the reply that the same request got before."""
    assert sent.caller.key is not None  # a writer has one
    owner, book = sent.caller.key.id, found.records.idempotency
    before = book.begin(owner, key, _fingerprint(sent))
    if before is not None:
        return JobModel.model_validate_json(before.body)
    try:
        job = _queue(found, sent)
    except BaseException:
        book.abandon(owner, key)
        raise
    book.finish(owner, key, StoredReply(202, JSON, job.model_dump_json().encode()))
    return job


def _overrides(received: Upload) -> Overrides:
    given = {k: v.strip() for k, v in received.fields.items() if v.strip()}
    try:
        facts = _Facts.model_validate(given)
    except ValidationError as error:
        told = "".join(dict.fromkeys(explain(e) for e in error.errors()[:5]))
        raise Refused(422, "上传有误", told, "upload_invalid") from error
    if facts.title and len(received.names) > 1:
        raise Refused(
            422, "上传有误", "上传几个文件时不能给“title”，请分开上传或删去。", "upload_invalid"
        )
    return Overrides(facts.region, facts.year, facts.title)


def _fingerprint(sent: _Sent) -> str:
    """Return a digest of all that was sent."""
    digest = hashlib.sha256()
    for name, value in sorted(sent.upload.fields.items()):
        digest.update(f"{name}={value}\0".encode())
    for name in sent.upload.names:
        digest.update(f"{name}\0".encode())
        with (sent.folder / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
