"""The one place that hears of every answer: the log of questions and the metrics."""

from __future__ import annotations

import logging
from enum import StrEnum

from chat.guard.logs import request_id
from chat.guard.metrics import Metrics
from chat.records import Records
from chat.service import Service
from chat.stages import Stages, recording
from chat.types import Answer
from corpus.errors import RecordsError

_log = logging.getLogger("wenzheng.observer")


class Channel(StrEnum):
    """Where a question came in."""

    API = "api"
    PAGE = "page"
    OPENAI = "openai"
    MCP = "mcp"


class Observer:
    """Logs and counts the answers of a service."""

    def __init__(self, service: Service, records: Records, metrics: Metrics) -> None:
        self._service = service
        self._records = records
        self._metrics = metrics

    def ask(
        self,
        question: str,
        history: list[str] | None = None,
        documents: tuple[str, ...] = (),
        top_k: int = 10,
        *,
        channel: Channel = Channel.API,
    ) -> Answer:
        """Answer a question as ``Service.ask`` does, time its stages, log and count it."""
        with recording() as stages:
            answer = self._service.ask(question, history, documents, top_k)
        self.asked(answer, stages, channel=channel)
        return answer

    def asked(self, answer: Answer, stages: Stages, *, channel: Channel = Channel.API) -> None:
        """Log and count an answer.

        A log that cannot be written does not keep the answer from whoever asked: it is told in
        the program's log and counted.
        """
        self._metrics.asked(answer, stages, channel)
        try:
            self._records.questions.log(
                answer,
                request_id=request_id(),
                channel=channel,
                version=self._service.library.version,
            )
        except RecordsError as error:
            self._metrics.records_errors.inc()
            _log.error("没能记录提问：%s", error.message)
