"""Train the evidence ranker, the quantity ranker and the refusal decision.

    python -m models.training.ranker --data ../shared/data --out models/ranker --halves DIR DIR

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
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from chat.confidence import SIGNALS, signals
from chat.evidence import displayed
from chat.features import FEATURES
from chat.network import Network
from chat.quantity_features import QUANTITY_FEATURES, quantity_features
from chat.quantity_ranker import QuantityRanker, within_reach
from chat.reader.joint import PLACE_SIGNALS, place_signals
from chat.reader.reader import FOLDER
from chat.span import Span
from chat.spans import SpanFinder
from corpus.types import Document
from index.encoder import SHIPPED_FOLDER
from models.training import SEED
from models.training.calibration import Chances, draw, report
from models.training.directions import DIRECTIONS
from models.training.examples import FOLDS, Example, Models, Read, examples, joined, read
from models.training.network import Array, Recipe, fit, save
from models.training.questions import (
    Labelled,
    drcd_rows,
    drcd_sets,
    govqa_sets,
    half_of,
    holds,
    plain,
)  # fmt: skip
from retriever.kinds import Kind

EVIDENCE = Recipe(hidden=16, epochs=8, decay=0.02, listwise=True)
QUANTITY = Recipe(hidden=10, epochs=12, decay=0.02, listwise=True)
JOINT = Recipe(hidden=6, epochs=8, decay=0.02, listwise=True)
DECISION = Recipe(hidden=8, epochs=12, decay=0.3, listwise=False, directions=DIRECTIONS)
READER_ODDS = "log odds of the reader that no passage answers"
_LINEAR = 0.02  # weight at which tanh is straight over the range of a feature
REPORT_WEIGHT = 3  # in the decision, a question on a report or policy against one on a law
GOVQA_WEIGHT = 3  # a question on government documents counts as much as three of DRCD


def train_evidence(items: Iterable[Example]) -> Network:
    """Fit the evidence ranker."""
    known = [e for e in items if e.right.any()]
    return fit([(e.reading.matrix, e.right) for e in known for _ in range(e.weight)], EVIDENCE)


def train_quantity(questions: Iterable[Read]) -> Network:
    """Fit the quantity ranker to places that have been read and ranked anew."""
    groups = [group for q in questions if (group := quantity_group(q)) is not None]
    return fit(groups, QUANTITY)


def quantity_group(q: Read) -> tuple[Array, Array] | None:
    """Return features and targets of the quantities near, None where none of them is right."""
    asked, reading = q.item.asked, q.reading
    if reading.question.kind is not Kind.NUMBER or asked.kind == "arithmetic" or not asked.answers:
        return None
    found = within_reach(reading)
    answer = plain(asked.answers[0])
    right = []
    for candidate in found:
        segment, quantity = candidate.evidence.segment, candidate.quantity
        told = plain(candidate.text[quantity.start : quantity.end])
        same = bool(quantity.number) and plain(quantity.number) in answer
        near = segment.start < asked.end and segment.end > asked.start
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


def train_joint(questions: Iterable[Read]) -> Network:
    """Fit the ranker of places that have been read."""
    groups = []
    for q in questions:
        right = {
            id(e.segment): r for e, r in zip(q.item.reading.evidence, q.item.right, strict=True)
        }
        target = np.array([right[id(e.segment)] for e in q.reading.evidence], np.float32)
        if target.any():
            groups += [(place_signals(q.reading), target)] * q.item.weight
    return fit(groups, JOINT)


def decisions(questions: Iterable[Read], quantity: Network) -> tuple[Array, Array]:
    """Return signals, and as targets whether what would be shown is right.

    :param questions: ranked by what ranker and reader say together.
    """
    finder = SpanFinder(QuantityRanker(quantity))
    rows, right = [], []
    for q in questions:
        span = finder.find(q.reading)
        rows.append(signals(q.reading, q.item.places, span))
        right.append(float(told_right(q.item, span)))
    return np.array(rows, np.float32), np.array(right, np.float32)


def train_decision(rows: Array, target: Array, weights: list[int]) -> Network:
    """Fit a decision to rows that count so many times.

    DRCD takes no part in it: few of its questions have no answer, none is a near miss.
    """
    return fit(
        [
            (rows[i : i + 1], target[i : i + 1])
            for i, weight in enumerate(weights)
            for _ in range(weight)
        ],
        DECISION,
    )


def questions(args: argparse.Namespace) -> tuple[list[Example], list[Example], list[Example]]:
    """Return the questions of govqa train, of DRCD and of govqa validation, put to their documents."""
    foreign = drcd_rows(args.data)
    whole = Models.of(args.encoder, args.reader)
    halves = [Models.of(folder / "encoder", folder / "reader") for folder in args.halves]
    half = half_of("train")
    govqa = examples(
        drawn(govqa_sets("train", args.data), args.share), GOVQA_WEIGHT, foreign[::2],
        lambda name: halves[half[name]],
    )  # fmt: skip
    drcd = examples(drcd_sets(args.data, 12, args.drcd), 1, [], lambda _: whole)
    check = examples(govqa_sets("validation", args.data), 1, foreign[1::2], lambda _: whole)
    print(f"{len(govqa)} + {len(drcd)} training questions, {len(check)} for validation")
    return govqa, drcd, check


def main() -> None:
    """Train the networks, print their figures on validation, save them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the questions of each document, at random"
    )
    parser.add_argument("--drcd", type=int, default=30, help="documents made of DRCD passages")
    parser.add_argument("--encoder", type=Path, default=SHIPPED_FOLDER)
    parser.add_argument("--reader", type=Path, default=FOLDER, help="the shipped reader")
    parser.add_argument(
        "--halves", type=Path, nargs=2, required=True,
        help="folders with an encoder and a reader trained without the first and without the second "
        "half of the documents",
    )  # fmt: skip
    args = parser.parse_args()
    govqa, drcd, check = questions(args)
    seen: list[Read] = []
    for fold in range(FOLDS):
        held = [e for e in govqa if e.fold == fold]
        evidence = train_evidence(e for e in (*govqa, *drcd) if e.fold != fold)
        print("fold", fold, ranker_figures(held, evidence), flush=True)
        seen += read(held, evidence)
    joint = train_joint(seen)
    print("joint", joint_figures(seen, joint), flush=True)
    seen = [joined(q, joint) for q in seen]
    rows, right = [], []
    for fold in range(FOLDS):
        quantity = train_quantity(q for q in seen if q.item.fold != fold)
        held_out = [q for q in seen if q.item.fold == fold]
        print("fold", fold, quantity_figures(held_out, quantity), flush=True)
        fold_rows, fold_right = decisions(held_out, quantity)
        rows.append(fold_rows)
        right.append(fold_right)
    signal_rows, targets = np.concatenate(rows), np.concatenate(right)
    weights = [1 if q.item.document.id.startswith("laws_") else REPORT_WEIGHT for q in seen]
    known = np.array([float(bool(q.item.asked.answers)) for q in seen], np.float32)
    right_one = train_decision(signal_rows, targets, weights)
    answerable = train_decision(signal_rows, known, weights)
    evidence, quantity = train_evidence((*govqa, *drcd)), train_quantity(seen)
    written = read([e for e in check if e.asked.kind != "astray"], evidence)
    print("validation", ranker_figures(check, evidence), joint_figures(written, joint))
    written = [joined(q, joint) for q in written]
    print(quantity_figures(written, quantity))
    check_rows, check_right = decisions(written, quantity)
    check_known = np.array([float(bool(q.item.asked.answers)) for q in written], np.float32)
    decision = calibrated(right_one, check_rows, check_right)
    answerable = calibrated(answerable, check_rows, check_known)
    save(evidence, args.out / "evidence.safetensors", FEATURES)
    save(joint, args.out / "joint.safetensors", PLACE_SIGNALS)
    save(quantity, args.out / "quantity.safetensors", QUANTITY_FEATURES)
    save(decision, args.out / "confidence.safetensors", SIGNALS)
    save(answerable, args.out / "answerable.safetensors", SIGNALS)
    chances = Chances(
        probabilities(decision, check_rows), check_right,
        probabilities(answerable, check_rows), check_known,
    )  # fmt: skip
    report(chances)
    draw(chances, args.out)


def drawn(
    sets: Iterable[tuple[Document, list[Labelled]]], share: float
) -> Iterator[tuple[Document, list[Labelled]]]:
    """Yield the documents with a share of the questions of each, drawn at random."""
    rng = random.Random(SEED)
    for document, rows in sets:
        yield document, [q for q in rows if rng.random() < share]


def probabilities(network: Network, rows: Array) -> Array:
    """Return ``(n,)`` probabilities of ``(n, signals)`` rows."""
    return np.asarray(1 / (1 + np.exp(-network.scores(rows))), dtype=np.float32)


def calibrated(decision: Network, rows: Array, target: Array) -> Network:
    """Add what the reader says, and scale, so that the probabilities hold on questions as written.

    Platt's method (1999) over two inputs: the score, and the reader's log odds that nothing answers.
    The decision was trained with readers of half the documents, whose word is worth less than that
    of the shipped one. Both weights are folded into the network: the second as a hidden unit that
    works where tanh is a straight line.
    """
    column = SIGNALS.index(READER_ODDS)
    inputs = np.column_stack([decision.scores(rows), rows[:, column]])
    fitted = LogisticRegression(C=1e6).fit(inputs, target)
    slope, reader = map(float, fitted.coef_[0])
    mean, scale = float(decision.mean[column]), float(decision.scale[column])
    unit = np.zeros((1, len(SIGNALS)), np.float32)
    unit[0, column] = _LINEAR
    shift = float(fitted.intercept_[0]) + reader * mean
    return replace(
        decision,
        w1=np.vstack([decision.w1, unit]),
        b1=np.append(decision.b1, np.float32(0)),
        w2=np.append(decision.w2 * slope, np.float32(reader * scale / _LINEAR)).astype(np.float32),
        b2=np.asarray(decision.b2 * slope + shift, dtype=np.float32),
    )


def ranker_figures(items: Iterable[Example], evidence: Network) -> dict[str, float]:
    """Return how often the best segment, and one of three, is right."""
    hits: dict[str, list[float]] = defaultdict(list)
    for item in items:
        if not item.asked.answers:
            continue
        order = np.argsort(-evidence.scores(item.reading.matrix), kind="stable")
        hits["first"].append(float(item.right[order[0]]))
        hits["within 3"].append(float(item.right[order[:3]].max()))
        hits["read"].append(float(item.right.max()))
    return {name: round(float(np.mean(v)), 3) for name, v in hits.items()}


def joint_figures(questions: Iterable[Read], joint: Network) -> dict[str, float]:
    """Return how often the best place is right before and after the places were read."""
    hits: dict[str, list[float]] = defaultdict(list)
    for q in questions:
        if not q.item.right.any():
            continue
        for name, reading in (("before", q.reading), ("after", joined(q, joint).reading)):
            place = reading.evidence[0].segment
            hits[name].append(float(holds(q.item.document, place.start, place.end, q.item.asked)))
    return {name: round(float(np.mean(v)), 3) for name, v in hits.items()}


def quantity_figures(questions: Iterable[Read], quantity: Network) -> dict[str, float]:
    """Return how often the best quantity is right where one of those near is."""
    groups = [group for q in questions if (group := quantity_group(q)) is not None]
    right = [float(target[int(np.argmax(quantity.scores(rows)))]) for rows, target in groups]
    return {"quantity": round(float(np.mean(right)), 3)}


if __name__ == "__main__":
    main()
