"""Addresses of the reports and their figures: /reports, /reports/{id}, /figures."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from chat.page.replies import page, root_of
from chat.page.strings import Language, language_of, strings
from chat.page.templating import date_text
from chat.reports.charts import Form
from chat.reports.layout import blocks_of, outline_entries
from chat.reports.series import series_of
from chat.reports.tables import csv_of, drawing_of, rows_of
from chat.service import Service
from corpus.types import Document, FigureKind
from index.library import Library
from index.stores.protocol import Description
from retriever.figures import FoundFigures, find_figures, indicators, years

SHOWN = 200  # lines of the table on one page
_COMPARED = 6
_SUGGESTED = 1000  # indicators, the commonest


def reports_router(service: Service) -> APIRouter:
    """Return the pages of the reports, readable without a script."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get("/reports")
    def reports(request: Request, lang: str = "") -> HTMLResponse:
        language = language_of(lang)
        held = sorted(service.library.store.descriptions(), key=newness, reverse=True)
        rows = [
            {"id": d.id, "title": d.title, "facts": _facts(d, language, d.characters)} for d in held
        ]
        return page(request, "reports.html", language, rows=rows)

    @router.get("/reports/{document_id}")
    def report(request: Request, document_id: str, lang: str = "", view: str = "") -> HTMLResponse:
        language = language_of(lang)
        library = service.library
        document = library.documents.get(document_id)
        if document is None:
            return page(request, "missing.html", language, status=404)
        return page(
            request,
            "report.html",
            language,
            document=document,
            facts=_facts(document, language),
            blocks=blocks_of(document, library.figures[document.id]),
            outline=outline_entries(document),
            definitions={e.number for e in document.glossary},
            uses={
                e.number: _line_start(document, e.uses[0][0]) for e in document.glossary if e.uses
            },
            pane=view == "pane",
            address=f"{root_of(request)}/reports/{quote(document.id)}{_query(language)}",
        )

    @router.get("/figures")
    def figures(
        request: Request,
        indicator: Annotated[str, Query(max_length=100)] = "",
        year: Annotated[str, Query(max_length=4)] = "",
        document: Annotated[str, Query(max_length=200)] = "",
        kind: Annotated[str, Query(max_length=20)] = "",
        form: str = "bar",
        lang: str = "",
    ) -> HTMLResponse:
        language = language_of(lang)
        library = service.library
        found = _search(library, indicator, year, document, kind)
        drawn = _drawings(_near(found), bool(indicator.strip()), _form(form), language)
        return page(
            request,
            "figures.html",
            language,
            rows=rows_of(found[:SHOWN], language),
            total=len(found),
            years=years(library),
            documents=sorted(library.store.descriptions(), key=newness, reverse=True),
            kinds={k.value: strings(language)[f"kind_{k.value}"] for k in FigureKind},
            asked={"indicator": indicator, "year": year, "document": document, "kind": kind},
            drawings=drawn,
            form=_form(form),
            names=indicators(library, _SUGGESTED),
        )

    @router.get("/figures.csv")
    def download(
        indicator: Annotated[str, Query(max_length=100)] = "",
        year: Annotated[str, Query(max_length=4)] = "",
        document: Annotated[str, Query(max_length=200)] = "",
        kind: Annotated[str, Query(max_length=20)] = "",
    ) -> Response:
        found = _search(service.library, indicator, year, document, kind)
        return Response(
            csv_of(found),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="figures.csv"'},
        )

    return router


def newness(document: Description) -> tuple[int, str, str]:
    """Return a key that sorts reports from old to new."""
    return document.year or 0, document.date, document.id


def _search(library: Library, indicator: str, year: str, document: str, kind: str) -> FoundFigures:
    """Return the figures that an address asks for; a condition that fits nothing finds nothing."""
    unknown = document and document not in library.documents
    if unknown or (kind and kind not in [k.value for k in FigureKind]):
        return FoundFigures(library, ())
    when = int(year) if year.isdecimal() else None
    chosen = (document,) if document else ()
    return find_figures(library, indicator, when, chosen, FigureKind(kind) if kind else None)


def _near(found: FoundFigures) -> FoundFigures:
    """Return the figures of the reports that the table shows; nobody waits for all the others."""
    shown = {name for name, _ in found.places[:SHOWN]}
    return found.of([place for place in found.places if place[0] in shown])


def _drawings(found: FoundFigures, searched: bool, form: Form, language: Language) -> list[object]:
    """Return the charts above the table: all years of what was searched, else actual and target."""
    series = series_of(found)
    if searched:
        chosen = [s for s in series if len(s.points) > 1]
    else:
        chosen = [s for s in series if s.actual and s.targets and not s.growth]
    return [drawing_of(s, language, form, width=330, height=190) for s in chosen[:_COMPARED]]


def _form(form: str) -> Form:
    return "line" if form == "line" else "bar"


def _facts(report: Document | Description, language: Language, characters: int = 0) -> list[str]:
    told = [date_text(report.date, language), report.meeting, report.speaker]
    if characters:
        told.append(strings(language)["characters"].format(count=f"{characters:,}"))
    return [t for t in told if t]


def _line_start(document: Document, offset: int) -> int:
    return document.text.rfind("\n", 0, offset) + 1


def _query(language: Language) -> str:
    return "?lang=en" if language == "en" else ""
