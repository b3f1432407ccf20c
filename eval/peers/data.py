"""Documents, questions and bulk passages for the comparison, the same for every peer."""

from __future__ import annotations

import json
import lzma
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.errors import QuestionFileError
from corpus.passages import passages
from corpus.report import BUNDLED, parse_report, read_report
from eval.datasets.questions import DOCUMENTS, read_questions
from eval.datasets.types import QuestionRow
from eval.peers.protocol import Document, Question

_QUESTIONS = Path(__file__).parents[1] / "data"
BUNDLED_ID = "beilun"
SETS = {
    "beilun-dev": _QUESTIONS / "beilun" / "dev.jsonl",
    "govqa-validation": _QUESTIONS / "govqa" / "validation.jsonl",
    "govqa-test": _QUESTIONS / "govqa" / "test.jsonl",
}
_BULK = ("laws.jsonl.xz", "broadcast_news.jsonl.xz", "web_news.jsonl.xz")
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
_SHORTEST, _LONGEST = 60, 300  # characters of a bulk passage


@dataclass(frozen=True)
class Asked:
    """A question of a set with what is known of its answer.

    :ivar key: set and id; unique over all sets.
    """

    key: str
    set: str
    document: str
    row: QuestionRow


def asked(limit: int = 0) -> list[Asked]:
    """Return the questions of the shipped sets.

    Follow-ups are left out: no peer resolves them.

    :param limit: take only the first so many of each set; 0 for all.
    """
    found = []
    for name, path in SETS.items():
        rows = [r for r in read_questions(path).rows if not r.history]
        found += [
            Asked(f"{name}/{r.id}", name, r.document or BUNDLED_ID, r)
            for r in rows[: limit or None]
        ]
    return found


def documents(questions: list[Asked]) -> list[Document]:
    """Return the documents that the questions are asked of, whole."""
    names = dict.fromkeys(q.document for q in questions)
    return [Document(name, text_of(name)) for name in names]


def text_of(name: str) -> str:
    """Return the text of a document that ships, as the product reads it.

    :raises QuestionFileError: if it is not there.
    """
    if name == BUNDLED_ID:
        return read_report(BUNDLED).text
    path = _QUESTIONS / "govqa" / DOCUMENTS / f"{name}.txt"
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise QuestionFileError(f"缺少文件“{path}”，请重新下载本项目。") from error


def our_passages(whole: list[Document]) -> list[Document]:
    """Return Wenzheng's passages of documents, to give every peer the same ones."""
    return [
        Document(document.id, p.text, p.start)
        for document in whole
        for p in passages(parse_report(document.text, document.id))
        if p.text.strip()
    ]


def as_questions(questions: list[Asked]) -> list[Question]:
    """Return the questions as the worker is asked them."""
    return [Question(q.key, q.row.question, q.document) for q in questions]


@lru_cache(maxsize=1)
def bulk(count: int, data: Path | None) -> tuple[Document, ...]:
    """Return ``count`` passages of whole sentences for measuring speed, in a fixed random order.

    The bundled report comes first, so that the questions on it have answers; laws and news follow.

    :raises QuestionFileError: if the texts at hand hold fewer.
    """
    texts = [text_of(BUNDLED_ID)]
    kept = [p for t in texts for p in _pieces(t)]
    if len(kept) < count and data is not None:
        more: list[str] = []
        for text in _texts(data):
            more.extend(_pieces(text))
            if len(kept) + len(more) >= count * 2 and count < 100_000:
                break
        random.Random(0).shuffle(more)  # noqa: S311 (an order, not a secret)
        kept += more
    if len(kept) < count:
        raise QuestionFileError(
            f"现有文本只够{len(kept)}个段落，不足{count}个；请用 --data 给出公开文本的文件夹。"
        )
    return tuple(Document(f"p{i}", text) for i, text in enumerate(kept[:count]))


def _texts(data: Path) -> Iterator[str]:
    for name in _BULK:
        with lzma.open(data / "text" / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["text"]


def _pieces(text: str) -> Iterator[str]:
    """Cut a text into whole sentences of together 60 to 300 characters."""
    piece = ""
    for match in _SENTENCE.finditer(text):
        sentence = " ".join(match[0].split())
        if len(piece) >= _SHORTEST or len(piece) + len(sentence) > _LONGEST:
            if _SHORTEST <= len(piece) <= _LONGEST:
                yield piece
            piece = ""
        piece += sentence
    if _SHORTEST <= len(piece) <= _LONGEST:
        yield piece
