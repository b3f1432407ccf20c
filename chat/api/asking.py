"""Put questions for the routes, every one logged and counted, also where the answer streams."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Generator, Iterator
from contextvars import copy_context

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from chat.api.context import Rooms
from chat.observer import Channel
from chat.stages import recording
from chat.streaming import Done, Event
from chat.types import Answer
from retriever.choosing import EVERYTHING, Choice


async def ask(
    found: Rooms,
    question: str,
    history: list[str],
    choice: Choice = EVERYTHING,
    top_k: int = 10,
    *,
    channel: Channel,
) -> Answer:
    """Answer a question in a thread, as ``Service.ask`` does."""

    def work() -> Answer:
        documents = found.service.chosen(choice)
        return found.observer.ask(question, history, documents, top_k, channel=channel)

    return await run_in_threadpool(work)


async def stream(
    found: Rooms,
    question: str,
    history: list[str],
    choice: Choice = EVERYTHING,
    top_k: int = 10,
    *,
    channel: Channel,
) -> AsyncIterator[Event]:
    """Return the events of an answer, as ``Service.stream`` tells them; refusals come at once."""

    def begin() -> Iterator[Event]:
        documents = found.service.chosen(choice)
        return _observed(found, question, history, documents, top_k, channel)

    return _in_threads(await run_in_threadpool(begin))


def _observed(
    found: Rooms,
    question: str,
    history: list[str],
    documents: tuple[str, ...],
    top_k: int,
    channel: Channel,
) -> Iterator[Event]:
    """Begin to answer; each step runs in one context, whichever thread takes it."""
    context = copy_context()
    steps = context.run(found.service.stream, question, history, documents, top_k)

    def told() -> Generator[Event]:
        timing = recording()
        stages = context.run(timing.__enter__)
        try:
            while (step := context.run(next, steps, None)) is not None:
                if isinstance(step, Done):
                    context.run(found.observer.asked, step.answer, stages, channel=channel)
                yield step
        finally:
            if isinstance(steps, Generator):
                context.run(steps.close)
            context.run(timing.__exit__, None, None, None)

    return told()


async def _in_threads(work: Iterator[Event]) -> AsyncIterator[Event]:
    """Yield what a blocking iterator yields; close it when the reader is gone.

    The step that runs when the reader leaves is the last one.
    """
    try:
        async for item in iterate_in_threadpool(work):
            yield item
    finally:
        if isinstance(work, Generator):
            # Closing may have to wait for a thread, but the reader's cancellation is over by then.
            with contextlib.suppress(ValueError):  # the step has not ended yet: it closes itself
                work.close()
