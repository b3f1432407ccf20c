"""Remember answers: a question asked again gets the answer that it got before."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

from chat.streaming import Answerer
from chat.types import Answer

_END_MARKS = " ?？!！。.~～"


@dataclass
class CacheCounts:
    """How often an answer was remembered, and how often not, since the service began."""

    hits: int = 0
    misses: int = 0


class AnswerMemory:
    """The answers of one version of the library, so that publishing another forgets all."""

    def __init__(self, size: int, counts: CacheCounts, vocabulary: Callable[[], Hashable]) -> None:
        """Remember nothing yet.

        :param size: answers kept; those not asked for longest go first.
        :param vocabulary: gives the state of the words that staff may change at any time.
        """
        self._size = size
        self._counts = counts
        self._vocabulary = vocabulary
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def key(
        self, text: str, history: list[str], documents: tuple[str, ...], depth: int
    ) -> Hashable:
        """Return what makes two questions the same: all but white space and marks at the end."""
        asked = " ".join(text.split()).rstrip(_END_MARKS)
        return asked, tuple(history), documents, depth, self._vocabulary()

    def get(self, key: Hashable) -> Answer | None:
        """Return the answer remembered, None if there is none."""
        with self._lock:
            known = self._kept.get(key)
            if known is None:
                self._counts.misses += 1
            else:
                self._counts.hits += 1
                self._kept.move_to_end(key)
            return known

    def keep(self, key: Hashable, answer: Answer) -> None:
        """Remember an answer."""
        with self._lock:
            self._kept[key] = answer
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)


class RememberingAnswerer:
    """Answers as another does, but the same question only once.

    Answers of a model that writes are not for it: they differ from time to time, and what came of
    a failure would stay.
    """

    def __init__(self, answerer: Answerer, memory: AnswerMemory) -> None:
        self._answerer = answerer
        self._memory = memory

    def answer(
        self, text: str, history: list[str], documents: tuple[str, ...] = (), depth: int = 10
    ) -> Answer:
        """Answer a question, see :meth:`chat.extractive.ExtractiveAnswerer.answer`."""
        started = time.perf_counter()
        key = self._memory.key(text, history, documents, depth)
        known = self._memory.get(key)
        if known is None:
            answer = self._answerer.answer(text, history, documents, depth)
            self._memory.keep(key, answer)
            return answer
        alone = known.standalone_question
        return replace(
            known,
            question=text,
            standalone_question=text if alone == known.question else alone,
            took_ms=round((time.perf_counter() - started) * 1000, 1),
        )
