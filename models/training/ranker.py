"""Train the evidence ranker and the refusal decision on questions whose evidence is known.

    python -m models.training.ranker --data ../shared/data --out models/ranker

Every question is put to a library of its own document, as the product would; the ranker learns by
softmax over all segments read, the decision by log loss on whether the best segment is right.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import save_file

from chat.confidence import SIGNALS, signals
from chat.evidence import DEPTH, EvidenceRanker, Reading
from chat.features import FEATURES
from chat.network import Network
from chat.places import foreign_places
from corpus.cleaning import fold_text
from corpus.report import parse_report
from corpus.types import Document, Paragraph
from index.encoder import Encoder
from index.library import assemble
from index.words import WordModel
from models.training import data as source
from models.training import govqa
from retriever.question import Question, understand
from retriever.search import Retriever
from retriever.vocabulary import shipped_vocabulary

SEED = 20220212
Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Example:
    """One question put to its document.

    :ivar rows: ``(segments, features)``; the first is not special.
    :ivar right: ``(segments,)`` 1 where the segment holds evidence and answer.
    """

    question: Question
    rows: Array
    right: Array
    answerable: bool
    reading: Reading
    places: frozenset[str]
    source: str


@dataclass(frozen=True)
class Labelled:
    """A question over a document: evidence range and answers, none where it is unanswerable."""

    question: str
    answers: tuple[str, ...]
    start: int
    end: int
    kind: str = ""


def govqa_sets(split: str, data: Path) -> Iterator[tuple[Document, list[Labelled]]]:
    """Yield each document of a govqa split with its questions."""
    by_document: dict[str, list[Labelled]] = defaultdict(list)
    for row in govqa.rows(split):
        end = row.start + len(row.evidence)
        by_document[row.document].append(
            Labelled(row.question, row.items or row.answers, row.start, end, row.type)
            if row.answers
            else Labelled(row.question, (), 0, 0, row.type)
        )
    for name, questions in by_document.items():
        yield parse_report(govqa.document_text(name, data), name), questions


def drcd_sets(data: Path, per_document: int, limit: int) -> Iterator[tuple[Document, list[Labelled]]]:
    """Yield made-up documents of DRCD passages, with questions of theirs and of elsewhere.

    A question of an article that is not in the document has no answer there.
    """
    rows = [
        r
        for name in ("drcd_dev.json", "drcd_test.json")
        for r in source.squad(data / "mrc" / name, traditional=True)
    ]
    by_context: dict[str, list[source.Reading]] = defaultdict(list)
    for row in rows:
        by_context[row.context].append(row)
    contexts = sorted(by_context)
    rng = random.Random(SEED)
    rng.shuffle(contexts)
    for number, start in enumerate(range(0, len(contexts), per_document)):
        if number >= limit:
            return
        group = contexts[start : start + per_document]
        text, offsets = "", []
        for context in group:
            offsets.append(len(text))
            text += context.replace("\n", " ") + "\n"
        paragraphs = tuple(
            Paragraph((), o, o + len(c)) for o, c in zip(offsets, group, strict=True)
        )
        document = Document(id=f"drcd-{number}", title="", text=text, paragraphs=paragraphs)
        questions = [
            Labelled(r.question, (r.answer,), o + r.start, o + r.start + len(r.answer))
            for o, c in zip(offsets, group, strict=True)
            for r in by_context[c]
        ]
        away = [r for c in rng.sample(contexts, 12) if c not in group for r in by_context[c][:2]]
        yield document, questions + [Labelled(r.question, (), 0, 0) for r in away]


def examples(
    sets: Iterator[tuple[Document, list[Labelled]]], network: Network, name: str
) -> list[Example]:
    """Put every question to its document and label the segments read."""
    encoder, words, vocabulary = Encoder(), WordModel(), shipped_vocabulary()
    result = []
    for document, questions in sets:
        retriever = Retriever(assemble([document], encoder), encoder, vocabulary)
        ranker = EvidenceRanker(retriever, words, vocabulary, network)
        for q in questions:
            question = understand(q.question, document.year, words)
            if not question.words:
                continue
            reading = ranker.read(question, depth=DEPTH)
            if not reading.evidence:
                continue
            right = np.array(
                [_holds(document, e.segment.start, e.segment.end, q) for e in reading.evidence],
                dtype=np.float32,
            )
            places = foreign_places(question, document.text)
            result.append(
                Example(question, reading.matrix, right, bool(q.answers), reading, places, name)
            )
    return result


def _holds(document: Document, start: int, end: int, q: Labelled) -> bool:
    """Tell whether a segment overlaps the evidence and holds an answer (any member of a list)."""
    if not q.answers or start >= q.end or end <= q.start:
        return False
    text = _plain(document.text[start:end])
    return any(_plain(a) in text for a in q.answers) or q.kind in ("yesno", "arithmetic")


def _plain(text: str) -> str:
    return "".join(fold_text(text).split())


def fit(
    groups: list[tuple[Array, Array]], features: tuple[str, ...], hidden: int, epochs: int,
    listwise: bool, decay: float,
) -> Network:  # fmt: skip
    """Fit a network: softmax over the rows of each group, or log loss over single rows."""
    torch.manual_seed(SEED)
    rows = np.concatenate([g for g, _ in groups])
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale < 1e-3] = 1.0
    w1 = torch.nn.Parameter(torch.randn(hidden, len(features)) / len(features) ** 0.5)
    b1 = torch.nn.Parameter(torch.zeros(hidden))
    w2 = torch.nn.Parameter(torch.randn(hidden) / hidden**0.5)
    b2 = torch.nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.AdamW([w1, b1, w2, b2], lr=3e-3, weight_decay=decay)
    data = [
        (torch.tensor((g - mean) / scale, dtype=torch.float32), torch.tensor(r)) for g, r in groups
    ]
    rng = random.Random(SEED)
    steps = epochs * (len(data) // 64 + 1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(epochs):
        rng.shuffle(data)
        for start in range(0, len(data), 64):
            batch = data[start : start + 64]
            x = torch.cat([g for g, _ in batch])
            score = torch.tanh(x @ w1.T + b1) @ w2 + b2
            if listwise:
                parts = torch.split(score, [len(g) for g, _ in batch])
                loss = torch.stack(
                    [
                        torch.logsumexp(p, 0) - torch.logsumexp(p[r > 0], 0)
                        for p, (_, r) in zip(parts, batch, strict=True)
                    ]
                ).mean()
            else:
                target = torch.cat([r for _, r in batch])
                loss = torch.nn.functional.binary_cross_entropy_with_logits(score, target)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    tensors = [t.detach().numpy().astype(np.float32) for t in (w1, b1, w2, b2)]
    return Network(mean.astype(np.float32), scale.astype(np.float32), *tensors)


def save(network: Network, path: Path, features: tuple[str, ...]) -> None:
    """Write a network with the names of its features."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {n: np.ascontiguousarray(v) for n, v in vars(network).items()}
    save_file(tensors, path, metadata={"features": "\n".join(features)})


def blank(features: tuple[str, ...]) -> Network:
    """Return a network that scores everything 0, for the first pass over the data."""
    n = len(features)
    return Network(
        np.zeros(n, np.float32), np.ones(n, np.float32), np.zeros((1, n), np.float32),
        np.zeros(1, np.float32), np.zeros(1, np.float32), np.zeros(1, np.float32),
    )  # fmt: skip


def ranker_figures(items: list[Example], network: Network) -> dict[str, float]:
    """Return how often the best, and one of the best three segments, is right."""
    hits = defaultdict(list)
    for item in items:
        if item.answerable:
            order = np.argsort(-network.scores(item.rows), kind="stable")
            hits["first"].append(float(item.right[order[0]]))
            hits["within 3"].append(float(item.right[order[:3]].max()))
            hits["read"].append(float(item.right.max()))
    return {name: float(np.mean(v)) for name, v in hits.items()}


def reranked(item: Example, network: Network) -> tuple[Reading, bool]:
    """Return the reading in the order of a network, and whether its best segment is right."""
    scores = network.scores(item.rows)
    order = np.argsort(-scores, kind="stable")
    evidence = [replace(item.reading.evidence[i], score=float(scores[i])) for i in order]
    reading = replace(item.reading, evidence=evidence, matrix=item.rows[order])
    return reading, bool(item.right[order[0]])


def decisions(items: list[Example], network: Network) -> tuple[Array, Array]:
    """Return signals and targets of the refusal decision."""
    rows, right = [], []
    for item in items:
        reading, good = reranked(item, network)
        rows.append(signals(item.question, reading, item.places))
        right.append(float(good))
    return np.array(rows, np.float32), np.array(right, np.float32)


def main() -> None:
    """Train both networks, print their figures on validation, save them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--drcd", type=int, default=30, help="documents made of DRCD passages")
    args = parser.parse_args()

    first = blank(FEATURES)
    train = examples(govqa_sets("train", args.data), first, "govqa")
    train += examples(drcd_sets(args.data, 60, args.drcd), first, "drcd")
    check = examples(govqa_sets("validation", args.data), first, "govqa")
    print(f"{len(train)} training questions, {len(check)} for validation")

    groups = [(e.rows, e.right) for e in train if e.right.any()]
    ranker = fit(groups, FEATURES, hidden=16, epochs=25, listwise=True, decay=0.02)
    print("ranker, train", ranker_figures(train, ranker), "validation", ranker_figures(check, ranker))
    save(ranker, args.out / "evidence.safetensors", FEATURES)

    rows, right = decisions(train, ranker)
    pairs = [(rows[i : i + 1], right[i : i + 1]) for i in range(len(rows))]
    decision = fit(pairs, SIGNALS, hidden=12, epochs=25, listwise=False, decay=0.05)
    save(decision, args.out / "confidence.safetensors", SIGNALS)
    for name, items in (("train", train), ("validation", check)):
        if items:
            report(name, items, ranker, decision)


def report(name: str, items: list[Example], ranker: Network, decision: Network) -> None:
    """Print refusal and error rates over a range of thresholds."""
    rows, right = decisions(items, ranker)
    probability = 1 / (1 + np.exp(-decision.scores(rows)))
    answerable = np.array([e.answerable for e in items])
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6):
        shown = probability >= threshold
        print(
            f"{name} {threshold:.1f}: answerable refused {np.mean(~shown[answerable]):.3f}, "
            f"unanswerable refused {np.mean(~shown[~answerable]):.3f}, "
            f"right of answerable {np.mean((shown & (right > 0))[answerable]):.3f}"
        )


if __name__ == "__main__":
    main()
