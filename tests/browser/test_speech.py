"""Speaking instead of typing: offered where the browser can listen, and only there.

Chromium without a microphone cannot listen, so the browser's part is played by a script.
"""

from __future__ import annotations

from collections.abc import Callable

from browser.site import Visitor
from playwright.sync_api import expect

Visit = Callable[..., Visitor]
DEAF = "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;"
# Hears a question in two steps, as browsers tell what they have heard so far.
HEARING = """
window.SpeechRecognition = class {
  start() {
    window.asked = this.lang;
    const heard = (text) => this.onresult({ results: [[{ transcript: text }]] });
    setTimeout(() => heard("2021年北仑区的"), 20);
    setTimeout(() => { heard("2021年北仑区的地区生产总值是多少"); this.onend(); }, 60);
  }
  stop() { this.onend(); }
};
"""
MUTE = """
window.SpeechRecognition = class {
  start() { setTimeout(() => { this.onerror(); this.onend(); }, 20); }
  stop() { this.onend(); }
};
"""


def test_a_browser_that_cannot_listen_is_offered_no_speech(visit: Visit, server: str) -> None:
    visitor = visit(server, script=DEAF)
    expect(visitor.page.locator("#wz-speak")).to_be_hidden()


def test_what_is_spoken_stands_in_the_field_and_is_sent_by_hand(visit: Visit, server: str) -> None:
    visitor = visit(server, script=HEARING)
    button = visitor.page.get_by_role("button", name="语音输入")
    button.click()
    expect(visitor.box).to_have_value("2021年北仑区的地区生产总值是多少")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(visitor.box).to_be_focused()
    assert visitor.page.evaluate("window.asked") == "zh-CN"
    expect(visitor.page.locator(".turn")).to_have_count(0)
    visitor.box.press("Enter")
    expect(visitor.page.locator(".turn .short")).to_have_text("2382.5亿元")


def test_who_was_not_heard_is_told_so(visit: Visit, server: str) -> None:
    visitor = visit(server, script=MUTE)
    visitor.page.get_by_role("button", name="语音输入").click()
    expect(visitor.page.locator("#wz-ask-told")).to_have_text("没有听清，请再说一次或用键盘输入。")
    expect(visitor.box).to_have_value("")
