"""Look up figures of the library by indicator, year and document."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.cleaning import fold_text
from corpus.figures import normal_name
from corpus.types import Document, Figure
from index.library import Library


@dataclass(frozen=True)
class FoundFigure:
    """A figure with the document that it stands in."""

    document: Document
    figure: Figure

    @property
    def page(self) -> int | None:
        """The page where it stands, of a PDF."""
        return self.document.page_of(self.figure.start)


def find_figures(
    library: Library, indicator: str = "", year: int | None = None, documents: tuple[str, ...] = ()
) -> list[FoundFigure]:
    """Return the figures that fit, in the order of documents and text.

    :param indicator: a usual name (GDP), or a part of the name as written; all if empty.
    :param year: a year within the period of the figure; all if None.
    :param documents: ids; all if empty.
    :raises UnknownDocumentError: if the library does not hold one of the documents.
    """
    wanted = fold_text(indicator.strip())
    usual = fold_text(normal_name(indicator.strip()))
    chosen = documents or tuple(library.documents)
    return [
        FoundFigure(document, figure)
        for document in map(library.document, chosen)
        for figure in library.figures[document.id]
        if _names(figure, wanted, usual) and _within(figure, year)
    ]


def _names(figure: Figure, wanted: str, usual: str) -> bool:
    if not wanted:
        return True
    return fold_text(figure.name) == usual or wanted in fold_text(figure.indicator)


def _within(figure: Figure, year: int | None) -> bool:
    if year is None:
        return True
    return figure.period is not None and figure.period[0] <= year <= figure.period[1]
