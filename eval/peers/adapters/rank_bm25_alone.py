"""rank-bm25 alone, over the paragraphs of a document."""

from __future__ import annotations

from rank_bm25 import BM25Okapi

from eval.peers.adapters.words import Cut, encoder_words, jieba_words
from eval.peers.protocol import Chunk, Document, Index, Job, NoReaderError, located, whole


class _Index:
    def __init__(self, cut: Cut, chunks: list[Chunk]) -> None:
        self.chunks = chunks
        self._cut = cut
        self._scorer = BM25Okapi([cut(c.text) for c in chunks])

    def search(self, question: str, k: int) -> list[Chunk]:
        # The package returns the documents it is given; numbers stand for them.
        best = self._scorer.get_top_n(self._cut(question), list(range(len(self.chunks))), n=k)
        return [self.chunks[n] for n in best]


class RankBm25:
    """The package as its README uses it; the way settles how text is cut into terms."""

    def __init__(self, job: Job) -> None:
        self._cut: Cut = lambda text: text.split(" ")  # as the README does
        if job.way == "chinese":
            self._cut = jieba_words()
        elif job.way == "encoder":
            self._cut = encoder_words(job.encoder)

    def build(self, documents: list[Document], *, cut: bool) -> Index:
        """Index paragraphs, or the passages given."""
        if not cut:
            return _Index(self._cut, [whole(d) for d in documents])
        lines = [c for d in documents for c in located(d, ((None, s) for s in d.text.split("\n")))]
        return _Index(self._cut, lines)

    def read(self, index: Index, question: str, hits: list[Chunk]) -> str | None:  # noqa: ARG002
        """Refuse: a ranking function reads nothing."""
        raise NoReaderError("没有抽取式阅读器")


def create(job: Job) -> RankBm25:
    """Return the peer."""
    return RankBm25(job)
