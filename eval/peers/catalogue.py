"""What is compared: peers, their ways of working, and what each way needs installed."""

from __future__ import annotations

from dataclasses import dataclass

_DENSE = ("sentence-transformers", "torch")


@dataclass(frozen=True)
class Entry:
    """A peer at work in one way.

    :ivar module: module of ``eval.peers.adapters``.
    :ivar way: ``installed`` (untouched), ``chinese`` (set for Chinese as its documentation says),
        ``encoder`` (the same with our encoder), ``shipped`` (Wenzheng).
    :ivar needs: distributions that one would install for it.
    :ivar settings: what the way means for this peer.
    """

    peer: str
    way: str
    module: str
    needs: tuple[str, ...]
    settings: str

    @property
    def key(self) -> str:
        """Name in results: ``LangChain/encoder``."""
        return f"{self.peer}/{self.way}"

    @property
    def reads(self) -> bool:
        """Whether the framework has an extractive reader of its own, or the product answers."""
        return self.peer in ("Wenzheng", "Haystack", "txtai")

    @property
    def product(self) -> bool:
        """Whether it runs in the product's environment, not in that of the peers."""
        return self.module == "wenzheng_service"


_LANGCHAIN = ("langchain-community", "langchain-text-splitters", "rank-bm25")
_LLAMA = ("llama-index-core", "llama-index-retrievers-bm25")

WENZHENG = Entry(
    "Wenzheng",
    "shipped",
    "wenzheng_service",
    ("wenzheng",),
    "passages of whole sentences up to 350 characters with their headings; BM25 over words and "
    "pairs, our encoder in FAISS, civic vocabulary",
)

ENTRIES = (
    WENZHENG,
    Entry(
        "LangChain",
        "installed",
        "langchain_pipeline",
        _LANGCHAIN,
        "RecursiveCharacterTextSplitter(1000, 200), BM25Retriever: terms end at spaces",
    ),
    Entry(
        "LangChain",
        "chinese",
        "langchain_pipeline",
        (*_LANGCHAIN, "jieba"),
        "separators of the documentation for Chinese, BM25Retriever(preprocess_func=jieba)",
    ),
    Entry(
        "LangChain",
        "encoder",
        "langchain_pipeline",
        (*_LANGCHAIN, "jieba", "langchain-huggingface", "langchain-classic", "faiss-cpu", *_DENSE),
        "as chinese, with FAISS and HuggingFaceEmbeddings, EnsembleRetriever(weights 0.5, 0.5)",
    ),
    Entry(
        "LlamaIndex",
        "installed",
        "llama_index_pipeline",
        _LLAMA,
        "SentenceSplitter() of 1024 tokens, BM25Retriever(): terms end where letters end",
    ),
    Entry(
        "LlamaIndex",
        "chinese",
        "llama_index_pipeline",
        _LLAMA,
        "SentenceSplitter(), BM25Retriever(token_pattern=pairs of characters)",
    ),
    Entry(
        "LlamaIndex",
        "encoder",
        "llama_index_pipeline",
        (*_LLAMA, *_DENSE),
        "as chinese, with VectorStoreIndex, QueryFusionRetriever(reciprocal_rerank, one query); a "
        "custom embedding class, since HuggingFaceEmbedding cannot hold a static model",
    ),
    Entry(
        "Haystack",
        "installed",
        "haystack_pipeline",
        ("haystack-ai",),
        "DocumentSplitter() of 200 words between spaces, InMemoryBM25Retriever: single characters",
    ),
    Entry(
        "Haystack",
        "chinese",
        "haystack_pipeline",
        ("haystack-ai",),
        "RecursiveDocumentSplitter(350 characters, Chinese separators), InMemoryBM25Retriever",
    ),
    Entry(
        "Haystack",
        "encoder",
        "haystack_pipeline",
        ("haystack-ai", "sentence-transformers-haystack", *_DENSE),
        "as chinese, with InMemoryEmbeddingRetriever and DocumentJoiner(reciprocal_rank_fusion)",
    ),
    Entry(
        "txtai",
        "installed",
        "txtai_pipeline",
        ("txtai",),
        "Segmentation(lines), Embeddings(keyword=True, content=True): single characters",
    ),
    Entry(
        "txtai",
        "chinese",
        "txtai_pipeline",
        ("txtai",),
        "Segmentation(lines), BM25 with the tokenizer set to pairs of characters (ngrams=2)",
    ),
    Entry(
        "txtai",
        "encoder",
        "txtai_pipeline",
        ("txtai", *_DENSE),
        "as installed (single characters find more than pairs), hybrid=True, its own weighting",
    ),
    Entry(
        "bm25s",
        "installed",
        "bm25s_alone",
        ("bm25s",),
        "paragraphs, bm25s.tokenize(): terms end where letters end",
    ),
    Entry("bm25s", "chinese", "bm25s_alone", ("bm25s", "jieba"), "paragraphs, terms by jieba"),
    Entry(
        "bm25s",
        "encoder",
        "bm25s_alone",
        ("bm25s", "tokenizers"),
        "paragraphs, terms by our encoder's tokenizer (a package without vectors)",
    ),
    Entry(
        "rank-bm25",
        "installed",
        "rank_bm25_alone",
        ("rank-bm25",),
        "paragraphs, BM25Okapi, terms end at spaces as in its README",
    ),
    Entry(
        "rank-bm25",
        "chinese",
        "rank_bm25_alone",
        ("rank-bm25", "jieba"),
        "paragraphs, BM25Okapi, terms by jieba",
    ),
    Entry(
        "rank-bm25",
        "encoder",
        "rank_bm25_alone",
        ("rank-bm25", "tokenizers"),
        "paragraphs, BM25Okapi, terms by our encoder's tokenizer",
    ),
)


def entries(peers: str = "", ways: str = "") -> tuple[Entry, ...]:
    """Return the entries of the peers and ways named, separated by commas; all if empty."""
    wanted = {p.strip().lower() for p in peers.split(",") if p.strip()}
    manner = {w.strip() for w in ways.split(",") if w.strip()}
    return tuple(
        e
        for e in ENTRIES
        if (not wanted or e.peer.lower() in wanted)
        and (not manner or e.way in manner or e.way == "shipped")
    )
