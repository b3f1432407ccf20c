"""Write a version of the library into collections of its own; publish it by moving an alias."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

import numpy as np

from corpus.errors import LibraryError, UnknownDocumentError
from index.stores.catalog import describe
from index.stores.milvus_client import Milvus
from index.stores.milvus_schema import (
    DOCUMENT,
    ENCODER,
    FACTS,
    FIGURES,
    NAME,
    TEXT_BYTES,
    create_documents,
    create_passages,
    documents_name,
    pair_words,
    passages_name,
)
from index.stores.milvus_store import MilvusStore, Placed, placed_json, quoted, rows_of
from index.stores.protocol import Counts, Entry
from index.stores.segment import document_json, figures_json, passage_json

_BATCH = 500  # rows of one insert: a few megabytes
_PIECE = 48_000  # bytes of compressed JSON in a row
_VERSION = re.compile(rf"{NAME}_passages_(\d+)")
Row = dict[str, object]


class MilvusWriter:
    """See :class:`index.stores.protocol.StoreWriter`."""

    def __init__(
        self, milvus: Milvus, dimensions: int, *, encoder: str = "", anew: bool = False
    ) -> None:
        """Begin the next version; it starts with what is published, unless ``anew``.

        :param dimensions: length of a vector.
        :param encoder: fingerprint of the model that the vectors come from.
        """
        self._milvus = milvus
        known = versions(milvus)
        self.version = max(known, default=0) + 1
        base = None if anew else published_version(milvus)
        self._base = MilvusStore(milvus, base) if base is not None else None
        self._encoder = encoder
        self._gone: set[str] = set()
        self._facts: dict[str, Placed] = {}
        held = self._base.placed.values() if self._base is not None else ()
        self._next = max((p.first + p.facts.passages for p in held), default=0)
        create_passages(milvus.client, self.version, dimensions)
        create_documents(milvus.client, self.version)

    def add(self, entries: Iterable[Entry]) -> None:
        """Take documents in; a document of a known id replaces it."""
        for entry in entries:
            name = entry.document.id
            if self._base is not None and name in self._base.documents:
                self._gone.add(name)
            if name in self._facts:
                self._delete(name)
            self._insert(passages_name(self.version), self._passages(entry))
            self._insert(documents_name(self.version), _parts(entry))
            facts = describe(entry.document, len(entry.passages))
            self._facts[name] = Placed(facts, self._next)
            self._next += len(entry.passages)

    def remove(self, ids: Collection[str]) -> None:
        """Leave documents out.

        :raises UnknownDocumentError: if one of them is not held.
        """
        held = dict.fromkeys((*(self._base.documents if self._base else ()), *self._facts))
        for name in ids:
            if name not in held or name in self._gone:
                raise UnknownDocumentError.of(name, held)
            if name in self._facts:
                self._delete(name)
                del self._facts[name]
            else:
                self._gone.add(name)

    def finish(self) -> Counts:
        """Copy what stays of the version before, and count what Milvus holds.

        :raises LibraryError: if it does not hold what was sent.
        """
        self._carry_over()
        keys = (
            {"key": f"{i:09d}", "document": name, "part": FACTS, "piece": 0}
            | {"payload": placed_json.dump_json(placed).decode(), "none": [0.0, 0.0]}
            for i, (name, placed) in enumerate(self._facts.items())
        )
        self._insert(documents_name(self.version), keys)
        told: Row = {"key": ENCODER, "document": "", "part": ENCODER, "piece": 0}
        told |= {"payload": self._encoder, "none": [0.0, 0.0]}
        self._insert(documents_name(self.version), [told])
        for name in (passages_name(self.version), documents_name(self.version)):
            self._milvus.call("flush", name)
            self._milvus.call("load_collection", name)
        counts = Counts(len(self._facts), sum(p.facts.passages for p in self._facts.values()))
        (row,) = self._milvus.call(
            "query",
            passages_name(self.version),
            filter="",
            output_fields=["count(*)"],
            consistency_level="Strong",
        )
        if row["count(*)"] != counts.passages:
            raise LibraryError(
                f"Milvus里有{row['count(*)']}个段落，应有{counts.passages}个；没有发布，请再试一次。"
            )
        return counts

    def publish(self, keep: int = 1) -> int:
        """Make this version the one that is read, in one step; drop all but ``keep`` before it."""
        target = passages_name(self.version)
        before = published_version(self._milvus)
        self._milvus.call("create_alias" if before is None else "alter_alias", target, NAME)
        for number in sorted(versions(self._milvus))[: -keep - 1]:
            if number != self.version:
                drop(self._milvus, number)
        return self.version

    def discard(self) -> None:
        """Take away what was written; what is published stays as it is."""
        drop(self._milvus, self.version)

    def _carry_over(self) -> None:
        """Copy rows of the version before; nothing is encoded anew."""
        if self._base is None:
            return
        fresh, self._facts = self._facts, {}
        for name, placed in self._base.placed.items():
            if name not in self._gone:
                self._facts[name] = placed
        for source, target in (
            (passages_name(self._base.version), passages_name(self.version)),
            (documents_name(self._base.version), documents_name(self.version)),
        ):
            stays = (
                row
                for row in rows_of(self._milvus, source)
                if row["document"] not in self._gone and row.get("part") not in (FACTS, ENCODER)
            )
            self._insert(target, stays)
        self._facts |= fresh

    def _passages(self, entry: Entry) -> Iterator[Row]:
        document = entry.document
        for i, (passage, text) in enumerate(zip(entry.passages, entry.texts, strict=True)):
            payload = _packed(passage_json.dump_json(passage))
            if len(payload) > TEXT_BYTES:
                raise LibraryError(f"“{document.id}”有一段超过Milvus能存的长度，请分段后再导入。")
            yield {
                "number": self._next + i,
                "document": document.id,
                "region": document.region,
                "year": document.year or 0,
                "level": document.level,
                "payload": payload,
                "dense": np.asarray(entry.vectors[i], dtype=np.float32).tolist(),
                "words_text": _cut(text),
                "pairs_text": _cut(pair_words(text)),
            }

    def _insert(self, collection: str, rows: Iterable[Row]) -> None:
        rows = iter(rows)
        while batch := list(islice(rows, _BATCH)):
            self._milvus.call("insert", collection, batch)

    def _delete(self, name: str) -> None:
        for collection in (passages_name(self.version), documents_name(self.version)):
            self._milvus.call("delete", collection, filter=f"document == {quoted(name)}")


def versions(milvus: Milvus) -> list[int]:
    """Return the versions that Milvus holds, half-written ones too."""
    found = (_VERSION.fullmatch(name) for name in milvus.call("list_collections"))
    return sorted(int(m[1]) for m in found if m is not None)


def published_version(milvus: Milvus) -> int | None:
    """Return the version that the alias names, None if nothing is published yet."""
    for version in versions(milvus):
        told = milvus.call("list_aliases", passages_name(version))
        if NAME in told.get("aliases", ()):
            return version
    return None


def drop(milvus: Milvus, version: int) -> None:
    """Delete the collections of a version."""
    for name in (passages_name(version), documents_name(version)):
        milvus.call("drop_collection", name)


def _parts(entry: Entry) -> Iterator[Row]:
    """Yield the rows of a document: its text and its figures, in pieces that Milvus can keep."""
    name = entry.document.id
    for part, content in (
        (DOCUMENT, document_json.dump_json(entry.document)),
        (FIGURES, figures_json.dump_json(entry.figures)),
    ):
        packed = _packed(content)
        for piece, first in enumerate(range(0, len(packed), _PIECE)):
            yield {
                "key": f"{name}|{part}|{piece}",
                "document": name,
                "part": part,
                "piece": piece,
                "payload": packed[first : first + _PIECE],
                "none": [0.0, 0.0],
            }


def _packed(content: bytes) -> str:
    return base64.b85encode(zlib.compress(content)).decode("ascii")


def _cut(text: str) -> str:
    """Return as much of a text as Milvus keeps in a string."""
    return text.encode()[:TEXT_BYTES].decode(errors="ignore")
