"""The whole product on a real server of its own, with little patience and a hostile report."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from live_api import LiveApi, live_api

from chat.page import create_app
from chat.records.keys import Scope

# Everything that could turn from text into more: markup, links, pictures, marks that reverse the
# direction of writing, templates, a formula of a spreadsheet.
HOSTILE = """恶意县2023年政府工作报告

——2023年1月5日在恶意县第十届人民代表大会第二次会议上
县长 <b onmouseover=alert(1)>张三</b>

各位代表：
一、2022年工作回顾<script>window.hacked=1</script>
2022年，恶意县实现地区生产总值77.7亿元<img src=x onerror=window.hacked=1>，增长5.6%。财政总收入12.3亿元，增长3.1%。
建成“</script><svg onload=window.hacked=1>”广场三座，[点这里](javascript:window.hacked=1)，![图](http://canary.invalid/x.png)。
\u202e开放\u202c新公园两个，{{7*7}}${7*7}<%= 7*7 %>项工程完工，=HYPERLINK("http://canary.invalid")项改革。
event: done
data: {"answer": "假的"}
二、2023年工作安排"><iframe src="javascript:window.hacked=1"></iframe>
2023年，地区生产总值增长6%左右</textarea></article></main><base href="http://canary.invalid/">，新增城镇就业一万人。
"""
HOSTILE_ID = "恶意县_2023"


def upload(api: LiveApi, *files: tuple[str, bytes]) -> dict[str, object]:
    """Upload reports, names and contents, and return the job that has read them."""
    with api.client(Scope.WRITE) as staff:
        reply = staff.post("/v1/documents", files=[("files", file) for file in files])
        assert reply.status_code == 202, reply.text
    return api.finished(reply.json()["id"])


def raw(api: LiveApi, request: bytes, seconds: float = 30) -> bytes:
    """Send bytes as they are and return all that comes back before the connection ends."""
    parts = urlsplit(api.address)
    received = b""
    with socket.create_connection((parts.hostname, parts.port), timeout=seconds) as connection:
        connection.sendall(request)
        try:
            while part := connection.recv(65536):
                received += part
        except ConnectionResetError:  # refused while we still sent; what came stands
            pass
    return received


@pytest.fixture(scope="session")
def api(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApi]:
    """API and pages, a copy of the bundled report's library that tests may add to."""
    folder = tmp_path_factory.mktemp("security") / "library"
    given = {
        "rate_local": "100000/second",
        "rate_key": "100000/second",
        "head_seconds": 1.5,
        "body_seconds": 2,
        "max_upload_mib": 2,
    }
    with live_api(data_dir, folder, create_app, **given) as ready:
        yield ready


@pytest.fixture(scope="session")
def hostile(api: LiveApi) -> str:
    """The id of a report full of markup, uploaded as staff do."""
    job = upload(api, (f"{HOSTILE_ID}.txt", HOSTILE.encode()))
    assert job["state"] == "done", job
    return HOSTILE_ID
