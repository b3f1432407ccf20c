"""Which models find, order and word the answers, as the settings choose them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chat.generative.writer import EndpointOptions, LocalOptions
from chat.reader.hub import ReaderOptions
from corpus.errors import SettingsError
from index.encoder import EncoderOptions
from retriever.reranker import RerankerOptions

if TYPE_CHECKING:
    from chat.settings import Settings


@dataclass(frozen=True)
class Models:
    """The models of a service.

    :ivar reranker: None to leave the order to the shipped networks.
    :ivar reader: None for the shipped one.
    :ivar writer: words the answers; None for extractive answers.
    """

    encoder: EncoderOptions = field(default_factory=EncoderOptions)
    reranker: RerankerOptions | None = None
    reader: ReaderOptions | None = None
    writer: EndpointOptions | LocalOptions | None = None


def models_of(config: Settings) -> Models:
    """Return the models that the settings choose.

    :raises SettingsError: if generation is chosen without saying by what, or twice.
    """
    return Models(
        encoder=EncoderOptions(
            config.encoder,
            query_prompt=config.encoder_query_prompt,
            passage_prompt=config.encoder_passage_prompt,
            downloads=config.downloads,
        ),
        reranker=RerankerOptions(config.reranker, config.downloads, config.reranked)
        if config.reranker
        else None,
        reader=ReaderOptions(config.reader, config.downloads) if config.reader else None,
        writer=_writer(config) if config.answerer == "generative" else None,
    )


def _writer(config: Settings) -> EndpointOptions | LocalOptions:
    if bool(config.model) == bool(config.endpoint):
        raise SettingsError(
            "answerer是generative时，请在model（本机模型）和endpoint（生成服务的地址）里选一个填写；"
            "见docs/models.md。"
        )
    if config.model:
        return LocalOptions(
            config.model,
            downloads=config.downloads,
            tokens=config.answer_tokens,
            whole_s=config.answer_seconds,
        )
    if not config.endpoint_model:
        raise SettingsError("用endpoint生成回答时，还要用endpoint_model指明模型的名字。")
    return EndpointOptions(
        url=config.endpoint,
        model=config.endpoint_model,
        key=config.endpoint_key.get_secret_value() if config.endpoint_key else "",
        connect_s=config.connect_seconds,
        first_token_s=config.first_token_seconds,
        whole_s=config.answer_seconds,
        retries=config.endpoint_retries,
        concurrency=config.endpoint_concurrent,
        tokens=config.answer_tokens,
        room=config.prompt_characters,
    )
