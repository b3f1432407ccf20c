"""What the citizen's page says to a question: the answer, whole or as it grows, and what to ask next."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing

from chat.page.answers import answer_from, answer_html, answer_json, error_html
from chat.page.strings import Language
from chat.page.templating import render
from chat.page.wire import Asked, Kept, Told, read
from chat.samples import follow_ups
from chat.service import Service
from chat.streaming import Cited, Done, Event, Token
from chat.types import Answer, Citation, Status
from corpus.errors import WenzhengError

RUNNING = 32  # questions that wait or run at once, from one page or many
_EVERY = 0.1  # seconds between two steps of a growing answer

Answered = Callable[[str, list[str]], Generator[Event, None, None]]


class Stopped:
    """Turns whose answer nobody waits for any more; remembers the last ones."""

    def __init__(self) -> None:
        self._turns: deque[str] = deque(maxlen=RUNNING * 8)

    def add(self, turn: str) -> None:
        """Take a turn in."""
        self._turns.append(turn)

    def holds(self, turn: str) -> bool:
        """Tell whether a turn was taken in."""
        return turn in self._turns


class Responder:
    """Answers what the page's script sends, in one language; every message is a line of JSON."""

    def __init__(self, service: Service, answered: Answered, language: Language) -> None:
        """Remember where answers come from.

        :param answered: gives the events of an answer for a question and those before it.
        """
        self._service = service
        self._answered = answered
        self._language: Language = language
        self._stopped = Stopped()

    def respond(self, sent: str) -> str:
        """Return the whole answer."""
        lines = list(self._lines(sent))
        return lines[-1] if lines else ""

    def grow(self, sent: str) -> Iterator[str]:
        """Yield the answer as it grows, then the whole of it."""
        asked = read(sent, Asked)
        if asked is not None:  # it may take a while: say at once that the question has come in
            yield Told(turn=asked.turn, done=False).line()
            yield from self._lines(sent)

    def halt(self, sent: str) -> None:
        """Stop an answer that grows."""
        asked = read(sent, Asked)
        if asked is not None:
            self._stopped.add(asked.turn)

    def hints(self, sent: str, told: str) -> str:
        """Return what may be asked after an answer."""
        asked, last = read(sent, Asked), read(told, Told)
        answer = answer_from(last.answer) if last is not None else None
        if asked is None or answer is None or answer.status is not Status.ANSWERED:
            return ""
        questions = follow_ups(self._service, answer, asked.history)
        html = render("hints.html", self._language, questions=questions)
        return Told(turn=asked.turn, html=html).line()

    def restore(self, sent: str) -> str:
        """Return turns that the browser kept from an earlier visit."""
        kept = read(sent, Kept)
        if kept is None:
            return ""
        shown = {}
        for turn in kept.turns:
            answer = answer_from(turn.answer)
            if answer is not None:
                shown[turn.turn] = self._html(answer, turn.turn)
        return Told(turn=kept.turn, restored=shown).line()

    def _lines(self, sent: str) -> Iterator[str]:
        asked = read(sent, Asked)
        if asked is None:
            return
        try:
            yield from self._growing(asked)
        except WenzhengError as error:
            html = error_html(error.message, self._language)
            yield Told(turn=asked.turn, html=html).line()

    def _growing(self, asked: Asked) -> Iterator[str]:
        text, shown = "", time.monotonic()
        citations: tuple[Citation, ...] = ()
        with closing(self._answered(asked.question, asked.history)) as events:
            for event in events:
                if self._stopped.holds(asked.turn):
                    return
                if isinstance(event, Cited):
                    citations = event.citations
                elif isinstance(event, Token):
                    text += event.text
                    if time.monotonic() - shown >= _EVERY:
                        shown = time.monotonic()
                        partial = _partial(asked.question, text, citations)
                        html = self._html(partial, asked.turn, done=False)
                        yield Told(turn=asked.turn, html=html, done=False).line()
                elif isinstance(event, Done):
                    html = self._html(event.answer, asked.turn)
                    yield Told(turn=asked.turn, html=html, answer=answer_json(event.answer)).line()

    def _html(self, answer: Answer, turn: str, *, done: bool = True) -> str:
        return answer_html(answer, self._service.library, self._language, turn, done=done)


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
