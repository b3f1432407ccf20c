"""What writes the text of an answer: a model on this machine, or an endpoint that speaks OpenAI's form."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol

from chat.generative.prompt import Message


@dataclass(frozen=True)
class EndpointOptions:
    """Where an OpenAI-compatible endpoint is, and how long it is waited for.

    :ivar url: base address up to and with the version: ``http://127.0.0.1:11434/v1``.
    :ivar key: empty for a server that asks for none.
    :ivar connect_s: seconds until the connection stands.
    :ivar first_token_s: seconds from a request to the first words; then between words.
    :ivar whole_s: seconds for the whole answer, retries and waiting for a turn included.
    :ivar retries: further attempts after an error that may pass.
    :ivar concurrency: requests under way at a time.
    :ivar tokens: longest answer.
    :ivar room: characters that the prompt may have.
    :ivar failures: in a row, from which the endpoint is left alone for ``pause_s`` seconds.
    """

    url: str
    model: str
    key: str = ""
    connect_s: float = 3.0
    first_token_s: float = 20.0
    whole_s: float = 60.0
    retries: int = 2
    concurrency: int = 4
    tokens: int = 512
    room: int = 6000
    failures: int = 3
    pause_s: float = 30.0


@dataclass(frozen=True)
class LocalOptions:
    """A causal language model of the Hub's form, run here.

    :ivar name: folder, or Hub id such as ``Qwen/Qwen2.5-1.5B-Instruct``.
    :ivar downloads: whether it may be fetched from the Hub.
    :ivar tokens: longest answer.
    :ivar whole_s: seconds for the whole answer, waiting for a turn included.
    :ivar failures: in a row, from which the model is left alone for ``pause_s`` seconds.
    """

    name: str
    downloads: bool = False
    tokens: int = 512
    whole_s: float = 180.0
    failures: int = 3
    pause_s: float = 30.0


class Writer(Protocol):
    """Writes an answer piece by piece.

    ``write`` yields pieces of any size as they come. Closing its iterator stops the work at once.
    It raises ``GenerationError`` with a Chinese message for every failure, before the first piece or
    behind any; nothing else escapes.
    """

    @property
    def name(self) -> str:
        """The model's name, told in every answer."""
        ...

    def prepare(self) -> None:
        """Load what is slow to load.

        :raises GenerationError: if the model cannot be had.
        """
        ...

    def fits(self, messages: list[Message]) -> bool:
        """Tell whether the model can read a prompt of this length and still write."""
        ...

    def write(self, messages: list[Message]) -> Generator[str, None, None]:
        """Yield the answer to a prompt.

        :raises GenerationError: if the model fails, stalls or breaks off.
        """
        ...

    def close(self) -> None:
        """Give back threads and connections."""
        ...


def writer_of(options: EndpointOptions | LocalOptions) -> Writer:
    """Return the writer that the options describe, not yet connected or loaded."""
    if isinstance(options, EndpointOptions):
        from chat.generative.endpoint import EndpointWriter

        return EndpointWriter(options)
    from chat.generative.local import LocalWriter

    return LocalWriter(options)
