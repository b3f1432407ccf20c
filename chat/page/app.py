"""Put the web application together: the API, the reports, the staff's page, the citizen's at /."""

from __future__ import annotations

import threading
from collections.abc import Generator
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

import gradio as gr
from fastapi import FastAPI
from starlette.routing import Mount
from starlette.types import Scope

from chat.api import create_api
from chat.observer import Channel, Observer
from chat.page.answers import answer_html
from chat.page.assets import assets_router
from chat.page.blocks import create_blocks, theme
from chat.page.calls import Calls
from chat.page.responding import Answered
from chat.page.shell import Shell
from chat.page.strings import Language, strings
from chat.page.templating import date_text, render
from chat.reports.pages import newness, reports_router
from chat.samples import Samples
from chat.service import Service
from chat.staff import routes as staff
from chat.streaming import Done, Event

if TYPE_CHECKING:
    from chat.guard import Metrics
    from chat.records import Records
    from chat.settings import Settings

_AFTER_SECONDS = 1.0  # until then a server that starts has better things to do


def build(
    service: Service,
    records: Records | None = None,
    config: Settings | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """Return the whole web application; see ``chat.page.create_app``."""
    app: FastAPI = create_api(service, records, config, metrics)
    app.include_router(assets_router())
    app.include_router(reports_router(service))
    app.include_router(staff.router)
    blocks = create_blocks(service, _answerer(service, app.state.rooms.observer))
    app = gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        theme=theme(),
        max_file_size="1kb",
    )
    samples = Samples(service)
    behind = threading.Timer(_AFTER_SECONDS, lambda: _warm(service, samples.questions()))
    behind.daemon = True
    behind.start()

    def parts(scope: Scope, language: Language) -> tuple[str, str, str]:
        values = {
            "root": str(scope.get("root_path", "")).rstrip("/"),
            "known": known_text(service, language),
            "samples": samples.questions(),
            "words": strings(language),
        }
        names = ("head.html", "before.html", "after.html")
        head, before, after = (render(name, language, **values) for name in names)
        return head, before, after

    mounted = app.routes[-1]
    assert isinstance(mounted, Mount)
    mounted.app = Shell(Calls(mounted.app, blocks), parts)  # inside the compression of all replies
    return app


def known_text(service: Service, language: Language) -> str:
    """Return which reports the service knows and until when."""
    words = strings(language)
    documents = sorted(service.library.store.descriptions(), key=newness)
    if not documents:
        return words["known_none"]
    newest = documents[-1]
    key = "known_one" if len(documents) == 1 else "known_many"
    text = words[key].format(title=newest.title, count=len(documents))
    if newest.date:
        text += words["known_until"].format(date=date_text(newest.date, language))
    return text + ("。" if language == "zh" else ".")


def _warm(service: Service, samples: list[str]) -> None:
    """Show an answer to nobody, so that the first visitor does not wait for what is made once."""
    if find_spec("matplotlib"):  # where it is installed, Gradio loads it before its first event
        import_module("matplotlib.pyplot")
    for question in samples[:1]:
        answer_html(service.quote(question), service.library, "zh")
        render("hints.html", "zh", questions=samples)


def _answerer(service: Service, observer: Observer) -> Answered:
    def answered(question: str, history: list[str]) -> Generator[Event, None, None]:
        if not service.streams:
            yield Done(observer.ask(question, history, channel=Channel.PAGE))
            return
        for event in service.stream(question, history):
            if isinstance(event, Done):
                # The steps run in several threads, where their times cannot be told apart.
                observer.asked(event.answer, {}, channel=Channel.PAGE)
            yield event

    return answered
