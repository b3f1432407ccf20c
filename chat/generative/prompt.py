"""Lay the numbered passages and the question before a model, so that neither can pass for a rule."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from chat.generative.sources import Source

_FILE = Path(__file__).with_name("prompt.toml")
# Characters that could close a passage, open a turn of the chat template or make up a citation.
_INERT = str.maketrans({"<": "＜", ">": "＞", "[": "［", "]": "］", "|": "｜", '"': "”", "`": "｀"})


@dataclass(frozen=True)
class Message:
    """One turn of the prompt; ``role`` is ``system`` or ``user``."""

    role: str
    content: str


def messages(question: str, sources: tuple[Source, ...]) -> list[Message]:
    """Return the prompt for a question over numbered passages."""
    words = _wording()
    passages = "\n".join(
        words["passage"]
        .strip()
        .format(
            number=source.number,
            title=inert(source.document.title),
            date=source.document.date or source.document.year or "不详",
            section=inert(" › ".join(source.passage.section)),
            text=inert(source.text),
        )
        for source in sources
    )
    user = words["user"].strip().format(passages=passages, question=inert(question))
    return [Message("system", words["system"].strip()), Message("user", user)]


def inert(text: str) -> str:
    """Return a text in which nothing can end a passage or pass for markup: brackets are full width.

    The guard folds widths, so what a model copies from it still counts as the report's words.
    """
    return text.translate(_INERT)


@lru_cache(maxsize=1)
def _wording() -> dict[str, str]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)
