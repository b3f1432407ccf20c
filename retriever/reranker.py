"""Rerank the passages found with a cross-encoder of the Hub's form, such as BAAI/bge-reranker-base."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from corpus.cleaning import clean
from corpus.errors import LibraryError
from index.encoder import Encoder
from index.hub import missing_model, use_hub
from index.library import Library
from retriever.question import Question
from retriever.search import Hit, Retriever
from retriever.vocabulary import Vocabulary

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

POOL = 20  # passages reranked for a question
_MAX_TOKENS = 512


@dataclass(frozen=True)
class RerankerOptions:
    """Which cross-encoder.

    :ivar name: folder, or Hub id such as ``BAAI/bge-reranker-base``.
    :ivar downloads: whether it may be fetched from the Hub.
    :ivar pool: passages reranked for a question; the others keep their places behind them.
    """

    name: str
    downloads: bool = False
    pool: int = POOL


class Reranker:
    """Tells how well a passage answers a question, both read together."""

    def __init__(self, options: RerankerOptions) -> None:
        """Remember the model; it is loaded by ``prepare`` or on first use."""
        self.name = options.name
        self.pool = options.pool
        self._options = options
        self._model: CrossEncoder | None = None

    def prepare(self) -> None:
        """Load the model.

        :raises LibraryError: if it cannot be had or gives more than one score a pair.
        """
        if self._model is None:
            self._model = _load(self._options)

    def scores(self, question: str, texts: list[str]) -> npt.NDArray[np.float32]:
        """Return ``(len(texts),) float32`` scores; higher is better, within one question only."""
        self.prepare()
        assert self._model is not None
        if not texts:
            return np.zeros(0, dtype=np.float32)
        pairs = [(question, text) for text in texts]
        return np.asarray(
            self._model.predict(pairs, show_progress_bar=False), dtype=np.float32
        ).reshape(-1)


class RerankingRetriever(Retriever):
    """Finds passages as its base does and puts the best of them in the order of a reranker."""

    def __init__(
        self, library: Library, encoder: Encoder, vocabulary: Vocabulary, reranker: Reranker
    ) -> None:
        """Search a library and rerank what is found."""
        super().__init__(library, encoder, vocabulary)
        self._reranker = reranker

    def search(self, question: Question, k: int, documents: tuple[str, ...] = ()) -> list[Hit]:
        """Return the ``k`` best passages, best first.

        The fused scores are dealt out anew in the new order, so that they keep the spread that the
        networks behind the search were trained on.
        """
        hits = super().search(question, max(k, self._reranker.pool), documents)
        best, rest = hits[: self._reranker.pool], hits[self._reranker.pool :]
        scores = self._reranker.scores(question.text, [self._read(h) for h in best])
        order = np.argsort(-scores, kind="stable")
        dealt = [h.score for h in best]
        ranked = [replace(best[i], score=dealt[rank]) for rank, i in enumerate(order)]
        return (ranked + rest)[:k]

    def _read(self, hit: Hit) -> str:
        """Return what the reranker reads of a passage: its headings, then its clean text."""
        passage = hit.passage
        document = self.library.document(passage.document_id)
        text = clean(document.text, passage.start, passage.end, document.marks).text
        return " ".join((*passage.section, text))


def _load(options: RerankerOptions) -> CrossEncoder:
    offline = use_hub(downloads=options.downloads)
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    from sentence_transformers import CrossEncoder

    try:
        model: CrossEncoder = CrossEncoder(
            options.name,
            device="cpu",
            max_length=_MAX_TOKENS,
            trust_remote_code=False,
            local_files_only=offline,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise LibraryError(missing_model("重排模型", options.name, "reranker")) from error
    if model.num_labels != 1:
        raise LibraryError(
            f"重排模型“{options.name}”给出{model.num_labels}类而不是一个分数，不能用来重排；"
            "请把reranker换成交叉编码的重排模型，如BAAI/bge-reranker-base。"
        )
    return model
