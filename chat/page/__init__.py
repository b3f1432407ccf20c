"""The pages in a browser: the citizen's, the reports, the staff's; ``app.py`` puts them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from chat.guard import Metrics
    from chat.records import Records
    from chat.service import Service
    from chat.settings import Settings


def create_app(
    service: Service,
    records: Records | None = None,
    config: Settings | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """Return the whole web application: the API, and the pages for everything else.

    :param records: keys, feedback, jobs, audit log; those of the service's folder if None.
    :param config: the settings in force; the defaults if None.
    :param metrics: count the answers; new ones if None.
    """
    from chat.page.stubs import without_stubs

    without_stubs()
    from chat.page.app import build  # Gradio is loaded only where pages are served

    return build(service, records, config, metrics)
