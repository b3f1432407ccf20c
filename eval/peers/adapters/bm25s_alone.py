"""bm25s alone, over the paragraphs of a document."""

from __future__ import annotations

import bm25s

from eval.peers.adapters.words import encoder_words, jieba_words
from eval.peers.protocol import Chunk, Document, Index, Job, NoReaderError, located, whole


class _Index:
    def __init__(self, peer: Bm25s, chunks: list[Chunk]) -> None:
        self.chunks = chunks
        self._peer = peer
        self._scorer = bm25s.BM25()
        self._scorer.index(peer.terms([c.text for c in chunks]), show_progress=False)

    def search(self, question: str, k: int) -> list[Chunk]:
        numbers, _ = self._scorer.retrieve(
            self._peer.terms([question]), k=min(k, len(self.chunks)), show_progress=False
        )
        return [self.chunks[int(n)] for n in numbers[0]]


class Bm25s:
    """The package as its README uses it; the way settles how text is cut into terms."""

    def __init__(self, job: Job) -> None:
        self._cut = None
        if job.way == "chinese":
            self._cut = jieba_words()
        elif job.way == "encoder":
            self._cut = encoder_words(job.encoder)

    def terms(self, texts: list[str]) -> object:
        """Return what the package indexes and is asked with."""
        if self._cut is None:
            return bm25s.tokenize(texts, show_progress=False)
        return [self._cut(t) for t in texts]

    def build(self, documents: list[Document], *, cut: bool) -> Index:
        """Index paragraphs, or the passages given."""
        return _Index(self, paragraphs(documents) if cut else [whole(d) for d in documents])

    def read(self, index: Index, question: str, hits: list[Chunk]) -> str | None:  # noqa: ARG002
        """Refuse: a ranking function reads nothing."""
        raise NoReaderError("没有抽取式阅读器")


def paragraphs(documents: list[Document]) -> list[Chunk]:
    """Return the lines of documents: what one indexes who has no splitter."""
    return [c for d in documents for c in located(d, ((None, s) for s in d.text.split("\n")))]


def create(job: Job) -> Bm25s:
    """Return the peer."""
    return Bm25s(job)
