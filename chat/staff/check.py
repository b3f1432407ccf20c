"""Read a report file as it would be published, so that staff see what was understood of it."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from chat.reports.layout import outline_entries
from chat.service import Service
from corpus.errors import DocumentError
from corpus.facts import Overrides, require_facts
from corpus.figures import figures
from corpus.report import document_id, read_report


class OutlineLine(BaseModel):
    """A heading and its level, 1 for a chapter."""

    title: str
    level: int


class Checked(BaseModel):
    """What was understood of a file.

    :ivar error: why it cannot be published; empty if it can.
    :ivar replaces: title of the report of the same name that it would replace, empty if none.
    """

    name: str
    id: str
    error: str = ""
    replaces: str = ""
    title: str = ""
    region: str = ""
    year: int | None = None
    date: str = ""
    meeting: str = ""
    speaker: str = ""
    characters: int = 0
    paragraphs: int = 0
    terms: int = 0
    figures: int = 0
    warnings: list[str] = []
    outline: list[OutlineLine] = []


def check(service: Service, path: Path, overrides: Overrides) -> Checked:
    """Read a file and tell what was understood; nothing is stored."""
    known = service.library.documents.get(document_id(path.stem))
    checked = Checked(
        name=path.name,
        id=document_id(path.stem),
        replaces=known.title if known is not None else "",
    )
    try:
        document = read_report(path, overrides=overrides)
        require_facts(document)
    except DocumentError as error:
        return checked.model_copy(update={"error": error.message})
    return checked.model_copy(
        update={
            "id": document.id,
            "title": document.title,
            "region": document.region,
            "year": document.year,
            "date": document.date,
            "meeting": document.meeting,
            "speaker": document.speaker,
            "characters": len(document.text),
            "paragraphs": len(document.paragraphs),
            "terms": len(document.glossary),
            "figures": len(figures(document)),
            "warnings": list(document.warnings),
            "outline": [
                OutlineLine(title=e.title, level=e.level) for e in outline_entries(document)
            ],
        }
    )
