"""Cut a model's text into sentences as it arrives, and read the citations off each."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_SENTENCE = 400  # characters; a longer one is no sentence of an answer
_ENDS = "。！？!?\n"
_CLOSING = "”’」』）)】*"
_CITATION = re.compile(
    r"[（(]?\s*[\[【［〔]\s*(?:段落|资料|来源|出处|passage|source)?\s*[:：#]?\s*"
    r"(\d{1,3}(?:\s*[,，、;；和\-–—~至]\s*(?:段落)?\d{1,3})*)\s*[\]】］〕]\s*[）)]?"
    r"|[（(]\s*(?:段落|来源|出处)\s*[:：]?\s*(\d{1,3}(?:\s*[,，、\-–—至]\s*\d{1,3})*)\s*[）)]",
    re.IGNORECASE,
)
_MAYBE_CITATION = re.compile(r"\s*[（(\[【［〔][^\]】］〕）)]{0,20}$")
_SPAN = re.compile(r"(\d+)\s*[\-–—~至]\s*(\d+)")
_MARKER = re.compile(
    r"^\s*(?:#{1,6}\s+|>\s*|[-*•·—]+\s*|\d{1,2}\s*[.、)）](?!\d)\s*|[（(]\d{1,2}[）)]\s*|[①-⑳]\s*)+"
)
_EMPHASIS = re.compile(r"\*\*|__|`+")
# How an answer begins and what is no statement of the report. (pattern, example)
_LEAD = re.compile(
    r"^(?:根据|依据|按照|据)(?:以上|上述|所给|提供的?|给出的?)*(?:段落|资料|材料|报告|政府工作报告|内容|信息)*"
    r"(?:的内容|内容|显示|所述|可知|可以看出)*(?:的?记载)?[，,：:]\s*|^(?:报告|政府工作报告)(?:中|里)?(?:指出|提到|显示|说明)[，,：:]?\s*"
)
_ORDINAL = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,2}(?:是|来|方面)?[，,、：:]|[一二三四五六七八九十]是)\s*"
)
REFUSAL = re.compile(
    r"(?:报告|段落|资料|材料|文中|以上内容)[^。，；]{0,12}(?:没有|未|并未|并没有|无)(?:提到|提及|给出|说明|涉及|包含|明确|找到|相关)"
    r"|(?:没有|未能|无法)(?:找到|回答|确定|从)[^。]{0,12}|无从回答|无法得知"
)


@dataclass(frozen=True)
class DraftSentence:
    """A sentence of a model.

    :ivar text: without citations, list marks and Markdown.
    :ivar cited: numbers of passages, in order, each once.
    :ivar new_line: it begins a line of its own.
    """

    text: str
    cited: tuple[int, ...]
    new_line: bool = False

    @property
    def refuses(self) -> bool:
        """Whether it says that the report does not say."""
        return REFUSAL.search(self.text) is not None


class Splitter:
    """Cuts text that arrives in pieces; a sentence is told once its citations are complete."""

    def __init__(self) -> None:
        self._text = ""
        self._new_line = False
        self._thinking = False

    def feed(self, piece: str) -> list[DraftSentence]:
        """Take a piece and return the sentences that are complete now."""
        self._text += piece
        return self._cut(last=False)

    def finish(self) -> list[DraftSentence]:
        """Return what is left when the text has come to its end."""
        return self._cut(last=True)

    def _cut(self, *, last: bool) -> list[DraftSentence]:
        self._drop_thoughts()
        done: list[DraftSentence] = []
        if self._thinking:
            return done
        while (end := _end_of_sentence(self._text, last=last)) is not None:
            raw, self._text = self._text[:end], self._text[end:]
            sentence = parsed(raw, new_line=self._new_line)
            if sentence is not None:
                done.append(sentence)
            self._new_line = raw.endswith("\n") or (self._new_line and sentence is None)
        return done

    def _drop_thoughts(self) -> None:
        """Leave out what a reasoning model thinks aloud; an open thought stays until it ends."""
        if self._thinking:
            _, closed, rest = self._text.partition("</think>")
            self._text = rest if closed else self._text[-len("</think>") :]
            self._thinking = not closed
        if not self._thinking and "<think>" in self._text:
            before, _, rest = self._text.partition("<think>")
            _, closed, after = rest.partition("</think>")
            self._text = before + after if closed else rest[-len("</think>") :]
            self._thinking = not closed


def parsed(raw: str, *, new_line: bool = False) -> DraftSentence | None:
    """Return a sentence with its citations read off, None if nothing is left."""
    cited: list[int] = []
    for match in _CITATION.finditer(raw):
        for number in _numbers(match[1] or match[2]):
            if number not in cited:
                cited.append(number)
    text = _EMPHASIS.sub("", _CITATION.sub("", raw))
    text = _LEAD.sub("", _ORDINAL.sub("", _MARKER.sub("", text).strip()))
    text = " ".join(text.split())
    if not any(c.isalnum() for c in text):
        return None
    return DraftSentence(text, tuple(cited), new_line)


def _numbers(written: str) -> list[int]:
    spans = [range(int(a), min(int(b), int(a) + 20) + 1) for a, b in _SPAN.findall(written)]
    single = [int(n) for n in re.findall(r"\d+", _SPAN.sub(" ", written))]
    return [n for span in spans for n in span] + single


def _end_of_sentence(text: str, *, last: bool) -> int | None:
    """Return where the first sentence of a text ends, None if that is not known yet."""
    if not text:
        return None
    position = next((i for i, c in enumerate(text[:MAX_SENTENCE]) if c in _ENDS), None)
    if position is None:
        if len(text) >= MAX_SENTENCE:
            return MAX_SENTENCE
        return len(text) if last else None
    if text[position] == "\n":
        return position + 1
    end = position + 1
    while end < len(text) and text[end] in _CLOSING + _ENDS.strip():
        end += 1
    while match := _CITATION.match(text, end + len(text[end:]) - len(text[end:].lstrip(" *"))):
        end = match.end()
        while end < len(text) and text[end] in _ENDS.strip():
            end += 1
    rest = text[end:]
    if last or (rest.strip(" *") and not _MAYBE_CITATION.match(rest)):
        return end
    return end + 1 if rest.startswith("\n") else None
