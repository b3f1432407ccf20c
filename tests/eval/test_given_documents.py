"""Runs where the documents come with the questions: retrieval sets, reading, RGB."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import QUESTIONS
from evaluation_files import beir, squad

from chat.service import Service
from eval.datasets.beir import read_beir
from eval.datasets.questions import read_questions
from eval.datasets.rgb import RgbKind, RgbRow, read_rgb
from eval.datasets.squad import read_squad
from eval.runners.local import Local
from eval.runners.reading import evaluate_reading
from eval.runners.retrieval import evaluate_beir, evaluate_questions, write_per_query
from eval.runners.rgb import by_ours, documents_of, evaluate_rgb, ours_versions
from index.encoder import Encoder


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """The shipped encoder."""
    return Encoder()


def test_retrieval_finds_the_evidence_and_writes_every_query(
    service: Service, tmp_path: Path
) -> None:
    system = Local(service.library, service.encoder, service)
    run = evaluate_questions(
        system, read_questions(QUESTIONS / "beilun" / "dev.jsonl"), ablate=True
    )
    assert run.value("recall@1") < run.value("recall@5") <= run.value("recall@10")
    shipped = run.tables[0].rows[-1]
    assert shipped[0] == "产品所用"
    assert shipped[2] == pytest.approx(run.value("recall@5"))
    write_per_query(run, tmp_path / "each.tsv")
    lines = (tmp_path / "each.tsv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 5 * (len(run.questions) + 1)
    assert lines[0].split("\t")[0] == "recall@1"


def test_a_beir_folder_is_searched(tmp_path: Path, encoder: Encoder) -> None:
    found = read_beir(beir(tmp_path / "set", "query-id\tcorpus-id\tscore\nq1\td1\t1\n"))
    run = evaluate_beir(Local.over(found.documents, encoder), found)
    assert run.value("recall@1") == 100
    assert run.value("ndcg@10") == 1


PASSAGES = (
    ("新改扩建学校27所，新增学位18700个。", [("新增多少个学位？", ["18700个"])]),
    ("改造提升老旧小区44个、农贸市场55个。", [("改造了多少个农贸市场？", ["55个"])]),
)


@pytest.mark.parametrize("search", [False, True], ids=["given", "open"])
def test_reading_is_scored_the_cmrc_way(search: bool, tmp_path: Path, encoder: Encoder) -> None:
    run = evaluate_reading(read_squad(squad(tmp_path, *PASSAGES)), encoder, search=search)
    assert (run.value("em"), run.value("f1")) == (100, 100)


def test_an_empty_answer_is_right_where_the_passage_does_not_say(
    tmp_path: Path, encoder: Encoder
) -> None:
    asked = [("新增多少个学位？", ["18700个"]), ("台风造成多少损失？", [])]
    run = evaluate_reading(read_squad(squad(tmp_path, (PASSAGES[0][0], asked))), encoder)
    assert [q.answer for q in run.questions] == ["18700个", ""]
    assert run.value("em") == 100


@pytest.mark.parametrize("kind", list(RgbKind))
def test_rgb_sets_are_answered_from_the_documents_given(kind: RgbKind, encoder: Encoder) -> None:
    asked = read_rgb(QUESTIONS / "rgb" / f"{kind.value}.jsonl")
    rates = (0.8, 1.0) if kind is RgbKind.NOISE else ()
    run = evaluate_rgb(
        asked,
        by_ours(encoder),
        system="问政",
        versions=ours_versions(encoder),
        noise=rates,
    )
    held = run.summary()
    if kind is RgbKind.NOISE:
        assert held["accuracy@0.8"] >= 80
        assert held["rejection_rate"] >= 80
        assert len(run.questions) == 2 * len(asked.rows)
    elif kind is RgbKind.INTEGRATION:
        assert set(held) >= {"accuracy", "accuracy@0", "accuracy@0.2", "accuracy@0.4"}
    else:
        assert held["misled"] > 50  # what the documents say is quoted, true or not
        assert held["error_detection"] == 0


def test_the_documents_of_a_question_follow_noise_and_seed() -> None:
    positive = tuple(f"p{i}" for i in range(4))
    negative = tuple(f"n{i}" for i in range(9))
    row = RgbRow("1", "问", (("答",),), (positive,), negative)
    given = documents_of(RgbKind.NOISE, row, 0.6, seed=1)
    assert sorted(d[0] for d in given) == ["n", "n", "n", "p", "p"]
    assert given == documents_of(RgbKind.NOISE, row, 0.6, seed=1)
    assert given != documents_of(RgbKind.NOISE, row, 0.6, seed=2)
    assert all(d[0] == "n" for d in documents_of(RgbKind.NOISE, row, 1.0, seed=1))
    few = RgbRow("1", "问", (("答",),), (("p0",),), negative)
    assert sorted(d[0] for d in documents_of(RgbKind.NOISE, few, 0.0, seed=1)) == list("nnnnp")
    facts = RgbRow("1", "问", (("甲",), ("乙",)), (("a0", "a1", "a2"), ("b0",)), negative)
    assert sorted(d[0] for d in documents_of(RgbKind.INTEGRATION, facts, 0.4, seed=1)) == list(
        "aabnn"
    )
