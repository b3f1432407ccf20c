"""``wenzheng eval`` as an evaluator types it: options, floors, files written, errors told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import QUESTIONS, wenzheng

from eval.floors import FloorError, bounds, read_floors
from eval.report.html import HEADLINES
from eval.runners.guard import run_guarded

FLOORS = QUESTIONS.parent / "floors.toml"


def test_a_missed_floor_is_named_and_ends_with_status_1(data_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "题.csv"
    path.write_text("问题,答案\n2021年地区生产总值是多少,1亿元\n天气怎么样,\n", encoding="utf-8")
    done = wenzheng(
        "eval", "qa", path, "--data", data_dir, "--min", "answerable_right=50",
        "--min", "quotes_exact=100", "--max", "wrong_number=90", "--html", tmp_path / "页" / "a.html",
        "--json", tmp_path / "a.json", "--summary", tmp_path / "s.json",
    )  # fmt: skip
    assert done.returncode == 1
    assert "可答题答对（answerable_right）是0.0%，低于50.0%" in done.stderr
    assert "quotes_exact" not in done.stderr
    assert "<svg" in (tmp_path / "页" / "a.html").read_text(encoding="utf-8")
    assert len(json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["questions"]) == 2
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))["questions"] == []


def test_options_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "题.csv"
    path.write_text("问题,答案\n几,1\n", encoding="utf-8")
    done = wenzheng("eval", "qa", path, "--data", tmp_path, "--url", "http://127.0.0.1:9")
    assert done.returncode == 2
    assert "--data和--url只能给一个" in done.stderr
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("option", ["--url", "--openai-url"])
def test_an_empty_address_does_not_score_our_own_library_instead(
    option: str, tmp_path: Path
) -> None:
    path = tmp_path / "题.csv"
    path.write_text("问题,答案\n几,1\n", encoding="utf-8")
    done = wenzheng("eval", "qa", path, "--model", "x", option, "")
    assert done.returncode == 2
    assert "地址是空的" in done.stderr


@pytest.mark.parametrize("text", ["answerable_right", "answerable_right=viel", "=x"])
def test_a_floor_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(FloorError, match="指标=数值"):
        bounds([text], None)


def test_the_guard_has_a_bound_for_every_headline_figure() -> None:
    held = {(g.kind, b.name) for g in read_floors(FLOORS) for b in g.bounds}
    kinds = {k for k, _ in held}
    assert kinds == {"qa", "refusal", "retrieval", "rgb"}
    # Times depend on the machine; the others are figures of RGB's counterfactual questions alone.
    elsewhere = {"median_ms", "misled", "error_detection"}
    headlines = {(k, name) for k in kinds for name in HEADLINES[k] if name not in elsewhere}
    assert headlines <= held


def test_the_guard_runs_an_entry_of_the_floors_and_keeps_it() -> None:
    entry = next(g for g in read_floors(FLOORS) if g.kind == "retrieval")
    run = run_guarded(entry, QUESTIONS)
    assert all(bound.kept(run) for bound in entry.bounds)


def test_a_faulty_file_of_floors_is_told(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    path.write_text('[[run]]\nkind = "qa"\n', encoding="utf-8")
    with pytest.raises(FloorError, match="应有"):
        read_floors(path)
