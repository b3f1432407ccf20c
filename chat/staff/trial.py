"""Try words out: ask a file of questions with and without them, and tell what changes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from chat.checking import MAX_QUESTION
from chat.extractive import ExtractiveAnswerer
from chat.service import Service
from chat.staff.wordlist import WordRow
from chat.types import Answer, Status
from corpus.cleaning import fold_text
from corpus.errors import QuestionError
from index.words import shipped_words
from retriever.search import Retriever
from retriever.vocabulary import SHIPPED as SHIPPED_WORDS
from retriever.vocabulary import Vocabulary, read_groups

SHIPPED = Path(__file__).parents[2] / "eval" / "data" / "beilun" / "dev.jsonl"
MOST = 1000


@dataclass(frozen=True)
class Tried:
    """A question to try.

    :ivar expected: what would be right, empty if a refusal is; None if the file does not say.
    """

    question: str
    history: tuple[str, ...] = ()
    expected: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Change:
    """A question that is answered otherwise with the words.

    :ivar better: True if it is right only now, False if it was right only before, else None.
    """

    question: str
    before: Answer
    after: Answer
    better: bool | None


def questions_of(text: str) -> list[Tried]:
    """Return the questions of a JSON Lines text: ``question``, and ``history``, ``answers`` or not.

    :raises QuestionError: if a line is none; says which.
    """
    found: list[Tried] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            question, answers = row["question"], row.get("answers")
            history = tuple(row.get("history", ()))
            if not all(
                isinstance(t, str) and t.strip() for t in (question, *history, *(answers or ()))
            ):
                raise TypeError("question、history和answers里应是文字")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise QuestionError(
                f'问题文件第{number}行读不了（{error}）；每行应是 {{"question": "…", "answers": ["…"]}}。'
            ) from error
        if len(question) > MAX_QUESTION:
            raise QuestionError(f"问题文件第{number}行的问题超过{MAX_QUESTION}字，请缩短。")
        found.append(Tried(question, history, None if answers is None else tuple(answers)))
    if not found or len(found) > MOST:
        raise QuestionError(f"问题文件里有{len(found)}个问题，应有1到{MOST}个。")
    return found


def changes(service: Service, row: WordRow, questions: list[Tried]) -> list[Change]:
    """Return the questions whose answer the words change.

    Only questions that hold one of the words can be answered otherwise; the others are not asked.
    """
    touched = [q for q in questions if _touches(row, q)]
    if not touched:
        return []
    without, having = _answerer(service, []), _answerer(service, [tuple(map(fold_text, row.group))])
    found = []
    for tried in touched:
        before = without.answer(tried.question, list(tried.history))
        after = having.answer(tried.question, list(tried.history))
        if (before.status, before.answer) != (after.status, after.answer):
            was, now = _right(before, tried), _right(after, tried)
            found.append(Change(tried.question, before, after, None if was == now else now))
    return found


def _answerer(service: Service, groups: list[tuple[str, ...]]) -> ExtractiveAnswerer:
    """Return an answerer over the published library with more words in its vocabulary.

    It quotes, whatever answers citizens: what the words change is which place is found.
    """
    own = read_groups(service.vocabulary) if service.vocabulary.exists() else []
    vocabulary = Vocabulary([*read_groups(SHIPPED_WORDS), *own, *groups])
    retriever = Retriever(service.library, service.encoder, vocabulary)
    return ExtractiveAnswerer(
        retriever, shipped_words(), vocabulary, service.encoder.name, reader=service.reader
    )


def _touches(row: WordRow, tried: Tried) -> bool:
    text = fold_text("".join((tried.question, *tried.history)))
    return any(word in text for word in map(fold_text, row.group))


def _right(answer: Answer, tried: Tried) -> bool | None:
    if tried.expected is None:
        return None
    if answer.status is Status.UNANSWERABLE or not tried.expected:
        return answer.status is Status.UNANSWERABLE and not tried.expected
    given = fold_text(answer.answer + "".join(answer.items))
    return any(fold_text(e) in given or given in fold_text(e) for e in tried.expected)
