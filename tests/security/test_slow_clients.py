"""Clients that say nothing, or take for ever: cut off, while others are served."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from guarded_server import guarded_server
from live_api import LiveApi

from chat.guard.connections import Connections
from chat.records.keys import Scope
from chat.settings import settings

GDP = "2021年北仑区的地区生产总值是多少？"
ENOUGH = 30  # seconds that a busy machine may take for what takes two


@contextmanager
def connected(address: str) -> Iterator[socket.socket]:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=ENOUGH) as connection:
        yield connection


def ended(connection: socket.socket) -> bytes:
    """Return what a server still says before it ends the connection."""
    said = b""
    try:
        while part := connection.recv(65536):
            said += part
    except ConnectionResetError:
        pass
    return said


def test_a_request_that_never_becomes_one_is_cut_off(api: LiveApi) -> None:
    begun = [b"", b"GET", b"GET / HTTP/1.1\r\nHost: x\r\nX-Never: ends", b"\r\n\r\n"]
    with ExitStack() as stack:
        waiting = [stack.enter_context(connected(api.address)) for _ in begun]
        for connection, said in zip(waiting, begun, strict=True):
            connection.sendall(said)
        for connection, said in zip(waiting, begun, strict=True):
            assert b"200 OK" not in ended(connection), said


def test_a_head_that_drips_is_cut_off_however_often_it_drips(api: LiveApi) -> None:
    with connected(api.address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        with pytest.raises(OSError):
            for number in range(ENOUGH * 5):
                connection.sendall(f"X-{number}: y\r\n".encode())
                time.sleep(0.2)


def test_the_second_request_of_a_connection_has_no_more_time_than_the_first(api: LiveApi) -> None:
    with connected(api.address) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in connection.recv(65536)
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHos")
        ended(connection)


def test_a_connection_kept_open_between_requests_is_not_cut_off_by_that(api: LiveApi) -> None:
    with api.client() as citizen:
        connections = set()
        for pause in (0.8, 0.8, 0):  # longer in all than the head of one request may take
            with citizen.stream("GET", "/healthz") as reply:
                reply.read()
                connections.add(reply.extensions["network_stream"].get_extra_info("client_addr"))
            time.sleep(pause)
    assert len(connections) == 1


def test_others_are_served_while_many_drip(api: LiveApi) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(connected(api.address)) for _ in range(200)]
        for number, connection in enumerate(slow):
            connection.sendall(
                b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Content-Length: 1000\r\n\r\n{"
                if number % 2
                else b"GET / HTTP/1.1\r\nHost: x\r\nX: "
            )
        with api.client() as citizen:
            assert citizen.post("/v1/ask", json={"question": GDP}).json()["answer"] == "2382.5亿元"
            assert citizen.get("/reports").status_code == 200
        said = [ended(c) for c in slow]
    assert {s.split(b"\r\n")[0] for s in said[1::2]} == {b"HTTP/1.1 408 Request Timeout"}
    assert set(said[::2]) == {b""}


def test_a_slow_upload_is_given_up_and_leaves_nothing(api: LiveApi) -> None:
    before = set(api.service.directory.rglob("*"))
    with connected(api.address) as connection:
        connection.sendall(
            b"POST /v1/documents HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n"
            b"Content-Type: multipart/form-data; boundary=B\r\n"
            b"Authorization: Bearer " + api.keys[Scope.WRITE].encode() + b"\r\n\r\n"
            b'--B\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nx'
        )
        assert ended(connection).startswith(b"HTTP/1.1 408")
    left = {p for p in api.service.directory.rglob("*") if p.suffix == ".txt"} - before
    assert left == set()


def test_a_reply_that_nobody_takes_is_broken_off(api: LiveApi) -> None:
    with connected(api.address) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        # More than any buffer on the way holds, as a chain of requests for the whole report.
        ask = b"GET /reports/%E5%8C%97%E4%BB%91%E5%8C%BA_2022 HTTP/1.1\r\nHost: x\r\n\r\n"
        with pytest.raises(OSError):
            for _ in range(200):
                connection.sendall(ask * 20)
                time.sleep(0.15)
            raise AssertionError("the connection stayed open")


def test_more_connections_than_there_is_room_for_are_closed_at_once(tmp_path: Path) -> None:
    given = {"max_connections": 20, "head_seconds": 2}
    with guarded_server(tmp_path, **given) as (address, _), ExitStack() as stack:
        held = [stack.enter_context(connected(address)) for _ in range(40)]
        over = [c for c in held if c.recv(1) == b""]  # all, sooner or later; twenty at once
        assert len(over) == 40
        assert httpx.get(f"{address}/healthz", timeout=ENOUGH).status_code == 200


def test_one_address_cannot_take_all_the_room_unless_it_speaks_for_many() -> None:
    config = settings(
        max_connections=100, max_connections_each=10, trusted_proxies=("10.0.0.0/8", "*")
    )
    counted = Connections(config)
    assert [counted.enter("203.0.113.7") for _ in range(11)] == [True] * 10 + [False]
    assert counted.enter("203.0.113.8")
    assert all(counted.enter(a) for a in ("10.1.2.3", "127.0.0.1", "::1", "") for _ in range(20))
    for _ in range(11):
        counted.leave("203.0.113.7")
    assert counted.enter("203.0.113.7")
    for _ in range(100):
        counted.enter("10.1.2.3")
    assert not counted.enter("203.0.113.9")  # the room itself has an end
