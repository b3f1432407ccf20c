"""Put together the answer that a reader sees from the sentences that passed the guard."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from chat.generative.guard import Faults, check
from chat.generative.sentences import DraftSentence
from chat.generative.sources import Source, SourceSentence
from chat.types import Citation, Grounding
from index.words import WordModel

CITED_AT_MOST = 3  # places for one sentence
# From this likeness the report's sentence takes the place of one that may not be shown.
LIKE_CITED, LIKE_UNCITED = 0.4, 0.6
_STOPS = "。！？!?；;，,、：:"


@dataclass
class Draft:
    """The answer so far; sentences go in, pieces of checked text come out.

    Quotations that replace a sentence wait for a first sentence that stands: an answer of nothing
    but quotations is better given by the extractive answerer.

    :ivar refused: the model said that the report does not say.
    """

    sources: tuple[Source, ...]
    words: WordModel
    refused: bool = False
    text: str = ""
    _cited: list[SourceSentence] = field(default_factory=list)
    _waiting: list[tuple[SourceSentence, bool]] = field(default_factory=list)
    _shown: set[str] = field(default_factory=set)
    _counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys((f.name for f in fields(Grounding)), 0)
    )

    def take(self, sentence: DraftSentence) -> str:
        """Check a sentence and return what a reader may see now, which may be nothing."""
        self._counts["sentences"] += 1
        if sentence.refuses:
            self.refused = True
            self._counts["cut"] += 1
            return ""
        verdict = check(sentence, self.sources, self.words)
        self._count(verdict.faults)
        if not verdict.faults.any():
            return self._keep(verdict.text, verdict.supports, new_line=sentence.new_line)
        least = LIKE_CITED if verdict.sentence.cited else LIKE_UNCITED
        if verdict.nearest is None or verdict.likeness < least:
            self._counts["cut"] += 1
            return ""
        if not self.text:
            self._waiting.append((verdict.nearest, sentence.new_line))
            return ""
        return self._quote(verdict.nearest, new_line=sentence.new_line)

    @property
    def stands(self) -> bool:
        """Whether a sentence of the model passed."""
        return self._counts["kept"] > 0

    @property
    def grounding(self) -> Grounding:
        """The counts so far; quotations that still wait count as cut."""
        return Grounding(**self._counts | {"cut": self._counts["cut"] + len(self._waiting)})

    def citations(self) -> tuple[Citation, ...]:
        """Return the places cited, the n-th is [n] of the text."""
        return tuple(_citation(s) for s in self._cited)

    @property
    def leading(self) -> str:
        """The sentence of the report that the first sentence rests on, as people read it."""
        return self._cited[0].text if self._cited else ""

    def _keep(self, text: str, supports: tuple[SourceSentence, ...], *, new_line: bool) -> str:
        if text in self._shown or not supports:
            self._counts["cut"] += 1
            return ""
        self._shown.add(text)
        self._counts["kept"] += 1
        marks = "".join(f"[{self._number(s)}]" for s in supports[:CITED_AT_MOST])
        bare = text.rstrip(_STOPS)
        piece = self._append(f"{bare}{marks}{text[len(bare) :][:1] or '。'}", new_line=new_line)
        waiting, self._waiting = self._waiting, []
        return piece + "".join(self._quote(s, new_line=line) for s, line in waiting)

    def _quote(self, place: SourceSentence, *, new_line: bool) -> str:
        if place in self._cited:  # it has been said
            self._counts["cut"] += 1
            return ""
        self._counts["replaced"] += 1
        words = f"报告原文：“{place.text.rstrip('。')}”[{self._number(place)}]。"
        return self._append(words, new_line=new_line)

    def _append(self, words: str, *, new_line: bool) -> str:
        piece = f"\n{words}" if new_line and self.text else words
        self.text += piece
        return piece

    def _number(self, place: SourceSentence) -> int:
        if place not in self._cited:
            self._cited.append(place)
        return self._cited.index(place) + 1

    def _count(self, faults: Faults) -> None:
        for one in fields(Faults):
            self._counts[one.name] += int(getattr(faults, one.name))


def _citation(place: SourceSentence) -> Citation:
    document, sentence = place.document, place.sentence
    return Citation(
        document=document.id,
        title=document.title,
        section=place.passage.section,
        start=sentence.start,
        end=sentence.end,
        quote=document.text[sentence.start : sentence.end],
        page=document.page_of(sentence.start),
    )
