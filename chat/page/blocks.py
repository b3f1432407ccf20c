"""The Gradio part of the citizen's page: the question, the streamed answer, the stop button.

The browser keeps the conversation and sends the earlier questions along, so that a server holds
nothing of a visitor and may be restarted in the middle of a conversation. Only components that do
without ``eval`` are used: the page's Content-Security-Policy forbids it.
"""

from __future__ import annotations

from typing import Literal, TypedDict

import gradio as gr
from gradio.components.navbar import Navbar
from gradio.themes import Base

from chat.checking import MAX_QUESTION
from chat.page.responding import RUNNING, Answered, Responder
from chat.page.strings import Language, strings
from chat.service import Service


class _Quiet(TypedDict):
    """How events are bound that the page's script sets off."""

    show_progress: Literal["hidden"]
    api_visibility: Literal["private"]


_QUIET: _Quiet = {"show_progress": "hidden", "api_visibility": "private"}


def create_blocks(service: Service, answered: Answered) -> gr.Blocks:
    """Return the page, in Chinese at its root and in English at ``en``.

    :param answered: gives the events of an answer for a question and those before it.
    """
    blocks: gr.Blocks
    with gr.Blocks(title=strings("zh")["title"], analytics_enabled=False) as blocks:
        Navbar(visible=False)
        _page(service, answered, "zh")
    with blocks.route(strings("en")["name"], "en"):
        Navbar(visible=False)
        _page(service, answered, "en")
    # What has to wait in the queue is not to be called past it.
    blocks.queue(api_open=False, default_concurrency_limit=RUNNING, max_size=RUNNING * 8)
    return blocks


def theme() -> Base:
    """Return a theme without fonts of other hosts; colours come from ``base.css``."""
    return gr.themes.Base(font=["sans-serif"], font_mono=["monospace"])


def _page(service: Service, answered: Answered, language: Language) -> None:
    words = strings(language)
    responder = Responder(service, answered, language)
    question = gr.Textbox(
        label=words["question"],
        placeholder=words["placeholder"],
        submit_btn=words["ask"],
        autofocus=True,
        max_length=MAX_QUESTION,
        max_lines=5,
        elem_id="wz-question",
    )
    stop = gr.Button(words["stop"], elem_id="wz-stop", size="sm")
    # What page.js sends and hears: fields and buttons that nobody sees.
    sent = gr.Textbox(elem_id="wz-sent", elem_classes="wz-wire", label="sent")
    told = gr.Textbox(elem_id="wz-told", elem_classes="wz-wire", label="told")
    near = gr.Textbox(elem_id="wz-near", elem_classes="wz-wire", label="near")
    send = gr.Button("send", elem_id="wz-send", elem_classes="wz-wire")
    recall = gr.Button("recall", elem_id="wz-recall", elem_classes="wz-wire")
    halted = gr.Button("halt", elem_id="wz-halt", elem_classes="wz-wire")
    del question
    if service.streams:
        asking = send.click(responder.grow, [sent], [told], **_QUIET)
        stop.click(None, None, None, cancels=[asking], api_visibility="private")
    else:  # an answer that comes whole needs no queue: one request instead of two
        asking = send.click(responder.respond, [sent], [told], queue=False, **_QUIET)
    asking.success(responder.hints, [sent, told], [near], queue=False, **_QUIET)
    recall.click(responder.restore, [sent], [told], queue=False, **_QUIET)
    # Gradio stops listening; the model that writes has to be told, too.
    halted.click(responder.halt, [sent], None, queue=False, **_QUIET)
