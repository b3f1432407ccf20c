"""An answer as HTML: every word escaped, terms explained, sources linked to the words they quote."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from chat.page.strings import Language, strings
from chat.page.templating import render
from chat.page.trend import trend_of
from chat.reports.tables import Drawing, drawing_of
from chat.span import shown
from chat.types import Answer, Citation, Status
from corpus.types import Document, GlossaryEntry
from index.library import Library

# Probability of being right → how it is said. Below the first row the service refuses.
SURE = ((0.85, "sure_high"), (0.6, "sure_middle"), (0.0, "sure_low"))
_SOURCES = 3
_WORDY = 24  # characters from which an item is a sentence, too much to be bold
_INTO = " › "
_BRACKET = re.compile(r"(?=\[\d{1,2}\])|(?<=\])")
_NUMBER = re.compile(r"\[(\d{1,2})\]")
_answer_json = TypeAdapter(Answer)


@dataclass(frozen=True)
class Piece:
    """A stretch of shown text.

    :ivar number: of the glossary entry that it names, 0 if none.
    :ivar address: of the place that it cites, as [1] does; empty if none.
    :ivar stressed: it is the short answer within its sentence.
    """

    text: str
    number: int = 0
    definition: str = ""
    address: str = ""
    stressed: bool = False


@dataclass(frozen=True)
class Source:
    """A place that an answer rests on.

    :ivar path: title › section path › page.
    :ivar shown: the same, without the title if the source before it is of the same report.
    :ivar address: of the marked words.
    """

    path: str
    shown: str
    address: str


@dataclass(frozen=True)
class Item:
    """A member of an enumeration and the address of its words, empty if that is not known."""

    pieces: list[Piece]
    address: str = ""


@dataclass(frozen=True)
class Chapter:
    """Items under the heading of the chapter that they stand in; an empty one is not shown."""

    heading: str
    items: list[Item]


def answer_html(
    answer: Answer, library: Library, language: Language, turn: str = "", *, done: bool = True
) -> str:
    """Return the HTML of an answer.

    :param turn: id of the turn in the conversation; ids of parts are made from it.
    :param done: False while the text still grows.
    """
    words = strings(language)
    refused = answer.status is Status.UNANSWERABLE
    generated = answer.answerer == "generative" and not refused
    entries = _entries(library, answer.citations)
    cited = answer.citations[:1] if refused else answer.citations
    sources = sources_of(cited, words)
    drawing: Drawing | None = None
    if done and (series := trend_of(answer, library)) is not None:
        drawing = drawing_of(series, language, "line", width=360, height=170)
    return render(
        "answer.html",
        language,
        answer=answer,
        refused=refused,
        done=done,
        turn=turn,
        generated=generated,
        short=_cited(_pieces(answer.answer, entries), answer)
        if generated
        else _pieces(answer.answer, entries),
        chapters=_chapters(answer, entries),
        wordy=any(len(item) > _WORDY for item in answer.items),
        sentence=_pieces(answer.explanation, entries, "" if answer.items else answer.answer),
        sure=next(key for least, key in SURE if answer.confidence >= least),
        sources=sources[:_SOURCES],
        further=sources[_SOURCES:],
        nearest=_nearest(answer, library) if refused else "",
        drawing=drawing,
        copied=copy_text(answer, words),
    )


def error_html(message: str, language: Language) -> str:
    """Return the HTML of a message that stands in place of an answer."""
    return render("message.html", language, message=message)


def answer_json(answer: Answer) -> str:
    """Return an answer as the browser keeps it."""
    return _answer_json.dump_json(answer).decode()


def answer_from(text: str) -> Answer | None:
    """Return the answer that a browser kept, None if it is none of ours."""
    try:
        return _answer_json.validate_json(text)
    except ValidationError:
        return None


def sources_of(citations: tuple[Citation, ...], words: dict[str, str]) -> list[Source]:
    """Return the places cited, title › section path › page; those of one section are one place."""
    ranges: dict[tuple[str, str], list[str]] = {}
    for citation in citations:
        path = [citation.title.replace(_INTO, " "), *citation.section]
        if citation.page is not None:
            path.append(words["page_number"].format(page=citation.page))
        held = ranges.setdefault((citation.document, _INTO.join(path)), [])
        if (span := f"{citation.start}-{citation.end}") not in held:
            held.append(span)
    found: list[Source] = []
    before = ""
    for (document, whole), spans in ranges.items():
        _, _, rest = whole.partition(_INTO)
        address = f"reports/{quote(document, safe='')}#c{','.join(spans)}"
        found.append(Source(whole, rest if rest and document == before else whole, address))
        before = document
    return found


def copy_text(answer: Answer, words: dict[str, str]) -> str:
    """Return an answer with its sources as plain text, to be pasted elsewhere."""
    lines = [answer.standalone_question, "；".join(answer.items) or answer.answer]
    if answer.status is Status.ANSWERED:
        if answer.explanation and answer.explanation not in lines:
            lines.append(f"“{answer.explanation}”")
        lines += [words["copy_source"] + s.path for s in sources_of(answer.citations, words)]
    return "\n".join(line for line in lines if line)


def _chapters(answer: Answer, entries: list[tuple[Document, GlossaryEntry]]) -> list[Chapter]:
    """Return the items by chapter, those of a summary each with its place."""
    if not answer.groups:
        return [Chapter("", [Item(_pieces(i, entries)) for i in answer.items])]
    places = iter(answer.citations)
    return [
        Chapter(
            group.heading,
            [
                Item(
                    _pieces(item, entries), _address(place) if (place := next(places, None)) else ""
                )
                for item in group.items
            ],
        )
        for group in answer.groups
    ]


def _nearest(answer: Answer, library: Library) -> str:
    """Return the place nearest to a question that is not answered, without footnote marks."""
    if not answer.citations:
        return ""
    first = answer.citations[0]
    document = library.documents.get(first.document)  # the answer may be kept from an older library
    return shown(document, first.start, first.end) if document is not None else first.quote


def _address(citation: Citation) -> str:
    """Return the address of the words cited."""
    return f"reports/{quote(citation.document, safe='')}#c{citation.start}-{citation.end}"


def _cited(pieces: list[Piece], answer: Answer) -> list[Piece]:
    """Cut out the numbers in brackets by which a generated text cites; each becomes a link."""
    found: list[Piece] = []
    for piece in pieces:
        if piece.number:
            found.append(piece)
            continue
        for part in _BRACKET.split(piece.text):
            match = _NUMBER.fullmatch(part)
            number = int(match[1]) if match else 0
            known = 0 < number <= len(answer.citations)
            address = _address(answer.citations[number - 1]) if known else ""
            found.append(Piece(part, address=address))
    return [p for p in found if p.text]


def _entries(
    library: Library, citations: tuple[Citation, ...]
) -> list[tuple[Document, GlossaryEntry]]:
    """Return the glossary entries of the reports cited, longest term first."""
    documents = {c.document for c in citations}
    found = [
        (document, entry)
        for key in documents
        if (document := library.documents.get(key)) is not None
        for entry in document.glossary
    ]
    return sorted(found, key=lambda pair: -len(pair[1].term))


def _unquoted(term: str) -> str:
    """Return a term without the quotation marks around it; “131”功能定位 keeps its own."""
    inner = term[1:-1]
    around = term[:1] == "“" and term[-1:] == "”" and "“" not in inner
    return inner if around else term


def _pieces(
    text: str, entries: list[tuple[Document, GlossaryEntry]], stress: str = ""
) -> list[Piece]:
    """Cut a text where a term of the glossary first stands in it, and around what is stressed."""
    text = " ".join(text.split())
    taken: list[tuple[int, int, Piece]] = []
    if stress and (at := text.rfind(stress)) >= 0 and len(stress) < len(text) / 2:
        taken.append((at, at + len(stress), Piece(stress, stressed=True)))
    for document, entry in entries:
        term = _unquoted(entry.term)
        at = text.find(term) if len(term) > 1 else -1
        free = all(at + len(term) <= a or at >= b for a, b, _ in taken)
        # A text that defines the term needs no explanation of it.
        told = document.text[entry.definition_start : entry.end].strip()
        if at >= 0 and free and told and told[:12] not in text:
            taken.append((at, at + len(term), Piece(term, entry.number, told)))
    pieces, position = [], 0
    for start, end, piece in sorted(taken, key=lambda t: t[0]):
        pieces += [Piece(text[position:start]), piece]
        position = end
    pieces.append(Piece(text[position:]))
    return [p for p in pieces if p.text]
