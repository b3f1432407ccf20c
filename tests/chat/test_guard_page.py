"""The guard around the whole product: what a browser lets run, what is logged and counted."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import httpx
from playwright.sync_api import expect, sync_playwright

from chat.records import Records

GDP = "2021年北仑区的地区生产总值是多少？"


def test_the_page_works_but_nothing_foreign_or_written_into_it_runs(server: str) -> None:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "chromium is missing: make test installs it"
    refused: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda m: refused.append(m.text) if m.type == "error" else None)
        page.goto(server)
        box = page.get_by_label("问题", exact=True)
        box.fill(GDP)
        box.press("Enter")
        expect(page.get_by_text("2382.5亿元").first).to_be_visible(timeout=15_000)
        assert refused == []
        # As if text of a report had got into the page as HTML.
        page.evaluate(
            """() => { document.body.insertAdjacentHTML('beforeend',
              `<img src="x:" onerror="window.ran = 1"><a id="trap" href="javascript:window.ran = 1">
               x</a><img src="https://example.invalid/a.png">`);
              const script = document.createElement('script');
              script.textContent = 'window.ran = 1';
              document.body.append(script);
              document.getElementById('trap').click(); }"""
        )
        page.wait_for_timeout(300)
        assert page.evaluate("window.ran") is None
        browser.close()
    assert len([r for r in refused if "Content Security Policy" in r]) >= 4


def test_a_question_is_logged_counted_and_found_by_its_request_id(
    server: str, data_dir: Path
) -> None:
    question = "请打13800138000告诉我2021年的产值"
    headers = {"X-Request-ID": "seam-test-0001"}
    reply = httpx.post(f"{server}/v1/ask", json={"question": question}, headers=headers)
    assert reply.headers["x-request-id"] == "seam-test-0001"
    records = Records(data_dir)
    logged = next(q for q in records.questions.list() if q.request_id == "seam-test-0001")
    records.close()
    assert logged.question == "请打[手机号]告诉我2021年的产值"
    assert (logged.channel, logged.status) == ("api", reply.json()["status"])
    meters = httpx.get(f"{server}/metrics").text
    assert re.search(r'wenzheng_answers_total\{channel="api",status="\w+"\} \d', meters)
    assert "wenzheng_index_version 1.0" in meters
    assert re.search(r"wenzheng_passages [1-9]", meters)
    assert "wenzheng_ready 1.0" in meters
