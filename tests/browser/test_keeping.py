"""What can be done with an answer, and what the browser remembers."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
from browser.conftest import Office
from browser.site import GDP, UNKNOWN, Visitor
from playwright.sync_api import expect

Visit = Callable[..., Visitor]


def test_the_conversation_is_there_again_after_a_reload_and_gone_after_starting_over(
    visit: Visit, server: str
) -> None:
    visitor = visit(server)
    visitor.ask(GDP)
    visitor.page.reload()
    visitor.ready()
    expect(visitor.page.locator(".turn .short")).to_have_text("2382.5亿元")
    visitor.page.get_by_role("button", name="重新开始").click()
    expect(visitor.page.locator(".turn")).to_have_count(0)
    expect(visitor.page.locator(".samples button")).to_have_count(6)
    expect(visitor.box).to_be_focused()
    visitor.page.get_by_role("button", name="历史").click()
    expect(visitor.page.locator("#wz-history li")).to_have_text([GDP])
    visitor.page.get_by_role("button", name="全部清除").click()
    assert visitor.page.evaluate("localStorage.getItem('wz.questions')") == "[]"


def test_an_answer_is_copied_with_its_source(visit: Visit, server: str) -> None:
    visitor = visit(server, permissions=["clipboard-read", "clipboard-write"])
    turn = visitor.ask(GDP)
    turn.get_by_role("button", name="复制").click()
    expect(turn.get_by_role("button", name="已复制")).to_be_visible()
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert "2382.5亿元" in copied
    assert "出处：宁波市北仑区2022年政府工作报告 › 本届政府工作回顾" in copied
    assert copied.splitlines()[-1].startswith(f"{server}/reports/")


def test_a_thumb_down_with_its_reason_reaches_the_staff(visit: Visit, office: Office) -> None:
    visitor = visit(office.address)
    turn = visitor.ask(UNKNOWN)
    turn.get_by_role("button", name="没帮助").click()
    turn.get_by_text("报告里有，却说没有").click()
    turn.get_by_label("补充说明（可不填）").fill("2019年也要")
    turn.get_by_role("button", name="提交").click()
    expect(turn.locator(".told")).to_have_text("谢谢，意见已记下。")
    headers = {"Authorization": f"Bearer {office.key}"}
    kept = httpx.get(f"{office.address}/v1/feedback", headers=headers).json()["feedback"][0]
    assert kept["question"] == UNKNOWN
    assert (kept["helpful"], kept["reason"], kept["comment"]) == (
        False,
        "报告里有，却说没有",
        "2019年也要",
    )


def test_dark_and_large_stay_chosen_on_every_page(visit: Visit, server: str) -> None:
    visitor = visit(server)
    page = visitor.page
    size = page.locator(".samples button").first.evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize)"
    )
    page.get_by_role("button", name="深色").click()
    page.get_by_role("button", name="大字").click()
    larger = page.locator(".samples button").first.evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize)"
    )
    assert larger > size * 1.15
    for path in ("/figures", "/reports"):
        visitor.open(path)
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        expect(page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")


def test_what_the_browser_keeps_is_not_trusted(visit: Visit, server: str) -> None:
    visitor = visit(server)
    answer = {
        "question": "x",
        "answer": "<img src=x onerror=window.hacked=1>",
        "status": "answered",
    }
    turns = [{"turn": "a1", "question": "<b>x</b>", "answer": json.dumps(answer)}, {"turn": "#"}, 7]
    visitor.page.evaluate("t => localStorage.setItem('wz.turns', t)", json.dumps(turns))
    visitor.page.reload()
    visitor.ready()
    expect(visitor.page.locator(".turn h2")).to_contain_text("<b>x</b>")
    turn = visitor.ask(GDP)
    expect(turn.locator(".short")).to_have_text("2382.5亿元")
    assert visitor.page.evaluate("window.hacked") is None


def test_a_restart_of_the_server_does_not_end_the_conversation(
    visit: Visit, office: Office
) -> None:
    visitor = visit(office.address)
    visitor.ask("梅山水道北堤工程得了什么奖")
    office.stop()
    visitor.box.fill("那南堤工程呢")
    visitor.box.press("Enter")
    expect(visitor.page.locator("#wz-ask-told")).to_contain_text("没有连上服务")
    expect(visitor.box).to_have_value("那南堤工程呢")
    office.launch()
    office.wait()
    visitor.ask("那南堤工程呢")
    # The page may have been loaded anew from the server that is back, and shows both turns again.
    turn = visitor.page.locator(".turn").filter(has_text="那南堤工程呢").last
    expect(turn.locator(".answer")).to_contain_text("大禹奖")
    expect(turn.locator(".understood")).to_be_visible()
    visitor.errors.clear()  # the browser tells of the connections that failed meanwhile
