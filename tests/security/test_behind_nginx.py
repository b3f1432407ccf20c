"""The shipped nginx configuration in front of the real server: ``pytest -m long`` with nginx there."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from live_api import LiveApi, live_api
from security.proxied import NAME, Front, nginx

from chat.page import create_app
from chat.records.keys import Scope

pytestmark = pytest.mark.long
GDP = {"question": "2021年北仑区的地区生产总值是多少？"}


@pytest.fixture(scope="module")
def behind(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApi]:
    folder = tmp_path_factory.mktemp("behind") / "library"
    with live_api(data_dir, folder, create_app, trusted_proxies=["127.0.0.1"]) as ready:
        yield ready


@pytest.fixture(scope="module")
def front(behind: LiveApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    upstream = behind.address.removeprefix("http://")
    with nginx(tmp_path_factory.mktemp("nginx"), upstream) as ready:
        yield ready


@pytest.fixture
def client(front: Front) -> Iterator[httpx.Client]:
    trusted = ssl.create_default_context(cafile=str(front.certificate))
    extensions = {"sni_hostname": NAME}
    with httpx.Client(base_url=front.secure, verify=trusted, timeout=60) as ready:
        ready.headers["Host"] = NAME
        ready.event_hooks["request"].append(lambda r: r.extensions.update(extensions))
        yield ready


def test_plain_requests_are_led_to_tls_and_foreign_names_get_no_answer(front: Front) -> None:
    reply = httpx.get(f"{front.plain}/reports?lang=en", headers={"Host": NAME})
    assert reply.status_code == 308
    assert reply.headers["location"] == f"https://{NAME}/reports?lang=en"
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(front.plain, headers={"Host": "evil.example"})


def test_page_and_answers_come_through_with_the_headers_of_tls(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert f'"root":"https://{NAME}"' in page.text
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert client.post("/v1/ask", json=GDP).json()["answer"] == "2382.5亿元"


def test_what_a_client_says_of_itself_is_not_passed_on(client: httpx.Client) -> None:
    lies = {"X-Forwarded-For": "8.8.8.8", "X-Forwarded-Host": "evil.example", "Forwarded": "for=9"}
    made = client.post("/v1/feedback", json={}, headers=lies)
    assert made.status_code == 422
    assert "evil.example" not in client.get("/", headers=lies).text
    # Behind the proxy even an address of this machine is no program of it.
    assert client.get("/metrics").status_code == 404
    assert client.get("/v1/jobs", headers=lies).status_code == 401


def test_events_pass_as_they_come(client: httpx.Client) -> None:
    times = []
    headers = {"Accept": "text/event-stream"}
    with client.stream("POST", "/v1/ask", json=GDP, headers=headers) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        times = [time.monotonic() for part in reply.iter_raw() if part]
    assert len(times) > 1  # a buffer would have made one of them


def test_an_upload_goes_through_and_one_too_large_does_not(
    client: httpx.Client, behind: LiveApi
) -> None:
    key = {"Authorization": f"Bearer {behind.keys[Scope.WRITE]}"}
    text = "前县2023年政府工作报告\n各位代表：2022年，前县地区生产总值5亿元。\n".encode()
    reply = client.post("/v1/documents", files={"files": ("前县_2023.txt", text)}, headers=key)
    assert reply.status_code == 202
    assert behind.finished(reply.json()["id"])["state"] == "done"
    large = client.post("/v1/ask", content=b"x" * 300_000)
    assert large.status_code == 413


def test_who_asks_without_pause_is_slowed_down(client: httpx.Client) -> None:
    statuses = [
        client.post("/v1/search", json={"question": "就业"}).status_code for _ in range(120)
    ]
    assert 429 in statuses
    assert statuses[0] == 200
    time.sleep(2)
    assert client.post("/v1/ask", json=GDP).status_code == 200


def test_the_log_holds_no_question(client: httpx.Client, front: Front) -> None:
    client.get("/figures", params={"indicator": "秘密的问题"})
    time.sleep(0.5)
    log = front.log.read_text(encoding="utf-8")
    assert "/figures" in log
    assert "indicator" not in log
