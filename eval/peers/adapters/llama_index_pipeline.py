"""LlamaIndex: sentence splitter, BM25 retriever, vector store index, fusion of both."""

from __future__ import annotations

from llama_index.core import Document as LlamaDocument
from llama_index.core import Settings, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import BaseRetriever, QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.retrievers.bm25 import BM25Retriever

from eval.peers.adapters.words import PAIRS
from eval.peers.protocol import Chunk, Document, Index, Job, NoReaderError, located, whole


class _Index:
    def __init__(self, chunks: list[Chunk], retriever: BaseRetriever) -> None:
        self.chunks = chunks
        self._retriever = retriever

    def search(self, question: str, k: int) -> list[Chunk]:
        found = self._retriever.retrieve(question)
        return [self.chunks[int(n.node.node_id)] for n in found[:k]]


class LlamaIndex:
    """The pipeline of the documentation; reciprocal rank fusion where an encoder is given."""

    def __init__(self, job: Job) -> None:
        self._job = job
        Settings.llm = None  # questions are asked as they are, no variants are written
        self._settings = {} if job.way == "installed" else {"token_pattern": PAIRS}
        self._model = None
        if job.way == "encoder":
            self._model = _static_model(job.encoder)

    def build(self, documents: list[Document], *, cut: bool) -> Index:
        """Split, index for BM25, and by vectors where there is an encoder."""
        chunks = self._cut(documents) if cut else [whole(d) for d in documents]
        nodes = [TextNode(text=c.text, id_=str(i)) for i, c in enumerate(chunks)]
        k = min(self._job.k, len(nodes))
        retriever: BaseRetriever = BM25Retriever.from_defaults(
            nodes=nodes, similarity_top_k=k, **self._settings
        )
        if self._model is not None:
            index = VectorStoreIndex(nodes, embed_model=self._model)
            dense = index.as_retriever(similarity_top_k=k)
            retriever = QueryFusionRetriever(
                [dense, retriever],
                mode="reciprocal_rerank",
                similarity_top_k=k,
                num_queries=1,
                use_async=False,
            )
        return _Index(chunks, retriever)

    def _cut(self, documents: list[Document]) -> list[Chunk]:
        splitter = SentenceSplitter()
        chunks = []
        for document in documents:
            nodes = splitter.get_nodes_from_documents([LlamaDocument(text=document.text)])
            pieces = ((n.start_char_idx, n.text) for n in nodes if isinstance(n, TextNode))
            chunks += located(document, pieces)
        return chunks

    def read(self, index: Index, question: str, hits: list[Chunk]) -> str | None:  # noqa: ARG002
        """Refuse: answers come from a language model in this framework."""
        raise NoReaderError("没有抽取式阅读器")


def _static_model(folder: str) -> BaseEmbedding:
    """Return our encoder as a custom embedding, the way the documentation shows for such models.

    ``HuggingFaceEmbedding`` cannot hold it: a static model reads texts of any length, and the class
    refuses an infinite ``max_length`` and fails to set a finite one.
    """
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(folder, device="cpu")

    class Static(BaseEmbedding):  # type: ignore[misc]  # the package is not there for mypy
        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
            return [list(map(float, v)) for v in vectors]

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embeddings([query])[0]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    return Static()


def create(job: Job) -> LlamaIndex:
    """Return the peer."""
    return LlamaIndex(job)
