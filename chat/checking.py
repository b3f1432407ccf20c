"""What a question must be like to be answered at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from corpus.errors import QuestionError

MAX_QUESTION = 500  # characters
MAX_HISTORY = 20  # earlier questions looked at


def checked(question: str) -> str:
    """Return the question trimmed.

    :raises QuestionError: if nothing is left, it is too long, or it holds control characters.
    """
    text = question.strip()
    if not any(c.isalnum() for c in text):
        raise QuestionError("问题是空的，请写下想问的内容。")
    if len(text) > MAX_QUESTION:
        raise QuestionError(f"问题有{len(text)}个字，最多{MAX_QUESTION}个字，请缩短后再问。")
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in text):
        raise QuestionError("问题里有无法识别的控制字符，请去掉后再问。")
    return " ".join(text.split())


def conversation(question: str, history: Sequence[str] | None) -> tuple[str, list[str]]:
    """Return the question and the last ones before it, each trimmed.

    :raises QuestionError: if one of them cannot be asked.
    """
    return checked(question), [checked(earlier) for earlier in (history or [])[-MAX_HISTORY:]]
