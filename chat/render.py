"""Answers as HTML: all text escaped, cited words marked, footnote marks as superscripts."""

from __future__ import annotations

import re
from html import escape

from chat.types import Answer, Citation, Status
from corpus.types import Document, Paragraph

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>$])")
_EMPTY = (
    '<section class="wz-empty"><h2>报告原文</h2>'
    "<p>提问后，这里会显示答案所在的段落，引用的话会标出来。</p></section>"
)


def inert(text: str) -> str:
    """Return a person's text so that a Markdown renderer shows it as it was typed."""
    return _MARKDOWN.sub(r"\\\1", escape(text, quote=False))


def answer_html(answer: Answer) -> str:
    """Return the chat message of an answer: short answer, sentence, source."""
    parts = []
    if answer.status is Status.UNANSWERABLE:
        parts.append(f'<p class="wz-short wz-none"><strong>{_line(answer.answer)}</strong></p>')
        if answer.citations:
            parts.append(
                f'<p class="wz-sentence">最接近的原文：{_line(answer.citations[0].quote)}</p>'
            )
        parts.append('<p class="wz-help">也可以拨打12345政务服务热线咨询。</p>')
    else:
        if answer.items:
            members = "".join(f"<li>{_line(item)}</li>" for item in answer.items)
            parts.append(f'<ul class="wz-short wz-items"><strong>{members}</strong></ul>')
        else:
            parts.append(f'<p class="wz-short"><strong>{_line(answer.answer)}</strong></p>')
        sentence = f'<p class="wz-sentence">{_line(answer.explanation)}</p>'
        if answer.items:  # the members are the sentence, taken apart
            sentence = f"<details><summary>看原句</summary>{sentence}</details>"
        parts.append(sentence)
    if answer.standalone_question != answer.question:
        parts.append(f'<p class="wz-help">理解为：{_line(answer.standalone_question)}</p>')
    if answer.citations:
        parts.append(f'<p class="wz-source">{_line(place(answer.citations[0]))}</p>')
    return f'<div class="wz-answer">{"".join(parts)}</div>'


def place(citation: Citation) -> str:
    """Return where a citation stands: title › section path, and the page of a PDF."""
    path = " › ".join((citation.title, *citation.section))
    return path if citation.page is None else f"{path} › 第{citation.page}页"


def source_html(document: Document | None, citations: tuple[Citation, ...]) -> str:
    """Return the cited paragraphs of a document with the quoted words marked."""
    if document is None or not citations:
        return _EMPTY
    blocks = []
    for paragraph in _paragraphs(document, citations):
        quoted = [
            (c.start, c.end)
            for c in citations
            if c.start < paragraph.end and c.end > paragraph.start
        ]
        heading = " › ".join(paragraph.section) or document.title
        blocks.append(
            f"<h3>{escape(heading)}</h3><p>{_marked(document, paragraph.start, paragraph.end, quoted)}</p>"
        )
    return (
        f'<section class="wz-report" aria-label="报告原文"><h2>{escape(document.title)}</h2>'
        f"{''.join(blocks)}</section>"
    )


def _paragraphs(document: Document, citations: tuple[Citation, ...]) -> list[Paragraph]:
    """Return the paragraphs that the citations stand in, at most three, in order of citation."""
    chosen: list[Paragraph] = []
    for citation in citations:
        home = next(
            (p for p in document.paragraphs if p.start <= citation.start < p.end),
            Paragraph(citation.section, citation.start, citation.end),
        )
        if home not in chosen:
            chosen.append(home)
    return chosen[:3]


def _marked(document: Document, start: int, end: int, quoted: list[tuple[int, int]]) -> str:
    terms = {m.start: m for m in document.marks}
    definitions = {e.number: e for e in document.glossary}
    out: list[str] = []
    position, inside = start, False
    while position < end:
        within = any(a <= position < b for a, b in quoted)
        if within != inside:
            out.append("<mark>" if within else "</mark>")
            inside = within
        mark = terms.get(position)
        if mark is not None:
            entry = definitions.get(mark.number)
            told = document.text[entry.definition_start : entry.end].strip() if entry else ""
            out.append(f'<sup title="{escape(told)}">{mark.number}</sup>')
            position = mark.end
            continue
        out.append(escape(document.text[position]))
        position += 1
    if inside:
        out.append("</mark>")
    return "".join(out)


def _line(text: str) -> str:
    """Escape a text for one line: a blank line would end the HTML block of the message."""
    return escape(" ".join(text.split()))
