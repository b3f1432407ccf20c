"""Make a document ready to be stored: cut it, fold it, encode it, find its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from corpus.cleaning import clean, fold, fold_text
from corpus.figures import figures as figures_of
from corpus.passages import passages as passages_of
from corpus.types import Document, Passage
from index.encoder import Encoder
from index.stores.protocol import Entry

_BATCH = 64

# Called with (passages done, passages in all).
Progress = Callable[[int, int], None]
Cut = Callable[[Document], list[Passage]]


def searchable(document: Document, passage: Passage) -> str:
    """Return the folded text under which a passage is found: its own after that of its headings."""
    body = fold(clean(document.text, passage.start, passage.end, document.marks)).text
    return f"{fold_text(' '.join(passage.section))} {body}"


def entry_of(
    document: Document,
    encoder: Encoder,
    cut: Cut = passages_of,
    progress: Callable[[int], None] | None = None,
) -> Entry:
    """Return a document ready to be stored.

    :param cut: how it is cut into passages.
    :param progress: called with the number of passages encoded since the last call.
    """
    passages = tuple(cut(document))
    texts = tuple(searchable(document, passage) for passage in passages)
    vectors = [encoder.encode([])]
    for first in range(0, len(texts), _BATCH):
        vectors.append(encoder.encode(list(texts[first : first + _BATCH])))
        if progress is not None:
            progress(len(vectors[-1]))
    return Entry(document, passages, texts, np.concatenate(vectors), tuple(figures_of(document)))


def entries_of(
    documents: Iterable[Document],
    encoder: Encoder,
    cut: Cut = passages_of,
    progress: Progress | None = None,
    total: int = 0,
) -> Iterator[Entry]:
    """Return documents ready to be stored, one after the other.

    :param total: passages in all, told to ``progress``.
    """
    done = 0

    def step(passages: int) -> None:
        nonlocal done
        done += passages
        if progress is not None:
            progress(done, max(done, total))

    for document in documents:
        yield entry_of(document, encoder, cut, step)


def total_passages(documents: Iterable[Document], cut: Cut = passages_of) -> int:
    """Return how many passages documents have; cutting takes a thirtieth of the whole work."""
    return sum(len(cut(document)) for document in documents)
