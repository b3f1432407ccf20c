"""The reports as pages of their own: read, shared, printed, without a script too; the figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import httpx
from browser.site import REPORT, Visitor, no_wider_than_screen
from playwright.sync_api import Browser, expect
from selectolax.lexbor import LexborHTMLParser

from corpus.types import Document

Visit = Callable[..., Visitor]


def test_a_link_marks_exactly_the_words_it_names(
    visit: Visit, server: str, document: Document
) -> None:
    start = document.text.index("梅山水道北堤")
    visitor = visit(server, f"/reports/{REPORT}#c{start}-{start + 25}")
    marks = visitor.page.locator("article mark")
    expect(marks.first).to_be_in_viewport()
    assert "".join(marks.all_inner_texts()) == document.text[start : start + 25]


def test_marks_count_characters_not_code_units(visit: Visit, server: str) -> None:
    visitor = visit(server, f"/reports/{REPORT}#c523-616")
    expect(visitor.page.locator("article mark").first).to_contain_text("2021年")
    visitor.page.evaluate("location.hash = '#c16653-16660'")
    expect(visitor.page.locator("article mark")).to_have_text(["17.臭氧与P"])


def test_the_page_holds_the_whole_text_of_the_report(server: str, document: Document) -> None:
    tree = LexborHTMLParser(httpx.get(f"{server}/reports/{REPORT}").text)
    for block in tree.css(".block"):
        start, text = int(block.attributes["data-start"] or 0), block.text()
        assert document.text[start : start + len(text)] == text
    shown = "".join("".join(b.text().split()) for b in tree.css(".block"))
    assert shown == "".join(document.text.split())


def test_a_report_is_read_without_a_script(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/reports/{REPORT}")
    page.get_by_text("标出数据").click()
    figure = page.locator(".figure", has_text="2382.5亿元")
    assert figure.evaluate("e => getComputedStyle(e).fontWeight") == "600"
    page.get_by_role("link", name="2022年主要工作安排", exact=True).click()
    expect(page.locator("#p7311")).to_be_in_viewport()
    page.goto(f"{server}/figures?indicator=GDP")
    expect(page.locator("tbody tr").first).to_contain_text("2382.5亿元")
    context.close()


def test_a_term_in_the_report_is_explained_where_it_stands(visit: Visit, server: str) -> None:
    page = visit(server, f"/reports/{REPORT}").page
    page.locator("a.term", has_text="证照分离").first.focus()
    expect(page.locator("#bubble")).to_contain_text("市场主体只需到工商部门领取营业执照")
    page.keyboard.press("Escape")
    expect(page.locator("#bubble")).to_be_hidden()


def test_paper_shows_the_text_alone(visit: Visit, server: str) -> None:
    page = visit(server, f"/reports/{REPORT}").page
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".outline")).to_be_hidden()
    expect(page.locator("#p523, #p470").first).to_be_visible()


def test_a_report_that_is_not_there_is_told_kindly(visit: Visit, server: str) -> None:
    visitor = visit(server, "/reports/没有")
    expect(visitor.page.get_by_role("heading", name="没有这份报告")).to_be_visible()
    assert httpx.get(f"{server}/reports/没有").status_code == 404
    visitor.errors.clear()  # the browser tells of the 404


def test_figures_are_found_charted_and_linked(visit: Visit, server: str) -> None:
    visitor = visit(server, "/figures")
    page = visitor.page
    compared = page.locator(".drawing", has_text="地区生产总值")
    expect(compared.locator("svg .bar")).to_have_count(2)
    expect(compared.locator("svg .bar[style*='wz-hatch']")).to_have_count(1)
    compared.get_by_text("看数字").click()
    expect(compared.locator("tbody tr")).to_have_text(
        ["2021实际2382.5亿元", "2026目标超过3200亿元"]
    )
    page.get_by_label("指标").fill("财政总收入")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("tbody[lang] tr")).to_have_count(3)
    page.get_by_label("年份").select_option("2021")
    page.wait_for_url("**year=2021**")
    page.locator("tbody[lang] tr", has_text="781.1亿元").get_by_role("link").click()
    expect(page.locator("article mark")).to_have_text("781.1亿元")


def test_figures_are_downloaded_as_csv(server: str) -> None:
    reply = httpx.get(f"{server}/figures.csv", params={"indicator": "GDP", "year": "2021"})
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert "2382.5亿元" in [row["text"] for row in rows]
    assert "attachment" in reply.headers["content-disposition"]


def test_conditions_that_fit_nothing_find_nothing(visit: Visit, server: str) -> None:
    visitor = visit(server, "/figures?indicator=没有这个指标&year=abc&kind=x&document=y")
    expect(visitor.page.locator("#found")).to_contain_text("没有找到这样的数据")


def test_the_figures_fit_a_phone(visit: Visit, server: str) -> None:
    visitor = visit(server, "/figures", width=390)
    expect(visitor.page.locator(".drawing").first).to_be_visible()
    assert no_wider_than_screen(visitor.page)
