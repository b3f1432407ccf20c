"""How a version of the library lies in Milvus: one collection of passages, one of documents."""

from __future__ import annotations

from typing import Any

from index.lexical import pairs
from index.stores.postings import K1, B

NAME = "wenzheng"  # of the alias that names the published version's passages
TEXT_BYTES = 65_535  # the most that Milvus keeps in a string
_ID_BYTES, _NAME_BYTES = 320, 256
_PARTITIONS = 64  # that regions are spread over
DENSE, WORDS, PAIRS = "dense", "words", "pairs"
FACTS, DOCUMENT, FIGURES, ENCODER = "facts", "document", "figures", "encoder"


def pair_words(folded: str) -> str:
    """Return the pairs of characters of a text as words of letters and digits, one for each pair.

    So written, every analyser leaves a pair whole.
    """
    return " ".join(f"x{ord(p[0]):x}{ord(p[1]):x}" for p in pairs(folded)) or "x"


def passages_name(version: int) -> str:
    """Return the name of the collection of a version's passages."""
    return f"{NAME}_passages_{version}"


def documents_name(version: int) -> str:
    """Return the name of the collection of a version's documents."""
    return f"{NAME}_documents_{version}"


def create_passages(client: Any, version: int, dimensions: int) -> None:  # noqa: ANN401 (untyped)
    """Create the collection of passages.

    Words are found by Milvus's own BM25 over the jieba analyser, pairs of characters by a second
    one over the pairs themselves: words alone miss what is cut otherwise in question and report.
    """
    from pymilvus import DataType, Function, FunctionType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("number", DataType.INT64, is_primary=True)
    schema.add_field("document", DataType.VARCHAR, max_length=_ID_BYTES)
    schema.add_field("region", DataType.VARCHAR, max_length=_NAME_BYTES, is_partition_key=True)
    schema.add_field("year", DataType.INT32)
    schema.add_field("level", DataType.VARCHAR, max_length=_NAME_BYTES)
    schema.add_field("payload", DataType.VARCHAR, max_length=TEXT_BYTES)
    schema.add_field(DENSE, DataType.FLOAT_VECTOR, dim=dimensions)
    analysers = {
        WORDS: {"tokenizer": {"type": "jieba", "mode": "search"}},
        PAIRS: {"tokenizer": "standard"},
    }
    for name, analyser in analysers.items():
        schema.add_field(
            f"{name}_text",
            DataType.VARCHAR,
            max_length=TEXT_BYTES,
            enable_analyzer=True,
            analyzer_params=analyser,
        )
        schema.add_field(name, DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            Function(
                name=f"bm25_{name}",
                function_type=FunctionType.BM25,
                input_field_names=[f"{name}_text"],
                output_field_names=[name],
            )
        )
    indexes = client.prepare_index_params()
    indexes.add_index(DENSE, index_type="AUTOINDEX", metric_type="COSINE")
    for name in analysers:
        indexes.add_index(
            name,
            index_type="SPARSE_INVERTED_INDEX",
            metric_type="BM25",
            params={"bm25_k1": K1, "bm25_b": B},
        )
    client.create_collection(
        passages_name(version),
        schema=schema,
        index_params=indexes,
        num_partitions=_PARTITIONS,
        # A version is complete before it is published and never changed after: a search need not
        # wait for writes. The writer counts with level Strong before it publishes.
        consistency_level="Eventually",
    )


def create_documents(client: Any, version: int) -> None:  # noqa: ANN401 (untyped)
    """Create the collection of documents: rows of compressed JSON, found by document and part."""
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("key", DataType.VARCHAR, max_length=_ID_BYTES + 32, is_primary=True)
    schema.add_field("document", DataType.VARCHAR, max_length=_ID_BYTES)
    schema.add_field("part", DataType.VARCHAR, max_length=16)
    schema.add_field("piece", DataType.INT32)
    schema.add_field("payload", DataType.VARCHAR, max_length=TEXT_BYTES)
    schema.add_field("none", DataType.FLOAT_VECTOR, dim=2)  # Milvus knows no collection without
    indexes = client.prepare_index_params()
    indexes.add_index("none", index_type="FLAT", metric_type="L2")
    client.create_collection(
        documents_name(version),
        schema=schema,
        index_params=indexes,
        consistency_level="Eventually",
    )
