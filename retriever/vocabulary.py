"""The civic vocabulary: everyday words and the terms that reports use for them."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from corpus.cleaning import fold_text
from corpus.errors import WenzhengError

SHIPPED = Path(__file__).parent / "vocabulary.toml"


class VocabularyError(WenzhengError):
    """A vocabulary file that cannot be used."""

    code = "vocabulary_invalid"


class Vocabulary:
    """Groups of words that stand for one another."""

    def __init__(self, groups: list[tuple[str, ...]]) -> None:
        self._partners: dict[str, set[str]] = defaultdict(set)
        for group in groups:
            for word in group:
                self._partners[word].update(w for w in group if w != word)
        words = sorted(self._partners, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, words))) if words else None

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Vocabulary:
        """Read a file of ``[[group]]`` tables with lists ``everyday`` and ``official``.

        :raises VocabularyError: if it is not such a file.
        """
        try:
            rows = tomllib.loads(path.read_text(encoding="utf-8")).get("group", [])
            groups = [
                tuple(fold_text(w) for w in (*row["everyday"], *row["official"])) for row in rows
            ]
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
            raise VocabularyError(f"词表“{path.name}”读不了（{error}），请按说明修改。") from error
        return cls(groups)

    def expansions(self, folded: str) -> tuple[str, ...]:
        """Return the partners of all vocabulary words in a folded text."""
        found = [m[0] for m in self._pattern.finditer(folded)] if self._pattern else []
        return tuple(sorted({p for word in found for p in self._partners[word]} - set(found)))

    def linked(self, folded: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """Return (start, end, partners) for every vocabulary word in a folded text."""
        if self._pattern is None:
            return []
        return [
            (m.start(), m.end(), tuple(sorted(self._partners[m[0]])))
            for m in self._pattern.finditer(folded)
        ]


@lru_cache(maxsize=1)
def shipped_vocabulary() -> Vocabulary:
    """Return the shipped vocabulary, read once a process."""
    return Vocabulary.load()
