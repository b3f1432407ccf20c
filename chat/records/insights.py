"""What citizens miss: unanswered and disliked questions, like ones together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from index.encoder import Encoder

if TYPE_CHECKING:
    from chat.records import Records

MOST = 3000  # different questions grouped, the newest first; distances take 36 MB at that number
EXAMPLES = 5
_FETCHED = 20_000
# Largest cosine distance within a group. Measured with the shipped encoder on 71 wordings of 24
# matters (eval/RESULTS.md): adjusted Rand index 0.87; 0.5 to 0.7 give at least 0.83.
_DISTANCE = 0.55


@dataclass(frozen=True)
class Group:
    """Questions of one meaning.

    :ivar question: the one nearest to all others.
    :ivar count: how often the group was asked.
    :ivar unanswered: how often the reports did not answer.
    :ivar disliked: how often the answer was found unhelpful.
    :ivar examples: wordings, the most frequent first, the leading question among them.
    :ivar last: when it was asked last.
    :ivar reasons: why answers were disliked, the most frequent first.
    """

    question: str
    count: int
    unanswered: int
    disliked: int
    examples: tuple[str, ...]
    last: datetime
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Insights:
    """The groups of a period, largest first.

    :ivar asked: questions asked in the period, answered ones included.
    :ivar left_out: different questions beyond those that were grouped.
    """

    groups: tuple[Group, ...]
    asked: int
    unanswered: int
    disliked: int
    left_out: int


@dataclass
class _Asked:
    """One wording and what became of it."""

    unanswered: int
    disliked: int
    last: datetime
    reasons: Counter[str]

    @property
    def count(self) -> int:
        return self.unanswered + self.disliked


def insights(records: Records, encoder: Encoder, since: datetime) -> Insights:
    """Group the unanswered and the disliked questions since a moment.

    :raises RecordsError: if the records cannot be read.
    """
    counts = records.questions.counts(since)
    wordings = _wordings(records, since)
    newest = sorted(wordings, key=lambda q: wordings[q].last, reverse=True)
    chosen = newest[:MOST]
    return Insights(
        groups=tuple(
            sorted(
                (_group([(q, wordings[q]) for q in g]) for g in _alike(chosen, encoder)),
                key=lambda g: (-g.count, -g.last.timestamp()),
            )
        ),
        asked=sum(counts.values()),
        unanswered=counts.get("unanswerable", 0),
        disliked=records.feedback.counts(since)[1],
        left_out=len(newest) - len(chosen),
    )


def _wordings(records: Records, since: datetime) -> dict[str, _Asked]:
    found: dict[str, _Asked] = {}

    def wording(text: str, at: datetime) -> _Asked:
        asked = found.setdefault(text.strip("？?。 "), _Asked(0, 0, at, Counter()))
        asked.last = max(asked.last, at)
        return asked

    for question in records.questions.list(status="unanswerable", since=since, limit=_FETCHED):
        wording(question.standalone, question.at).unanswered += 1
    for opinion in records.feedback.list(helpful=False, since=since, limit=_FETCHED):
        asked = wording(opinion.question, opinion.at)
        asked.disliked += 1
        asked.reasons.update(r for r in (opinion.reason, opinion.comment) if r)
    return found


def _alike(questions: list[str], encoder: Encoder) -> list[list[str]]:
    """Part the questions into groups, the one nearest to all others first in each."""
    if len(questions) < 2:
        return [questions] if questions else []
    from sklearn.cluster import AgglomerativeClustering

    vectors = encoder.encode(questions)
    clustering = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="complete", distance_threshold=_DISTANCE
    )
    labels = clustering.fit_predict(vectors)
    groups = []
    for label in range(labels.max() + 1):
        members = np.flatnonzero(labels == label)
        nearness = vectors[members] @ vectors[members].mean(axis=0)
        groups.append([questions[i] for i in members[np.argsort(-nearness, kind="stable")]])
    return groups


def _group(members: list[tuple[str, _Asked]]) -> Group:
    frequent = sorted(members, key=lambda m: -m[1].count)
    first = members[0][0]
    others = [q for q, _ in frequent if q != first]
    reasons: Counter[str] = Counter()
    for _, asked in members:
        reasons.update(asked.reasons)
    return Group(
        question=first,
        count=sum(a.count for _, a in members),
        unanswered=sum(a.unanswered for _, a in members),
        disliked=sum(a.disliked for _, a in members),
        examples=(first, *others[: EXAMPLES - 1]),
        last=max(a.last for _, a in members),
        reasons=tuple(r for r, _ in reasons.most_common(EXAMPLES)),
    )
