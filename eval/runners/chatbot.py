"""Evaluate any chatbot with OpenAI's interface; what it says in free text is scored as it stands."""

from __future__ import annotations

import os
import time

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from eval.datasets.types import QuestionRow
from eval.metrics.matching import refuses
from eval.runners.runs import Shown
from eval.runners.systems import Reply, Sources, SystemFailedError

KEY = "OPENAI_API_KEY"
_PATIENCE = 300.0  # seconds for one answer of a large model on a small machine
_TRIES = 4
_BUSY = (429, 500, 502, 503, 504)
_PAUSE = 1.0  # seconds before the second try, doubled for each further one


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore")

    content: str | None


class _Choice(BaseModel):
    model_config = ConfigDict(extra="ignore")

    message: _Message


class _Completion(BaseModel):
    model_config = ConfigDict(extra="ignore")

    choices: list[_Choice]


class Chatbot:
    """A model behind ``POST {url}/chat/completions``, at temperature 0."""

    sources: Sources | None = None

    def __init__(self, url: str, model: str, instructions: str = "", seed: int = 0) -> None:
        """Remember address and model.

        :param url: up to and with ``/v1``.
        :param instructions: system message, empty for none.
        """
        self._url = url.rstrip("/")
        self._model = model
        self._instructions = instructions
        self._seed = seed
        key = os.environ.get(KEY, "")
        self._client = httpx.Client(
            timeout=_PATIENCE, headers={"Authorization": f"Bearer {key}"} if key else {}
        )
        self.name = f"{model}（{self._url}）"

    def ask(self, row: QuestionRow) -> Reply:
        """Answer a question of a set; earlier questions go before it as the user's messages."""
        return self.say([*row.history, row.question])

    def say(self, messages: list[str], instructions: str | None = None) -> Reply:
        """Send the user's messages and return what the chatbot says.

        :raises SystemFailedError: if it does not answer, or not in OpenAI's form.
        """
        system = self._instructions if instructions is None else instructions
        body = {
            "model": self._model,
            "temperature": 0,
            "seed": self._seed,
            "messages": [{"role": "system", "content": system}] * bool(system)
            + [{"role": "user", "content": m} for m in messages],
        }
        started = time.perf_counter()
        text = self._complete(body)
        took = (time.perf_counter() - started) * 1000
        return Reply(refused=refuses(text), answer=text.strip(), took_ms=took)

    def forced(self, row: QuestionRow) -> Reply | None:  # noqa: ARG002
        """Return None: a chatbot cannot be asked to answer in any case."""
        return None

    def passages(self, row: QuestionRow, count: int) -> tuple[Shown, ...]:  # noqa: ARG002
        """Return nothing: a chatbot does not tell what it read."""
        return ()

    def versions(self) -> dict[str, str]:
        """Return model and address."""
        return {"模型": self._model, "服务": self._url}

    def _complete(self, body: dict[str, object]) -> str:
        for attempt in range(_TRIES):
            try:
                reply = self._client.post(f"{self._url}/chat/completions", json=body)
            except httpx.HTTPError as error:
                raise SystemFailedError(
                    f"连不上{self._url}（{type(error).__name__}），请检查地址，以及服务是否已启动。"
                ) from error
            if reply.status_code not in _BUSY or attempt == _TRIES - 1:
                break
            time.sleep(_PAUSE * 2**attempt)
        if reply.status_code in (401, 403):
            raise SystemFailedError(f"{self._url}要求密钥：请设环境变量{KEY}。")
        if not reply.is_success:
            raise SystemFailedError(f"{self._url}回答了状态{reply.status_code}：{reply.text[:200]}")
        try:
            choices = _Completion.model_validate_json(reply.content).choices
            return choices[0].message.content or ""
        except (ValidationError, IndexError) as error:
            raise SystemFailedError(
                f"{self._url}的回答不是OpenAI的格式，请检查地址（一般以/v1结尾）。"
            ) from error
