"""The civic vocabulary: everyday words and the terms that reports use for them."""

from __future__ import annotations

import logging
import time
import tomllib
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from corpus.cleaning import fold_text
from corpus.errors import WenzhengError
from index.words import Word

_PHRASE = 4  # characters up to which an entry is a word; longer ones are phrases
_LOOK_SECONDS = 0.5  # between two looks at a file that may change
_log = logging.getLogger("wenzheng")
SHIPPED = Path(__file__).parent / "vocabulary.toml"


class VocabularyError(WenzhengError):
    """A vocabulary file that cannot be used."""

    code = "vocabulary_invalid"


def read_groups(path: Path) -> list[tuple[str, ...]]:
    """Return the groups of a vocabulary file, see ``Vocabulary.load``.

    :raises VocabularyError: if it is no such file.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))["words"]
        return [
            tuple(fold_text(w) for w in (*official.split("/"), *everyday))
            for official, everyday in table.items()
        ]
    except (
        OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError,
    ) as error:  # fmt: skip
        raise VocabularyError(
            f'词表“{path.name}”读不了（{error}）；请照“"报告的说法" = ["百姓的说法"]”逐行检查。'
        ) from error


class Vocabulary:
    """Groups of words that stand for one another."""

    def __init__(self, groups: list[tuple[str, ...]]) -> None:
        self._partners: dict[str, set[str]] = defaultdict(set)
        for group in groups:
            for word in group:
                # A single character (钱, 修) is too often part of another word to be looked for.
                self._partners[word].update(w for w in group if w != word and len(w) > 1)
        self._longest = max(map(len, self._partners), default=0)

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Vocabulary:
        """Read a file with a table ``[words]``: ``"official/official" = ["everyday", …]``.

        :raises VocabularyError: if it is not such a file.
        """
        return cls(read_groups(path))

    def linked(
        self, folded: str, words: tuple[Word, ...]
    ) -> list[tuple[int, int, tuple[str, ...]]]:
        """Return (start, end, partners) for every vocabulary word in a folded text.

        A short word hides those inside it (养老院 is not 养老); a long one is a phrase whose parts
        count too (老百姓挣的钱, 老百姓, 挣的钱).

        :param words: telling words of the text; a single character counts only as one of these.
        """
        alone = {(w.start, w.end) for w in words}
        found = []
        for start in range(len(folded)):
            for end in range(start + 1, min(start + self._longest, len(folded)) + 1):
                partners = self._partners.get(folded[start:end])
                if partners and (end - start > 1 or (start, end) in alone):
                    found.append((start, end, tuple(sorted(partners))))
        short = [(a, b) for a, b, _ in found if b - a <= _PHRASE]
        return [
            (a, b, partners)
            for a, b, partners in found
            if not any(c <= a and b <= d and (c, d) != (a, b) for c, d in short)
        ]

    def expansions(self, folded: str, words: tuple[Word, ...]) -> tuple[str, ...]:
        """Return the partners of all vocabulary words in a folded text that it does not hold."""
        partners = {p for _, _, found in self.linked(folded, words) for p in found}
        return tuple(sorted(p for p in partners if p not in folded))


class FollowedVocabulary(Vocabulary):
    """The shipped vocabulary and that of a file which may be changed while the program runs.

    The file need not exist. A change that cannot be read is told in the log; the words read before
    stay in use.
    """

    def __init__(self, path: Path) -> None:
        """Read the file, if there is one.

        :raises VocabularyError: if it cannot be read.
        """
        self._path = path
        self._looked = 0.0
        self._state = self._stamp()
        super().__init__(self._groups())

    def linked(
        self, folded: str, words: tuple[Word, ...]
    ) -> list[tuple[int, int, tuple[str, ...]]]:
        """Return the links of a text, see ``Vocabulary.linked``, by the file as it is now."""
        self._follow()
        return super().linked(folded, words)

    def state(self) -> tuple[int, int] | None:
        """Return what changes with the file, None while there is none."""
        self._follow()
        return self._state

    def _follow(self) -> None:
        if time.monotonic() - self._looked < _LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        state = self._stamp()
        if state == self._state:
            return
        self._state = state
        try:
            fresh = Vocabulary(self._groups())
        except VocabularyError as error:
            _log.error("%s 仍用原来的词。", error.message)
            return
        self._partners, self._longest = fresh._partners, fresh._longest

    def _groups(self) -> list[tuple[str, ...]]:
        own = read_groups(self._path) if self._state is not None else []
        return read_groups(SHIPPED) + own

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=1)
def shipped_vocabulary() -> Vocabulary:
    """Return the shipped vocabulary, read once a process."""
    return Vocabulary.load()
