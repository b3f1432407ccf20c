"""What citizens say of answers, and what staff read: feedback, insights, the audit log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from chat.api.context import InRooms
from chat.api.described import errors
from chat.api.negotiation import JSON, consumes, produces
from chat.api.paging import Before, Limit, Offset, link, link_older
from chat.guard.keys import require
from chat.guard.logs import request_id
from chat.records.insights import insights
from chat.schemas.records import (
    AuditModel,
    AuditReply,
    FeedbackKept,
    FeedbackModel,
    FeedbackReply,
    FeedbackRequest,
    GroupModel,
    InsightsReply,
)
from chat.types import Citation

router = APIRouter(tags=["反馈"], dependencies=[Depends(produces(JSON))])


@router.post(
    "/v1/feedback",
    status_code=201,
    summary="反馈一个回答",
    responses=errors(406, 413, 415, 422, 429, 503),
    dependencies=[Depends(consumes(JSON))],
)
def give_feedback(said: FeedbackRequest, found: InRooms) -> FeedbackKept:
    """说一个回答有没有帮助；不用密钥，个人信息在保存前隐去。"""
    kept = found.records.feedback.add(
        question=said.question,
        answer=said.answer,
        status=said.status,
        helpful=said.helpful,
        reason=said.reason,
        comment=said.comment,
        citations=tuple(
            Citation(**(c.model_dump() | {"section": tuple(c.section)})) for c in said.citations
        ),
        version=said.version,
        request_id=said.request_id or request_id(),
    )
    return FeedbackKept(id=kept.id, at=kept.at)


@router.get(
    "/v1/feedback",
    summary="看反馈",
    responses=errors(401, 403, 406, 422, 429, 503),
    dependencies=[Depends(require("read"))],
)
def list_feedback(
    request: Request,
    response: Response,
    found: InRooms,
    helpful: Annotated[bool | None, Query(description="只看有帮助的，或只看没帮助的。")] = None,
    before: Before = None,
    limit: Limit = 100,
) -> FeedbackReply:
    """看市民的反馈，新的在前。"""
    kept = found.records.feedback.list(helpful=helpful, limit=limit, before=before)
    good, bad = found.records.feedback.counts()
    link_older(request, response, [k.id for k in kept], limit)
    return FeedbackReply(
        total={None: good + bad, True: good, False: bad}[helpful],
        helpful=good,
        limit=limit,
        feedback=[FeedbackModel.of(k) for k in kept],
    )


@router.get(
    "/v1/insights",
    summary="市民没问到的",
    responses=errors(401, 403, 406, 422, 429, 503),
    dependencies=[Depends(require("read"))],
)
def get_insights(
    request: Request,
    response: Response,
    found: InRooms,
    days: Annotated[int, Query(ge=1, le=3650, description="最近多少天。")] = 30,
    offset: Offset = 0,
    limit: Limit = 50,
) -> InsightsReply:
    """看没答上的和反馈不好的问题，意思相近的归为一组，问得多的在前。"""
    since = datetime.now(UTC) - timedelta(days=days)
    told = insights(found.records, found.service.encoder, since)
    link(request, response, len(told.groups), offset, limit)
    return InsightsReply(
        total=len(told.groups),
        offset=offset,
        limit=limit,
        days=days,
        asked=told.asked,
        unanswered=told.unanswered,
        disliked=told.disliked,
        left_out=told.left_out,
        groups=[GroupModel.of(g) for g in told.groups[offset : offset + limit]],
    )


@router.get(
    "/v1/audit",
    summary="审计日志",
    responses=errors(401, 403, 406, 422, 429, 503),
    dependencies=[Depends(require("admin"))],
)
def get_audit(
    request: Request,
    response: Response,
    found: InRooms,
    before: Before = None,
    limit: Limit = 100,
) -> AuditReply:
    """看谁在什么时候改了什么，新的在前。"""
    entries = found.records.audit.list(limit=limit, before=before)
    link_older(request, response, [e.id for e in entries], limit)
    return AuditReply(limit=limit, entries=[AuditModel.of(e) for e in entries])
