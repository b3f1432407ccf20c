"""Write answers by an OpenAI-compatible endpoint: Ollama, vLLM, DashScope, DeepSeek and their like."""

from __future__ import annotations

import asyncio
import logging
import queue
import random
import threading
from collections.abc import AsyncIterator, Generator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
import openai
from openai import AsyncOpenAI, AsyncStream
from openai.types.chat import ChatCompletionChunk

from chat.generative.prompt import Message
from chat.generative.writer import EndpointOptions
from corpus.errors import GenerationError

_log = logging.getLogger("wenzheng")
_BACKOFF_S, _BACKOFF_MAX_S = 0.5, 8.0
_TRANSIENT_STATUS = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
# HTTP status → what a person reads.
_STATUS: dict[int, str] = {
    400: "生成服务不接受请求（400），请检查endpoint_model是否支持对话",
    401: "生成服务不认密钥（401），请检查endpoint_key",
    403: "生成服务拒绝访问（403），请检查endpoint_key的权限",
    404: "生成服务没有这个地址或模型（404），请检查endpoint和endpoint_model",
    429: "生成服务太忙（429）",
}


class _BrokenOffError(ValueError):
    """The stream began and did not come to its end."""


class EndpointWriter:
    """Streams chat completions; its requests run on an event loop in a thread of its own."""

    def __init__(self, options: EndpointOptions) -> None:
        """Remember where the endpoint is; it is called on first use."""
        self._options = options
        self._loop = asyncio.new_event_loop()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._slots = asyncio.Semaphore(options.concurrency)
        self._client = AsyncOpenAI(
            base_url=options.url,
            api_key=options.key or "none",  # the client insists on one
            max_retries=0,  # ours know the time that is left
            timeout=openai.Timeout(options.whole_s, connect=options.connect_s),
        )

    @property
    def name(self) -> str:
        """The model's name."""
        return self._options.model

    def prepare(self) -> None:
        """Do nothing: an endpoint that is down now may be up when it is asked."""

    def fits(self, messages: list[Message]) -> bool:
        """Tell whether a prompt keeps within the characters allowed."""
        return sum(len(m.content) for m in messages) <= self._options.room

    def write(self, messages: list[Message]) -> Generator[str, None, None]:
        """Yield the answer as it arrives; see ``Writer``."""
        self._start()
        pieces: queue.SimpleQueue[str | GenerationError | None] = queue.SimpleQueue()
        work = asyncio.run_coroutine_threadsafe(self._produce(messages, pieces), self._loop)
        try:
            while (piece := pieces.get()) is not None:
                if isinstance(piece, GenerationError):
                    raise piece
                yield piece
        finally:
            work.cancel()  # closes the connection where the caller has stopped listening

    def close(self) -> None:
        """Close connections and end the thread."""
        if self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._client.close(), self._loop).result(timeout=5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()
        self._thread = None

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name="wenzheng-endpoint", daemon=True
                )
                self._thread.start()

    async def _produce(
        self, messages: list[Message], pieces: queue.SimpleQueue[str | GenerationError | None]
    ) -> None:
        """Put the pieces, then None; a failure is put before it."""
        try:
            async with asyncio.timeout(self._options.whole_s):
                await self._turn_comes()
                try:
                    async for piece in self._pieces(messages):
                        pieces.put(piece)
                finally:
                    self._slots.release()
        except TimeoutError:
            pieces.put(GenerationError(f"生成服务超过{self._options.whole_s:g}秒没有写完"))
        except GenerationError as error:
            pieces.put(error)
        except Exception as error:  # whatever a server can make the client library raise
            _log.exception("生成服务的回复无法处理")
            pieces.put(GenerationError(f"生成服务的回复无法处理（{type(error).__name__}）"))
        finally:
            pieces.put(None)

    async def _turn_comes(self) -> None:
        """Wait for one of the places; as long as for first words, not longer."""
        try:
            await asyncio.wait_for(self._slots.acquire(), self._options.first_token_s)
        except TimeoutError as error:
            raise GenerationError("同时请求生成服务的人太多") from error

    async def _pieces(self, messages: list[Message]) -> AsyncIterator[str]:
        """Yield pieces of the answer; errors before the first are tried again if they may pass."""
        for attempt in range(self._options.retries + 1):
            begun = False
            try:
                async for piece in self._attempt(messages):
                    begun = True
                    yield piece
                return
            except (
                openai.APIError,
                httpx2.HTTPError,
                ValueError,
                TypeError,
                AttributeError,
            ) as error:
                delay = _retry_after(error) if not begun else None
                if delay is None or attempt == self._options.retries:
                    raise GenerationError(_told(error)) from error
                wait = max(delay, _backoff(attempt))
                if self._no_time_for(wait):
                    raise GenerationError(_told(error)) from error
                _log.info("生成服务第%d次未成（%s），%.1f秒后再试", attempt + 1, _told(error), wait)
                await asyncio.sleep(wait)

    def _no_time_for(self, wait: float) -> bool:
        """Tell whether waiting so long would leave nothing of the time for the whole answer."""
        return wait >= self._options.whole_s / 2

    async def _attempt(self, messages: list[Message]) -> AsyncIterator[str]:
        """Yield the pieces of one request; its silence is bounded before and between words."""
        silence = self._options.first_token_s
        loop = asyncio.get_running_loop()
        stream: AsyncStream[ChatCompletionChunk] | None = None
        finished = written = False
        try:
            async with asyncio.timeout(silence) as timer:
                stream = await self._client.chat.completions.create(
                    model=self._options.model,
                    messages=[_turn(m) for m in messages],
                    temperature=0,
                    max_tokens=self._options.tokens,
                    stream=True,
                )
                async for chunk in stream:
                    piece, last = _read(chunk)
                    finished = finished or last
                    if piece:
                        written = True
                        timer.reschedule(None)
                        yield piece
                        timer.reschedule(loop.time() + silence)
        except (openai.APIConnectionError, httpx2.HTTPError) as error:
            if stream is None:
                raise
            raise _BrokenOffError from error
        except TimeoutError as error:
            if not timer.expired():
                raise  # the time for the whole answer, not this silence
            raise GenerationError(f"生成服务{silence:g}秒没有写出内容") from error
        finally:
            if stream is not None:
                await stream.close()
        if not finished:
            raise _BrokenOffError
        if not written:
            raise ValueError("no text")


def _turn(message: Message) -> openai.types.chat.ChatCompletionMessageParam:
    if message.role == "system":
        return {"role": "system", "content": message.content}
    return {"role": "user", "content": message.content}


def _read(chunk: ChatCompletionChunk) -> tuple[str, bool]:
    """Return the text of a chunk and whether it is the last; the client checks no types.

    :raises ValueError: if the chunk is not of OpenAI's form.
    """
    choices = getattr(chunk, "choices", None)
    if not isinstance(choices, list):
        raise ValueError("a chunk without choices")
    if not choices:  # usage
        return "", False
    delta = getattr(choices[0], "delta", None)
    content = getattr(delta, "content", None)
    if content is not None and not isinstance(content, str):
        raise ValueError("content that is no text")
    return content or "", bool(getattr(choices[0], "finish_reason", None))


def _retry_after(error: Exception) -> float | None:
    """Return how long to wait at least before another attempt; None if none may help."""
    if isinstance(error, openai.APIStatusError):
        if error.status_code not in _TRANSIENT_STATUS:
            return None
        return _seconds(str(error.response.headers.get("retry-after", "")))
    return 0.0


def _seconds(told: str) -> float:
    """Return what a Retry-After header asks for, given as seconds or as a date; 0 if neither."""
    try:
        return max(0.0, float(told))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # TypeError: a date without its zone
        return 0.0


def _backoff(attempt: int) -> float:
    """Return seconds, doubled with each attempt, of which a random half falls away."""
    longest = min(_BACKOFF_MAX_S, _BACKOFF_S * float(2**attempt))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 (spreads retries, guards nothing)


def _told(error: Exception) -> str:
    """Return what a person reads of an error; keys and replies are left out."""
    if isinstance(error, openai.APIStatusError):
        status = error.status_code
        return _STATUS.get(status, f"生成服务出错（{status}）")
    if isinstance(error, openai.APITimeoutError):
        return "生成服务连接超时"
    if isinstance(error, openai.APIConnectionError):
        return "连不上生成服务，请检查endpoint设置和网络"
    if isinstance(error, openai.APIError):
        return "生成服务报告出错"
    if isinstance(error, _BrokenOffError):
        return "生成服务中途断开"
    return "生成服务的回复不合格式"
