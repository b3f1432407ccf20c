"""How a citation is written where it stands alone, as in replies that are plain text."""

from __future__ import annotations

from chat.types import Citation


def place(citation: Citation) -> str:
    """Return where a citation stands: title › section path, and the page of a PDF."""
    path = " › ".join((citation.title, *citation.section))
    return path if citation.page is None else f"{path} › 第{citation.page}页"
