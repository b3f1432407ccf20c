"""Our reader as a transformers model, so that the readers of Haystack and txtai load it by its folder."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import (
    AutoConfig,
    AutoModelForQuestionAnswering,
    PreTrainedConfig,
    PreTrainedModel,
)
from transformers.modeling_outputs import QuestionAnsweringModelOutput

from chat.reader.network import ReaderConfig, ReaderNetwork
from chat.reader.reader import batch
from chat.reader.tokens import QuestionTokens, Tokens
from eval.peers.reader import MODEL_TYPE
from index.words import Piece

_NEVER = -1e4
_UNKNOWN = "\ufffd"


class Config(PreTrainedConfig):  # type: ignore[no-untyped-call]  # transformers' own base
    """Sizes of the network beside what every transformers model has."""

    model_type = MODEL_TYPE

    def sizes(self) -> ReaderConfig:
        """Return the sizes as the network takes them."""
        return ReaderConfig(**{f.name: getattr(self, f.name) for f in fields(ReaderConfig)})


@dataclass(frozen=True)
class _Cut:
    """Texts whose tokens are given: what features are taken from in place of the word model."""

    cuts: dict[str, list[Piece]]

    def pieces(self, text: str) -> list[Piece]:
        return self.cuts[text]


class ReaderForQuestionAnswering(PreTrainedModel):  # type: ignore[no-untyped-call]
    """Scores of beginning and end for question and passage in one row of tokens.

    ``begin`` is how much likelier the answer begins here than that there is none, ``end`` the logarithm
    of the probability that it ends here: their sum is above 0 where the reader would rather answer.
    """

    config_class = Config

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        sizes = config.sizes()
        self.table = nn.Parameter(torch.zeros(sizes.words, sizes.dimensions), requires_grad=False)
        self.rarity = nn.Parameter(torch.zeros(sizes.words), requires_grad=False)
        self.network = ReaderNetwork(sizes, torch.zeros(1))
        tokenizer = Tokenizer.from_file(str(Path(str(config.name_or_path)) / "tokenizer.json"))
        self._spelt = [tokenizer.id_to_token(n) or _UNKNOWN for n in range(sizes.words)]
        self._spelt[0] = _UNKNOWN
        self.post_init()  # type: ignore[no-untyped-call]

    def _init_weights(self, module: nn.Module) -> None:
        """Leave every weight to be loaded."""

    @torch.inference_mode()
    def forward(self, input_ids: Tensor, **_: object) -> QuestionAnsweringModelOutput:
        """Return ``(batch, tokens)`` scores; question and marks are never an answer."""
        self.network.table = self.table.data
        begins = torch.full(input_ids.shape, _NEVER)
        ends = begins.clone()
        pairs, places = [], []
        for row in input_ids.tolist():
            first = row.index(self.config.sep_token_id)
            last = row.index(self.config.sep_token_id, first + 1)
            pairs.append(self._pair(row[:first], row[first + 1 : last]))
            places.append(first + 1)
        begin, end, nothing, _, _ = self.network(*batch(pairs))
        for i, (place, pair) in enumerate(zip(places, pairs, strict=True)):
            count = len(pair[1].ids)
            begins[i, place : place + count] = begin[i, :count] - nothing[i]
            ends[i, place : place + count] = end[i, :count].log_softmax(-1)
        return QuestionAnsweringModelOutput(start_logits=begins, end_logits=ends)

    @cached_property
    def _weights(self) -> list[float]:
        return [float(weight) for weight in self.rarity.tolist()]

    def _pair(self, question: list[int], passage: list[int]) -> tuple[Tokens, Tokens]:
        asked, there = self._pieces(question), self._pieces(passage)
        texts = ["".join(p.text for p in pieces) for pieces in (asked, there)]
        cut = _Cut(dict(zip(texts, (asked, there), strict=True)))
        return QuestionTokens(texts[0], cut).beside(texts[1])  # type: ignore[arg-type]

    def _pieces(self, ids: list[int]) -> list[Piece]:
        pieces, position = [], 0
        for number in ids:
            text = self._spelt[number]
            end = position + len(text)
            pieces.append(Piece(text, number, position, end, self._weights[number]))
            position = end
        return pieces


def register() -> None:
    """Make the readers of transformers find the model by its folder."""
    AutoConfig.register(MODEL_TYPE, Config, exist_ok=True)
    AutoModelForQuestionAnswering.register(Config, ReaderForQuestionAnswering, exist_ok=True)
