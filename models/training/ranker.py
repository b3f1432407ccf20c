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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from chat.confidence import SIGNALS, signals
from chat.evidence import DEPTH, EvidenceRanker, Reading, displayed
from chat.features import FEATURES
from chat.network import Network
from chat.quantity_ranker import QUANTITY_FEATURES, QuantityRanker, quantity_features, within_reach
from chat.reader.consult import consult
from chat.reader.reader import Reader
from chat.span import Span
from chat.spans import SpanFinder
from corpus.types import Document
from index.encoder import Encoder
from index.library import assemble
from index.words import WordModel
from models.training import SEED
from models.training import data as source
from models.training.calibration import Chances, draw, report
from models.training.directions import DIRECTIONS
from models.training.network import Array, Recipe, blank, fit, save
from models.training.questions import (
    Labelled,
    astray,
    drcd_rows,
    drcd_sets,
    elsewhere,
    govqa_sets,
    half_of,
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
DECISION = Recipe(hidden=8, epochs=30, decay=0.3, listwise=False, directions=DIRECTIONS)
FOLDS = 4
READER_ODDS = "log odds of the reader that no passage answers"
_LINEAR = 0.02  # weight at which tanh is straight over the range of a feature
REPORT_WEIGHT = 3  # in the decision, a question on a report or policy against one on a law
ELSEWHERE = 8  # questions of a document for each that is borrowed from another
GOVQA_WEIGHT = 3  # a question on government documents counts as much as three of DRCD


@dataclass(frozen=True)
class Example:
    """One question put to its document.

    :ivar right: ``(segments,)`` 1 where the segment holds evidence and answer, in the order of
        ``reading``.
    :ivar reader: one that has not been trained on the document.
    """

    asked: Labelled
    document: Document
    reading: Reading
    right: Array
    places: Places
    weight: int
    fold: int
    reader: Reader


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
    reader_for: Callable[[str], Reader],
) -> list[Example]:
    """Put every question to its document and label the segments read.

    :param foreign: questions on other matters, for documents to refuse.
    :param reader_for: a reader that has not been trained on the document of this id.
    """
    words, vocabulary = WordModel(), shipped_vocabulary()
    siblings = Siblings(words, vocabulary)
    rng = random.Random(SEED)
    result: list[Example] = []
    together = list(sets)
    pool = [q for _, questions in together for q in questions if q.answers and q.kind]
    for number, (document, questions) in enumerate(together):
        retriever = Retriever(assemble([document], encoder), encoder, vocabulary)
        ranker = EvidenceRanker(retriever, words, vocabulary, blank(FEATURES))
        reader = reader_for(document.id)
        fold = number % FOLDS
        near = [siblings.led_astray(q, document, rng) for q in questions if rng.random() < SHARE]
        missing = [
            *astray(questions, document, foreign, rng),
            *elsewhere(pool, document, len(questions) // ELSEWHERE, rng, words),
            *(q for q in near if q is not None),
        ]
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
            result.append(Example(q, document, reading, right, places, weight, fold, reader))
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
    """Return signals, and as targets whether what would be shown is right."""
    finder = SpanFinder(QuantityRanker(networks.quantity))
    rows, right = [], []
    for item in items:
        reading = consult(ranked(item, networks.evidence), item.reader)
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
    parser.add_argument("--reader", type=Path, required=True, help="the shipped reader")
    parser.add_argument(
        "--half-readers", type=Path, nargs=2, required=True,
        help="readers trained without the first and without the second half of the documents",
    )  # fmt: skip
    args = parser.parse_args()
    encoder = Encoder()
    foreign = drcd_rows(args.data)
    reader = Reader(args.reader)
    halves = [Reader(folder) for folder in args.half_readers]
    half = half_of("train")
    govqa = examples(
        govqa_sets("train", args.data), GOVQA_WEIGHT, encoder, foreign[::2],
        lambda name: halves[half[name]],
    )  # fmt: skip
    drcd = examples(drcd_sets(args.data, 12, args.drcd), 1, encoder, [], lambda _: reader)
    check = examples(
        govqa_sets("validation", args.data), 1, encoder, foreign[1::2], lambda _: reader
    )
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
    right_one = fit(singles, DECISION)
    known = np.array(
        [float(bool(e.asked.answers)) for fold in range(FOLDS) for e in govqa if e.fold == fold],
        np.float32,
    )
    singles = [
        (signal_rows[i : i + 1], known[i : i + 1])
        for i, weight in enumerate(weights)
        for _ in range(weight)
    ]
    answerable = fit(singles, DECISION)
    networks = train_rankers((*govqa, *drcd))
    written = [e for e in check if e.asked.kind != "astray"]
    check_rows, check_right = decisions(written, networks)
    check_known = np.array([float(bool(e.asked.answers)) for e in written], np.float32)
    decision = calibrated(right_one, check_rows, check_right)
    answerable = calibrated(answerable, check_rows, check_known)
    save(networks.evidence, args.out / "evidence.safetensors", FEATURES)
    save(networks.quantity, args.out / "quantity.safetensors", QUANTITY_FEATURES)
    save(decision, args.out / "confidence.safetensors", SIGNALS)
    save(answerable, args.out / "answerable.safetensors", SIGNALS)
    print("validation", ranker_figures(check, networks))
    chances = Chances(
        probabilities(decision, check_rows), check_right,
        probabilities(answerable, check_rows), check_known,
    )  # fmt: skip
    report(chances)
    draw(chances, args.out)


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


if __name__ == "__main__":
    main()
