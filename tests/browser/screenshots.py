"""Make the pictures of docs/images anew: python tests/browser/screenshots.py [FOLDER]."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from browser.conftest import FLAGS
from browser.site import GDP, REPORT, UNKNOWN, Visitor

from chat.records import Records
from chat.records.keys import Scope
from eval.runners.serving import serving

IMAGES = Path(__file__).parents[2] / "docs" / "images"
WIDE, PHONE = (1280, 860), (390, 844)
# Name of the picture, size of the window, what the visitor prefers, what the visitor does.
View = tuple[str, tuple[int, int], dict[str, Any], Callable[[Visitor], object]]
QUESTION = "怎么更大力度建设自贸试验区？"
SUMMARY = "教育方面做了什么？"


def main(folder: Path) -> None:
    """Start a server over the bundled report and take a picture of each main view."""
    folder.mkdir(parents=True, exist_ok=True)
    library = Path(tempfile.mkdtemp())
    records = Records(library)
    _, key = records.keys.create("screenshots", Scope.ADMIN, None)
    records.close()
    with serving(library) as (address, _, _), sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for name, size, options, steps in _views(key):
            page = _page(browser, size, options)
            page.set_default_timeout(120_000)
            steps(Visitor(page, address, address))
            page.wait_for_timeout(500)
            page.screenshot(path=folder / f"{name}.png")
            page.context.close()
        browser.close()
    shutil.rmtree(library)


def _page(browser: Browser, size: tuple[int, int], options: dict[str, Any]) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", **options
    )
    return context.new_page()


def _views(key: str) -> tuple[View, ...]:
    light: dict[str, Any] = {}
    return (
        ("home", WIDE, light, lambda v: v.open("/")),
        ("home-phone", PHONE, light, lambda v: v.open("/")),
        ("answer", WIDE, light, lambda v: _asked(v, GDP)),
        ("answer-phone", PHONE, light, lambda v: _asked(v, GDP)),
        ("dark", WIDE, {"color_scheme": "dark"}, lambda v: _asked(v, QUESTION)),
        ("refusal", WIDE, light, lambda v: _asked(v, UNKNOWN)),
        ("summary", WIDE, light, lambda v: _asked(v, SUMMARY)),
        ("report-phone", PHONE, light, lambda v: _asked(v, GDP).locator(".chip").click()),
        ("report", WIDE, light, lambda v: v.open(f"/reports/{REPORT}#c523-616")),
        ("figures", WIDE, light, lambda v: v.open("/figures")),
        ("figures-phone", PHONE, light, lambda v: v.open("/figures")),
        ("staff", WIDE, light, lambda v: _checked(v, key)),
        ("english", WIDE, light, lambda v: v.open("/en")),
    )


def _asked(visitor: Visitor, question: str) -> Locator:
    visitor.open("/")
    turn = visitor.ask(question)
    visitor.page.wait_for_timeout(1500)  # for what is offered next
    return turn


def _checked(visitor: Visitor, key: str) -> None:
    from browser.reports import county_reports

    visitor.open("/staff")
    visitor.page.get_by_label("工作人员密钥").fill(key)
    visitor.page.get_by_role("button", name="进入").click()
    folder = Path(tempfile.mkdtemp())
    visitor.page.locator("#files").set_input_files(county_reports(folder)[:2])
    visitor.page.locator("#queue .state.good").nth(1).wait_for()
    visitor.page.get_by_text("核对目录").first.click()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES)
