"""Keys on every route that needs one: who gets in, and where a key never shows."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from live_api import LiveApi

from chat.records.keys import Scope

# Open to citizens; everything else in the description is for staff.
OPEN = {
    ("post", "/v1/ask"), ("post", "/v1/search"), ("get", "/v1/figures"), ("post", "/v1/feedback"),
    ("get", "/v1/documents"), ("get", "/v1/documents/{document_id}"),
    ("get", "/v1/documents/{document_id}/text"), ("get", "/v1/documents/{document_id}/figures"), ("get", "/v1/documents/{document_id}/outline"),
    ("post", "/v1/chat/completions"), ("get", "/v1/models"), ("get", "/v1/models/{model}"),
    ("get", "/healthz"), ("get", "/readyz"),
}  # fmt: skip
# Not in the description: the staff's page.
BESIDE = {
    ("post", "/staff/check"): Scope.WRITE,
    ("get", "/staff/words"): Scope.WRITE,
    ("post", "/staff/words"): Scope.WRITE,
    ("delete", "/staff/words"): Scope.WRITE,
    ("post", "/staff/words/trial"): Scope.WRITE,
    ("get", "/staff/settings"): Scope.WRITE,
}
_ORDER = list(Scope)


@pytest.fixture(scope="module")
def staff_routes(api: LiveApi) -> list[tuple[str, str]]:
    """Method and path of every route for staff, from the description and beside it."""
    with api.client() as citizen:
        paths: dict[str, dict[str, Any]] = citizen.get("/openapi.json").json()["paths"]
    described = {
        (method, path): bool(operation.get("security"))
        for path, operations in paths.items()
        for method, operation in operations.items()
        if method in ("get", "post", "put", "patch", "delete")
    }
    secured = {route for route, needed in described.items() if needed}
    assert set(described) - secured <= OPEN, "a route without a key that is not known as open"
    assert not secured & OPEN
    return sorted(secured) + sorted(BESIDE)


@pytest.fixture(scope="module")
def anyone(api: LiveApi) -> Iterator[httpx.Client]:
    """A client without a key of its own."""
    with api.client() as ready:
        yield ready


def send(client: httpx.Client, method: str, path: str, **given: Any) -> httpx.Response:
    values = {"document_id": "没有_1900", "job_id": "nothing", "number": "999", "version": "999"}
    return client.request(method, path.format_map(Filled(values)), **given)


class Filled(dict[str, str]):
    """Values of the parts of a path."""

    def __missing__(self, name: str) -> str:
        return "1"


def headers(secret: str) -> list[dict[str, str]]:
    return [{"Authorization": f"Bearer {secret}"}, {"X-API-Key": secret}]


def test_no_staff_route_opens_without_a_valid_key(
    api: LiveApi, anyone: httpx.Client, staff_routes: list[tuple[str, str]]
) -> None:
    keys = api.records.keys
    _, expired = keys.create("已过期", Scope.ADMIN, timedelta(milliseconds=1))
    gone, revoked = keys.create("已吊销", Scope.ADMIN)
    keys.revoke(gone.id)
    valid = api.keys[Scope.ADMIN]
    bad = [
        {}, {"Authorization": f"Basic {valid}"}, {"Authorization": valid},
        {"Cookie": f"X-API-Key={valid}"}, *headers(expired), *headers(revoked),
        *headers(valid[:-1]), *headers(valid + "x"), *headers(valid.upper()), *headers("wz_"),
        *headers("wz_' OR '1'='1"), *headers("*"),
    ]  # fmt: skip
    assert len(staff_routes) >= 12
    usual = [{}, *headers(expired), *headers(revoked)]
    for number, (method, path) in enumerate(staff_routes):
        for given in bad if number % 6 == 0 else usual:
            reply = send(anyone, method, path, headers=given)
            assert reply.status_code == 401, (method, path, given)
            assert reply.headers["content-type"].startswith("application/problem+json")
            assert reply.headers["www-authenticate"].startswith("Bearer")
            assert "wenzheng keys create" in reply.json()["detail"]


def test_a_key_is_not_taken_from_an_address_or_a_body(
    api: LiveApi, anyone: httpx.Client, staff_routes: list[tuple[str, str]]
) -> None:
    valid = api.keys[Scope.ADMIN]
    names = ("key", "api_key", "X-API-Key", "token", "access_token", "authorization")
    for method, path in staff_routes:
        query = dict.fromkeys(names, valid)
        assert send(anyone, method, path, params=query).status_code == 401, (method, path)
        assert send(anyone, method, path, json=query).status_code == 401, (method, path)


def test_a_reading_key_changes_nothing_and_a_writing_one_administers_nothing(
    api: LiveApi, anyone: httpx.Client, staff_routes: list[tuple[str, str]]
) -> None:
    changing = [(m, p) for m, p in staff_routes if m != "get"]
    assert len(changing) >= 6
    for method, path in changing:
        reply = send(anyone, method, path, headers=headers(api.keys[Scope.READ])[0])
        assert reply.status_code == 403, (method, path, reply.status_code)
        assert "只有read（查看）权限" in reply.json()["detail"]
    refused = {}
    for method, path in staff_routes:
        replies = [send(anyone, method, path, headers=headers(api.keys[s])[0]) for s in _ORDER]
        refused[method, path] = [r.status_code == 403 for r in replies]
    for route, row in refused.items():  # a larger scope opens all that a smaller one does
        assert row == sorted(row, reverse=True), route
        assert row[-1] is False, route  # an admin is refused nowhere


def test_a_key_shows_nowhere(
    api: LiveApi,
    anyone: httpx.Client,
    staff_routes: list[tuple[str, str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    _, secret = api.records.keys.create("不外露", Scope.ADMIN)
    said = []
    for method, path in staff_routes:
        if method == "get" or "trial" in path:
            said += [send(anyone, method, path, headers=h).text for h in headers(secret)]
    said += [send(anyone, "get", f"/v1/jobs/{secret}", headers=h).text for h in headers("wz_wrong")]
    with api.client() as citizen:
        citizen.get(f"/v1/jobs?key={secret}")
        said.append(citizen.get("/metrics").text)
        said.append(citizen.get("/").text)
    assert secret not in "".join(said)
    ours = [r for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    assert ours
    assert secret not in "".join(r.getMessage() + str(r.__dict__) for r in ours)
    api.records.database.write  # noqa: B018 (the file is open)
    for file in api.service.directory.glob("records.sqlite*"):
        assert secret.encode() not in file.read_bytes()
    connection = sqlite3.connect(api.service.directory / "records.sqlite")
    digests = [row[0] for row in connection.execute("SELECT digest FROM keys")]
    connection.close()
    assert digests
    assert all(len(d) == 64 for d in digests)


def test_the_secret_itself_is_compared_nowhere(api: LiveApi) -> None:
    """Found by the index of its digest, so that time tells nothing about how much of it fits."""
    columns = {c.name for c in api.records.keys.list()}
    assert columns  # names of keys, no secrets
    connection = sqlite3.connect(api.service.directory / "records.sqlite")
    plan = connection.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM keys WHERE digest = ?", ("0" * 64,)
    ).fetchall()
    connection.close()
    assert "SEARCH keys USING INDEX" in plan[0][3]


@pytest.mark.parametrize("path", ["/v1/jobs", "/staff/words", "/metrics"])
def test_an_oversized_key_costs_nothing(path: str, api: LiveApi) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.9"}  # not this machine
    for secret in ("wz_" + "x" * 30_000, "wz_\xff\xfe"):
        reply = httpx.get(
            f"{api.address}{path}",
            headers=[
                (b"X-API-Key", secret.encode("latin-1")),
                *((k.encode(), v.encode()) for k, v in forwarded.items()),
            ],
        )
        assert reply.status_code == 401
