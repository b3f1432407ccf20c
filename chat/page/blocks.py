"""The Gradio part of the citizen's page: the question, the streamed answer, the stop button.

The browser keeps the conversation and sends the earlier questions along, so that a server holds
nothing of a visitor and may be restarted in the middle of a conversation. Only components that do
without ``eval`` are used: the page's Content-Security-Policy forbids it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import TypeVar

import gradio as gr
from gradio.components.navbar import Navbar
from gradio.themes import Base
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chat.page.answers import answer_from, answer_html, answer_json, error_html
from chat.page.strings import Language, strings
from chat.page.templating import render
from chat.samples import follow_ups
from chat.service import MAX_HISTORY, MAX_QUESTION, Service
from chat.streaming import Cited, Done, Event, Token
from chat.types import Answer, Citation, Status
from corpus.errors import WenzhengError

_EVERY = 0.1  # seconds between two steps of a growing answer
_RUNNING = 32  # questions that wait or run at once, from one page or many

Answered = Callable[[str, list[str]], Generator[Event, None, None]]


class Asked(BaseModel):
    """What the browser sends: a question, those before it, an id of the turn."""

    model_config = ConfigDict(extra="forbid")

    turn: str = Field(pattern=r"^[a-z0-9]{1,16}$")
    question: str = Field(max_length=MAX_QUESTION * 4)
    history: list[str] = Field(default_factory=list, max_length=MAX_HISTORY)
    answer: str = Field(default="", max_length=200_000)


class Kept(BaseModel):
    """Turns that the browser kept from an earlier visit."""

    turn: str = Field(pattern=r"^[a-z0-9]{1,16}$")
    turns: list[Asked] = Field(max_length=MAX_HISTORY)


class Told(BaseModel):
    """What the browser hears: HTML for a turn.

    :ivar done: the answer is complete.
    :ivar answer: the answer as JSON, which the browser keeps.
    :ivar restored: of turns kept from an earlier visit, HTML by turn.
    """

    turn: str
    html: str = ""
    done: bool = True
    answer: str = ""
    restored: dict[str, str] = Field(default_factory=dict)

    def line(self) -> str:
        """Return it as JSON."""
        return self.model_dump_json(exclude_defaults=True)


class Stopped:
    """Turns whose answer nobody waits for any more; remembers the last ones."""

    def __init__(self) -> None:
        self._turns: deque[str] = deque(maxlen=_RUNNING * 8)

    def add(self, turn: str) -> None:
        """Take a turn in."""
        self._turns.append(turn)

    def holds(self, turn: str) -> bool:
        """Tell whether a turn was taken in."""
        return turn in self._turns


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
    blocks.queue(default_concurrency_limit=_RUNNING, max_size=_RUNNING * 8)
    return blocks


def theme() -> Base:
    """Return a theme without fonts of other hosts; colours come from ``base.css``."""
    return gr.themes.Base(font=["sans-serif"], font_mono=["monospace"])


def _page(service: Service, answered: Answered, language: Language) -> None:
    words = strings(language)
    stopped = Stopped()

    def respond(sent: str) -> Iterator[str]:
        asked = _read(sent, Asked)
        if asked is None:
            return
        if service.streams:  # it may take a while: say at once that the question has come in
            yield Told(turn=asked.turn, done=False).line()
        try:
            yield from _growing(service, answered, asked, language, stopped)
        except WenzhengError as error:
            yield Told(turn=asked.turn, html=error_html(error.message, language)).line()

    def halt(sent: str) -> None:
        asked = _read(sent, Asked)
        if asked is not None:
            stopped.add(asked.turn)

    def hints(sent: str, told: str) -> str:
        asked, last = _read(sent, Asked), _read(told, Told)
        answer = answer_from(last.answer) if last is not None else None
        if asked is None or answer is None or answer.status is not Status.ANSWERED:
            return ""
        questions = follow_ups(service, answer, asked.history)
        html = render("hints.html", language, questions=questions)
        return Told(turn=asked.turn, html=html).line()

    def restore(sent: str) -> str:
        kept = _read(sent, Kept)
        if kept is None:
            return ""
        shown = {}
        for turn in kept.turns:
            answer = answer_from(turn.answer)
            if answer is not None:
                shown[turn.turn] = answer_html(answer, service.library, language, turn.turn)
        return Told(turn=kept.turn, restored=shown).line()

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
    asking = send.click(respond, [sent], [told], show_progress="hidden", api_visibility="private")
    asking.success(hints, [sent, told], [near], show_progress="hidden", api_visibility="private")
    recall.click(restore, [sent], [told], show_progress="hidden", api_visibility="private")
    stop.click(None, None, None, cancels=[asking], api_visibility="private")
    # Gradio stops listening; the model that writes has to be told, too.
    halted.click(halt, [sent], None, show_progress="hidden", api_visibility="private")


_Message = TypeVar("_Message", bound=BaseModel)


def _growing(
    service: Service, answered: Answered, asked: Asked, language: Language, stopped: Stopped
) -> Iterator[str]:
    """Yield the answer as it grows, then the whole of it."""
    text, shown = "", time.monotonic()
    citations: tuple[Citation, ...] = ()
    with closing(answered(asked.question, asked.history)) as events:
        for event in events:
            if stopped.holds(asked.turn):
                return
            if isinstance(event, Cited):
                citations = event.citations
            elif isinstance(event, Token):
                text += event.text
                if time.monotonic() - shown >= _EVERY:
                    shown = time.monotonic()
                    partial = _partial(asked.question, text, citations)
                    html = answer_html(partial, service.library, language, asked.turn, done=False)
                    yield Told(turn=asked.turn, html=html, done=False).line()
            elif isinstance(event, Done):
                html = answer_html(event.answer, service.library, language, asked.turn)
                yield Told(turn=asked.turn, html=html, answer=answer_json(event.answer)).line()


def _partial(question: str, text: str, citations: tuple[Citation, ...]) -> Answer:
    """Return what is known of an answer that still grows."""
    return Answer(
        question=question,
        standalone_question=question,
        status=Status.ANSWERED,
        answer=text,
        explanation="",
        items=(),
        confidence=1.0,
        citations=citations,
        answerer="generative",
        model="",
        took_ms=0.0,
    )


def _read(text: str, model: type[_Message]) -> _Message | None:
    """Return a message of the wire, None if it is none: only page.js writes them."""
    try:
        return model.model_validate_json(text)
    except ValidationError:
        return None
