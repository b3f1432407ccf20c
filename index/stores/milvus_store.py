"""The store of many machines: one version of the library in Milvus, read by any number of servers."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np
from pydantic import TypeAdapter

from corpus.errors import LibraryError, UnknownDocumentError
from corpus.types import Document, Figure, Passage
from index.lexical import pairs
from index.stores.columns import Columns
from index.stores.lazy import LazyMapping, LazyPassages
from index.stores.milvus_client import Milvus
from index.stores.milvus_schema import (
    DENSE,
    DOCUMENT,
    FACTS,
    FIGURES,
    PAIRS,
    WORDS,
    documents_name,
    pair_words,
    passages_name,
)
from index.stores.protocol import (
    Candidate,
    Counts,
    Description,
    FigureColumns,
    Filter,
    Query,
)
from index.stores.segment import document_json, figures_json, passage_json

_AT_ONCE = 1000  # rows of one page of a listing
_METRICS = {DENSE: "COSINE", WORDS: "BM25", PAIRS: "BM25"}
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Placed:
    """A document's facts, and the number of its first passage."""

    facts: Description
    first: int


placed_json = TypeAdapter(Placed)


class MilvusStore:
    """See :class:`index.stores.protocol.PassageStore`; safe for many threads.

    What to look at is chosen by Milvus's hybrid search, its ranker fusing cosines with the BM25
    scores of words and of pairs of characters; the scores of what it chose are then fetched, so
    that the fusion that ranks an answer is the same over every store.
    """

    def __init__(self, milvus: Milvus, version: int) -> None:
        """Read which documents a version holds.

        :raises LibraryError: if Milvus does not answer or has no such version.
        """
        self.version = version
        self._milvus = milvus
        self._passages_in = passages_name(version)
        self._documents_in = documents_name(version)
        rows = sorted(
            (r for r in rows_of(milvus, self._documents_in, f'part == "{FACTS}"')),
            key=lambda r: str(r["key"]),
        )
        placed = (placed_json.validate_json(str(r["payload"])) for r in rows)
        self.placed = {p.facts.id: p for p in placed}
        self._pool = ThreadPoolExecutor(8, thread_name_prefix="milvus")
        self.documents: Mapping[str, Document] = LazyMapping(
            self.placed, partial(self._part, part=DOCUMENT, read=document_json.validate_json)
        )
        self.figures: Mapping[str, tuple[Figure, ...]] = LazyMapping(
            self.placed, partial(self._part, part=FIGURES, read=figures_json.validate_json)
        )

    @cached_property
    def passages(self) -> Sequence[Passage]:
        """Passages held, in the order they were added."""
        numbers = [
            np.arange(p.first, p.first + p.facts.passages, dtype=np.int64)
            for p in self.placed.values()
        ]
        return LazyPassages(self.read, np.concatenate([*numbers, np.zeros(0, np.int64)]))

    def counts(self) -> Counts:
        """Return how much is held."""
        return Counts(len(self.placed), sum(p.facts.passages for p in self.placed.values()))

    def descriptions(self) -> Sequence[Description]:
        """Return the facts of every document held."""
        return [p.facts for p in self.placed.values()]

    def named_in(self, document: str) -> frozenset[str]:
        """Return the folded names of the figures and of the glossary terms of a document."""
        return Columns.of([(self.documents[document], self.figures[document])]).named_in(0)

    def figure_columns(self) -> Sequence[FigureColumns]:
        """Return the figures of all documents held; made once, of all of them."""
        return [self._figure_columns]

    @cached_property
    def _figure_columns(self) -> FigureColumns:
        columns = Columns.of((self.documents[name], self.figures[name]) for name in self.placed)
        return FigureColumns(columns, list(self.placed))

    def engine(self) -> str:
        """Return how vectors are searched, for people."""
        return "milvus"

    def holds(self, folded_word: str) -> bool:
        """Tell whether a word, or all its pairs of characters, stand in any passage."""
        if not folded_word.strip():
            return False
        found = pairs(folded_word)
        field, asked = (PAIRS, list(map(pair_words, found))) if found else (WORDS, [folded_word])
        return all(len(hits) for hits in self._search(field, asked, 1, ""))

    def read(self, numbers: Sequence[int]) -> list[Passage]:
        """Return passages by the numbers that ``search`` gave.

        :raises LibraryError: if one is not there.
        """
        if not numbers:
            return []
        rows = self._milvus.call(
            "query",
            self._passages_in,
            filter=f"number in {list(map(int, numbers))}",
            output_fields=["number", "payload"],
        )
        found = {r["number"]: r["payload"] for r in rows}
        if missing := [n for n in numbers if n not in found]:
            raise LibraryError(f"Milvus里缺少段落{missing[:3]}；请用 wenzheng migrate 重新迁入。")
        return [passage_json.validate_json(_unpacked(found[n])) for n in numbers]

    def close(self) -> None:
        """Let go of the threads; the connection is whose who made it."""
        self._pool.shutdown(wait=False)

    def search(self, query: Query) -> list[Candidate]:
        """Return the candidates of both ways of search, in ascending order of number."""
        for name in query.filter.documents:
            if name not in self.placed:
                raise UnknownDocumentError.of(name, self.placed)
        numbers = self._chosen(query)
        if not numbers:
            return []
        only = f"number in {numbers}"
        limit = len(numbers)
        asked: list[tuple[str, object, float]] = [(DENSE, query.vector.tolist(), 1.0)]
        for text, weight in _texts(query):
            asked.append((WORDS, text, weight))
            asked.append((PAIRS, pair_words(text), weight))
        parts = self._pool.map(lambda a: self._search(a[0], [a[1]], limit, only)[0], asked)
        cosines: dict[int, float] = {}
        lexical = dict.fromkeys(numbers, 0.0)
        for (field, _, weight), hits in zip(asked, parts, strict=True):
            for hit in hits:
                if field == DENSE:
                    cosines[hit["number"]] = float(hit["distance"])
                else:  # Milvus Lite gives BM25 scores with their sign turned
                    lexical[hit["number"]] += weight * abs(float(hit["distance"]))
        nearest = frozenset(sorted(cosines, key=lambda n: -cosines[n])[: query.pool])
        return [
            Candidate(n, lexical[n], cosines[n] if n in nearest else None) for n in sorted(numbers)
        ]

    def _chosen(self, query: Query) -> list[int]:
        """Return what Milvus's hybrid search chooses."""
        from pymilvus import AnnSearchRequest, WeightedRanker

        wanted = expression(query.filter)

        def request(field: str, data: object) -> AnnSearchRequest:
            return AnnSearchRequest(
                [data], field, {"metric_type": _METRICS[field]}, query.pool, expr=wanted or None
            )

        requests = [request(DENSE, query.vector.tolist())]
        weights = [1.0]
        for text, weight in _texts(query):
            requests += [request(WORDS, text), request(PAIRS, pair_words(text))]
            weights += [weight, weight]
        hits = self._milvus.call(
            "hybrid_search",
            self._passages_in,
            requests,
            WeightedRanker(*weights, norm_score=True),
            limit=query.pool * len(requests),
            output_fields=["number"],
        )
        return sorted({int(hit["number"]) for hit in hits[0]})

    def _search(self, field: str, data: Sequence[object], limit: int, only: str) -> Any:  # noqa: ANN401
        return self._milvus.call(
            "search",
            self._passages_in,
            data=list(data),
            anns_field=field,
            limit=limit,
            filter=only,
            search_params={"metric_type": _METRICS[field]},
            output_fields=["number"],
        )

    def _part(self, document: str, part: str, read: Callable[[bytes], _Value]) -> _Value:
        rows = self._milvus.call(
            "query",
            self._documents_in,
            filter=f'document == {quoted(document)} and part == "{part}"',
            output_fields=["piece", "payload"],
        )
        packed = "".join(r["payload"] for r in sorted(rows, key=lambda r: int(r["piece"])))
        return read(_unpacked(packed))


def _texts(query: Query) -> list[tuple[str, float]]:
    """Return what BM25 is asked, with the weight of each."""
    asked = [(query.text, 1.0)]
    if query.expansions:
        asked.append((" ".join(query.expansions), query.expansion_weight))
    return asked


def expression(wanted: Filter) -> str:
    """Return a filter in Milvus's language, empty if everything may be found."""
    terms = [
        f"{field} in [{', '.join(map(quoted, values))}]"
        for field, values in (
            ("document", wanted.documents),
            ("region", wanted.regions),
            ("level", wanted.levels),
        )
        if values
    ]
    if wanted.years is not None:
        first, last = wanted.years
        terms.append(f"year >= {int(first)} and year <= {int(last)}")
    return " and ".join(terms)


def quoted(text: str) -> str:
    """Return a text as a string of Milvus's filter language."""
    return json.dumps(text, ensure_ascii=False)


def rows_of(milvus: Milvus, collection: str, wanted: str = "") -> Iterator[dict[str, object]]:
    """Yield the rows of a collection, page by page, without what Milvus reckons itself."""
    described = milvus.call("describe_collection", collection)
    fields = [
        f["name"]
        for f in described["fields"]
        if f["name"] not in (WORDS, PAIRS) and not f.get("is_function_output")
    ]
    pages = milvus.client.query_iterator(
        collection, batch_size=_AT_ONCE, filter=wanted, output_fields=fields
    )
    try:
        while page := pages.next():
            for row in page:
                yield {name: row[name] for name in fields}
    finally:
        pages.close()


def _unpacked(payload: str) -> bytes:
    return zlib.decompress(base64.b85decode(payload))
