"""For the browser tests: Chromium, the page as a citizen opens it, a server whose library may change."""

from __future__ import annotations

import http.server
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser.site import Visitor
from forked import Command, is_ready
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from chat.records import Records
from chat.records.keys import Scope

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
expect.set_options(timeout=20_000)  # how long a busy machine may take; most takes a moment


@dataclass
class Office:
    """A server of its own, its folder, and a key that may change its library."""

    address: str
    folder: Path
    key: str
    port: int
    settings: dict[str, str]
    process: Command | None = None

    def launch(self) -> None:
        """Start it, on the port that it has; it takes a while until it is ready."""
        arguments = ("serve", "--data", self.folder, "--port", str(self.port))
        self.process = Command(arguments, self.folder.parent, self.settings)

    def wait(self) -> None:
        """Wait until it is ready."""
        assert self.process is not None
        until = time.monotonic() + 180
        while not is_ready(self.address):
            assert not self.process.ended(), self.process.said()
            assert time.monotonic() < until, self.process.said()
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


class Contexts:
    """Profiles of a browser by what their visitors prefer."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._kept: dict[str, BrowserContext] = {}

    def page(self, options: dict[str, Any]) -> Page:
        """Open a page; with ``cold=True`` in a new profile, whose cache is empty."""
        cold = options.pop("cold", False)
        key = repr(sorted(options.items()))
        if cold or key not in self._kept:
            self._kept[key] = self._browser.new_context(locale="zh-CN", **options)
        return self._kept[key].new_page()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "chromium is missing: make test installs it"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Contexts:
    """Profiles of the browser, each kept with its cache for all tests that want the same."""
    return Contexts(browser)


@pytest.fixture
def visit(contexts: Contexts) -> Iterator[Callable[..., Visitor]]:
    """Open a page of a server; at the end no request has left it and no error was logged."""
    visitors: list[Visitor] = []

    def opened(
        address: str,
        path: str = "/",
        width: int = 1280,
        own: str = "",
        script: str = "",
        **options: Any,
    ) -> Visitor:
        page = contexts.page(options)
        page.add_init_script(script)
        page.set_viewport_size({"width": width, "height": 844 if width < 640 else 900})
        page.set_default_timeout(30_000)
        visitor = Visitor(page, address, own or address)
        visitors.append(visitor)
        visitor.forget()
        visitor.open(path)
        return visitor

    yield opened
    for visitor in visitors:
        visitor.page.close()
    for visitor in visitors:
        assert visitor.foreign == []
        assert visitor.errors == []


def opened_office(library: Path, folder: Path, **settings: str) -> Office:
    """Start a server over a copy of a library, with a key of its staff."""
    shutil.copytree(library, folder)
    records = Records(folder)
    _, secret = records.keys.create("browser tests", Scope.ADMIN, None)
    records.close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    held = Office(f"http://127.0.0.1:{port}", folder, secret, port, settings)
    held.launch()
    return held


@pytest.fixture(scope="session")
def office(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A server over a copy of the library, which may change."""
    held = opened_office(data_dir, tmp_path_factory.mktemp("office") / "library")
    held.wait()
    yield held
    held.stop()


@pytest.fixture(scope="session")
def host() -> Iterator[str]:
    """Address of another site that holds a frame, whose address stands after its ``?``."""

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            framed = self.path.partition("?")[2]
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            page = f'<link rel="icon" href="data:,"><iframe src="{framed}" width="700" height="800"></iframe>'
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            return

    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}"
    site.shutdown()
