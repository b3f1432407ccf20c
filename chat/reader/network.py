"""A bidirectional LSTM reader with attention between question and passage and within the passage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from chat.reader.tokens import PASSAGE_FEATURES, QUESTION_FEATURES

_NEVER = -1e9
_LINKED = 48  # dimensions in which a begin and its end are held together


@dataclass(frozen=True)
class ReaderConfig:
    """Sizes of the network.

    :ivar words: rows of the word table.
    :ivar dimensions: of the fixed word vectors.
    :ivar projected: dimensions they are brought down to.
    :ivar own: dimensions of the reader's own word vectors.
    :ivar hidden: units of an LSTM in each direction.
    """

    words: int = 39_999
    dimensions: int = 256
    projected: int = 128
    own: int = 32
    hidden: int = 112


class Told(NamedTuple):
    """What the network says of a batch of passages, in logits.

    :ivar begins: ``(batch, tokens)`` that the answer begins there; ``ends`` likewise, whatever the begin.
    :ivar nothing: ``(batch,)`` that the passage has no answer.
    :ivar left: ``(batch, tokens, 48)``: what a begin adds to the score of an end is its product with
        ``right`` there.
    """

    begins: Tensor
    ends: Tensor
    nothing: Tensor
    left: Tensor
    right: Tensor


class LockedDropout(nn.Module):
    """Drops the same units at every position of a text (Gal and Ghahramani 2016)."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x`` with whole units set to nought, in training only."""
        if not self.training or self.rate == 0:
            return x
        kept = x.new_empty(x.size(0), 1, x.size(2)).bernoulli_(1 - self.rate)
        return x * kept / (1 - self.rate)


class ReaderNetwork(nn.Module):
    """Scores every token of a passage as the first and as the last of the answer.

    After DrQA (Chen et al. 2017: aligned question vectors, word features), BiDAF (Seo et al. 2017:
    attention of the passage to the question) and DocumentQA (Clark and Gardner 2018: the passage
    attends to itself; scores comparable between passages; a score that there is no answer) and R-NET
    (Wang et al. 2017: the end is sought for a given begin, here by a bilinear term).
    """

    table: Tensor

    def __init__(self, config: ReaderConfig, table: Tensor, dropout: float = 0.0) -> None:
        """Build the network.

        :param table: ``(words, dimensions)`` fixed word vectors, not saved with the weights.
        """
        super().__init__()
        c = config
        wide = 2 * c.hidden
        self.register_buffer("table", table, persistent=False)
        self.proj = nn.Linear(c.dimensions, c.projected)
        self.al = nn.Linear(c.dimensions, c.projected)
        self.small = nn.Embedding(c.words, c.own)
        self.drop = LockedDropout(dropout)
        inner = 2 * c.projected + c.own
        self.pl = _lstm(inner + PASSAGE_FEATURES, c.hidden)
        self.ql = _lstm(inner + QUESTION_FEATURES, c.hidden)
        self.wp, self.wq = nn.Linear(wide, 1), nn.Linear(wide, 1)
        self.wpq = nn.Parameter(torch.ones(wide) / wide**0.5)
        self.qself = nn.Linear(wide, 1)
        self.fuse = nn.Linear(4 * wide, wide)
        self.m1 = _lstm(wide, c.hidden)
        self.sa = nn.Linear(wide, wide, bias=False)
        self.fuse2 = nn.Linear(3 * wide, wide)
        self.m2 = _lstm(2 * wide, c.hidden)
        self.ws, self.we = nn.Linear(wide, wide), nn.Linear(wide, wide)
        self.vs, self.ve = nn.Linear(wide, 1), nn.Linear(wide, 1)
        self.left = nn.Linear(wide, _LINKED, bias=False)
        self.right = nn.Linear(wide, _LINKED, bias=False)
        self.null = nn.Sequential(nn.Linear(3 * wide, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(
        self, question: Tensor, question_features: Tensor, passage: Tensor, passage_features: Tensor
    ) -> Told:
        """Score every token of the passages.

        :param question: ``(batch, question tokens)`` ids, -1 behind the end; ``passage`` likewise.
        """
        asked, there = question >= 0, passage >= 0
        question, passage = question.clamp(min=0), passage.clamp(min=0)
        q0, p0 = self.table[question], self.table[passage]
        qa, pa = functional.relu(self.al(q0)), functional.relu(self.al(p0))
        alike = pa @ qa.transpose(1, 2)
        to_question = _over(alike, asked) @ qa
        to_passage = _over(alike.transpose(1, 2), there) @ pa
        p = self.drop(torch.cat([self.proj(p0), self.small(passage), to_question], -1))
        q = self.drop(torch.cat([self.proj(q0), self.small(question), to_passage], -1))
        p = self.drop(self.pl(torch.cat([p, passage_features], -1))[0])
        q = self.drop(self.ql(torch.cat([q, question_features], -1))[0])
        score = self.wp(p) + self.wq(q).transpose(1, 2) + (p * self.wpq) @ q.transpose(1, 2)
        context = _over(score, asked) @ q
        best = score.masked_fill(~asked[:, None], _NEVER).amax(-1)
        centre = best.masked_fill(~there, _NEVER).softmax(-1)[:, None] @ p
        mixed = functional.relu(
            self.fuse(torch.cat([p, context, p * context, centre * context], -1))
        )
        first = self.drop(self.m1(self.drop(mixed))[0])
        among = self.sa(first) @ first.transpose(1, 2) / first.size(-1) ** 0.5
        itself = torch.eye(among.size(1), dtype=torch.bool)[None]
        other = among.masked_fill(~there[:, None] | itself, _NEVER).softmax(-1) @ first
        mixed = mixed + functional.relu(self.fuse2(torch.cat([first, other, first * other], -1)))
        last = self.drop(self.m2(self.drop(torch.cat([mixed, first], -1)))[0])
        whole = (self.qself(q).masked_fill(~asked[..., None], _NEVER).softmax(1) * q).sum(1)
        both = mixed + first
        begins = (self.ws(whole)[:, None] * both).sum(-1) + self.vs(both).squeeze(-1)
        ends = (self.we(whole)[:, None] * last).sum(-1) + self.ve(last).squeeze(-1)
        begins, ends = begins.masked_fill(~there, _NEVER), ends.masked_fill(~there, _NEVER)
        at_begin = (begins.softmax(-1)[:, None] @ first).squeeze(1)
        at_end = (ends.softmax(-1)[:, None] @ last).squeeze(1)
        nothing = self.null(torch.cat([at_begin, at_end, whole], -1)).squeeze(-1)
        return Told(begins, ends, nothing, self.left(both), self.right(last))


def _lstm(size: int, hidden: int) -> nn.LSTM:
    return nn.LSTM(size, hidden, batch_first=True, bidirectional=True)


def _over(score: Tensor, there: Tensor) -> Tensor:
    """Return the softmax over the last axis, of the tokens that are there."""
    return score.masked_fill(~there[:, None], _NEVER).softmax(-1)
