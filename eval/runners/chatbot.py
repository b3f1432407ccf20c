"""Evaluate any chatbot with OpenAI's interface; what it says in free text is scored as it stands."""

from __future__ import annotations

import os
import re
import time

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from eval.datasets.types import QuestionRow
from eval.metrics.matching import refuses
from eval.runners.runs import Shown
from eval.runners.systems import Reply, Sources, SystemFailedError

KEY = "OPENAI_API_KEY"
_PATIENCE = 300.0  # seconds for one answer of a large model on a small machine
_TRIES = 6
_BUSY = (429, 500, 502, 503, 504)
_PAUSE = 1.0  # seconds before the second try, doubled for each further one
_LONGEST = 60.0  # seconds to wait before a request is sent again
_OPTIONAL = ("temperature", "seed")  # settings that some models refuse
# What a reasoning model thinks before it answers, where the service does not keep it apart.
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)\s*", re.DOTALL)


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")

    text: str = ""


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore")

    content: str | list[_Part] | None

    def text(self) -> str:
        """Return what is said, whether whole or in parts."""
        if isinstance(self.content, list):
            return "".join(part.text for part in self.content)
        return self.content or ""


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
        self._left_out: list[str] = []
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
        settings = {"temperature": 0, "seed": self._seed}
        body: dict[str, object] = {
            "model": self._model,
            **{name: value for name, value in settings.items() if name not in self._left_out},
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
        """Return model and address, and what the model does not let one set."""
        told = {"模型": self._model, "服务": self._url}
        if self._left_out:
            told["模型不支持，没有发送"] = "、".join(self._left_out)
        return told

    def _complete(self, body: dict[str, object]) -> str:
        reply = self._post(body)
        while not reply.is_success and (name := self._unsupported(reply, body)):
            self._left_out.append(name)
            del body[name]
            reply = self._post(body)
        if reply.status_code in (401, 403):
            raise SystemFailedError(f"{self._url}要求密钥：请设环境变量{KEY}。")
        if reply.status_code in (301, 302, 307, 308, 404, 405):
            raise SystemFailedError(
                f"{self._url}/chat/completions没有聊天接口（状态{reply.status_code}）：{_told(reply)}\n"
                "请检查地址（一般以/v1结尾）和模型名。"
            )
        if not reply.is_success:
            raise SystemFailedError(f"{self._url}回答了状态{reply.status_code}：{_told(reply)}")
        try:
            choices = _Completion.model_validate_json(reply.content).choices
            return _THOUGHT.sub("", choices[0].message.text())
        except (ValidationError, IndexError) as error:
            raise SystemFailedError(
                f"{self._url}的回答不是OpenAI的格式，请检查地址（一般以/v1结尾）。"
            ) from error

    def _post(self, body: dict[str, object]) -> httpx.Response:
        """Send a request; wait and send it again where the service is busy."""
        for attempt in range(_TRIES):
            try:
                reply = self._client.post(f"{self._url}/chat/completions", json=body)
            except httpx.TimeoutException as error:
                raise SystemFailedError(
                    f"{self._url}在{_PATIENCE:.0f}秒里没有答完一题。"
                ) from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise SystemFailedError(
                    f"连不上{self._url}（{type(error).__name__}），请检查地址（如 "
                    "http://localhost:8000/v1），以及服务是否已启动。"
                ) from error
            if reply.status_code not in _BUSY or attempt == _TRIES - 1:
                break
            told = reply.headers.get("retry-after", "")
            wait = float(told) if told.isdigit() else _PAUSE * 2**attempt
            time.sleep(min(wait, _LONGEST))
        return reply

    def _unsupported(self, reply: httpx.Response, body: dict[str, object]) -> str:
        """Return which of the settings a service refuses that some models do not have."""
        if reply.status_code not in (400, 422):
            return ""
        return next((name for name in _OPTIONAL if name in body and name in reply.text), "")


def _told(reply: httpx.Response) -> str:
    """Return what a service says of a failure, on one line."""
    return " ".join(reply.text.split())[:200] or reply.headers.get("location", "")
