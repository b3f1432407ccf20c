"""Turn texts into unit vectors: with a table of word vectors, or a sentence-transformers model."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from corpus.errors import LibraryError
from index.hub import local_folder, missing_model, use_hub, weights_digest
from index.static import StaticModel, is_static

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SHIPPED = "wenzheng-static"
SHIPPED_FOLDER = Path(__file__).parents[1] / "models" / "encoder"
# What a family of models wants before a question and before a passage, where the model's own files
# do not say it. (part of the name in lower case, before a question, before a passage)
PROMPTS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("bge", "-zh"), "为这个句子生成表示以用于检索相关文章：", ""),
    (("multilingual-e5",), "query: ", "passage: "),
    (("stella", "-zh"), "", ""),
)

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class EncoderOptions:
    """Which encoder, and how it is used.

    :ivar name: ``wenzheng-static``, a folder, or a Hub id such as ``BAAI/bge-small-zh-v1.5``.
    :ivar query_prompt: put before a question; None for what the model's files or ``PROMPTS`` say.
    :ivar passage_prompt: likewise before a passage.
    :ivar downloads: whether the model may be fetched from the Hub.
    """

    name: str = SHIPPED
    query_prompt: str | None = None
    passage_prompt: str | None = None
    downloads: bool = False


class Encoder:
    """A sentence-transformers model by name: the shipped one, a folder, or a Hub id."""

    def __init__(self, name: str = SHIPPED, options: EncoderOptions | None = None) -> None:
        """Remember the model; its weights are read on first use.

        :param options: take the place of the name.
        """
        self.options = options or EncoderOptions(name)
        self.name = self.options.name
        self._model: SentenceTransformer | StaticModel | None = None
        self._fingerprint = ""

    @property
    def _loaded(self) -> SentenceTransformer | StaticModel:
        """The loaded model.

        :raises LibraryError: if it is neither a folder nor to be had from the Hub.
        """
        if self._model is None:
            folder = self.folder
            # A table of word vectors needs neither torch nor the 5 s that importing it takes.
            static = folder is not None and is_static(folder)
            self._model = StaticModel(folder) if static and folder else _load(self.options)
        return self._model

    @property
    def folder(self) -> Path | None:
        """Where the model lies, None for one of the Hub."""
        folder = SHIPPED_FOLDER if self.name == SHIPPED else Path(self.name)
        return folder if folder.is_dir() else None

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        model = self._loaded
        if isinstance(model, StaticModel):
            return model.dimensions
        size = model.get_embedding_dimension()
        assert size is not None
        return int(size)

    def fingerprint(self) -> str:
        """Return what tells vectors of this model from others: digest of its weights, passage prompt.

        It is the name for a model that is not on this machine yet.
        """
        if not self._fingerprint:
            folder = self.folder or local_folder(self.name)
            digest = weights_digest(folder) if folder is not None else None
            prompt = self.options.passage_prompt
            self._fingerprint = (digest or self.name) + (f"|{prompt}" if prompt else "")
        return self._fingerprint

    def encode(self, texts: list[str], batch_size: int = 64) -> Vectors:
        """Return ``(len(texts), dimensions) float32`` vectors of passages, of length one."""
        return self._encode(texts, batch_size, "passage")

    def encode_queries(self, texts: list[str], batch_size: int = 64) -> Vectors:
        """Return ``(len(texts), dimensions) float32`` vectors of questions, of length one.

        They differ from those of passages where a model wants another prompt before a question.
        """
        return self._encode(texts, batch_size, "query")

    def prompts(self) -> dict[str, str]:
        """Return what is put before a ``query`` and a ``passage``: settings, model files, ``PROMPTS``."""
        model = self._loaded
        own = {} if isinstance(model, StaticModel) else model.prompts
        query, passage = _family(self.name)
        passage = own.get("passage") or own.get("document") or passage
        query = own.get("query") or query
        given = self.options
        return {
            "query": query if given.query_prompt is None else given.query_prompt,
            "passage": passage if given.passage_prompt is None else given.passage_prompt,
        }

    def _encode(self, texts: list[str], batch_size: int, role: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        model = self._loaded
        if isinstance(model, StaticModel):
            return model.encode(texts)
        vectors = model.encode(
            texts,
            prompt=self.prompts()[role],
            batch_size=batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)


def _family(name: str) -> tuple[str, str]:
    """Return the prompts of the family that a model's name (or its folder's) belongs to."""
    lower = Path(name).name.lower()
    found = (row for row in PROMPTS if all(part in lower for part in row[0]))
    return next(((query, passage) for _, query, passage in found), ("", ""))


def _load(options: EncoderOptions) -> SentenceTransformer:
    if options.name == SHIPPED:
        raise LibraryError(f"找不到随程序附带的模型（{SHIPPED_FOLDER}），请重新下载本项目。")
    offline = use_hub(downloads=options.downloads and not Path(options.name).is_dir())
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(
            options.name,
            device="cpu",
            trust_remote_code=False,
            local_files_only=offline,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise LibraryError(missing_model("编码模型", options.name, "encoder")) from error
    return model.float()
