"""Make a follow-up question stand alone, from the questions before it."""

from __future__ import annotations

import re

import numpy as np

from corpus.cleaning import fold_text
from index.words import Word, WordModel
from retriever.question import Question, understand

_POINTER = re.compile(r"^(?:那么|那|还有|另外|再问|然后|其中)[，,]?")
_PRONOUN = re.compile(r"(?:它们|他们|这个|那个|这些|那些|该指标|这项|这一|它|其|他|此)(?:的)?")
_ELLIPSIS = re.compile(r"(?:呢|咋样|怎么样|如何)?[\s?？!！。]*$")
_YEAR = re.compile(r"(?:19|20)\d\d年?|去年|今年|明年|前年|后年|上一?年|下一年|十[一二三四五]五")
_ONLY_TIME = re.compile(
    rf"^(?:那么|那|到|在)?(?:{_YEAR.pattern})(?:的|底|末)?(?:呢|怎么样)?[\s?？]*$"
)
_CORRECTION = re.compile(r"^(?:不是|不对|错了)[，,\s]*(?:我(?:问|说|指)的是|是)?")
_ASKING = re.compile(
    r"(?:分别)?(?:是|有|为|达到|达)?(?:多少|几|什么|哪些|哪|怎么|如何|谁)[^，。]*$|[\s?？!！。呢吗]+$"
)
_SIMILAR = 0.45  # cosine from which two words are taken for siblings (城镇, 农村)


def standalone(question: str, history: list[str], model: WordModel) -> str:
    """Return the question as it would be asked without the conversation before it.

    A question with enough words of its own stays as it is: the topic has changed.
    """
    if not history:
        return question
    previous = standalone(history[-1], history[:-1], model)
    text = question.strip()
    if match := _CORRECTION.match(text):
        text = text[match.end() :] + "呢"
    if _ONLY_TIME.match(text):
        return _other_year(text, previous)
    opened = _POINTER.match(text) is not None
    text = _POINTER.sub("", text).strip()
    asked = understand(text, None, model)
    if (pronoun := _PRONOUN.search(text)) and pronoun.start() <= 4:
        return text[: pronoun.start()] + subject(previous) + "的" + text[pronoun.end() :]
    if text.rstrip("?？ 。").endswith("呢") or (opened and len(asked.words) <= 2):
        return _substituted(text, previous, model)
    if sum(w.weight for w in asked.words) < 0.6:
        return subject(previous) + text
    return question


def _other_year(text: str, previous: str) -> str:
    found = _YEAR.search(text)
    assert found is not None
    year = found[0]
    if year == "下一年" and (before := re.search(r"(?:19|20)\d\d", previous)):
        year = f"{int(before[0]) + 1}年"
    if year in ("上年", "上一年") and (before := re.search(r"(?:19|20)\d\d", previous)):
        year = f"{int(before[0]) - 1}年"
    if re.fullmatch(r"\d{4}", year):
        year += "年"
    if _YEAR.search(previous):
        return _YEAR.sub(year, previous, count=1)
    return year + previous


def subject(question: str) -> str:
    """Return what a question is about: the question without its asking end."""
    return _ASKING.sub("", question.strip()) or question


def _substituted(text: str, previous: str, model: WordModel) -> str:
    """Put the new words in the place of their sibling in the previous question, else behind it."""
    new = _ELLIPSIS.sub("", text).strip().removesuffix("的")
    asked = understand(new, None, model)
    before = understand(previous, None, model)
    if not asked.words:
        return previous
    year = _YEAR.search(new)
    if year is not None:
        previous = _other_year(year[0], previous)
        new = new.replace(year[0], "", 1).strip().removesuffix("的")
        before = understand(previous, None, model)
    aligned = _aligned(new, previous)
    if aligned is not None:
        return aligned
    pair = _siblings(asked.words, before, model)
    tail = _ASKING.search(previous)
    end = tail[0] if tail is not None else ""
    if pair is not None and len(asked.words) <= 3:
        old = pair
        return fold_text(previous).replace(old, new, 1)
    return (
        subject(previous)
        + "的"
        + new
        + (end if "多少" in end or "几" in end else "是多少" if "占" in new or "率" in new else end)
    )


def _aligned(new: str, previous: str) -> str | None:
    """Exchange names that end alike: 南堤工程 takes the place of 北堤工程."""
    for length in range(len(new) - 1, 1, -1):
        shared = new[-length:]
        at = previous.find(shared)
        differing = len(new) - length
        if at >= differing and differing <= 3:
            return previous[: at - differing] + new + previous[at + length :]
    return None


def _siblings(new: tuple[Word, ...], before: Question, model: WordModel) -> str | None:
    """Return the word of the previous question most like the new ones, if any is like enough."""
    if not new or not before.words:
        return None
    a, b = model.vectors(list(new)), model.vectors(list(before.words))
    cosines = b @ a.T
    best = np.unravel_index(int(cosines.argmax()), cosines.shape)
    if cosines[best] < _SIMILAR:
        return None
    return before.words[int(best[0])].text
