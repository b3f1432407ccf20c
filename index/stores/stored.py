"""The documents of a store without what is searched: all that it takes to build it anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from corpus.types import Document
from index.stores.blobs import Blobs
from index.stores.catalog import Catalog
from index.stores.layout import read_state
from index.stores.removed import Removed
from index.stores.segment import DOCUMENTS, document_json

STATE_FILE = "store.json"
# Of these files of a segment nothing can be built anew.
NEEDED = ("catalog.json", f"{DOCUMENTS}.offsets", f"{DOCUMENTS}.zlib")


def needed_files(folder: Path) -> tuple[str, ...]:
    """Return the files of a store, by their path in it, that the documents are read from.

    :raises OSError: if there is no store.
    :raises ValueError: if the file that names them is damaged.
    """
    state = read_state(folder)
    return (
        STATE_FILE,
        *(f"segments/{segment}/{name}" for segment in state.segments for name in NEEDED),
        *(f"removed/{segment}.npz" for segment in state.removed),
    )


class StoredDocuments(Mapping[str, Document]):
    """Documents by id, in the order they were added, each read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        """Open the documents of a store.

        :raises OSError: if a file is missing.
        :raises ValueError: if a file is damaged.
        """
        state = read_state(folder)
        self._places: dict[str, tuple[Blobs, int]] = {}
        for name in state.segments:
            segment = folder / "segments" / name
            blobs = Blobs.open(segment, DOCUMENTS)
            gone: frozenset[int] = frozenset()
            if name in state.removed:
                removed = Removed.load(folder / "removed" / f"{name}.npz")
                gone = frozenset(removed.documents.tolist())
            for number, row in enumerate(Catalog.open(segment).rows):
                if number not in gone:
                    self._places[row.id] = blobs, number

    def __getitem__(self, key: str) -> Document:
        blobs, number = self._places[key]
        return document_json.validate_json(blobs[number])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: object) -> bool:
        return key in self._places
