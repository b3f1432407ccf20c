"""Who is let in, on a real server: keys, proxies, request ids, headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from guarded_server import guarded_server

from chat.guard.headers import page_policy
from chat.records import Records
from chat.records.keys import Scope
from chat.settings import settings
from corpus.errors import SettingsError

Served = tuple[httpx.Client, Records]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with guarded_server(tmp_path_factory.mktemp("guard")) as (address, records):
        yield httpx.Client(base_url=address, timeout=20), records


def test_without_a_key_a_staff_route_says_how_to_get_one(served: Served) -> None:
    reply = served[0].get("/v1/staff/x")
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"].startswith("Bearer")
    assert reply.headers["content-type"] == "application/problem+json"
    assert "wenzheng keys create --name" in reply.json()["detail"]
    assert "--scope write" in reply.json()["detail"]


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_a_key_of_the_scope_opens_either_way(served: Served, header: str) -> None:
    client, records = served
    key, secret = records.keys.create("网信办", Scope.ADMIN)
    value = f"Bearer {secret}" if header == "Authorization" else secret
    reply = client.get("/v1/staff/x", headers={header: value})
    assert reply.json() == ["x", f"key:{key.id}（网信办）"]


def test_a_key_of_too_small_a_scope_is_told_which_one_it_lacks(served: Served) -> None:
    client, records = served
    _, secret = records.keys.create("只读", Scope.READ)
    reply = client.get("/v1/staff/x", headers={"X-API-Key": secret})
    assert reply.status_code == 403
    assert "write（修改）" in reply.json()["detail"]
    assert "read（查看）" in reply.json()["detail"]


def test_wrong_expired_and_revoked_keys_stay_outside_at_once(served: Served) -> None:
    client, records = served
    _, expired = records.keys.create("过期", Scope.ADMIN, timedelta(milliseconds=1))
    key, revoked = records.keys.create("吊销", Scope.ADMIN)
    assert client.get("/v1/staff/x", headers={"X-API-Key": revoked}).status_code == 200
    records.keys.revoke(key.id)
    for secret in ("wz_nonsense", "', 1=1 --", expired, revoked, "x" * 5000):
        reply = client.get("/v1/staff/x", headers={"X-API-Key": secret})
        assert reply.status_code == 401
        assert "无效、已过期或已吊销" in reply.json()["detail"]


def test_citizens_need_no_key_and_a_strange_one_does_not_shut_them_out(served: Served) -> None:
    headers = {"Authorization": "Bearer sk-none"}
    assert served[0].post("/v1/echo", content=b"1", headers=headers).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_forwarded_headers_of_a_stranger_are_not_believed(served: Served, header: str) -> None:
    said = served[0].get("/v1/whoami", headers={header: "8.8.8.8"}).json()
    assert said["address"] == "127.0.0.1"
    assert said["local"] is False  # but it is no longer taken for a program of this machine


def test_a_trusted_proxy_tells_the_address(tmp_path: Path) -> None:
    with guarded_server(tmp_path, trusted_proxies=["127.0.0.1"]) as (address, _):
        headers = {"X-Forwarded-For": "6.6.6.6, 8.8.8.8", "X-Forwarded-Proto": "https"}
        reply = httpx.get(f"{address}/v1/whoami", headers=headers)
        assert reply.json() == {"address": "8.8.8.8", "local": False, "who": "address:8.8.8.8"}
        assert reply.headers["strict-transport-security"] == "max-age=31536000"


def test_a_well_formed_request_id_is_kept_and_any_other_replaced(served: Served) -> None:
    def returned(given: str) -> str:
        reply = served[0].get("/healthz", headers={"X-Request-ID": given})
        return str(reply.headers["x-request-id"])

    assert returned("ticket-2026.11_25") == "ticket-2026.11_25"
    for odd in ("short", "x" * 65, "a b c d e f g h", '"}{"forged":"12', "-leading-dash-1"):
        assert re.fullmatch(r"[0-9a-f]{32}", returned(odd))


def test_every_reply_carries_the_security_headers(served: Served) -> None:
    for path, status in (("/v1/whoami", 200), ("/v1/staff/x", 401), ("/page", 200), ("/no", 404)):
        reply = served[0].get(path)
        assert reply.status_code == status
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "same-origin"
        assert "microphone=(self)" in reply.headers["permissions-policy"]
        assert reply.headers["x-frame-options"] == "SAMEORIGIN"
        policy = reply.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'self'" in policy
        assert "unsafe-inline" not in policy.split("style-src")[0]
        assert not re.search(r"https?:|\*|unsafe-eval", policy)
        assert len(reply.headers["x-request-id"]) == 32


def test_named_sites_may_frame_the_page(tmp_path: Path) -> None:
    with guarded_server(tmp_path, embed_hosts=["https://www.example.gov.cn"]) as (address, _):
        headers = httpx.get(f"{address}/page").headers
    assert "frame-ancestors 'self' https://www.example.gov.cn" in headers["content-security-policy"]
    assert "x-frame-options" not in headers


@pytest.mark.parametrize("host", ["https://a.cn;script-src *", "a.cn", "https://a.cn\r\nX: y", "*"])
def test_a_site_that_could_change_the_policy_is_refused(host: str) -> None:
    with pytest.raises(SettingsError, match="embed_hosts"):
        settings(embed_hosts=(host,))


def test_only_the_scripts_of_a_page_itself_may_run() -> None:
    policy = page_policy('<script src="/a.js"></script><script>\nstart()\n</script><p>文</p>')
    # The digest that Chromium asks for: of exactly what stands between the tags.
    assert "'sha256-Vr57vMWq2hNgrKy/aFxYtLAB3PwHlV8B/NfZeGEgedw='" in policy
    assert policy.count("sha256-") == 1


def test_a_fault_tells_nothing_of_itself(served: Served) -> None:
    reply = served[0].get("/v1/broken")
    assert reply.status_code == 500
    assert "秘密" not in reply.text
    assert reply.headers["x-request-id"]


def test_metrics_are_for_this_machine_and_for_holders_of_a_key(served: Served) -> None:
    client, records = served
    assert client.get("/metrics").status_code == 200
    strange = {"X-Forwarded-For": "8.8.8.8"}
    assert client.get("/metrics", headers=strange).status_code == 401
    _, secret = records.keys.create("监控", Scope.READ)
    reply = client.get("/metrics", headers=strange | {"Authorization": f"Bearer {secret}"})
    assert "wenzheng_requests_total" in reply.text
    assert client.post("/metrics").status_code == 405


def test_labels_come_from_a_fixed_set_whatever_is_asked(served: Served) -> None:
    client, records = served
    _, secret = records.keys.create("编辑", Scope.WRITE)
    client.get("/v1/staff/北仑区_2022", headers={"X-API-Key": secret})
    for number in range(20):
        client.get(f"/v1/made-up/{number}")
        client.get(f"/made-up/{number}")
        client.request(f"ODD{number}", "/page")
    text = client.get("/metrics").text
    routes = set(re.findall(r'wenzheng_requests_total\{method="[^"]*",route="([^"]*)"', text))
    assert "/v1/staff/{thing}" in routes
    assert {"other", "page"} <= routes
    assert not [r for r in routes if "made-up" in r or "北仑" in r]
    assert "ODD" not in text


def test_jobs_are_counted_when_the_meters_are_read(served: Served) -> None:
    client, records = served
    records.jobs.create("documents.add", "test")
    assert 'wenzheng_jobs{state="queued"} 1.0' in client.get("/metrics").text
