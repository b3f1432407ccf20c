"""Compare ways of cutting documents into passages, at an equal amount of text read.

python -m eval.chunking QUESTIONS.jsonl

Recall at a number of passages favours long ones, so it is counted at a number of characters: the
evidence counts as found if it stands whole within the best passages whose lengths add up to it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.passages import passages
from corpus.report import BUNDLED, read_report
from corpus.types import Document, Passage, Sentence
from eval.datasets.load import read_set
from eval.datasets.types import QuestionRow, QuestionSet
from index.encoder import Encoder
from index.library import assemble
from index.words import shipped_words
from retriever.places import own_names
from retriever.question import understand
from retriever.search import Retriever
from retriever.vocabulary import shipped_vocabulary

WINDOW, OVERLAP = 250, 50  # characters
BUDGETS = (350, 700, 1400)  # characters read
_DEPTH = 40


def windows(document: Document) -> list[Passage]:
    """Cut the text into windows of 250 characters that overlap by 50, as splitters do by default."""
    step = WINDOW - OVERLAP
    starts = range(0, max(1, len(document.text) - OVERLAP), step)
    return [_piece(document, (), s, min(s + WINDOW, len(document.text))) for s in starts]


def paragraphs(document: Document) -> list[Passage]:
    """Take whole paragraphs, under their headings."""
    return [_piece(document, p.section, p.start, p.end) for p in document.paragraphs]


def _piece(document: Document, section: tuple[str, ...], start: int, end: int) -> Passage:
    text = document.text[start:end]
    return Passage(document.id, section, start, end, text, (Sentence(start, end),))


CUTS: dict[str, Callable[[Document], list[Passage]]] = {
    "ours": passages,
    "windows 250/50": windows,
    "paragraphs": paragraphs,
}


def recall(
    document: Document,
    rows: list[QuestionRow],
    cut: Callable[[Document], list[Passage]],
    encoder: Encoder,
) -> list[tuple[bool, ...]]:
    """Return for each answerable question whether its evidence is found within each budget."""
    words = shipped_words()
    retriever = Retriever(assemble([document], encoder, cut=cut), encoder, shipped_vocabulary())
    found = []
    for row in rows:
        question = understand(row.question, document.year, words, own_names([document]))
        hits = retriever.search(question, _DEPTH)
        end = row.start + len(row.evidence)
        read, at = 0, float("inf")
        covered: set[int] = set()
        for hit in hits:
            read += hit.passage.end - hit.passage.start
            covered |= set(range(hit.passage.start, hit.passage.end)) & set(range(row.start, end))
            if len(covered) == end - row.start:
                at = read
                break
        found.append(tuple(at <= budget for budget in BUDGETS))
    return found


def documents_of(asked: QuestionSet) -> list[tuple[Document, list[QuestionRow]]]:
    """Return each document of a set, by default the bundled report, with its answerable questions."""
    documents = asked.documents or (read_report(BUNDLED),)
    rows = [r for r in asked.rows if r.answerable and r.evidence and not r.history]
    return [(d, [r for r in rows if r.document in (None, d.id)]) for d in documents]


def main() -> None:
    """Print recall of each way of cutting at each budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    args = parser.parse_args()
    sets = documents_of(read_set(args.questions))
    encoder = Encoder()
    table = Table("way", *(f"{b} characters" for b in BUDGETS), "questions")
    for name, cut in CUTS.items():
        found: list[tuple[bool, ...]] = []
        for document, rows in sets:
            found += recall(document, rows, cut, encoder)
        shares = [100 * sum(f[i] for f in found) / len(found) for i in range(len(BUDGETS))]
        table.add_row(name, *(f"{s:.1f}%" for s in shares), str(len(found)))
    Console().print(table)


if __name__ == "__main__":
    main()
