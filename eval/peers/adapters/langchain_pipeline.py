"""LangChain: recursive splitter, BM25 retriever, FAISS, ensemble of both."""

from __future__ import annotations

from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document as LangchainDocument
from langchain_core.retrievers import BaseRetriever
from langchain_text_splitters import RecursiveCharacterTextSplitter

from eval.peers.adapters.words import jieba_words
from eval.peers.protocol import Chunk, Document, Index, Job, NoReaderError, located, whole

# As the tutorials of the documentation set them.
SIZE, OVERLAP = 1000, 200
# "Splitting text from languages without word boundaries", from the documentation of the splitter.
SEPARATORS = ["\n\n", "\n", " ", ".", ",", "\u200b", "\uff0c", "\u3001", "\uff0e", "\u3002", ""]


class _Index:
    def __init__(self, chunks: list[Chunk], retriever: BaseRetriever) -> None:
        self.chunks = chunks
        self._retriever = retriever

    def search(self, question: str, k: int) -> list[Chunk]:
        found = self._retriever.invoke(question)
        return [self.chunks[d.metadata["number"]] for d in found[:k]]


class Langchain:
    """The pipeline of the documentation; an ensemble with FAISS where an encoder is given."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._settings = {}
        self._splitter = RecursiveCharacterTextSplitter(
            chunk_size=SIZE, chunk_overlap=OVERLAP, add_start_index=True
        )
        if job.way != "installed":
            self._settings["preprocess_func"] = jieba_words()
            self._splitter = RecursiveCharacterTextSplitter(
                separators=SEPARATORS,
                chunk_size=SIZE,
                chunk_overlap=OVERLAP,
                add_start_index=True,
            )
        self._embeddings = None
        if job.way == "encoder":
            from langchain_huggingface import HuggingFaceEmbeddings

            self._embeddings = HuggingFaceEmbeddings(
                model_name=job.encoder, encode_kwargs={"normalize_embeddings": True}
            )

    def build(self, documents: list[Document], *, cut: bool) -> Index:
        """Split, index for BM25, and for FAISS where there is an encoder."""
        chunks = self._cut(documents) if cut else [whole(d) for d in documents]
        held = [
            LangchainDocument(page_content=c.text, metadata={"number": i})
            for i, c in enumerate(chunks)
        ]
        retriever: BaseRetriever = BM25Retriever.from_documents(
            held, k=self._job.k, **self._settings
        )
        if self._embeddings is not None:
            from langchain_classic.retrievers import EnsembleRetriever
            from langchain_community.vectorstores import FAISS

            store = FAISS.from_documents(held, self._embeddings)
            dense = store.as_retriever(search_kwargs={"k": self._job.k})
            retriever = EnsembleRetriever(retrievers=[retriever, dense], weights=[0.5, 0.5])
        return _Index(chunks, retriever)

    def _cut(self, documents: list[Document]) -> list[Chunk]:
        chunks = []
        for document in documents:
            parts = self._splitter.create_documents([document.text])
            pieces = ((p.metadata["start_index"], p.page_content) for p in parts)
            chunks += located(document, pieces)
        return chunks

    def read(self, index: Index, question: str, hits: list[Chunk]) -> str | None:  # noqa: ARG002
        """Refuse: answers come from a language model in this framework."""
        raise NoReaderError("没有抽取式阅读器")


def create(job: Job) -> Langchain:
    """Return the peer."""
    return Langchain(job)
