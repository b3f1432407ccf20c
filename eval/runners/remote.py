"""Evaluate ours over HTTP, by the address of a running server."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import UnknownDocumentError
from corpus.types import Figure, FigureKind
from eval.datasets.types import QuestionRow
from eval.runners.runs import Shown
from eval.runners.systems import Reply, SystemFailedError

KEY = "WENZHENG_EVAL_KEY"  # environment variable with the key of the server under evaluation
_PATIENCE = 60.0  # seconds for one answer
_TRIES = 30
_BUSY = (429, 503)
_LONGEST = 60.0  # seconds to wait before a request is sent again
_PAGE = 1000  # figures fetched at once


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Citation(_Loose):
    document: str
    title: str
    section: list[str]
    start: int
    end: int
    quote: str


class _Answer(_Loose):
    status: str
    answer: str
    explanation: str
    items: list[str]
    confidence: float
    citations: list[_Citation]


class _Hit(_Loose):
    document: str
    section: list[str]
    start: int
    end: int
    text: str


class _Hits(_Loose):
    hits: list[_Hit]


class _Figure(_Loose):
    indicator: str
    name: str
    subject: str
    value: str
    unit: str
    period: list[int] | None
    kind: str
    text: str
    start: int
    end: int


class _Figures(_Loose):
    total: int
    figures: list[_Figure]


class _Document(_Loose):
    id: str


class _Documents(_Loose):
    version: int
    documents: list[_Document]


Model = TypeVar("Model", bound=BaseModel)


def headers(key: str | None = None) -> dict[str, str]:
    """Return the headers that carry a key, given or of the environment."""
    held = key or os.environ.get(KEY, "")
    return {"Authorization": f"Bearer {held}"} if held else {}


class Remote:
    """A server of ours; also the source of its reports."""

    def __init__(self, url: str) -> None:
        """Connect.

        :raises SystemFailedError: if the server does not answer.
        """
        self.url = url.rstrip("/")
        try:
            self._client = httpx.Client(base_url=self.url, timeout=_PATIENCE, headers=headers())
        except httpx.InvalidURL as error:
            raise _unreachable(self.url, error) from error
        self._waited_ms = 0.0  # for the last reply, without the time kept waiting to ask
        held = self._parsed(_Documents, self._get("/v1/documents"))
        self._version, self._ids = held.version, [d.id for d in held.documents]
        self.name = f"问政（{self.url}）"
        self.sources = self
        self._text = lru_cache(maxsize=100)(self._fetch_text)
        self._figures = lru_cache(maxsize=100)(self._fetch_figures)

    def ask(self, row: QuestionRow) -> Reply:
        """Answer a question of a set."""
        answer = self._parsed(_Answer, self._post("/v1/ask", _body(row)))
        return Reply(
            refused=answer.status == "unanswerable",
            answer=answer.answer,
            explanation=answer.explanation,
            items=tuple(answer.items),
            confidence=answer.confidence,
            citations=tuple(
                Shown(c.document, " › ".join((c.title, *c.section)), c.start, c.end, c.quote)
                for c in answer.citations
            ),
            took_ms=self._waited_ms,
        )

    def forced(self, row: QuestionRow) -> Reply | None:  # noqa: ARG002
        """Return None: a server refuses as it is set to."""
        return None

    def passages(self, row: QuestionRow, count: int) -> tuple[Shown, ...]:
        """Return the passages found for a question, best first."""
        body = {k: v for k, v in _body(row).items() if k != "history"} | {"top_k": count}
        found = self._parsed(_Hits, self._post("/v1/search", body))
        return tuple(
            Shown(h.document, " › ".join(h.section), h.start, h.end, h.text) for h in found.hits
        )

    def versions(self) -> dict[str, str]:
        """Return what the server tells of itself."""
        return {"服务": self.url, "索引": f"版本{self._version}，{len(self._ids)}份文件"}

    def ids(self) -> list[str]:
        """Return the ids of all reports."""
        return list(self._ids)

    def text(self, document: str) -> str:
        """Return the text of a report."""
        return self._text(document)

    def figures(self, document: str) -> tuple[Figure, ...]:
        """Return the figures of a report."""
        return self._figures(document)

    def _fetch_text(self, document: str) -> str:
        reply = self._client.get(f"/v1/documents/{document}/text")
        if reply.status_code == httpx.codes.NOT_FOUND:
            raise UnknownDocumentError(f"{self.url}没有编号为“{document}”的文件。")
        return _checked(self.url, reply).content.decode("utf-8")

    def _fetch_figures(self, document: str) -> tuple[Figure, ...]:
        found: list[Figure] = []
        while True:
            asked = {"document": document, "offset": str(len(found)), "limit": str(_PAGE)}
            page = self._parsed(_Figures, self._get("/v1/figures", asked))
            found += [_figure(f) for f in page.figures]
            if not page.figures or len(found) >= page.total:
                return tuple(found)

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> object:
        try:
            return _checked(self.url, self._client.get(path, params=query)).json()
        except (httpx.HTTPError, ValueError) as error:
            raise _unreachable(self.url, error) from error

    def _post(self, path: str, body: Mapping[str, object]) -> object:
        """Send a request; wait and send it again where the server limits how many come at a time."""
        try:
            for _ in range(_TRIES):
                started = time.perf_counter()
                reply = self._client.post(path, json=body)
                self._waited_ms = (time.perf_counter() - started) * 1000
                if reply.status_code not in _BUSY:
                    break
                wait = reply.headers.get("retry-after", "")
                time.sleep(min(_LONGEST, float(wait)) if wait.isdigit() else 1.0)
            return _checked(self.url, reply).json()
        except (httpx.HTTPError, ValueError) as error:
            raise _unreachable(self.url, error) from error

    def _parsed(self, model: type[Model], body: object) -> Model:
        try:
            return model.model_validate(body)
        except ValidationError as error:
            raise SystemFailedError(
                f"{self.url}的回答不是问政API的格式，请检查地址；OpenAI格式的服务用 --openai-url。"
            ) from error


def _body(row: QuestionRow) -> dict[str, object]:
    documents = [row.document] if row.document is not None else []
    return {"question": row.question, "history": list(row.history), "documents": documents}


def _checked(url: str, reply: httpx.Response) -> httpx.Response:
    if reply.is_success:
        return reply
    if reply.status_code in (401, 403):
        raise SystemFailedError(f"{url}要求密钥：请设环境变量{KEY}。")
    if reply.status_code == httpx.codes.NOT_FOUND and "/v1/ask" not in str(reply.url):
        raise SystemFailedError(f"{url}没有{reply.url.path}这个地址，请检查是不是问政的服务。")
    raise SystemFailedError(f"{url}回答了状态{reply.status_code}：{reply.text[:200]}")


def _unreachable(url: str, error: Exception) -> SystemFailedError:
    return SystemFailedError(
        f"连不上{url}（{type(error).__name__}），请检查地址，以及服务是否已启动。"
    )


def _figure(found: _Figure) -> Figure:
    value = Fraction(found.value) if "/" in found.value else Decimal(found.value)
    period = (found.period[0], found.period[-1]) if found.period else None
    return Figure(
        start=found.start,
        end=found.end,
        text=found.text,
        indicator=found.indicator,
        name=found.name,
        subject=found.subject,
        value=value,
        unit=found.unit,
        period=period,
        kind=FigureKind(found.kind),
    )
