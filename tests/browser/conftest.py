"""For the browser tests: Chromium, the page as a citizen opens it, a server whose library may change."""

from __future__ import annotations

import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser.site import Visitor
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
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, on the port that it has."""
        program = [sys.executable, "-m", "wenzheng", "serve", "--data", str(self.folder)]
        self.process = subprocess.Popen(
            [*program, "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            env={**os.environ, **self.settings},
        )
        until = time.monotonic() + 300
        while time.monotonic() < until:
            assert self.process.poll() is None, "the server did not start"
            try:
                if httpx.get(f"{self.address}/readyz").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("the server did not become ready")

    def stop(self) -> None:
        """Stop it."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(60)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "chromium is missing: make test installs it"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open a page of a server; at the end no request has left it and no error was logged."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def opened(
        address: str, path: str = "/", width: int = 1280, own: str = "", **options: Any
    ) -> Visitor:
        height = 844 if width < 640 else 900
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", **options
        )
        contexts.append(context)
        page: Page = context.new_page()
        page.set_default_timeout(30_000)
        visitor = Visitor(page, address, own or address)
        visitors.append(visitor)
        visitor.open(path)
        return visitor

    yield opened
    for context in contexts:
        context.close()
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
    held.start()
    return held


@pytest.fixture(scope="session")
def office(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A server over a copy of the library, which may change."""
    held = opened_office(data_dir, tmp_path_factory.mktemp("office") / "library")
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
