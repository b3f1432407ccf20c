"""Build the answering pipeline with stages left out, to see what each is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from chat.confidence import THRESHOLD
from chat.evidence import EvidenceRanker
from chat.extractive import ExtractiveAnswerer, look_up
from chat.features import FEATURES
from chat.network import Network
from chat.quantity_features import QUANTITY_FEATURES
from chat.quantity_ranker import QuantityRanker
from chat.span import Span
from chat.spans import SpanFinder
from corpus.errors import WenzhengError
from corpus.types import Document
from index.encoder import Encoder
from index.library import Library
from index.words import shipped_words
from retriever.question import Question
from retriever.search import DENSE_WEIGHT, LEXICAL_WEIGHT, Retriever
from retriever.vocabulary import Vocabulary, shipped_vocabulary


class Stage(StrEnum):
    """A stage that can be left out."""

    VOCABULARY = "vocabulary"
    DENSE = "dense"
    LEXICAL = "lexical"
    EVIDENCE = "evidence"
    QUANTITY = "quantity"
    READER = "reader"
    LOOKUPS = "lookups"
    REFUSAL = "refusal"


# Stage → what stands in for it, for people.
MEANINGS: dict[Stage, str] = {
    Stage.VOCABULARY: "民生词表（不用百姓说法与报告说法的对照）",
    Stage.DENSE: "向量检索（只按词语检索）",
    Stage.LEXICAL: "词语检索（只按向量检索）",
    Stage.EVIDENCE: "证据排序网络（按段落名次和双字重合取句子）",
    Stage.QUANTITY: "数字排序网络（取最好一句里的第一个数字）",
    Stage.READER: "阅读模型（判断是连同它一起训练的，没有它几乎都拒答）",
    Stage.LOOKUPS: "名词解释和标题的直接查找",
    Stage.REFUSAL: "拒答（总是作答）",
}


class StageError(WenzhengError):
    """A stage that there is not."""

    code = "stage_unknown"


def stages_of(names: list[str]) -> tuple[Stage, ...]:
    """Return the stages named.

    :raises StageError: if there is none of a name.
    """
    known = {stage.value: stage for stage in Stage}
    if unknown := [name for name in names if name not in known]:
        raise StageError(f"没有“{'、'.join(unknown)}”这个环节；可选：{'、'.join(known)}。")
    return tuple(known[name] for name in names)


@dataclass(frozen=True)
class Pieces:
    """A pipeline.

    :ivar threshold: probability from which it answers.
    """

    retriever: Retriever
    answerer: ExtractiveAnswerer
    threshold: float


def build(library: Library, encoder: Encoder, without: frozenset[Stage] = frozenset()) -> Pieces:
    """Build the pipeline over a library, without some of its stages."""
    words = shipped_words()
    vocabulary = Vocabulary([]) if Stage.VOCABULARY in without else shipped_vocabulary()
    retriever = Retriever(
        library,
        encoder,
        vocabulary,
        0.0 if Stage.LEXICAL in without else LEXICAL_WEIGHT,
        0.0 if Stage.DENSE in without else DENSE_WEIGHT,
    )
    answerer = ExtractiveAnswerer(
        retriever,
        words,
        vocabulary,
        encoder.name,
        ranker=EvidenceRanker(
            retriever, words, vocabulary, _plain_evidence() if Stage.EVIDENCE in without else None
        ),
        finder=SpanFinder(QuantityRanker(_plain_quantity()) if Stage.QUANTITY in without else None),
        reads=Stage.READER not in without,
        lookup=_nothing if Stage.LOOKUPS in without else look_up,
    )
    return Pieces(retriever, answerer, 0.0 if Stage.REFUSAL in without else THRESHOLD)


def _nothing(question: Question, documents: Sequence[Document]) -> Span | None:  # noqa: ARG001
    return None


def _plain_evidence() -> Network:
    """Return a ranking of segments by what a keyword search knows."""
    return _weighted(
        FEATURES, {"reciprocal rank of the passage": 1.0, "bigram coverage by the segment": 1.0}
    )


def _plain_quantity() -> Network:
    """Return a ranking of quantities by the order in which they are met."""
    return _weighted(
        QUANTITY_FEATURES,
        {
            "score of the segment below the best segment's": -1.0,
            "order of the quantity in its segment": -0.1,
        },
    )


def _weighted(features: tuple[str, ...], weights: dict[str, float]) -> Network:
    """Return a network that ranks by a weighted sum of a few features."""
    row = np.zeros((1, len(features)), dtype=np.float32)
    for name, weight in weights.items():
        row[0, features.index(name)] = weight
    count = len(features)
    return Network(
        mean=np.zeros(count, dtype=np.float32),
        scale=np.full(count, 10.0, dtype=np.float32),  # small, so that tanh stays a line
        w1=row,
        b1=np.zeros(1, dtype=np.float32),
        w2=np.full(1, 10.0, dtype=np.float32),
        b2=np.zeros(1, dtype=np.float32),
    )
