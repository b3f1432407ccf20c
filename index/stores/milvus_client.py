"""Calls to Milvus: time-outs, second tries, no more at a time than it can take, clear errors."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from corpus.errors import LibraryError

_log = logging.getLogger("wenzheng")
_AGAIN = ("unavailable", "deadline", "rate limit", "timeout", "not ready", "connection")
_T = TypeVar("_T")


@dataclass(frozen=True)
class MilvusOptions:
    """Where Milvus is and how it is called.

    :ivar address: ``milvus://host:19530``, ``milvus://user:password@host:19530/database``, or the
        path of a Milvus Lite file ending in ``.db``.
    :ivar timeout_s: of one call.
    :ivar tries: of a call that fails for a reason that passes.
    :ivar at_once: calls under way at a time; more wait.
    :ivar wait_s: how long a call waits for its turn.
    """

    address: str
    timeout_s: float = 10.0
    tries: int = 4
    at_once: int = 32
    wait_s: float = 5.0


class Milvus:
    """A connection to Milvus that many threads share."""

    def __init__(self, options: MilvusOptions) -> None:
        """Connect.

        :raises LibraryError: if ``pymilvus`` is not installed or Milvus does not answer.
        """
        try:
            import pymilvus
        except ImportError as error:
            raise LibraryError(
                "设置了store，却没有安装pymilvus；请运行 pip install 'wenzheng[milvus]'。"
            ) from error
        self.options = options
        self._turns = threading.BoundedSemaphore(options.at_once)
        uri, token, database = _parts(options.address)
        try:
            self._client = pymilvus.MilvusClient(
                uri, token=token, db_name=database, timeout=options.timeout_s
            )
        except Exception as error:  # pymilvus raises many kinds, of gRPC's and its own
            raise LibraryError(
                f"连不上Milvus（{options.address}）：{_short(error)}；请检查地址，或Milvus是否在运行。"
            ) from error

    @property
    def client(self) -> Any:  # noqa: ANN401 (pymilvus is not typed)
        """The client itself, for building schemas."""
        return self._client

    def call(self, method: str, *args: object, **kwargs: object) -> Any:  # noqa: ANN401 (untyped)
        """Call a method of the client.

        :raises LibraryError: if Milvus refuses, or does not answer after all tries.
        """
        if not self._turns.acquire(timeout=self.options.wait_s):
            raise LibraryError("检索请求过多，请稍后再试。")
        try:
            return self._tried(
                lambda: getattr(self._client, method)(
                    *args, timeout=self.options.timeout_s, **kwargs
                ),
                method,
            )
        finally:
            self._turns.release()

    def _tried(self, work: Callable[[], _T], what: str) -> _T:
        for attempt in range(1, self.options.tries + 1):
            try:
                return work()
            except Exception as error:
                # Some versions raise gRPC's errors through, some wrap them: the text tells.
                passing = any(word in str(error).lower() for word in _AGAIN)
                if not passing or attempt == self.options.tries:
                    raise LibraryError(
                        f"Milvus没有完成{what}：{_short(error)}；请检查Milvus的日志和资源。"
                    ) from error
                _log.warning("Milvus %s failed, try %d: %s", what, attempt, _short(error))
                time.sleep(0.2 * 2**attempt)
        raise AssertionError("a try returns or raises")

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def is_milvus(store: str) -> bool:
    """Tell whether a ``store`` setting names a Milvus rather than nothing."""
    return store.startswith(("milvus://", "milvuss://")) or store.endswith(".db")


def _parts(address: str) -> tuple[str, str, str]:
    """Return uri, token and database of an address."""
    if "://" not in address:
        return address, "", ""
    parts = urlsplit(address)
    scheme = "https" if parts.scheme == "milvuss" else "http"
    token = f"{parts.username}:{parts.password}" if parts.username else ""
    host = parts.hostname or "localhost"
    return f"{scheme}://{host}:{parts.port or 19530}", token, parts.path.strip("/")


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
