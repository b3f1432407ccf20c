"""Haystack: splitter, in-memory store with BM25 and embeddings, joiner, extractive reader."""

from __future__ import annotations

from haystack import Document as HaystackDocument
from haystack import Pipeline
from haystack.components.preprocessors import DocumentSplitter, RecursiveDocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from eval.peers.protocol import Chunk, Document, Index, Job, NoReaderError, located, whole

# The documentation gives no Chinese settings; the best of 200, 350, 500 on the development set.
SIZE = 350  # characters
SEPARATORS = ["\n\n", "\n", "。", "；", "，"]


class _Index:
    def __init__(self, chunks: list[Chunk], pipeline: Pipeline, last: str, dense: bool) -> None:
        self.chunks = chunks
        self._pipeline = pipeline
        self._last = last
        self._dense = dense

    def search(self, question: str, k: int) -> list[Chunk]:
        inputs = {"bm25": {"query": question}}
        if self._dense:
            inputs["embedder"] = {"text": question}
        found = self._pipeline.run(inputs)[self._last]["documents"]
        return [self.chunks[d.meta["number"]] for d in found[:k]]


class Haystack:
    """The pipeline of the documentation; a joiner of both retrievers where an encoder is given."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._documents_embedder = None
        self._reader = None
        if job.way == "encoder":
            from haystack_integrations.components.embedders.sentence_transformers import (
                SentenceTransformersDocumentEmbedder,
            )

            self._documents_embedder = SentenceTransformersDocumentEmbedder(
                model=job.encoder, progress_bar=False, normalize_embeddings=True
            )
            self._documents_embedder.warm_up()
        if job.reader:
            from haystack_integrations.components.readers.transformers import (
                TransformersExtractiveReader,
            )

            from eval.peers.adapters.our_reader import register

            register()
            self._reader = TransformersExtractiveReader(model=job.reader, top_k=1)
            self._reader.warm_up()

    def build(self, documents: list[Document], *, cut: bool) -> Index:
        """Split, write into the store, and assemble the query pipeline."""
        chunks = self._cut(documents) if cut else [whole(d) for d in documents]
        held = [
            HaystackDocument(id=str(i), content=c.text, meta={"number": i})
            for i, c in enumerate(chunks)
        ]
        store = InMemoryDocumentStore()
        pipeline = Pipeline()
        pipeline.add_component("bm25", InMemoryBM25Retriever(store, top_k=self._job.k))
        if self._documents_embedder is None:
            store.write_documents(held)
            return _Index(chunks, pipeline, "bm25", dense=False)
        store.write_documents(self._documents_embedder.run(held)["documents"])
        self._add_dense(pipeline, store)
        return _Index(chunks, pipeline, "joiner", dense=True)

    def _add_dense(self, pipeline: Pipeline, store: InMemoryDocumentStore) -> None:
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersTextEmbedder,
        )

        embedder = SentenceTransformersTextEmbedder(
            model=self._job.encoder, progress_bar=False, normalize_embeddings=True
        )
        pipeline.add_component("embedder", embedder)
        pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=self._job.k))
        pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        pipeline.connect("embedder.embedding", "dense.query_embedding")
        pipeline.connect("bm25", "joiner")
        pipeline.connect("dense", "joiner")
        pipeline.warm_up()

    def _cut(self, documents: list[Document]) -> list[Chunk]:
        if self._job.way == "installed":
            splitter = DocumentSplitter()
        else:
            splitter = RecursiveDocumentSplitter(
                split_length=SIZE, split_unit="char", separators=SEPARATORS
            )
            splitter.warm_up()
        chunks = []
        for document in documents:
            parts = splitter.run([HaystackDocument(content=document.text)])["documents"]
            pieces = ((p.meta.get("split_idx_start"), p.content or "") for p in parts)
            chunks += located(document, pieces)
        return chunks

    def read(self, index: Index, question: str, hits: list[Chunk]) -> str | None:  # noqa: ARG002
        """Return the best answer of the framework's extractive reader, None if it has none.

        :raises NoReaderError: if no model is given.
        """
        if self._reader is None:
            raise NoReaderError("没有给出阅读模型")
        documents = [HaystackDocument(content=c.text) for c in hits]
        answers = self._reader.run(query=question, documents=documents)["answers"]
        return answers[0].data if answers else None


def create(job: Job) -> Haystack:
    """Return the peer."""
    return Haystack(job)
