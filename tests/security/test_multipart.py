"""Uploads that are no honest form: refused in plain words, nothing left on the disk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from live_api import LiveApi
from security.conftest import raw, upload

from chat.records.keys import Scope

LINE = b"\r\n"
TEXT = "测试县2023年政府工作报告\n各位代表：2022年地区生产总值5亿元。\n".encode()


def part(disposition: str, content: bytes, *headers: str) -> bytes:
    lines = [f"Content-Disposition: form-data; {disposition}", *headers]
    return b"--B\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n" + content + b"\r\n"


FILE = 'name="files"; filename="{}"'
END = b"--B--\r\n"
FORMS: dict[str, bytes] = {
    "thousands of fields": b"".join(part(f'name="f{n}"', b"x") for n in range(10_000)) + END,
    "thousands of files": b"".join(
        part(FILE.format(f"县{n}_2023.txt"), TEXT) for n in range(3_000)
    )
    + END,
    "the same field again": part('name="year"', b"2023") * 2 + END,
    "no end": part(FILE.format("a.txt"), TEXT),
    "no part": END,
    "an empty file": part(FILE.format("a.txt"), b"") + END,
    "a huge header": part(FILE.format("a.txt"), TEXT, "X-Big: " + "y" * 100_000) + END,
    "a huge header name": part(FILE.format("a.txt"), TEXT, "X" * 100_000 + ": y") + END,
    "many headers": part(FILE.format("a.txt"), TEXT, *(f"X-{n}: y" for n in range(3000))) + END,
    "a huge name": part(FILE.format("县" * 50_000 + ".txt"), TEXT) + END,
    "a huge field": part('name="title"', b"x" * 100_000) + END,
    "no name": part('filename="a.txt"', TEXT) + END,
    "no line end": b"--B" + b"x" * 10_000,
    "another boundary": part(FILE.format("a.txt"), TEXT).replace(b"--B", b"--A") + b"--A--",
    "a program": part(FILE.format("a.exe"), b"MZ" + TEXT) + END,
    "a script": part(FILE.format("a.py"), TEXT) + END,
    "only an ending": part(FILE.format(".txt"), TEXT) + END,
}  # fmt: skip


def post(api: LiveApi, body: bytes, content_type: str = "multipart/form-data; boundary=B") -> bytes:
    head = (
        f"POST /v1/documents HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"Authorization: Bearer {api.keys[Scope.WRITE]}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return raw(api, head.encode() + body)


@pytest.fixture(autouse=True)
def nothing_left(api: LiveApi) -> Iterator[None]:
    """Nothing of a refused upload stays on the disk."""
    before = set(api.service.directory.rglob("*.txt"))
    yield
    assert set(api.service.directory.rglob("*.txt")) == before


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_none_is_refused(name: str, api: LiveApi) -> None:
    reply = post(api, FORMS[name])
    assert int(reply.split(b" ")[1]) in (413, 422), reply[:300]
    assert "，请".encode() in reply or "；请".encode() in reply


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary=""',
        f"multipart/form-data; boundary={'B' * 5000}",
        "multipart/mixed; boundary=B",
        "multipart/form-data; boundary=B; boundary=A",
        "application/x-www-form-urlencoded",
        "text/html",
    ],
    ids=lambda t: t[:40],
)
def test_a_form_without_a_usable_boundary_is_refused(content_type: str, api: LiveApi) -> None:
    body = b"--X\r\n" + part(FILE.format("甲县_2023.txt"), TEXT)[5:] + b"--X--\r\n"
    assert int(post(api, body, content_type).split(b" ")[1]) in (400, 415, 422)


def test_without_a_key_not_a_byte_of_an_upload_is_taken(api: LiveApi) -> None:
    head = b"POST /v1/documents HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    kind = b"Content-Type: multipart/form-data; boundary=B\r\nContent-Length: 1000000\r\n\r\n"
    reply = raw(api, head + kind)  # answered before anything of the body has come
    assert reply.startswith(b"HTTP/1.1 401")


ELSEWHERE = {
    "../../../../tmp/越县_2023.txt": "越县_2023",
    "..\\..\\越县_2024.txt": "越县_2024",
    "/etc/cron.d/越县_2025.txt": "越县_2025",
    "C:\\Windows\\越县_2026.txt": "越县_2026",
    "越县\u202e_2027.txt": "越县_2027",
}


def test_a_file_name_that_leads_elsewhere_is_only_a_name(api: LiveApi) -> None:
    job = upload(api, *((given, TEXT) for given in ELSEWHERE))
    assert job["state"] == "done", job
    with api.client() as citizen:
        known = {d["id"] for d in citizen.get("/v1/documents").json()["documents"]}
    assert {k.replace("\u202e", "") for k in known} >= set(ELSEWHERE.values())
    assert not [k for k in known if "/" in k or "\\" in k or ":" in k]
