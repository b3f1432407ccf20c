"""A segment: documents with all that is searched and shown of them; written once, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from corpus.types import Document, Figure, Passage
from index.lexical import tokens
from index.stores.blobs import Blobs, BlobWriter
from index.stores.catalog import Catalog, describe
from index.stores.columns import Columns
from index.stores.dense import DenseIndex
from index.stores.dense_build import build_dense
from index.stores.kinds import Tuning
from index.stores.postings import Postings, build_postings
from index.stores.protocol import Entry

DOCUMENTS, FIGURES, PASSAGES = "documents", "figures", "passages"
document_json = TypeAdapter(Document)
figures_json = TypeAdapter(tuple[Figure, ...])
passage_json = TypeAdapter(Passage)


@dataclass(frozen=True)
class Segment:
    """An open segment; documents and passages are read from mapped files when asked for."""

    catalog: Catalog
    postings: Postings
    dense: DenseIndex
    documents: Blobs
    figures: Blobs
    passages: Blobs
    columns: Columns

    @classmethod
    def open(cls, folder: Path, tuning: Tuning) -> Segment:
        """Map the files of a segment.

        :raises OSError: if one is missing.
        :raises ValueError: if one is damaged.
        """
        return cls(
            catalog=Catalog.open(folder),
            postings=Postings.open(folder),
            dense=DenseIndex.open(folder, tuning),
            documents=Blobs.open(folder, DOCUMENTS),
            figures=Blobs.open(folder, FIGURES),
            passages=Blobs.open(folder, PASSAGES),
            columns=Columns.open(folder),
        )

    def document(self, number: int) -> Document:
        """Read a document by its number in the segment."""
        return document_json.validate_json(self.documents[number])

    def figures_of(self, number: int) -> tuple[Figure, ...]:
        """Read the figures of a document by its number in the segment."""
        return figures_json.validate_json(self.figures[number])

    def passage(self, number: int) -> Passage:
        """Read a passage by its number in the segment."""
        return passage_json.validate_json(self.passages[number])


def write_segment(entries: list[Entry], folder: Path, tuning: Tuning) -> None:
    """Write documents as one segment into a folder, which is made."""
    folder.mkdir(parents=True)
    documents, figures, passages = (
        BlobWriter(folder, name) for name in (DOCUMENTS, FIGURES, PASSAGES)
    )
    for entry in entries:
        documents.add(document_json.dump_json(entry.document))
        figures.add(figures_json.dump_json(entry.figures))
        for passage in entry.passages:
            passages.add(passage_json.dump_json(passage))
    for blobs in (documents, figures, passages):
        blobs.close()
    catalog = Catalog(tuple(describe(e.document, len(e.passages)) for e in entries))
    catalog.save(folder)
    Columns.of((e.document, e.figures) for e in entries).save(folder)
    build_postings(tokens(text) for e in entries for text in e.texts).save(folder)
    vectors = np.concatenate([e.vectors for e in entries])
    build_dense(lambda: iter([vectors]), len(vectors), folder, tuning)
