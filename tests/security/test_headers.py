"""What every reply says to a browser, whatever the address and whatever went wrong."""

from __future__ import annotations

import re

import httpx
import pytest
from live_api import LiveApi

from chat.records.keys import Scope

PAGES = [
    "/",
    "/en",
    "/reports",
    "/reports/北仑区_2022",
    "/reports/没有",
    "/figures",
    "/staff",
    "/docs",
]
DATA = [
    "/openapi.json", "/healthz", "/readyz", "/metrics", "/v1/documents", "/v1/figures",
    "/v1/documents/北仑区_2022/text", "/v1/nowhere", "/v1/jobs", "/figures.csv", "/config",
    "/theme.css", "/mcp", "/robots.txt", "/favicon.ico", "/gradio_api/file=x", "/gradio_api/app_id",
    "/nowhere", "/static/nowhere", "/assets/nowhere.js", "/page/x/nowhere.css",
]  # fmt: skip
_TYPES = ("application/json", "application/problem+json", "text/plain", "text/csv", "text/css",
          "image/svg+xml", "text/event-stream", "text/javascript", "application/openmetrics-text")  # fmt: skip


def directives(reply: httpx.Response) -> dict[str, str]:
    policy = reply.headers["content-security-policy"]
    return {d.split()[0]: d for d in policy.split("; ")}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("path", PAGES + DATA)
def test_every_reply_has_the_headers(method: str, path: str, api: LiveApi) -> None:
    with (
        api.client() as citizen,
        citizen.stream(method, path, headers={"Accept": "*/*"}) as reply,
    ):
        assert reply.status_code < 500
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "same-origin"
    assert "server" not in reply.headers
    assert "x-powered-by" not in reply.headers
    policy = directives(reply)
    assert policy["default-src"] == "default-src 'none'"
    assert policy["frame-ancestors"] == "frame-ancestors 'self'"
    text = reply.headers["content-security-policy"]
    assert not re.search(r"https?:|\*|unsafe-eval|unsafe-hashes", text)
    if path != "/docs":  # Swagger UI starts from a script in its page
        assert "unsafe-inline" not in policy.get("script-src", "")


@pytest.mark.parametrize("path", DATA)
def test_what_is_no_page_is_never_sent_as_one(path: str, api: LiveApi) -> None:
    with api.client() as citizen:
        reply = citizen.get(path, headers={"Accept": "text/html"})
    if "content-type" in reply.headers:
        assert reply.headers["content-type"].split(";")[0] in _TYPES
    assert "script-src" not in directives(reply)


def test_a_page_runs_only_the_scripts_that_it_names(api: LiveApi) -> None:
    with api.client() as citizen:
        for path in PAGES:
            reply = citizen.get(path)
            inline = re.findall(r"<script\b(?![^>]*\bsrc=)(?![^>]*json)[^>]*>", reply.text)
            digests = directives(reply)["script-src"].count("'sha256-")
            if path != "/docs":
                assert digests >= len(set(inline)) - 1 or not inline, path
            assert not re.search(r'(?:src|href)="https?://(?!127\.0\.0\.1)', reply.text), path


def test_nothing_of_staff_or_of_a_session_is_kept_by_caches(api: LiveApi) -> None:
    with api.client(Scope.ADMIN) as staff:
        for path in ("/v1/jobs", "/staff/words", "/staff/settings", "/v1/feedback"):
            reply = staff.get(path)
            assert reply.status_code == 200, path
            assert "no-store" in reply.headers.get("cache-control", ""), path
    with api.client() as citizen:
        for path in (*PAGES, *DATA):
            assert "set-cookie" not in citizen.get(path).headers, path


def test_a_fault_tells_nothing_of_the_machine(api: LiveApi) -> None:
    with api.client() as citizen:
        for path in (*PAGES, *DATA, "/v1/documents/没有", "/v1/jobs/x"):
            text = citizen.get(path).text
            assert "Traceback" not in text, path
            assert str(api.service.directory) not in text, path
            assert "site-packages" not in text, path
