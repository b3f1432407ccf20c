"""Addresses that nobody needs do not answer: Gradio's files, proxy, uploads, meters."""

from __future__ import annotations

import re
from pathlib import Path

import gradio.routes
import httpx
import pytest
from live_api import LiveApi

from chat.guard.closed import is_closed

OPEN = [
    "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/cancel",
    "/gradio_api/run/predict",
]  # fmt: skip
CLOSED = """
/gradio_api/file=/etc/passwd /gradio_api/file/etc/passwd /gradio_api/file=http://127.0.0.1/
/gradio_api/proxy=http://127.0.0.1/ /gradio_api/upload /gradio_api/upload_progress
/gradio_api/stream/x/0/1/playlist.m3u8 /gradio_api/stream/x /gradio_api/deep_link
/gradio_api/component_server /gradio_api/custom_component/x/client/component/index.js
/gradio_api/info /gradio_api/openapi.json /gradio_api/run/respond /gradio_api/api/predict
/gradio_api/call/predict /gradio_api/call/v2/predict /gradio_api/call/x/1 /gradio_api/token
/gradio_api/user /gradio_api/login_check /gradio_api/runs /gradio_api/run-history/buckets
/gradio_api/dev/reload /gradio_api/vibe-edit/ /gradio_api/vibe-code /gradio_api/profiling/traces
/gradio_api/process_recording /gradio_api/startup-events /gradio_api/queue/join/x
/gradio_api /gradio_api/ /gradio_apix /gradio_api/queue/../file=/etc/passwd
/monitoring /monitoring/summary /monitoring/x /login /login/ /logout /manifest.json /pwa_icon
/pwa_icon/192 /svelte/x.js
""".split()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_closed_addresses_answer_404_whatever_the_method(api: LiveApi, method: str) -> None:
    with api.client() as citizen:
        replies = {p: citizen.request(method, p, content=b"{}") for p in CLOSED}
    assert {p: r.status_code for p, r in replies.items() if r.status_code != 404} == {}
    assert {r.headers["x-content-type-options"] for r in replies.values()} == {"nosniff"}
    assert not [p for p, r in replies.items() if "root:" in r.text]


def test_what_the_page_calls_is_open() -> None:
    assert [path for path in OPEN if is_closed(path)] == []


def test_of_all_that_gradio_brings_only_what_the_page_calls_is_open() -> None:
    source = Path(gradio.routes.__file__).read_text(encoding="utf-8")
    brought = re.findall(r'@router\.(?:get|post|head)\(\s*f?"([^"]+)"', source)
    assert len(brought) > 30
    still_open = {p for p in brought if not is_closed("/gradio_api" + re.sub(r"{[^}]*}", "x", p))}
    assert still_open == {
        "/queue/join", "/queue/data", "/cancel", "/reset", "/reset/", "/heartbeat/{session_hash}",
        "/app_id", "/app_id/",
    }  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b"", b"nope", b"[]", b"{}", b'{"fn_index": 0, "data": []}', b'{"fn_index": 999, "data": ["x"]}',
        b'{"fn_index": 0, "data": [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}]}',
        b'{"fn_index": -1, "data": ["x"]}', b'{"fn_index": 0, "data": ["x"], "session_hash": "../x"}',
        b'{"fn_index": 0, "data": ["\xff"]}',
    ],
)  # fmt: skip
def test_calls_that_the_page_never_makes_are_refused(api: LiveApi, body: bytes) -> None:
    with api.client() as citizen:
        reply = citizen.post("/gradio_api/run/predict", content=body)
    assert reply.status_code == 422
    assert reply.json()["code"] == "page_call_invalid"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1"])
def test_no_header_makes_the_page_call_another_host(api: LiveApi, host: str) -> None:
    names = ("X-Forwarded-Host", "X-Gradio-Server", "X-Original-URL", "X-Rewrite-URL", "Forwarded")
    with api.client() as citizen:
        for name in names:
            value = f"host={host}" if name == "Forwarded" else f"http://{host}"
            given = host if name == "X-Forwarded-Host" else value
            assert host not in citizen.get("/", headers={name: given}).text.replace(
                api.address, ""
            ), name


@pytest.mark.parametrize(
    "host", ['a"><script>', "a b", "a/b", "a@b", "a,b", "", "x" * 300, "[::1", "a:b", "例.cn"]
)
def test_a_host_that_is_none_is_refused(api: LiveApi, host: str) -> None:
    reply = httpx.get(api.address, headers=[(b"Host", host.encode())])
    assert reply.status_code == 400
    assert reply.headers["content-type"] == "application/problem+json"
    if host:
        assert host not in reply.text


@pytest.mark.parametrize("host", ["wz.example.gov.cn", "10.0.0.1:7860", "[::1]:7860", "localhost"])
def test_a_host_that_is_one_is_served(api: LiveApi, host: str) -> None:
    assert httpx.get(f"{api.address}/healthz", headers={"Host": host}).status_code == 200
