"""The benchmark of rising sizes builds, measures and tells, with peers beside it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from corpus.report import BUNDLED
from eval.options import OptionError
from eval.scale import report
from eval.scale.commands import numbers
from eval.scale.run import Plan, Row, as_json, run

QUESTIONS = [
    {"id": f"q{i}", "question": q, "type": "number", "answers": ["1"], "evidence": "", "start": 0}
    for i, q in enumerate(("财政总收入是多少", "怎么推进乡村振兴", "新增停车位多少个"))
]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scale")


@pytest.fixture(scope="module")
def rows(work: Path) -> list[Row]:
    """Twice the passages that there is real text for."""
    text = work / "text"
    text.mkdir()
    shutil.copy(BUNDLED, text)
    questions = work / "questions.jsonl"
    questions.write_text(
        "\n".join(json.dumps(q, ensure_ascii=False) for q in QUESTIONS), encoding="utf-8"
    )
    return run(Plan(text, questions, real_up_to=60), [160], work / "stores")


def test_where_the_text_ends_varied_copies_follow(rows: list[Row]) -> None:
    (row,) = rows
    assert row.real < row.measured.passages <= 160 + row.real
    assert row.built.documents > 1


def test_a_small_store_finds_all_that_is_nearest(rows: list[Row]) -> None:
    assert rows[0].measured.engine == "exact"
    assert rows[0].measured.recall == pytest.approx(1.0, abs=0.05)


def test_peers_search_the_same_passages(rows: list[Row]) -> None:
    assert set(rows[0].peers) == {"bm25s", "FAISS"}
    assert {p.passages for p in rows[0].peers.values()} == {rows[0].measured.passages}


def test_what_was_measured_is_not_measured_again(rows: list[Row], work: Path) -> None:
    nowhere = Plan(work / "none", work / "none", real_up_to=60)
    assert as_json(run(nowhere, [160], work / "stores")) == as_json(rows)


def test_the_figures_are_told_as_a_table_and_two_plots(rows: list[Row], work: Path) -> None:
    table = report.markdown(rows)
    assert "recall@10" in table
    assert "bm25s alone" in table
    report.plots(rows, work / "plots")
    drawn = (work / "plots" / "scale-queries.svg").read_text(encoding="utf-8")
    assert "hybrid" in drawn


def test_an_exponent_is_the_slope_on_log_axes() -> None:
    assert report.exponent([10, 100, 1000], [2, 20, 200]) == 1.0
    assert report.exponent([10, 100, 1000], [5, 5, 5]) == 0.0


@pytest.mark.parametrize("sizes", ["", "viel", "1e4,x", "10"])
def test_sizes_that_are_none_are_told(sizes: str) -> None:
    with pytest.raises(OptionError, match="段落数"):
        numbers(sizes)
