"""The HTTP API under /v1, one router a topic; ``app.py`` puts them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from chat.guard.metrics import Metrics
    from chat.records import Records
    from chat.service import Service
    from chat.settings import Settings


def create_api(
    service: Service,
    records: Records | None = None,
    config: Settings | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """Return the API over a service; the page is mounted on it elsewhere.

    :param records: keys, feedback, jobs, audit log; those of the service's folder if None.
    :param config: limits and allow lists; the settings in force if None.
    :param metrics: what counts the answers; those that the guard shows at ``/metrics``.
    """
    from chat.api.app import build  # routers import the guard, which writes problem documents

    return build(service, records, config, metrics)
