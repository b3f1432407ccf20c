"""Answer a question from one whole passage, as reading comprehension is asked."""

from __future__ import annotations

from chat.reader.reader import PassageReader
from corpus.cleaning import fold_text
from corpus.sentences import clause_ranges, sentence_ranges
from index.words import WordModel
from retriever.kinds import Kind
from retriever.question import understand

# Characters read at a time, about as many as the passages that the reader has learnt from have.
_WINDOW, _STEP = 450, 150
# Reasons, ways, enumerations and explanations are told by whole sentences; names, dates and numbers
# by themselves, unless many words tell them: then by whole clauses, or sentences.
_EXPLAINED = frozenset({Kind.REASON, Kind.HOW, Kind.LIST, Kind.DEFINITION, Kind.YES_NO})
_LONGEST = 100  # tokens of an answer told in full
_MANY = 8  # characters
# Shares of a sentence from which all of it is told, of an explanation and of anything else.
_EXPLAINING, _MOST = 0.2, 0.5


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
    answering, _ = reader.read(asked, [folded[s : s + _WINDOW] for s in starts], full=True)
    found = [
        (best, start)
        for a, start in zip(answering, starts, strict=True)
        if (best := a.best(longest=_LONGEST))
    ]
    if not found:
        return None
    (_, first, last), start = max(found)
    explains = understand(question, None, words).kind in _EXPLAINED
    return _rounded(folded, start + first, start + last, explains=explains)


def _rounded(text: str, start: int, end: int, *, explains: bool) -> tuple[int, int]:
    """Return the sentences or clauses that a range is much of, or the range itself."""
    sentence = around(sentence_ranges(text, 0, len(text)), start, end)
    share = (end - start) / (sentence[1] - sentence[0])
    if explains and share >= _EXPLAINING:
        return sentence
    if end - start < _MANY:
        return start, end
    return sentence if share >= _MOST else around(clause_ranges(text, 0, len(text)), start, end)


def around(ranges: list[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """Return from the first to the last of the ranges that another stands in."""
    within = [r for r in ranges if r[0] < end and r[1] > start]
    return (within[0][0], within[-1][1]) if within else (start, end)
