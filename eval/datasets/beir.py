"""Read BEIR folders: ``corpus.jsonl``, ``queries.jsonl``, ``qrels/*.tsv``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import QuestionFileError
from corpus.types import Document
from eval.datasets.faults import Faults, digest, read_lines
from eval.datasets.squad import plain_document


class _Text(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str = Field(alias="_id")
    text: str
    title: str = ""


@dataclass(frozen=True)
class RetrievalSet:
    """Documents, queries and which documents are relevant to which query.

    :ivar queries: text by query id; only those with judgements.
    :ivar relevant: query id → document id → grade, 1 and up.
    """

    name: str
    sha256: str
    documents: tuple[Document, ...]
    queries: dict[str, str]
    relevant: dict[str, dict[str, int]]


def is_beir(path: Path) -> bool:
    """Tell whether a path is a folder of this form."""
    return path.is_dir() and (path / "corpus.jsonl").is_file()


def read_beir(folder: Path, split: str | None = None) -> RetrievalSet:
    """Read a folder.

    :param split: name of the judgements in ``qrels``; ``test`` or the only one if None.
    :raises QuestionFileError: naming file, line and cause.
    """
    for name in ("corpus.jsonl", "queries.jsonl"):
        if not (folder / name).is_file():
            raise QuestionFileError(
                f"“{folder}”里没有{name}；BEIR文件夹应有corpus.jsonl、queries.jsonl和qrels/*.tsv。"
            )
    judgements = _judgements(folder, split)
    texts = _texts(folder / "corpus.jsonl")
    queries = _texts(folder / "queries.jsonl")
    relevant = _relevant(judgements, set(texts), set(queries))
    documents = tuple(
        plain_document(i, f"{t.title}\n{t.text}" if t.title else t.text) for i, t in texts.items()
    )
    return RetrievalSet(
        name=f"{folder.name}/{judgements.stem}",
        sha256=digest(folder),
        documents=tuple(d for d in documents if d.paragraphs),
        queries={q: queries[q].text for q in relevant},
        relevant=relevant,
    )


def _judgements(folder: Path, split: str | None) -> Path:
    found = {p.stem: p for p in sorted((folder / "qrels").glob("*.tsv"))}
    wanted = split or ("test" if "test" in found or len(found) != 1 else next(iter(found)))
    if wanted not in found:
        held = "、".join(found) or "（没有）"
        raise QuestionFileError(
            f"“{folder.name}/qrels”里没有{wanted}.tsv，现有：{held}；可用 --split 指定。"
        )
    return found[wanted]


def _texts(path: Path) -> dict[str, _Text]:
    faults = Faults(path.name)
    texts: dict[str, _Text] = {}
    for number, line in enumerate(read_lines(path), 1):
        if not line.strip():
            continue
        try:
            text = _Text.model_validate_json(line)
        except ValidationError as error:
            faults.add_invalid(f"第{number}行", error)
            continue
        if text.id in texts:
            faults.add(f"第{number}行", f"编号“{text.id}”重复")
        texts[text.id] = text
    faults.check()
    if not texts:
        raise QuestionFileError(f"{path.name}是空的。")
    return texts


def _relevant(path: Path, documents: set[str], queries: set[str]) -> dict[str, dict[str, int]]:
    faults = Faults(path.name)
    relevant: dict[str, dict[str, int]] = {}
    for number, line in enumerate(read_lines(path), 1):
        cells = line.split("\t")
        if not line.strip() or (number == 1 and cells[-1].strip().lower() == "score"):
            continue
        where = f"第{number}行"
        if len(cells) != 3 or not cells[2].strip().lstrip("-").isdigit():
            faults.add(where, "应是“问题编号、文件编号、整数分”三列，用制表符隔开")
            continue
        query, document, grade = cells[0], cells[1], int(cells[2])
        if query not in queries:
            faults.add(where, f"queries.jsonl里没有问题“{query}”")
        if document not in documents:
            faults.add(where, f"corpus.jsonl里没有文件“{document}”")
        if grade > 0:
            relevant.setdefault(query, {})[document] = grade
    faults.check()
    if not relevant:
        raise QuestionFileError(f"{path.name}里没有一条相关的判断（分数大于0）。")
    return relevant
