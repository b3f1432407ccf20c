"""Tune the encoder's word vectors so that everyday words come to lie beside those of the reports.

    python -m models.training.matching --data ../shared/data --encoder models/encoder --out models/encoder

A question's words are each met by the word of a sentence that is nearest to them (late interaction,
Khattab and Zaharia 2020), as ``chat.matcher`` compares; the sentence that answers is told from others of
its document by softmax over these sums. Means of vectors, by which passages are searched, are tuned
beside. Only words of questions and sentences move, and none far: their distance to where they were counts.

``--without-half 0`` (or ``1``) leaves every second document out; the rankers and the refusal decision
are trained with such vectors of questions that these have not seen.
"""

from __future__ import annotations

import argparse
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch import Tensor
from torch.nn import functional

from corpus.cleaning import fold_text
from corpus.passages import TITLE_BLOCK, passages, segments
from corpus.types import Document
from index.words import WordModel
from models.training import SEED
from models.training.questions import Labelled, govqa_sets, half_of
from retriever.question import understand

_WEIGHTS = "model.safetensors"
BATCH, SENTENCES = 16, 24
EPOCHS, RATE, KEEP = 1.2, 3e-3, 2.0
_SHARPNESS = 14.0  # of the softmax over sentences
_MEAN = 0.3  # weight of the loss over means
_WARM = 50  # steps
_LONGEST = 45  # words of a sentence


@dataclass(frozen=True)
class Asked:
    """A question with the sentences of its document.

    :ivar words: rows of the vector table; ``weights`` as in :class:`index.words.Word`.
    :ivar right: places in ``sentences`` of those that hold the evidence.
    :ivar sentences: words of every sentence of the document, shared by its questions.
    """

    words: list[int]
    weights: list[float]
    right: list[int]
    sentences: list[list[int]]


def questions(data: Path, words: WordModel, without: int | None) -> list[Asked]:
    """Return the answerable questions of the training sets.

    :param without: half of the documents that is left out.
    """
    half = half_of("train")
    found: list[Asked] = []
    for document, rows in govqa_sets("train", data):
        if half[document.id] != without:
            found += _of_document(document, rows, words)
    return found


def _of_document(document: Document, rows: list[Labelled], words: WordModel) -> Iterator[Asked]:
    units = [
        (s.start, s.end, cut)
        for passage in passages(document)
        if passage.section[:1] != (TITLE_BLOCK,)
        for sentence in passage.sentences
        for s in segments(document, sentence)
        if (cut := [w.number for w in words.cut(fold_text(document.text[s.start : s.end]))])
    ]
    sentences = [cut[:_LONGEST] for *_, cut in units]
    for row in rows:
        right = [i for i, (a, b, _) in enumerate(units) if a < row.end and b > row.start]
        asked = understand(row.question, document.year, words).words
        if row.answers and right and asked and len(right) < len(units):
            yield Asked([w.number for w in asked], [w.weight for w in asked], right, sentences)


def tune(table: Tensor, rows: list[Asked], epochs: float) -> Tensor:
    """Return ``(words, dim)`` vectors of the same lengths, turned.

    :param table: the vectors as they are, lengths included.
    """
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    lengths = table.norm(dim=1)
    before = functional.normalize(table, dim=1)
    vectors = torch.nn.Parameter(before.clone())
    optimiser = torch.optim.Adam([vectors], lr=RATE)
    steps, done = int(len(rows) / BATCH * epochs), 0
    while done < steps:
        rng.shuffle(rows)
        for start in range(0, len(rows) - BATCH, BATCH):
            if done == steps:
                break
            for group in optimiser.param_groups:
                group["lr"] = RATE * min(1, (done + 1) / _WARM) * max(0.05, 1 - done / steps)
            loss = _loss(vectors, lengths, before, rows[start : start + BATCH], rng)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            done += 1
            if done % 200 == 0:
                print(f"step {done} of {steps}, loss {float(loss.detach()):.2f}", flush=True)
    tuned: Tensor = functional.normalize(vectors.detach(), dim=1) * lengths[:, None]
    return tuned


def _loss(
    vectors: Tensor, lengths: Tensor, before: Tensor, rows: list[Asked], rng: random.Random
) -> Tensor:
    asked, there = _padded([r.words for r in rows])
    weights = torch.zeros_like(there)
    for i, row in enumerate(rows):
        weights[i, : len(row.weights)] = torch.tensor(row.weights) + 1e-6
    told, held = _padded([s for r in rows for s in _drawn(r, rng)])
    told, held = told.view(len(rows), SENTENCES, -1), held.view(len(rows), SENTENCES, -1)
    q, s = (functional.normalize(vectors[ids], dim=-1) for ids in (asked, told))
    cosines = torch.einsum("bld,bsmd->bslm", q, s)
    same = (asked[:, None, :, None] == told[:, :, None, :]) & (asked[:, None, :, None] > 0)
    cosines = torch.where(same, 1.0, cosines).masked_fill(held[:, :, None, :] == 0, -1.0)
    best = (cosines.amax(-1) * weights[:, None]).sum(-1) / weights.sum(-1)[:, None]
    mean_q = (q * (lengths[asked] * there)[..., None]).sum(1)
    mean_s = (s * (lengths[told] * held)[..., None]).sum(2)
    means = torch.einsum(
        "bd,bsd->bs", functional.normalize(mean_q, dim=-1), functional.normalize(mean_s, dim=-1)
    )
    first = torch.zeros(len(rows), dtype=torch.long)
    used = torch.unique(torch.cat([asked.flatten(), told.flatten()]))
    moved = ((functional.normalize(vectors[used], dim=-1) - before[used]) ** 2).sum(-1).mean()
    return (
        functional.cross_entropy(best * _SHARPNESS, first)
        + _MEAN * functional.cross_entropy(means * _SHARPNESS, first)
        + KEEP * moved
    )


def _drawn(row: Asked, rng: random.Random) -> list[list[int]]:
    """Return a sentence that holds the evidence, then others of the document."""
    every = range(len(row.sentences))
    others = [i for i in rng.sample(every, min(len(every), SENTENCES + 4)) if i not in row.right]
    others += [i for i in every if i not in row.right][:1]
    while len(others) < SENTENCES - 1:
        others.append(others[0])
    return [row.sentences[i] for i in (rng.choice(row.right), *others[: SENTENCES - 1])]


def _padded(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Return rows of one length, and 1 where there is a word."""
    width = max(map(len, rows))
    ids, there = torch.zeros(len(rows), width, dtype=torch.long), torch.zeros(len(rows), width)
    for i, row in enumerate(rows):
        ids[i, : len(row)], there[i, : len(row)] = torch.tensor(row), 1.0
    return ids, there


def main() -> None:
    """Tune the vectors of an encoder and save it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--without-half", type=int, choices=(0, 1))
    parser.add_argument("--epochs", type=float, default=EPOCHS)
    args = parser.parse_args()
    weights = load_file(args.encoder / _WEIGHTS)
    rows = questions(args.data, WordModel(args.encoder), args.without_half)
    print(f"{len(rows)} questions")
    table = torch.from_numpy(weights["embedding.weight"].astype(np.float32))
    table[0] = 0.0
    tuned = tune(table, rows, args.epochs).numpy().astype(np.float16)
    tuned[0] = weights["embedding.weight"][0]
    if args.out != args.encoder:
        shutil.copytree(args.encoder, args.out, dirs_exist_ok=True)
    save_file({**weights, "embedding.weight": tuned}, args.out / _WEIGHTS)


if __name__ == "__main__":
    main()
