"""Whether the process runs, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter, Response

from chat.api.context import TheService
from chat.schemas import Health

router = APIRouter(tags=["状态"])


@router.get("/healthz", summary="进程在运行")
def healthz() -> Health:
    """进程在运行时总是ok。"""
    return Health(status="ok")


@router.get(
    "/readyz",
    summary="可以回答问题",
    responses={503: {"model": Health, "description": "还不能回答，detail说明原因"}},
)
def readyz(response: Response, service: TheService) -> Health:
    """索引已载入且能回答一个试题时是ok，有些部分不工作时是degraded，不能回答时503。"""
    health = service.health()
    if not health.ready:
        response.status_code = 503
        return Health(status="unavailable", detail=health.told())
    return Health(
        status="degraded" if health.degraded else "ok",
        detail=health.told(),
        version=health.version,
    )
