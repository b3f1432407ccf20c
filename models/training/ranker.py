"""Train the evidence ranker, the quantity ranker and the refusal decision.

    python -m models.training.ranker --data ../shared/data --out models/ranker

Every question is put to a library of its own document, as the product would. The rankers learn by
softmax over all segments read and over all quantities near; the decision by log loss on whether
what would be shown is right. The decision sees scores of rankers that were trained without the
document at hand (cross-fitting), so that its probabilities hold for new documents.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from chat.confidence import SIGNALS, signals
from chat.evidence import DEPTH, EvidenceRanker, Reading, displayed
from chat.features import FEATURES
from chat.network import Network
from chat.quantity_ranker import QUANTITY_FEATURES, QuantityRanker, quantity_features, within_reach
from chat.span import Span
from chat.spans import SpanFinder
from corpus.types import Document
from index.encoder import Encoder
from index.library import assemble
from index.words import WordModel
from models.training import SEED
from models.training import data as source
from models.training.network import Array, Recipe, blank, fit, save
from models.training.questions import (
    Labelled,
    astray,
    drcd_rows,
    drcd_sets,
    govqa_sets,
    holds,
    plain,
)  # fmt: skip
from models.training.siblings import SHARE, Siblings
from retriever.kinds import Kind
from retriever.places import Places, own_names, places_in
from retriever.question import understand
from retriever.search import Retriever
from retriever.vocabulary import shipped_vocabulary

EVIDENCE = Recipe(hidden=16, epochs=20, decay=0.02, listwise=True)
QUANTITY = Recipe(hidden=10, epochs=20, decay=0.02, listwise=True)
DECISION = Recipe(hidden=8, epochs=30, decay=0.3, listwise=False)
FOLDS = 4
REPORT_WEIGHT = 3  # in the decision, a question on a report or policy against one on a law
GOVQA_WEIGHT = 3  # a question on government documents counts as much as three of DRCD


@dataclass(frozen=True)
class Example:
    """One question put to its document.

    :ivar right: ``(segments,)`` 1 where the segment holds evidence and answer, in the order of
        ``reading``.
    """

    asked: Labelled
    document: Document
    reading: Reading
    right: Array
    places: Places
    weight: int
    fold: int


@dataclass(frozen=True)
class Networks:
    """The two rankers."""

    evidence: Network
    quantity: Network


def examples(
    sets: Iterator[tuple[Document, list[Labelled]]],
    weight: int,
    encoder: Encoder,
    foreign: list[source.Reading],
) -> list[Example]:
    """Put every question to its document and label the segments read.

    :param foreign: questions on other matters, for documents to refuse.
    """
    words, vocabulary = WordModel(), shipped_vocabulary()
    siblings = Siblings(words, vocabulary)
    rng = random.Random(SEED)
    result: list[Example] = []
    for number, (document, questions) in enumerate(sets):
        retriever = Retriever(assemble([document], encoder), encoder, vocabulary)
        ranker = EvidenceRanker(retriever, words, vocabulary, blank(FEATURES))
        fold = number % FOLDS
        near = [siblings.led_astray(q, document, rng) for q in questions if rng.random() < SHARE]
        missing = [*astray(questions, document, foreign, rng), *(q for q in near if q is not None)]
        for q in [*questions, *missing]:
            question = understand(q.question, document.year, words, own_names([document]))
            if not question.words:
                continue
            hits = retriever.search(question, DEPTH)
            reading = ranker.read_hits(question, hits)
            if not reading.evidence:
                continue
            right = np.array(
                [holds(document, e.segment.start, e.segment.end, q) for e in reading.evidence],
                dtype=np.float32,
            )
            places = places_in(question, [document])
            result.append(Example(q, document, reading, right, places, weight, fold))
    return result


def ranked(item: Example, network: Network) -> Reading:
    """Return the reading in the order of a network."""
    scores = network.scores(item.reading.matrix)
    order = np.argsort(-scores, kind="stable")
    evidence = [replace(item.reading.evidence[i], score=float(scores[i])) for i in order]
    return replace(item.reading, evidence=evidence, matrix=item.reading.matrix[order])


def train_rankers(items: Iterable[Example]) -> Networks:
    """Fit both rankers, the second on the order of the first."""
    known = [e for e in items if e.right.any()]
    groups = [(e.reading.matrix, e.right) for e in known for _ in range(e.weight)]
    evidence = fit(groups, EVIDENCE)
    quantities = [g for e in known for g in [quantity_group(e, evidence)] if g is not None]
    return Networks(evidence, fit(quantities, QUANTITY))


def quantity_group(item: Example, evidence: Network) -> tuple[Array, Array] | None:
    """Return features and targets of the quantities near, None where none of them is right."""
    if item.reading.question.kind is not Kind.NUMBER or item.asked.kind == "arithmetic":
        return None
    reading = ranked(item, evidence)
    found = within_reach(reading)
    answer = plain(item.asked.answers[0])
    right = []
    for candidate in found:
        segment, quantity = candidate.evidence.segment, candidate.quantity
        told = plain(candidate.text[quantity.start : quantity.end])
        same = bool(quantity.number) and plain(quantity.number) in answer
        near = segment.start < item.asked.end and segment.end > item.asked.start
        right.append(
            float(near and same and (answer in told or told in answer or quantity.unit in answer))
        )
    target = np.array(right, dtype=np.float32)
    return (quantity_features(reading, found), target) if target.any() else None


def told_right(item: Example, span: Span) -> bool:
    """Tell whether what would be shown holds the answer."""
    if not item.asked.answers:
        return False
    if any(holds(item.document, *displayed(e), item.asked) for e in span.evidence):
        return True
    shown = plain("".join(item.document.text[slice(*displayed(e))] for e in span.evidence))
    answer = plain(item.asked.answers[0])
    return plain(span.text) == answer or (len(answer) >= 4 and answer in shown)


def decisions(items: Iterable[Example], networks: Networks) -> tuple[Array, Array]:
    """Return signals and targets of the refusal decision."""
    finder = SpanFinder(QuantityRanker(networks.quantity))
    rows, right = [], []
    for item in items:
        reading = ranked(item, networks.evidence)
        span = finder.find(reading)
        rows.append(signals(reading, item.places, span))
        right.append(float(told_right(item, span)))
    return np.array(rows, np.float32), np.array(right, np.float32)


def main() -> None:
    """Train the networks, print their figures on validation, save them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--drcd", type=int, default=30, help="documents made of DRCD passages")
    args = parser.parse_args()
    encoder = Encoder()
    foreign = drcd_rows(args.data)
    govqa = examples(govqa_sets("train", args.data), GOVQA_WEIGHT, encoder, foreign[::2])
    drcd = examples(drcd_sets(args.data, 12, args.drcd), 1, encoder, [])
    check = examples(govqa_sets("validation", args.data), 1, encoder, foreign[1::2])
    print(f"{len(govqa)} + {len(drcd)} training questions, {len(check)} for validation")

    rows, right = [], []
    weights: list[int] = []
    for fold in range(FOLDS):
        held = [e for e in govqa if e.fold == fold]
        networks = train_rankers(e for e in (*govqa, *drcd) if e.fold != fold)
        print("fold", fold, ranker_figures(held, networks), flush=True)
        fold_rows, fold_right = decisions(held, networks)
        rows.append(fold_rows)
        right.append(fold_right)
        weights += [1 if e.document.id.startswith("laws_") else REPORT_WEIGHT for e in held]
    signal_rows, targets = np.concatenate(rows), np.concatenate(right)
    # DRCD takes no part in the decision: few of its questions have no answer, none is a near miss.
    singles = [
        (signal_rows[i : i + 1], targets[i : i + 1])
        for i, weight in enumerate(weights)
        for _ in range(weight)
    ]
    decision = fit(singles, DECISION)
    networks = train_rankers((*govqa, *drcd))
    decision = calibrated(decision, check, networks)
    save(networks.evidence, args.out / "evidence.safetensors", FEATURES)
    save(networks.quantity, args.out / "quantity.safetensors", QUANTITY_FEATURES)
    save(decision, args.out / "confidence.safetensors", SIGNALS)
    print("validation", ranker_figures(check, networks))
    report([e for e in check if e.asked.kind != "astray"], networks, decision)


def calibrated(decision: Network, items: list[Example], networks: Networks) -> Network:
    """Scale the scores so that their probabilities hold on the questions as written.

    Platt's method (1999): a logistic regression on the score alone; it is folded into the weights.
    """
    written = [e for e in items if e.asked.kind != "astray"]
    rows, right = decisions(written, networks)
    scores = decision.scores(rows).reshape(-1, 1)
    fitted = LogisticRegression(C=1e6).fit(scores, right)
    slope, shift = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    return replace(
        decision,
        w2=np.asarray(decision.w2 * slope, dtype=np.float32),
        b2=np.asarray(decision.b2 * slope + shift, dtype=np.float32),
    )


def ranker_figures(items: Iterable[Example], networks: Networks) -> dict[str, float]:
    """Return how often the best segment, one of three, and the best quantity is right."""
    hits: dict[str, list[float]] = defaultdict(list)
    for item in items:
        if not item.asked.answers:
            continue
        order = np.argsort(-networks.evidence.scores(item.reading.matrix), kind="stable")
        hits["first"].append(float(item.right[order[0]]))
        hits["within 3"].append(float(item.right[order[:3]].max()))
        hits["read"].append(float(item.right.max()))
        if (group := quantity_group(item, networks.evidence)) is not None:
            best = int(np.argmax(networks.quantity.scores(group[0])))
            hits["quantity"].append(float(group[1][best]))
    return {name: round(float(np.mean(v)), 3) for name, v in hits.items()}


def report(items: list[Example], networks: Networks, decision: Network) -> None:
    """Print calibration, and refusal and error rates over a range of thresholds."""
    rows, right = decisions(items, networks)
    probability = np.asarray(1 / (1 + np.exp(-decision.scores(rows))), dtype=np.float32)
    answerable = np.array([bool(e.asked.answers) for e in items])
    print(f"expected calibration error {calibration_error(probability, right):.3f}")
    for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6):
        shown = probability >= threshold
        print(
            f"{threshold:.2f}: answerable refused {np.mean(~shown[answerable]):.3f}, "
            f"unanswerable refused {np.mean(~shown[~answerable]):.3f}, "
            f"right of answerable {np.mean((shown & (right > 0))[answerable]):.3f}, "
            f"right of shown {np.mean(right[shown]):.3f}"
        )


def calibration_error(probability: Array, right: Array, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width (Guo et al. 2017)."""
    which = np.minimum((probability * bins).astype(int), bins - 1)
    gaps = [
        np.mean(which == b) * abs(np.mean(probability[which == b]) - np.mean(right[which == b]))
        for b in range(bins)
        if np.any(which == b)
    ]
    return float(sum(gaps))


if __name__ == "__main__":
    main()
