"""What every view has to be: light, from this host alone, usable by everyone, at home in a frame."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.conftest import Office
from browser.site import GDP, REPORT, UNKNOWN, Visitor, no_wider_than_screen
from playwright.sync_api import Page, expect

Visit = Callable[..., Visitor]
MOST_BYTES = 3_000_000
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


def faults(page: Page) -> list[str]:
    """Return what axe finds that is serious or worse, by rule and element."""
    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {node['html'][:120]}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]


@SCHEMES
def test_the_conversation_is_accessible(visit: Visit, server: str, scheme: str) -> None:
    visitor = visit(server, color_scheme=scheme, reduced_motion="reduce")
    assert faults(visitor.page) == []
    visitor.ask(GDP)
    visitor.ask(UNKNOWN)
    visitor.page.locator(".turn").last.get_by_role("button", name="没帮助").click()
    expect(visitor.report.locator("mark").first).to_be_visible()
    assert faults(visitor.page) == []


@SCHEMES
def test_the_other_views_are_accessible(visit: Visit, server: str, scheme: str) -> None:
    visitor = visit(server, "/figures", color_scheme=scheme, reduced_motion="reduce")
    for path in (
        "/figures?indicator=GDP",
        f"/reports/{REPORT}#c523-616",
        "/reports",
        "/staff",
        "/en",
    ):
        visitor.open(path)
        if "#c" in path:
            expect(visitor.page.locator("article mark").first).to_be_in_viewport()
        assert faults(visitor.page) == [], path


@SCHEMES
def test_the_staff_view_is_accessible(visit: Visit, office: Office, scheme: str) -> None:
    visitor = visit(office.address, "/staff", color_scheme=scheme, reduced_motion="reduce")
    page = visitor.page
    page.get_by_label("工作人员密钥").fill(office.key)
    page.get_by_role("button", name="进入").click()
    for name, filled in (
        ("报告", "#versions li"),
        ("没答上的问题", "#open li"),
        ("词表", "#own-words li"),
        ("设置", "#in-force tr"),
    ):
        page.get_by_role("tab", name=name, exact=True).click()
        expect(page.locator(filled).first).to_be_visible()
        assert faults(page) == [], name


def test_a_phone_in_the_dark_is_accessible_too(visit: Visit, server: str) -> None:
    visitor = visit(server, width=390, color_scheme="dark", reduced_motion="reduce")
    visitor.ask(GDP).locator(".chip").click()
    expect(visitor.report.locator("mark").first).to_be_visible()
    assert faults(visitor.page) == []


def test_the_page_is_light_and_comes_from_this_host_alone(visit: Visit, server: str) -> None:
    visitor = visit(server, "/reports", cold=True)
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda e: sizes.append(e["encodedDataLength"]))
    visitor.open("/")
    visitor.ask(GDP)
    expect(visitor.report.locator("mark").first).to_be_visible()
    assert 100_000 < sum(sizes) < MOST_BYTES
    assert len(visitor.requests) > 10


def test_what_never_changes_is_kept_by_the_browser(visit: Visit, server: str) -> None:
    page = visit(server, "/reports").page
    style = page.locator("link[rel=stylesheet]").first.get_attribute("href")
    reply = httpx.get(f"{server}{style}", headers={"Accept-Encoding": "gzip"})
    assert "immutable" in reply.headers["cache-control"]
    assert reply.headers["content-encoding"] == "gzip"
    assert httpx.get(f"{server}/page/x/nothing.css").status_code == 404


def test_files_of_the_servers_disk_have_no_address(server: str) -> None:
    for path in ("upload", "file=/etc/passwd", "proxy=http://example.org"):
        assert httpx.get(f"{server}/gradio_api/{path}").status_code == 404


def test_the_whole_conversation_is_held_by_keyboard_alone(visit: Visit, server: str) -> None:
    visitor = visit(server)
    keys, page = visitor.page.keyboard, visitor.page
    keys.type(GDP)
    keys.press("Enter")
    expect(page.locator(".turn .short")).to_have_text("2382.5亿元")
    expect(visitor.box).to_be_focused()
    for _ in range(12):
        keys.press("Shift+Tab")
        if page.evaluate("document.activeElement.className") == "chip":
            break
    keys.press("Enter")
    expect(visitor.report.locator("mark").first).to_be_in_viewport()
    page.locator("#wz-pane-close").focus()
    keys.press("Enter")
    expect(page.locator(".chip").first).to_be_focused()
    assert page.locator("#wz-log").get_attribute("aria-live") == "polite"


def test_nothing_is_lost_at_twice_the_size(visit: Visit, server: str) -> None:
    visitor = visit(server, width=640)  # 1280 pixels at 200 %
    visitor.ask(GDP)
    for path in ("/", "/en", "/figures", "/reports", f"/reports/{REPORT}", "/staff"):
        visitor.open(path)
        assert no_wider_than_screen(visitor.page), path


def test_who_wants_no_motion_gets_none(visit: Visit, server: str) -> None:
    visitor = visit(server, reduced_motion="reduce")
    turn = visitor.ask(GDP)
    assert turn.locator(".answer").evaluate("e => getComputedStyle(e).animationName") == "none"


def test_other_sites_may_not_frame_the_page(visit: Visit, server: str, host: str) -> None:
    visitor = visit(host, f"/?{server}/", own=server)
    visitor.wait_until(lambda: visitor.page.frames[-1].url.startswith("chrome-error:"))
    assert any("frame-ancestors" in error for error in visitor.errors)
    visitor.errors.clear()
