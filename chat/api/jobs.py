"""Jobs and how far they are, as JSON or as events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import anyio
from fastapi import APIRouter, Depends, Path, Request, Response
from sse_starlette import ServerSentEvent
from starlette.concurrency import run_in_threadpool

from chat.api.context import InRooms, Rooms
from chat.api.described import EVENT_STREAM, errors
from chat.api.events import event, event_stream
from chat.api.negotiation import EVENTS, JSON, produces, wants_events
from chat.api.paging import Limit, Offset, link
from chat.api.problems import known_problem
from chat.guard.keys import require
from chat.records.jobs import Job, JobState
from chat.schemas.records import JobModel, JobsReply
from corpus.errors import WenzhengError

router = APIRouter(tags=["任务"], dependencies=[Depends(require("read"))])
_LOOK_SECONDS = 0.3


@router.get(
    "/v1/jobs",
    summary="后台任务",
    responses=errors(401, 403, 406, 422, 429, 503),
    dependencies=[Depends(produces(JSON))],
)
def list_jobs(
    request: Request, response: Response, found: InRooms, offset: Offset = 0, limit: Limit = 50
) -> JobsReply:
    """列出任务，新的在前。"""
    total = sum(found.records.jobs.counts().values())
    link(request, response, total, offset, limit)
    page = found.records.jobs.list(limit=limit, offset=offset)
    return JobsReply(total=total, offset=offset, limit=limit, jobs=[JobModel.of(j) for j in page])


@router.get(
    "/v1/jobs/{job_id}",
    summary="一个任务的进展",
    response_model=JobModel,
    responses=errors(401, 403, 404, 406, 422, 429, 503) | EVENT_STREAM,
    dependencies=[Depends(produces(JSON, EVENTS))],
)
async def get_job(
    job_id: Annotated[str, Path(max_length=64)], request: Request, found: InRooms
) -> Response | JobModel:
    """看进展；`Accept: text/event-stream`时有变化就发progress，结束时发done。"""
    now = await run_in_threadpool(found.records.jobs.get, job_id)
    if wants_events(request):
        return event_stream(_told(now, found))
    return JobModel.of(now)


async def _told(now: Job, found: Rooms) -> AsyncIterator[ServerSentEvent]:
    told: Job | None = None
    try:
        while now.state in (JobState.QUEUED, JobState.RUNNING):
            if now != told:
                told = now
                yield event("progress", JobModel.of(now))
            await anyio.sleep(_LOOK_SECONDS)
            now = await run_in_threadpool(found.records.jobs.get, now.id)
        yield event("done", JobModel.of(now))
    except WenzhengError as error:
        yield event("error", known_problem(error))
