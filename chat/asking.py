"""From what was typed to a question that stands alone, and what to tell of how it was read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chat.conversation import standalone
from chat.courtesy import manner_of
from index.stores.protocol import Description
from index.words import WordModel
from retriever.lexicon import Lexicon
from retriever.question import HALF_YEAR, Question, TimeRead, time_read
from retriever.spelling import restore

_MONTH = re.compile(r"(\d{1,2})月")


@dataclass(frozen=True)
class Asked:
    """A question as it is put to the reports.

    :ivar text: standing alone, with typing errors mended and pinyin read.
    :ivar notes: what it was read as, a sentence each; empty where it was read as typed.
    """

    text: str
    notes: tuple[str, ...] = ()


def asked_plainly(text: str, history: Sequence[str], words: WordModel, lexicon: Lexicon) -> Asked:
    """Return a question, read with the questions before it."""
    if manner_of(text, reports=False) is not None:
        return Asked(standalone(text, list(history), words))
    read = restore(text, lexicon)
    before = [restore(earlier, lexicon).text for earlier in history]
    names = lexicon.held if before else ()
    notes = tuple(f"按“{word}”理解。" for word in read.understood)
    return Asked(standalone(read.text, before, words, names), notes)


def report_month(question: str, rows: Sequence[Description]) -> int | None:
    """Return the month of the newest report where a question asks for half a year, else None."""
    if not HALF_YEAR.search(question):
        return None
    newest = max(rows, key=lambda row: row.year or 0, default=None)
    month = _MONTH.search(newest.date) if newest is not None else None
    return int(month[1]) if month is not None else None


def time_notes(question: Question, report_year: int | None, month: int | None) -> tuple[str, ...]:
    """Return which years a word of time was taken for, empty if there was none to be counted.

    :param report_year: year of the report that 去年 and the like count from.
    """
    read = time_read(question.folded, report_year, month)
    if read is None or manner_of(question.text, reports=False) is not None:
        return ()
    return (_told(read, report_year),)


def _told(read: TimeRead, report_year: int | None) -> str:
    first, last = read.years
    years = f"{first}年" if first == last else f"{first}—{last}年"
    counted = f"（报告作于{report_year}年）" if read.counted else ""
    return f"“{read.word}”按{years}理解{counted}。"
