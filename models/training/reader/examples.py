"""Training examples of the reader: a question, some passages, and where in the first it is answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chat.reader.tokens import QuestionTokens, Tokens
from chat.reader.whole import around
from corpus.cleaning import clean, fold, fold_text
from corpus.sentences import clause_ranges, sentence_ranges
from corpus.types import Document
from index.encoder import Encoder
from index.library import assemble
from index.words import WordModel
from models.training.data import Reading
from models.training.questions import Labelled, govqa_sets, plain
from models.training.reader.made import Made
from retriever.places import own_names
from retriever.question import understand
from retriever.search import Hit, Retriever
from retriever.vocabulary import shipped_vocabulary

TOKENS = 260  # of a passage of a report; the rest is cut off
_MANY, _MOST = 16, 0.6  # characters of a long answer, and what share of a sentence is most of it
_READ = 6  # passages of a document that a govqa question is set beside


@dataclass(frozen=True)
class Group:
    """A question beside passages.

    :ivar pairs: tokens of question and passage, for each passage.
    :ivar answer: passage, first and last token of the answer; None where no passage answers.
    """

    pairs: tuple[tuple[Tokens, Tokens], ...]
    answer: tuple[int, int, int] | None


def single(
    question: str, passage: str, start: int, end: int, words: WordModel, *, full: bool
) -> Group | None:
    """Return a group of one passage, None where the answer lies behind its cut."""
    pair = QuestionTokens(question, words, full=full).beside(passage)
    span = _tokens(pair[1], start, end)
    return Group((pair,), (0, *span)) if span else None


def made_groups(made: Iterator[Made], words: WordModel) -> list[Group]:
    """Return groups of made questions."""
    found = (single(m.question, m.passage, m.start, m.end, words, full=m.full) for m in made)
    return [g for g in found if g is not None]


def reading_groups(rows: list[Reading], words: WordModel, *, full: bool) -> list[Group]:
    """Return groups of questions, each beside its passage and another of the same article.

    :param full: whether their answers are told in full.
    """
    by_article: dict[str, list[str]] = {}
    for row in rows:
        contexts = by_article.setdefault(row.article, [])
        if row.context not in contexts:
            contexts.append(row.context)
    groups = []
    for row in rows:
        start, end = row.start, row.start + len(row.answer)
        if full and end - start >= _MANY:
            start, end = rounded(row.context, start, end)
        found = single(row.question, row.context, start, end, words, full=full)
        if found is None:
            continue
        contexts = by_article[row.article]
        other = contexts[(contexts.index(row.context) + 1) % len(contexts)]
        if other == row.context:
            groups.append(found)
            continue
        beside = QuestionTokens(row.question, words, full=full).beside(other)
        groups.append(Group((*found.pairs, beside), found.answer))
    return groups


def rounded(text: str, start: int, end: int) -> tuple[int, int]:
    """Return whole clauses around a range, or whole sentences where it is most of them.

    Where a long answer begins and ends within a clause is a matter of taste, in which no two writers
    agree; whole clauses can be learnt.
    """
    start, end = around(clause_ranges(text, 0, len(text)), start, end)
    first, last = around(sentence_ranges(text, 0, len(text)), start, end)
    return (first, last) if end - start >= _MOST * (last - first) else (start, end)


def govqa_groups(split: str, data: Path, folder: Path) -> dict[str, list[Group]]:
    """Return by document the groups of govqa questions, each beside the passages found for it.

    :param folder: of the encoder.
    """
    encoder, words, vocabulary = Encoder(str(folder)), WordModel(folder), shipped_vocabulary()
    groups: dict[str, list[Group]] = {}
    for document, questions in govqa_sets(split, data):
        retriever = Retriever(assemble([document], encoder), encoder, vocabulary)
        for asked in questions:
            understood = understand(asked.question, document.year, words, own_names([document]))
            hits = retriever.search(understood, _READ) if understood.words else []
            if hits and (group := _beside(asked, document, hits, words)) is not None:
                groups.setdefault(document.id, []).append(group)
    return groups


def _beside(asked: Labelled, document: Document, hits: list[Hit], words: WordModel) -> Group | None:
    question = QuestionTokens(fold_text(asked.question), words)
    pairs: list[tuple[Tokens, Tokens]] = []
    answer: tuple[int, int, int] | None = None
    for number, hit in enumerate(hits):
        passage = hit.passage
        text = fold(clean(document.text, passage.start, passage.end, document.marks))
        before, there = question.beside(text.text)
        cut = Tokens(there.ids[:TOKENS], there.features[:TOKENS], there.ranges[:TOKENS])
        pairs.append((before, cut))
        if (
            answer is None
            and asked.answers
            and passage.start < asked.end
            and passage.end > asked.start
        ):
            inside = [
                i for i in range(len(text.text))
                if asked.start <= text.source_range(i, i + 1)[0] < asked.end
            ]  # fmt: skip
            span = _answer(asked, text.text, inside[0], inside[-1] + 1) if inside else None
            tokens = _tokens(cut, *span) if span else None
            answer = (number, *tokens) if tokens else None
    if asked.answers and answer is None:
        return None
    return Group(tuple(pairs), answer)


def _answer(asked: Labelled, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the answer stands in the evidence: of a list from its first to its last member."""
    places = [i for i in range(start, end) if not text[i].isspace()]
    evidence = "".join(text[i] for i in places)
    if asked.kind != "list":
        told = plain(asked.answers[0])
        at = evidence.find(told)
        if at >= 0 and told:
            return places[at], places[at + len(told) - 1] + 1
    found = [(evidence.find(plain(a)), len(plain(a))) for a in asked.answers]
    found = [(at, size) for at, size in found if at >= 0]
    if len(found) >= 2:
        return places[min(at for at, _ in found)], places[max(at + n for at, n in found) - 1] + 1
    return (start, end) if asked.kind == "yesno" else None


def _tokens(passage: Tokens, start: int, end: int) -> tuple[int, int] | None:
    first = next((i for i, (_, b) in enumerate(passage.ranges) if b > start), None)
    last = next((i for i, (_, b) in enumerate(passage.ranges) if b >= end), None)
    return None if first is None or last is None else (first, last)
