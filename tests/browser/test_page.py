"""The page in a real browser: ask, read, see the words marked in the report."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
GDP = "2021年北仑区的地区生产总值是多少？"
SIZES = [(1280, 900), (390, 844)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "chromium is missing: make test installs it"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(params=SIZES, ids=["wide", "phone"])
def page(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page as opened by a citizen; complains of any error and any foreign request."""
    width, height = request.param
    opened = browser.new_page(viewport={"width": width, "height": height})
    foreign: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda r: None if local(r.url, server) else foreign.append(r.url))
    opened.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda e: errors.append(str(e)))
    opened.goto(server)
    expect(opened.get_by_role("heading", name="问政", exact=True)).to_be_visible()
    yield opened
    opened.close()
    assert foreign == []
    assert errors == []


def local(url: str, server: str) -> bool:
    return url.startswith((server, "data:", "blob:", server.replace("http", "ws", 1)))


def ask(page: Page, question: str) -> None:
    box = page.get_by_label("问题")
    box.fill(question)
    box.press("Enter")


def test_a_question_shows_answer_sentence_and_mark(page: Page) -> None:
    ask(page, GDP)
    expect(page.locator(".wz-short strong")).to_have_text("2382.5亿元")
    expect(page.locator(".wz-sentence")).to_contain_text("全区实现地区生产总值2382.5亿元")
    expect(page.locator(".wz-source")).to_contain_text("本届政府工作回顾")
    expect(page.locator(".wz-report mark")).to_contain_text("全区实现地区生产总值2382.5亿元")
    weight = page.locator(".wz-short strong").evaluate("e => getComputedStyle(e).fontWeight")
    assert int(weight) >= 600


def test_the_samples_come_from_the_report_and_are_answered(page: Page) -> None:
    samples = page.locator("#wz-samples button")
    expect(samples).to_have_count(6)
    samples.first.click()
    expect(page.locator(".wz-short")).to_be_visible()
    expect(page.locator(".wz-none")).to_have_count(0)


def test_a_refusal_looks_different_and_says_where_else_to_ask(page: Page) -> None:
    ask(page, "2019年北仑区的地区生产总值是多少？")
    expect(page.locator(".wz-none")).to_contain_text("报告没有")
    expect(page.locator(".wz-help")).to_contain_text("12345")


def test_a_follow_up_shows_how_it_was_understood(page: Page) -> None:
    ask(page, "梅山水道北堤工程得了什么奖")
    expect(page.locator(".wz-short")).to_have_count(1)
    ask(page, "那南堤工程呢")
    expect(page.locator(".wz-answer").nth(1)).to_contain_text("大禹奖")
    expect(page.locator(".wz-answer").nth(1)).to_contain_text("理解为")


def test_hostile_text_stays_text(page: Page) -> None:
    ask(page, "<img src=x onerror=alert(1)> [x](javascript:alert(1)) **产值**多少")
    expect(page.locator(".wz-answer")).to_have_count(1)
    expect(page.locator("#wz-chat")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("#wz-chat img[src='x']").count() == 0
    assert page.locator("#wz-chat a[href^='javascript']").count() == 0


def test_an_empty_question_is_not_sent(page: Page) -> None:
    ask(page, "   ")
    expect(page.locator(".wz-answer")).to_have_count(0)


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    ask(page, GDP)
    expect(page.locator(".wz-report mark")).to_be_attached()
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= screen


def test_starting_again_clears_the_conversation(page: Page) -> None:
    ask(page, GDP)
    expect(page.locator(".wz-answer")).to_have_count(1)
    page.get_by_role("button", name=re.compile("重新开始")).click()
    expect(page.locator(".wz-answer")).to_have_count(0)
    expect(page.locator(".wz-empty")).to_be_visible()
