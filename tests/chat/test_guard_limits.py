"""How much is let in, on a real server: rates, sizes, numbers at a time, times."""

from __future__ import annotations

import re
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from guarded_server import guarded_server

from chat.guard import Metrics
from chat.guard.caller import Caller
from chat.guard.limits import RateLimit
from chat.guard.routes import Sort
from chat.records.keys import Scope
from chat.settings import settings
from corpus.errors import SettingsError

STRANGER = {"X-Forwarded-For": "203.0.113.7"}


@pytest.fixture(scope="module")
def roomy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that lets much in, but only small bodies."""
    folder = tmp_path_factory.mktemp("limits")
    with guarded_server(folder, max_body_kib=64, max_upload_mib=1, body_seconds=1) as (address, _):
        yield address


def raw(address: str, request: bytes, seconds: float = 5) -> bytes:
    """Send bytes as they are and return all that comes back before the connection ends."""
    parts = urlsplit(address)
    received = b""
    with socket.create_connection((parts.hostname, parts.port), timeout=seconds) as connection:
        connection.sendall(request)
        while part := connection.recv(65536):
            received += part
    return received


def test_who_asks_too_often_is_told_when_to_come_again(tmp_path: Path) -> None:
    with guarded_server(tmp_path, rate_public="3/minute") as (address, records):
        client = httpx.Client(base_url=address, headers=STRANGER)
        replies = [client.get("/v1/whoami") for _ in range(5)]
        assert [r.status_code for r in replies] == [200, 200, 200, 429, 429]
        assert 1 <= int(replies[-1].headers["retry-after"]) <= 120
        assert "秒后再试" in replies[-1].json()["detail"]
        assert client.get("/healthz").status_code == 200  # probes go on
        assert client.get("/page").status_code == 200  # so do files of the page
        _, secret = records.keys.create("统计局", Scope.READ)
        assert client.get("/v1/whoami", headers={"X-API-Key": secret}).status_code == 200
        local = httpx.get(f"{address}/v1/whoami")  # a program of this machine
        assert local.status_code == 200
        assert 'turned_away_total{reason="rate"} 2.0' in httpx.get(f"{address}/metrics").text


def test_each_address_behind_a_trusted_proxy_has_its_own_share(tmp_path: Path) -> None:
    given = {"rate_public": "2/minute", "trusted_proxies": ["127.0.0.1"]}
    with guarded_server(tmp_path, **given) as (address, _):
        statuses = [
            httpx.get(f"{address}/v1/whoami", headers={"X-Forwarded-For": ip}).status_code
            for ip in ["203.0.113.7"] * 3 + ["203.0.113.8"]
        ]
    assert statuses == [200, 200, 429, 200]


@pytest.mark.parametrize(
    ("address", "bucket"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("203.0.113.7", "203.0.113.7"),
        ("unknown", "unknown"),
    ],
)
def test_addresses_of_one_network_count_together(address: str, bucket: str) -> None:
    assert Caller(address, False, None, "").bucket == bucket


def test_by_default_an_evaluator_of_this_machine_may_ask_thirty_times_a_second() -> None:
    limit = RateLimit(None, settings(), Metrics())  # type: ignore[arg-type]
    local = Caller("127.0.0.1", True, None, "")
    assert not any(limit.wait(Sort.API, local) for _ in range(100))
    stranger = Caller("203.0.113.7", False, None, "")
    allowed = sum(not limit.wait(Sort.API, stranger) for _ in range(100))
    assert 10 <= allowed <= 20  # ten a second, across the edge of a second at most twice that


def test_a_rate_that_means_nothing_is_refused() -> None:
    with pytest.raises(SettingsError, match="10/second"):
        settings(rate_public="often")


@pytest.mark.parametrize("path", ["/v1/echo", "/v1/documents"])
def test_a_body_is_refused_by_its_announced_length(roomy: str, path: str) -> None:
    most = 64 * 1024 if path == "/v1/echo" else 1024 * 1024
    assert httpx.post(f"{roomy}{path}", content=b"x" * most).json() == most
    reply = httpx.post(f"{roomy}{path}", content=b"x" * (most + 1))
    assert reply.status_code == 413
    assert reply.json()["code"] == "too_large"


def test_a_body_of_unknown_length_is_counted_as_it_comes(roomy: str) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(80):
            yield b"x" * 1024

    reply = httpx.post(f"{roomy}/v1/echo", content=parts())
    assert reply.status_code == 413
    assert "64 KiB" in reply.json()["detail"]


def test_a_false_length_is_no_way_around_the_limit(roomy: str) -> None:
    head = b"POST /v1/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    both = b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
    said = raw(roomy, head + both + b"FFFFFF\r\n" + b"x" * 100_000)
    assert said.split(b" ")[1] in (b"400", b"413")


def test_a_body_that_stops_coming_is_given_up(roomy: str) -> None:
    head = b"POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nslow"
    said = raw(roomy, head)
    assert said.startswith(b"HTTP/1.1 408")
    assert "没有收到".encode() in said


def test_headers_without_end_are_refused(roomy: str) -> None:
    head = b"GET /v1/whoami HTTP/1.1\r\nHost: x\r\n" + b"X-Long: " + b"y" * 100_000
    assert raw(roomy, head).startswith(b"HTTP/1.1 400")


def count(address: str, meter: str) -> float:
    """Return what a meter of the server shows; 0 before its first count."""
    found = re.search(
        rf"^{re.escape(meter)} (\S+)$", httpx.get(f"{address}/metrics").text, re.MULTILINE
    )
    return float(found[1]) if found else 0.0


BUSY = 'wenzheng_turned_away_total{reason="busy"}'


def test_a_few_wait_for_their_turn_and_the_rest_are_told_to_come_again(tmp_path: Path) -> None:
    given = {"max_concurrent": 2, "max_waiting": 2, "wait_seconds": 20}
    with guarded_server(tmp_path, **given) as (address, _), ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(httpx.get, f"{address}/v1/held", timeout=20) for _ in range(8)]
        while count(address, BUSY) < 4:
            time.sleep(0.05)
        assert count(address, "wenzheng_requests_running") == 2
        assert count(address, "wenzheng_requests_waiting") == 2
        assert httpx.get(f"{address}/healthz").status_code == 200
        httpx.get(f"{address}/page/release")
        got = [a.result() for a in asked]
        assert Counter(r.status_code for r in got) == {200: 4, 503: 4}
        refused = next(r for r in got if r.status_code == 503)
        assert refused.headers["retry-after"] == "5"
        assert refused.json()["code"] == "busy"
        assert count(address, "wenzheng_requests_running") == 0


def test_nobody_waits_longer_than_set(tmp_path: Path) -> None:
    given = {"max_concurrent": 1, "wait_seconds": 0.2}
    with guarded_server(tmp_path, **given) as (address, _), ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(httpx.get, f"{address}/v1/held", timeout=20) for _ in range(2)]
        while count(address, BUSY) < 1:
            time.sleep(0.05)
        httpx.get(f"{address}/page/release")
        assert sorted(a.result().status_code for a in asked) == [200, 503]


@pytest.mark.parametrize("route", ["held", "stuck"])
def test_work_over_time_is_told_at_once_and_keeps_its_place_until_it_ends(
    route: str, tmp_path: Path
) -> None:
    given = {"request_seconds": 0.5, "max_concurrent": 1, "wait_seconds": 0.2}
    with guarded_server(tmp_path, **given) as (address, _):
        reply = httpx.get(f"{address}/v1/{route}", timeout=20)
        assert reply.status_code == 504
        assert reply.json()["code"] == "timeout"
        assert httpx.get(f"{address}/v1/whoami").status_code == 503
        assert count(address, 'wenzheng_turned_away_total{reason="timeout"}') == 1
        httpx.get(f"{address}/page/release")
        while count(address, "wenzheng_requests_running"):
            time.sleep(0.05)
        assert httpx.get(f"{address}/v1/whoami").status_code == 200


def test_a_stream_may_last_longer_than_a_request_and_comes_in_pieces(tmp_path: Path) -> None:
    with guarded_server(tmp_path, request_seconds=1) as (address, _):
        times = []
        with httpx.stream("GET", f"{address}/v1/stream") as reply:
            for _ in reply.iter_raw():
                times.append(time.monotonic())
    assert len(times) == 5
    assert times[-1] - times[0] > 1


def test_a_stream_over_its_time_is_broken_off(tmp_path: Path) -> None:
    with guarded_server(tmp_path, stream_seconds=0.15) as (address, _):
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{address}/v1/stream")
        assert httpx.get(f"{address}/v1/whoami").status_code == 200
