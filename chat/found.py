"""What a search gives: passages with the library that they stand in."""

from __future__ import annotations

from dataclasses import dataclass

from index.library import Library
from retriever.search import Hit


@dataclass(frozen=True)
class Found:
    """Passages found, with the version of the library that they stand in.

    :ivar hits: best first.
    """

    library: Library
    hits: list[Hit]
