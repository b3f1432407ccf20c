"""txtai: segmentation into lines, embeddings database with BM25, or hybrid; its Questions reader."""

from __future__ import annotations

from torch import Tensor
from transformers import BatchEncoding
from txtai import Embeddings
from txtai.pipeline import Questions, Segmentation

from eval.peers.protocol import Chunk, Document, Index, Job, NoReaderError, located, whole


class _Index:
    def __init__(self, chunks: list[Chunk], embeddings: Embeddings) -> None:
        self.chunks = chunks
        self._embeddings = embeddings

    def search(self, question: str, k: int) -> list[Chunk]:
        found = self._embeddings.search(question, k)
        return [self.chunks[int(row["id"])] for row in found]


class Txtai:
    """The pipeline of the documentation; hybrid where an encoder is given."""

    def __init__(self, job: Job) -> None:
        self._settings: dict[str, object] = {"content": True, "keyword": True}
        pairs = {"method": "bm25", "terms": True, "normalize": True, "tokenizer": {"ngrams": 2}}
        if job.way == "chinese":
            self._settings = {"content": True, "scoring": pairs, "defaults": False}
        elif job.way == "encoder":
            self._settings = {
                "content": True,
                "hybrid": True,
                "path": job.encoder,
                "method": "sentence-transformers",
                "gpu": False,
            }
        self._reader = None
        if job.reader:
            from eval.peers.adapters.our_reader import register

            register()
            self._reader = _questions(job.reader)

    def build(self, documents: list[Document], *, cut: bool) -> Index:
        """Segment and index."""
        if cut:
            segment = Segmentation(lines=True, cleantext=False)
            pieces = ((d, segment(d.text)) for d in documents)
            chunks = [c for d, parts in pieces for c in located(d, ((None, p) for p in parts))]
        else:
            chunks = [whole(d) for d in documents]
        embeddings = Embeddings(**self._settings)
        embeddings.index((i, c.text, None) for i, c in enumerate(chunks))
        return _Index(chunks, embeddings)

    def read(self, index: Index, question: str, hits: list[Chunk]) -> str | None:  # noqa: ARG002
        """Return the answer of the framework's Questions pipeline over the hits as one context.

        :raises NoReaderError: if no model is given.
        """
        if self._reader is None:
            raise NoReaderError("没有给出阅读模型")
        answer = self._reader([question], [" ".join(c.text for c in hits)])[0]
        return str(answer) if answer else None


def _questions(folder: str) -> Questions:
    """Return the framework's reader, told to take answers by token.

    It takes them by the words that the tokenizer starts from. A Chinese tokenizer of the unigram kind
    starts from the whole text, so that every answer would be all of it.
    """

    class ByToken(Questions):  # type: ignore[misc]  # the package is not there for mypy
        def answer(
            self, context: str, tokens: BatchEncoding, start: Tensor, end: Tensor
        ) -> str | None:
            first, last = tokens.token_to_chars(int(start)), tokens.token_to_chars(int(end))
            return context[first.start : last.end] if first and last else None

    return ByToken(folder, gpu=False)


def create(job: Job) -> Txtai:
    """Return the peer."""
    return Txtai(job)
