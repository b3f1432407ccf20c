"""Answer a question from one whole passage, as reading comprehension is asked."""

from __future__ import annotations

from chat.reader.reader import PassageReader
from corpus.cleaning import fold_text
from corpus.sentences import sentence_ranges
from index.words import WordModel
from retriever.kinds import Kind
from retriever.question import understand

_WINDOW, _STEP = 600, 400  # characters read at a time: what the reader takes in, and a third shared
# Reasons, ways, enumerations and explanations are told by whole sentences; names, dates and numbers
# by themselves. What is asked for otherwise (什么) is told by a sentence where many words tell it.
_EXPLAINED = frozenset({Kind.REASON, Kind.HOW, Kind.LIST, Kind.DEFINITION, Kind.YES_NO})
_MANY = 12  # characters


def read_whole(
    reader: PassageReader, question: str, text: str, words: WordModel
) -> tuple[int, int] | None:
    """Return where in a text the answer stands, None where the question has no words.

    Long texts are read in overlapping windows; that the text may not answer is not considered.
    """
    folded = fold_text(text)
    if len(folded) != len(text):  # offsets must be those of the text
        folded = text
    starts = [0]
    while starts[-1] + _WINDOW < len(folded):
        starts.append(starts[-1] + _STEP)
    asked = fold_text(question)
    answering, _ = reader.read(asked, [folded[s : s + _WINDOW] for s in starts])
    found = [
        (best, start) for a, start in zip(answering, starts, strict=True) if (best := a.best())
    ]
    if not found:
        return None
    (_, first, last), start = max(found)
    span = start + first, start + last
    kind = understand(question, None, words).kind
    told_by_many = kind is Kind.CLAUSE and span[1] - span[0] >= _MANY
    return _sentences(folded, *span) if kind in _EXPLAINED or told_by_many else span


def _sentences(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range of the sentences that a range stands in."""
    within = [r for r in sentence_ranges(text, 0, len(text)) if r[0] < end and r[1] > start]
    return (within[0][0], within[-1][1]) if within else (start, end)
