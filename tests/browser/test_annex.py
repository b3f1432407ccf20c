"""A server set otherwise: a model words the answers, a path prefix, a site that may frame the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.conftest import Office, opened_office
from browser.proxy import proxied
from browser.site import GDP, Visitor
from playwright.sync_api import expect
from scripted_endpoint import Endpoint, Reply, running

Visit = Callable[..., Visitor]
GOOD = "2021年，全区实现地区生产总值2382.5亿元，年均增长7.5%。[1]"
# What the same paragraph says, too, a sentence at a time.
MORE = (
    "实现财政总收入781.1亿元、一般公共预算收入391.9亿元。[1]",
    "规上工业总产值达到4999.3亿元，占全市总量的22.6%。[1]",
    "服务业增加值年均增长13.6%。[1]",
    "外贸进出口额首次突破4000亿元。[1]",
    "实际利用外资超13亿美元。[1]",
    "11个主要经济指标名列全市首位。[1]",
)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with running() as ready:
        yield ready


@pytest.fixture(scope="module")
def annex(
    data_dir: Path, tmp_path_factory: pytest.TempPathFactory, endpoint: Endpoint, host: str
) -> Iterator[Office]:
    held = opened_office(
        data_dir,
        tmp_path_factory.mktemp("annex") / "library",
        WENZHENG_ANSWERER="generative",
        WENZHENG_ENDPOINT=endpoint.url,
        WENZHENG_ENDPOINT_MODEL="scripted",
        WENZHENG_CONNECT_SECONDS="30",
        WENZHENG_FIRST_TOKEN_SECONDS="60",
        WENZHENG_ROOT_PATH="/wz",
        WENZHENG_EMBED_HOSTS=host,
    )
    held.wait()
    yield held
    held.stop()


def test_under_a_prefix_the_page_works_in_a_frame_of_an_allowed_site(
    visit: Visit, annex: Office, endpoint: Endpoint, host: str
) -> None:
    endpoint.tells(Reply((GOOD,)))
    with proxied(annex.address, "/wz") as front:
        visitor = visit(host, f"/?{front}/wz/", own=front)
        frame = visitor.page.frame_locator("iframe").first
        frame.locator("html.ready").wait_for()
        frame.locator("#wz-question textarea").fill(GDP)
        frame.locator("#wz-question textarea").press("Enter")
        turn = frame.locator(".turn")
        expect(turn.locator(".short")).to_contain_text("2382.5亿元")
        expect(turn.locator(".generated")).to_contain_text("AI生成")
        expect(turn.locator(".generated")).to_contain_text("以报告原文为准")
        turn.locator(".sources .chip").click()
        report = frame.frame_locator("#wz-pane iframe")
        expect(report.locator("mark").first).to_be_visible()
        assert not [u for u in visitor.requests if u.startswith(front) and "/wz/" not in u]
        visitor.page.close()  # before the address is gone that it may still ask


def test_an_answer_that_grows_can_be_stopped(
    visit: Visit, annex: Office, endpoint: Endpoint
) -> None:
    endpoint.tells(Reply((GOOD, *MORE), pause_s=2))
    with proxied(annex.address, "/wz") as front:
        visitor = visit(front, "/wz/")
        visitor.ready()
        visitor.box.fill(GDP)
        visitor.box.press("Enter")
        turn = visitor.page.locator(".turn")
        expect(turn.locator(".short")).to_contain_text("2382.5亿元")
        expect(turn).to_have_attribute("aria-busy", "true")
        visitor.page.get_by_role("button", name="停止").click()
        expect(turn).to_contain_text("已停止。")
        expect(turn).not_to_have_attribute("aria-busy", "true")
        expect(visitor.box).to_be_editable()
        visitor.wait_until(lambda: endpoint.seen.left >= 1)  # the model was told to stop, too
        visitor.page.close()
