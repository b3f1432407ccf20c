"""The question files that ship with the product."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from conftest import QUESTIONS

from chat.service import Service
from corpus.errors import QuestionFileError
from corpus.types import Document
from eval.qa import evaluate_file
from eval.questions import read_questions

DEV = QUESTIONS / "beilun" / "dev.jsonl"
TEST = QUESTIONS / "beilun" / "test.jsonl"


@pytest.mark.parametrize("path", [DEV, TEST], ids=["dev", "test"])
def test_every_evidence_stands_at_its_offset(path: Path, document: Document) -> None:
    for row in read_questions(path).rows:
        assert document.text[row.start : row.start + len(row.evidence)] == row.evidence, row.id


def test_every_answerable_question_has_evidence() -> None:
    assert not [r.id for r in read_questions(DEV).rows if r.answerable and not r.evidence]


def test_the_development_set_has_all_kinds() -> None:
    types = Counter(r.type for r in read_questions(DEV).rows)
    assert sum(types.values()) >= 160
    assert types["unanswerable"] >= 40
    assert {
        "number", "entity", "list", "glossary", "paraphrase", "how", "arithmetic", "relative_time",
        "follow_up",
    } <= set(types)  # fmt: skip


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_govqa_is_well_formed_and_split_by_document(split: str) -> None:
    rows = read_questions(QUESTIONS / "govqa" / f"{split}.jsonl").rows
    others = {
        r.document
        for name in {"train", "validation", "test"} - {split}
        for r in read_questions(QUESTIONS / "govqa" / f"{name}.jsonl").rows
    }
    assert not others & {r.document for r in rows}
    assert len({(r.document, r.question) for r in rows}) == len(rows)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "a", "question": "", "type": "t", "answers": []}', "question"),
        ('{"id": "a", "question": "几", "type": "t"}', "answers"),
        ('{"id": "a", "question": "几", "type": "t", "answers": [], "extra": 1}', "extra"),
        ("not json", "第1行"),
    ],
)
def test_a_faulty_line_is_named(line: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "题.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(QuestionFileError, match=told):
        read_questions(path)


def test_a_repeated_id_is_named(tmp_path: Path) -> None:
    path = tmp_path / "题.jsonl"
    path.write_text(
        '{"id": "a", "question": "几", "type": "t", "answers": []}\n' * 2, encoding="utf-8"
    )
    with pytest.raises(QuestionFileError, match="重复"):
        read_questions(path)


def test_the_product_holds_its_floor_on_the_development_set(service: Service) -> None:
    figures = evaluate_file(service, DEV).summary()
    assert figures["quotes_exact"] == 100
    assert figures["answerable_right"] >= 85
    assert figures["answerable_refused"] <= 5
    assert figures["unanswerable_refused"] >= 75
