"""A citizen asks, reads the answer, checks it in the report, asks on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from browser.site import GDP, UNKNOWN, Visitor, no_wider_than_screen
from playwright.sync_api import expect

Visit = Callable[..., Visitor]
SIZES = pytest.mark.parametrize("width", [1280, 390], ids=["wide", "phone"])


@SIZES
def test_the_first_screen_names_the_reports_and_waits_for_a_question(
    visit: Visit, server: str, width: int
) -> None:
    page = visit(server, width=width).page
    expect(page.get_by_role("heading", name="问政", exact=True)).to_be_visible()
    expect(page.locator(".hero-known")).to_have_text(
        "可查《宁波市北仑区2022年政府工作报告》，截至2022年2月12日。"
    )
    expect(page.get_by_role("textbox", name="问题")).to_be_focused()
    samples = page.locator(".samples button")
    expect(samples).to_have_count(6)
    expect(samples.last).to_be_in_viewport(ratio=1)
    assert no_wider_than_screen(page)


@SIZES
def test_an_answer_is_short_and_large_with_sentence_source_and_confidence(
    visit: Visit, server: str, width: int
) -> None:
    visitor = visit(server, width=width)
    turn = visitor.ask(GDP)
    expect(turn.locator(".short")).to_have_text("2382.5亿元")
    weight, size = turn.locator(".short").evaluate(
        "e => [getComputedStyle(e).fontWeight, parseFloat(getComputedStyle(e).fontSize)]"
    )
    assert int(weight) >= 600
    assert size >= 24
    expect(turn.locator(".sentence")).to_contain_text("全区实现地区生产总值2382.5亿元")
    expect(turn.locator(".sentence strong")).to_have_text("2382.5亿元")
    expect(turn.locator(".chip")).to_contain_text(
        "宁波市北仑区2022年政府工作报告 › 本届政府工作回顾"
    )
    expect(turn.locator(".sure")).to_have_text("很有把握")
    assert no_wider_than_screen(visitor.page)


def test_the_report_stands_beside_the_answer_at_the_cited_words(visit: Visit, server: str) -> None:
    visitor = visit(server)
    visitor.ask(GDP)
    mark = visitor.report.locator("mark").first
    expect(mark).to_contain_text("2021年，全区实现地区生产总值")
    expect(mark).to_be_in_viewport()
    expect(visitor.box).to_be_focused()


def test_on_a_phone_the_report_slides_up_and_goes_back_to_the_link(
    visit: Visit, server: str
) -> None:
    visitor = visit(server, width=390)
    chip = visitor.ask(GDP).locator(".chip")
    expect(visitor.page.locator("#wz-pane")).not_to_be_visible()
    chip.click()
    expect(visitor.report.locator("mark").first).to_be_in_viewport()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator("#wz-pane")).not_to_be_visible()
    expect(chip).to_be_focused()


def test_a_report_that_was_closed_opens_again_at_the_cited_words(visit: Visit, server: str) -> None:
    visitor = visit(server, width=390)
    chip = visitor.ask(GDP).locator(".chip")
    mark = visitor.report.locator("mark").first
    chip.click()
    expect(mark).to_be_in_viewport()
    mark.hover()
    visitor.page.mouse.wheel(0, 5000)
    expect(mark).not_to_be_in_viewport()
    visitor.page.locator("#wz-pane-close").click()
    chip.click()
    expect(mark).to_be_in_viewport()


def test_the_cited_words_stay_in_view_while_the_window_changes(visit: Visit, server: str) -> None:
    visitor = visit(server)
    visitor.ask("“两业融合”是什么意思？")
    mark = visitor.report.locator("mark").first
    expect(mark).to_be_in_viewport()
    for width in (1010, 1600, 1010):
        visitor.page.set_viewport_size({"width": width, "height": 500})
        expect(mark).to_be_in_viewport()


def test_another_answer_moves_the_marks(visit: Visit, server: str) -> None:
    visitor = visit(server)
    visitor.ask(GDP)
    expect(visitor.report.locator("mark").first).to_contain_text("2021年，全区实现")
    visitor.ask("“两业融合”是什么意思？")
    expect(visitor.report.locator("mark")).to_contain_text(["先进制造业和现代服务业融合发展"])


def test_a_refusal_looks_different_and_says_where_else_to_ask(visit: Visit, server: str) -> None:
    turn = visit(server).ask(UNKNOWN)
    expect(turn.locator(".answer")).to_have_class(re.compile("answer-none"))
    expect(turn.locator(".none-label")).to_have_text("报告没有提到")
    expect(turn.locator(".nearest")).to_contain_text("2021年，全区实现地区生产总值")
    expect(turn.locator(".elsewhere")).to_contain_text("12345")
    expect(turn.locator(".sure")).to_have_count(0)


def test_a_follow_up_is_understood_from_what_was_asked_before(visit: Visit, server: str) -> None:
    visitor = visit(server)
    visitor.ask("梅山水道北堤工程得了什么奖")
    turn = visitor.ask("那南堤工程呢")
    expect(turn.locator(".answer")).to_contain_text("大禹奖")
    expect(turn.locator(".understood")).to_contain_text("理解为：")


def test_what_is_offered_next_is_answered(visit: Visit, server: str) -> None:
    visitor = visit(server)
    visitor.ask(GDP)
    offered = visitor.page.locator(".hints button")
    expect(offered.first).to_be_visible()
    assert offered.count() >= 2
    question = offered.first.inner_text()
    offered.first.click()
    turn = visitor.page.locator(".turn").nth(1)
    expect(turn.locator("h2")).to_contain_text(question)
    expect(turn.locator(".short")).to_be_visible()
    expect(turn.locator(".answer-none")).to_have_count(0)


def test_a_term_of_the_glossary_explains_itself(visit: Visit, server: str) -> None:
    visitor = visit(server)
    turn = visitor.ask("怎么更大力度建设自贸试验区？")
    term = turn.locator("button.term").first
    expect(term).to_be_visible()
    visitor.page.keyboard.press("Escape")
    term.focus()
    visitor.page.keyboard.press("Enter")
    told = turn.locator(".bubble:popover-open")
    expect(told).to_be_visible()
    assert len(told.inner_text()) > len(term.inner_text()) + 5
    visitor.page.keyboard.press("Escape")
    expect(turn.locator(".bubble:popover-open")).to_have_count(0)


def test_a_sample_is_asked_by_a_click(visit: Visit, server: str) -> None:
    visitor = visit(server)
    visitor.page.locator(".samples button").first.click()
    expect(visitor.page.locator(".turn .short")).to_be_visible()
    expect(visitor.page.locator(".answer-none")).to_have_count(0)


def test_a_faulty_question_is_answered_with_what_to_mend(visit: Visit, server: str) -> None:
    visitor = visit(server)
    visitor.box.fill("   ")
    visitor.box.press("Enter")
    expect(visitor.page.locator(".turn")).to_have_count(0)
    turn = visitor.ask("？？？")
    expect(turn.locator(".answer-error")).to_contain_text("问题是空的，请写下想问的内容。")


def test_a_question_that_is_too_long_is_told_so(visit: Visit, server: str) -> None:
    visitor = visit(server, f"/?q={'长' * 600}")
    expect(visitor.page.locator(".answer-error")).to_contain_text("最多500个字")
    visitor.box.evaluate("field => field.removeAttribute('maxlength')")
    visitor.box.fill("长" * 100_000)
    visitor.box.press("Enter")
    # Refused before it reaches the page's own program; the question is not lost.
    expect(visitor.page.locator("#wz-ask-told")).to_contain_text("请缩短")
    expect(visitor.page.locator(".turn")).to_have_count(1)
    assert len(visitor.box.input_value()) == 100_000
    visitor.errors.clear()  # the browser tells of the 413


def test_a_summary_stands_by_chapter_with_the_place_of_each_item(visit: Visit, server: str) -> None:
    visitor = visit(server)
    turn = visitor.ask("教育方面做了什么？")
    expect(turn.locator(".chapter").first).to_contain_text("本届政府工作回顾")
    items = turn.locator(".items li")
    assert items.count() >= 2
    said = items.last.locator("bdi").inner_text()
    items.last.get_by_role("link", name="看这一条的原文").click()
    mark = visitor.report.locator("mark").first
    expect(mark).to_contain_text(said[:10])
    expect(mark).to_be_in_viewport()


def test_a_hostile_question_stays_text(visit: Visit, server: str) -> None:
    visitor = visit(server)
    visitor.ask("<img src=x onerror=window.hacked=1> [x](javascript:alert(1)) **产值**多少")
    expect(visitor.page.locator(".turn h2")).to_contain_text("<img src=x onerror=window.hacked=1>")
    assert visitor.page.evaluate("window.hacked") is None
    assert visitor.page.locator("#wz-log img, #wz-log a[href^='javascript']").count() == 0


def test_the_english_page_asks_the_same_report(visit: Visit, server: str) -> None:
    visitor = visit(server, "/en")
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    expect(visitor.page.get_by_role("heading", name="Wenzheng", exact=True)).to_be_visible()
    turn = visitor.ask(GDP)
    expect(turn.locator(".short")).to_have_text("2382.5亿元")
    expect(turn.locator(".sure")).to_have_text("Very sure")
    visitor.page.get_by_role("link", name="中文").click()
    visitor.ready()
    expect(visitor.page.locator(".turn .short")).to_have_text("2382.5亿元")


def test_a_link_may_carry_the_question(visit: Visit, server: str) -> None:
    visitor = visit(server, f"/?q={GDP}")
    expect(visitor.page.locator(".turn .short")).to_have_text("2382.5亿元")
