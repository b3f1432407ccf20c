"""What a visitor of the pages does, and what a test hears of it."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

GDP = "2021年北仑区的地区生产总值是多少？"
UNKNOWN = "2019年北仑区的地区生产总值是多少？"
REPORT = "北仑区_2022"
# What Gradio's client logs of a request that is cut off because the visitor leaves the page, and
# what Chromium tells of a frame that wants the focus.
_HARMLESS = (
    "AbortError: signal is aborted",
    "Connection errored out",
    "Blocked autofocusing",
)


class Visitor:
    """A page in a browser; notes every request to another host and every error."""

    def __init__(self, page: Page, address: str, own: str) -> None:
        self.page = page
        self.address = address
        self.own = own
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.requests: list[str] = []
        page.on("request", self._requested)
        page.on("console", self._logged)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def forget(self) -> None:
        """Empty what the browser has kept of earlier visits, as for someone who comes first."""
        session = self.page.context.new_cdp_session(self.page)
        for origin in {self.address, self.own}:
            session.send(
                "Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage"}
            )
        session.detach()

    def open(self, path: str = "/") -> None:
        """Go to a path of the server; the citizen's page is awaited until it can be asked."""
        self.page.goto(self.address + path)
        if path.split("?", 1)[0] in ("/", "/en") and self.own == self.address:
            self.ready()

    def ready(self) -> None:
        """Wait until a question can be asked."""
        self.page.locator("html.ready").wait_for()

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds that the page does not show."""
        deadline = time.monotonic() + 20
        while not holds():
            assert time.monotonic() < deadline
            self.page.wait_for_timeout(20)  # lets the browser tell what happens

    @property
    def box(self) -> Locator:
        """The field of the question."""
        return self.page.locator("#wz-question textarea")

    @property
    def answers(self) -> Locator:
        """All answers of the conversation."""
        return self.page.locator(".answer")

    def ask(self, question: str) -> Locator:
        """Ask a question and return its turn once it is answered."""
        turns = self.page.locator(".turn")
        number = turns.count()
        self.box.fill(question)
        self.box.press("Enter")
        turn = turns.nth(number)
        expect(turn.locator(".answer")).to_be_visible()
        expect(turn).not_to_have_attribute("aria-busy", "true")
        return turn

    @property
    def report(self) -> Locator:
        """The report beside the conversation."""
        return self.page.frame_locator("#wz-pane iframe").locator("article.report")

    def _requested(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self.address, self.own, "data:", "blob:", "about:")):
            self.foreign.append(request.url)

    def _logged(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known in message.text for known in _HARMLESS):
            self.errors.append(message.text)


def no_wider_than_screen(page: Page) -> bool:
    """Tell whether nothing sticks out at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
