"""Definitions: the report's own glossary first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.span import Span, shown
from chat.types import Evidence
from corpus.cleaning import fold_text
from corpus.types import Document, GlossaryEntry, Passage, Sentence
from retriever.kinds import Kind
from retriever.question import Question

_PLAIN = str.maketrans("", "", "“”‘’\"'《》（）() 、，。？?！!：:")
# X是什么, 什么是X, X是个啥用地, X代表什么: X stands before the verb or behind the question word.
_WHAT_IS = re.compile(
    r"(?:是|指|叫|代表|包括|包含)(?:的是)?(?:一?[个种项])?(?:什么|啥|哪些?)[\u4e00-\u9fff]{0,4}[\s?？。]*$|"
    r"^(?:什么|啥)(?:是|叫)"
)
_EXPLAIN = re.compile(r"^(?:请|帮我|麻烦)?(?:解释|说明|介绍|讲解|讲讲|说说)(?:一?下)?")


def glossary_span(question: Question, documents: Sequence[Document]) -> Span | None:
    """Return the glossary entry that a question of definition asks for, if there is one.

    The term must stand whole in the question, or what is asked about must stand whole in the
    term and be most of it.
    """
    if question.kind is not Kind.DEFINITION and not _WHAT_IS.search(question.folded):
        return None
    asked = _subject(question).translate(_PLAIN)
    best: tuple[int, Document, GlossaryEntry] | None = None
    for document in documents:
        for entry in document.glossary:
            term = fold_text(entry.term).translate(_PLAIN)
            length = _named(term, asked, question)
            if length and (best is None or length > best[0]):
                best = (length, document, entry)
    if best is None:
        return None
    _, document, entry = best
    return _span(document, entry)


def _subject(question: Question) -> str:
    """Return what stands before 是什么, or behind 什么是; else the whole question."""
    match = _WHAT_IS.search(question.folded)
    if match is None:
        return _EXPLAIN.sub("", question.folded)
    return question.folded[: match.start()] or question.folded[match.end() :]


def _named(term: str, asked: str, question: Question) -> int:
    """Return how many characters of the term are asked for, 0 if it is not meant."""
    if term in asked and 2 * len(term) >= len(asked):
        return len(term)
    if question.quoted:
        quoted = question.quoted[0].translate(_PLAIN)
        return len(quoted) if len(quoted) >= 2 and quoted in term else 0
    content = "".join(w.text for w in question.words).translate(_PLAIN)
    return len(content) if len(content) >= 2 and content in term else 0


def _span(document: Document, entry: GlossaryEntry) -> Span:
    definition = shown(document, entry.definition_start, entry.end).strip()
    sentence = Sentence(document.text.index(entry.term, entry.start), entry.end)
    passage = Passage(
        document.id,
        ("名词解释", entry.term),
        entry.start,
        entry.end,
        document.text[entry.start : entry.end],
        (sentence,),
    )
    text = re.sub(r"^(?:即|是指|指的是|指|是)[：:]?", "", definition).rstrip("。")
    return Span(
        text,
        (Evidence(passage, sentence, sentence, 10.0),),
        explanation=f"{entry.term}：{definition}",
    )
