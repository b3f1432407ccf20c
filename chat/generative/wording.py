"""How far the words of a generated sentence are those of the report, clause by clause."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from chat.generative.names import alias_of
from chat.generative.sources import Source, SourceSentence
from corpus.sentences import clause_ranges
from index.words import Word, WordModel
from retriever.question import STOP_WORDS

_LEAST = 0.34  # of a clause's weight; below it no clause of the report is like it
# Words of telling, not of the matter told.
_TELLING = frozenset(
    "根据 报告 显示 指出 表示 其中 此外 同时 另外 包括 方面 通过 相关 因此 以及 并且 内容 段落 明确 强调 具体".split()
)


@dataclass(frozen=True)
class Match:
    """A clause of a generated sentence and the clause of the report most like it.

    :ivar likeness: share of the clause's weight that the report's sentence holds.
    """

    clause: str
    source_clause: str
    sentence: SourceSentence
    likeness: float


def telling(folded: str, words: WordModel) -> list[Word]:
    """Return the words of a text that carry its content; numbers are checked apart."""
    return [
        w
        for w in words.cut(folded)
        if w.text not in STOP_WORDS
        and w.text not in _TELLING
        and not any(c.isdigit() for c in w.text)
    ]


def matches(folded: str, sources: list[Source], words: WordModel) -> list[Match]:
    """Return, for each clause with telling words, the place of the sources most like it."""
    found = []
    for start, end in clause_ranges(folded, 0, len(folded)):
        clause = folded[start:end]
        content = telling(clause, words)
        weight = sum(w.weight for w in content)
        if not weight:
            continue
        best: tuple[float, float] = (0.0, 0.0)
        match: Match | None = None
        for source in sources:
            for sentence in source.sentences:
                whole = _met(content, sentence.folded) / weight
                if whole < best[0]:
                    continue
                inner, like = max((_met(content, c), c) for c in sentence.clauses or ("",))
                if (whole, inner) > best:
                    best = (whole, inner)
                    match = Match(clause, like, sentence, whole)
        if match is not None and match.likeness >= _LEAST:
            found.append(match)
    return found


def coverage(
    folded: str, sentences: tuple[SourceSentence, ...], sources: list[Source], words: WordModel
) -> float:
    """Return the share of a text's telling weight that sentences and their headings hold; 1 if none."""
    content = telling(folded, words)
    weight = sum(w.weight for w in content)
    held = " ".join([*(s.folded for s in sentences), *(s.known for s in sources)])
    return _met(content, held) / weight if weight else 1.0


def likeness(one: str, other: str) -> float:
    """Return how alike two stretches of text are: twice the shared bigrams over all bigrams."""
    a, b = Counter(pairwise(f"^{one}$")), Counter(pairwise(f"^{other}$"))
    return 2 * (a & b).total() / (a.total() + b.total())


def _met(content: list[Word], held: str) -> float:
    return sum(w.weight for w in content if w.text in held or alias_of(w.text) in held)
