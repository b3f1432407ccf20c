"""The question files that ship with the product, and what is told of a faulty one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from conftest import QUESTIONS

from corpus.errors import QuestionFileError
from corpus.types import Document
from eval.datasets.load import read_set
from eval.datasets.questions import read_questions

DEV = QUESTIONS / "beilun" / "dev.jsonl"
TEST = QUESTIONS / "beilun" / "test.jsonl"


@pytest.mark.parametrize("path", [DEV, TEST], ids=["dev", "test"])
def test_every_evidence_stands_at_its_offset(path: Path, document: Document) -> None:
    for row in read_questions(path).rows:
        assert document.text[row.start : row.end] == row.evidence, row.id


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


@pytest.mark.parametrize("split", ["validation", "test"])
def test_the_documents_of_govqa_ship_beside_it_with_every_evidence_in_place(split: str) -> None:
    asked = read_set(QUESTIONS / "govqa" / f"{split}.jsonl")
    texts = {d.id: d.text for d in asked.documents}
    for row in asked.rows:
        assert row.document is not None
        assert texts[row.document][row.start : row.end] == row.evidence, row.id


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "a", "question": "", "type": "t", "answers": []}', "“question”不能为空"),
        ('{"id": "a", "question": "几", "type": "t"}', "“answers”缺少这一项"),
        ('{"id": "a", "question": "几", "type": "t", "answers": [], "extra": 1}', "“extra”多余"),
        ('{"id": "a", "question": "几", "type": "t", "answers": [""]}', "第1行：答案“”没有一个字"),
        ('{"id": "a", "question": " ", "type": "t", "answers": []}', "第1行：问题是空的"),
        ('{"id": "a", "question": "几", "type": "t", "answers": [], "items": ["甲"]}', "有要点"),
        ("not json", "第1行：“整行”不是合法的JSON"),
    ],
)
def test_a_faulty_line_is_named(line: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "题.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(QuestionFileError, match=told):
        read_questions(path)


def test_a_repeated_id_is_named_with_both_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "题.jsonl"
    path.write_text(
        '{"id": "a", "question": "几", "type": "t", "answers": []}\n' * 2, encoding="utf-8"
    )
    with pytest.raises(QuestionFileError, match="第2行：编号“a”与第1行重复"):
        read_questions(path)


def test_all_faults_are_told_at_once_up_to_twenty(tmp_path: Path) -> None:
    path = tmp_path / "题.jsonl"
    path.write_text("{}\n" * 3 + "[\n" * 30, encoding="utf-8")
    with pytest.raises(QuestionFileError) as refused:
        read_questions(path)
    told = refused.value.message.splitlines()
    assert len(told) == 22
    assert "第1行" in told[1]
    assert told[-1].strip().startswith("另有")
