"""Files of questions in other people's forms, written for a test."""

from __future__ import annotations

import json
from pathlib import Path


def squad(folder: Path, *passages: tuple[str, list[tuple[str, list[str]]]]) -> Path:
    """Write a SQuAD-form file of passages with their questions and answers."""
    paragraphs = [
        {
            "context": text,
            "qas": [
                {"id": f"{i}-{j}", "question": q, "answers": [{"text": a} for a in answers]}
                for j, (q, answers) in enumerate(asked)
            ],
        }
        for i, (text, asked) in enumerate(passages)
    ]
    path = folder / "squad.json"
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    return path


def beir(folder: Path, qrels: str) -> Path:
    """Write a BEIR folder of two documents and a query."""
    (folder / "qrels").mkdir(parents=True)
    documents = [
        {"_id": "d1", "title": "教育", "text": "新改扩建学校27所，新增学位18700个。"},
        {"_id": "d2", "title": "", "text": "改造提升老旧小区44个、农贸市场55个。"},
    ]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    (folder / "queries.jsonl").write_text('{"_id": "q1", "text": "新增了多少学位"}\n')
    (folder / "qrels" / "test.tsv").write_text(qrels)
    return folder
