"""The pages of runs and comparisons in a real browser, at both widths, and the kept results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import QUESTIONS
from playwright.sync_api import Browser, Page, sync_playwright

from chat.service import Service
from eval.datasets.questions import read_questions
from eval.datasets.types import QuestionSet
from eval.history import Release, read_history, record
from eval.report.html import compare_page, run_page
from eval.report.markdown import results_page
from eval.runners.compare import compare, verdict
from eval.runners.local import Local
from eval.runners.qa import evaluate
from eval.runners.runs import Run, RunError
from eval.runners.stages import Stage


@pytest.fixture(scope="module")
def runs(service: Service) -> tuple[Run, Run]:
    """Some questions, asked of the product and of the product without its vocabulary."""
    local = Local(service.library, service.encoder, service)
    rows = read_questions(QUESTIONS / "beilun" / "dev.jsonl").rows
    asked = QuestionSet("开发题", "0" * 64, rows[70:100] + rows[-25:])
    return evaluate(local, asked), evaluate(local.leaving_out(Stage.VOCABULARY), asked)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield found
        found.close()


def opened(browser: Browser, text: str, folder: Path, width: int) -> tuple[Page, list[str]]:
    """Open a page from a file; give it and whatever went wrong or was asked of the network."""
    path = folder / "page.html"
    path.write_text(text, encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    odd: list[str] = []
    page.on(
        "request", lambda r: None if r.url.startswith(("file:", "data:")) else odd.append(r.url)
    )
    page.on("pageerror", lambda e: odd.append(str(e)))
    page.on("console", lambda m: odd.append(m.text))
    page.goto(path.as_uri())
    return page, odd


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_of_a_run_needs_nothing_else_and_fits_the_screen(
    width: int, runs: tuple[Run, Run], browser: Browser, tmp_path: Path
) -> None:
    page, odd = opened(browser, run_page(runs[0]), tmp_path, width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("svg.plot").count() == 4
    assert page.get_by_text("可答题答对").first.is_visible()
    assert not odd


def test_the_errors_can_be_filtered_and_read_side_by_side(
    runs: tuple[Run, Run], browser: Browser, tmp_path: Path
) -> None:
    page, _ = opened(browser, run_page(runs[0]), tmp_path, 1280)
    cases = page.locator("details.case:visible")
    assert cases.count() == len(runs[0].questions)
    page.get_by_label("对错", exact=True).select_option(label="正确拒答")
    refused = sum(q.outcome == "refused" for q in runs[0].questions)
    assert cases.count() == refused
    assert page.locator("#count").inner_text() == f"{refused}题"
    page.get_by_label("对错", exact=True).select_option(label="对错不限")
    page.get_by_label("题型", exact=True).select_option(label="口语说法")
    page.get_by_label("在问题和回答里找").fill("学校")
    assert cases.count() >= 1
    cases.first.locator("summary").click()
    tops = [
        box["y"]
        for side in cases.first.locator(".sides > div").all()
        if (box := side.bounding_box())
    ]
    assert len(tops) == 3
    assert len(set(tops)) == 1


def test_what_a_question_says_is_shown_as_text(
    runs: tuple[Run, Run], browser: Browser, tmp_path: Path
) -> None:
    question = replace(runs[0].questions[0], question="<script>document.title = '坏'</script>")
    run = replace(runs[0], questions=(question,))
    page, _ = opened(browser, run_page(run), tmp_path, 390)
    assert page.title() != "坏"
    assert page.get_by_text("<script>").count() == 1


def test_a_comparison_names_the_questions_that_got_worse(
    runs: tuple[Run, Run], browser: Browser, tmp_path: Path
) -> None:
    found = compare(*runs)
    assert found.worse
    assert verdict("answerable_right", found.differences["answerable_right"]) in ("变差", "看不出")
    page, odd = opened(browser, compare_page(found), tmp_path, 390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.get_by_text(found.worse[0].first.question).first.is_visible()
    assert not odd
    same = compare(runs[0], runs[0])
    assert not same.worse
    assert {verdict(n, d) for n, d in same.differences.items()} == {"不变"}


def test_runs_that_share_no_question_or_kind_are_not_compared(runs: tuple[Run, Run]) -> None:
    with pytest.raises(RunError, match="没有共同的题目"):
        compare(runs[0], runs[1].without_questions())
    with pytest.raises(RunError, match="不是一类"):
        compare(runs[0], replace(runs[1], kind="reading"))


def test_results_are_written_from_runs_notes_and_history(
    runs: tuple[Run, Run], tmp_path: Path
) -> None:
    history = tmp_path / "history.jsonl"
    earlier = Release(version="0.0.9", code="abc", made="2026-01-01", note="更早", figures={})
    history.write_text(earlier.model_dump_json() + "\n", encoding="utf-8")
    record(history, {"qa-dev": runs[0]}, "这一版")
    record(history, {"qa-dev": runs[1]}, "没有词表")
    assert [r.note for r in read_history(history)] == ["更早", "没有词表"]
    page = results_page(
        {"qa-dev": runs[0].without_questions()}, ["## Load\n\nmeasured"], read_history(history)
    )
    assert "| dev | 55 |" in page
    assert f"{runs[0].value('answerable_right'):.1f}%" in page
    assert "## Load" in page
    assert "没有词表" in page
    assert runs[0].questions[0].question not in page
    history.write_text("{}\n", encoding="utf-8")
    with pytest.raises(RunError, match="第1行"):
        read_history(history)
