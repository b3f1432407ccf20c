"""Score retrieval on a question file, each stage alone and together.

python -m eval.retrieval QUESTIONS.jsonl [--data DIR]

A passage is right if it overlaps the evidence. Each question is searched in its own document, the
bundled report where it names none.
"""

from __future__ import annotations

import argparse
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.report import BUNDLED, parse_report, read_report
from corpus.types import Document
from eval.questions import QuestionRow, read_questions
from index.encoder import Encoder
from index.library import Library, assemble
from index.words import shipped_words
from models.training.govqa import document_text
from retriever.places import own_names
from retriever.question import understand
from retriever.search import DENSE_WEIGHT, LEXICAL_WEIGHT, Retriever
from retriever.vocabulary import Vocabulary, shipped_vocabulary

_DEPTH = 10


@dataclass(frozen=True)
class Way:
    """A way of searching: weights of the two lists, and whether the vocabulary helps."""

    name: str
    lexical: float
    dense: float
    vocabulary: bool


WAYS = (
    Way("BM25 alone", 1.0, 0.0, vocabulary=False),
    Way("static embedding alone", 0.0, 1.0, vocabulary=False),
    Way("both, no vocabulary", LEXICAL_WEIGHT, DENSE_WEIGHT, vocabulary=False),
    Way("BM25 and vocabulary", 1.0, 0.0, vocabulary=True),
    Way("as shipped", LEXICAL_WEIGHT, DENSE_WEIGHT, vocabulary=True),
)


def documents_of(
    rows: tuple[QuestionRow, ...], data: Path | None
) -> Iterator[tuple[Document, list[QuestionRow]]]:
    """Yield each document of a question file with its answerable questions.

    :param data: folder with the documents of govqa; not needed for the bundled report.
    """
    by_document: dict[str, list[QuestionRow]] = defaultdict(list)
    for row in rows:
        if row.answerable and row.evidence and not row.history:
            by_document[row.document or ""].append(row)
    for name, asked in by_document.items():
        if name and data is not None:
            yield parse_report(document_text(name, data), name), asked
        else:
            yield read_report(BUNDLED), asked


def ranks(
    library: Library, rows: list[QuestionRow], way: Way, encoder: Encoder
) -> Iterator[int | None]:
    """Yield the rank (from 0) of the first right passage within the first ten, None if none is."""
    (document,) = library.documents.values()
    vocabulary = shipped_vocabulary() if way.vocabulary else Vocabulary([])
    retriever = Retriever(library, encoder, vocabulary, way.lexical, way.dense)
    for row in rows:
        names = own_names([document])
        question = understand(row.question, document.year, shipped_words(), names)
        end = row.start + len(row.evidence)
        hits = retriever.search(question, _DEPTH)
        yield next(
            (i for i, h in enumerate(hits) if h.passage.start < end and h.passage.end > row.start),
            None,
        )


def main() -> None:
    """Print recall, MRR and nDCG of each way of searching."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--data", type=Path, help="folder with the documents of govqa")
    args = parser.parse_args()
    encoder = Encoder()
    sets = [
        (assemble([document], encoder), rows)
        for document, rows in documents_of(read_questions(args.questions).rows, args.data)
    ]
    table = Table("way", "recall@1", "recall@5", "recall@10", "MRR@10", "nDCG@10", "questions")
    for way in WAYS:
        found = [r for library, rows in sets for r in ranks(library, rows, way, encoder)]
        count = len(found)
        recall = [100 * sum(r is not None and r < k for r in found) / count for k in (1, 5, 10)]
        mrr = sum(1 / (r + 1) for r in found if r is not None) / count
        # One passage is sought, so the ideal gain is 1.
        ndcg = sum(1 / math.log2(r + 2) for r in found if r is not None) / count
        shares = [f"{r:.1f}%" for r in recall]
        table.add_row(way.name, *shares, f"{mrr:.3f}", f"{ndcg:.3f}", str(count))
    Console().print(table)


if __name__ == "__main__":
    main()
