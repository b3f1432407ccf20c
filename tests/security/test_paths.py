"""Names that lead elsewhere lead nowhere: documents, reports, files of the pages, jobs, backups."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
import zstandard
from live_api import LiveApi
from security.conftest import raw

from chat.archive import BackupManifest, Entry
from chat.backup import back_up, restore
from chat.records.keys import Scope
from corpus.errors import BackupError

UP = [
    "../../../../etc/passwd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "..%252f..%252f..%252fetc%252fpasswd",
    "....//....//....//etc/passwd",
    "..%5c..%5c..%5cetc%5cpasswd",
    "%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "..;/..;/etc/passwd",
    "北仑区_2022/../../../../records.sqlite",
    "%00",
    "北仑区_2022%00.txt",
    "file:///etc/passwd",
    "records.sqlite",
    "../records.sqlite",
    "a" * 5000,
]
BASES = [
    "/v1/documents/{}", "/v1/documents/{}/text", "/v1/documents/{}/outline", "/reports/{}",
    "/reports/{}?view=pane", "/v1/jobs/{}", "/static/{}", "/assets/{}", "/page/x/{}",
    "/static-offline-docs/{}", "/svelte/{}", "/docs/{}", "/{}", "/v1/models/{}", "/figures.csv?document={}",
    "/v1/figures?document={}",
]  # fmt: skip


@pytest.mark.parametrize("base", BASES)
def test_no_address_leads_out_of_what_is_served(base: str, api: LiveApi) -> None:
    for name in UP:
        line = f"GET {base.format(name)} HTTP/1.1\r\nHost: x\r\nX-API-Key: {api.keys[Scope.ADMIN]}"
        reply = raw(api, f"{line}\r\nConnection: close\r\n\r\n".encode("latin-1", "replace"))
        assert int(reply.split(b" ")[1]) < 500, (name, reply[:200])
        assert b"root:x:0" not in reply, name
        assert b"SQLite format" not in reply, name


@pytest.mark.parametrize("name", UP)
def test_a_document_of_such_a_name_is_not_deleted_nor_asked(name: str, api: LiveApi) -> None:
    before = sorted(p.name for p in api.service.directory.iterdir())
    line = f"DELETE /v1/documents/{name} HTTP/1.1\r\nHost: x\r\nX-API-Key: {api.keys[Scope.ADMIN]}"
    reply = raw(api, f"{line}\r\nConnection: close\r\n\r\n".encode("latin-1", "replace"))
    assert int(reply.split(b" ")[1]) in (400, 404, 405, 422), reply[:300]
    with api.client() as citizen:
        asked = {"question": "产值多少", "documents": [name[:200]]}
        assert citizen.post("/v1/ask", json=asked).status_code in (404, 422)
    assert sorted(p.name for p in api.service.directory.iterdir()) == before


def archive(members: list[tuple[tarfile.TarInfo, bytes]], *, packed: int = 1) -> bytes:
    result = io.BytesIO()
    with tarfile.open(fileobj=result, mode="w") as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return zstandard.ZstdCompressor(level=packed).compress(result.getvalue())


@pytest.mark.parametrize(
    "name",
    [
        "../越界",
        "/tmp/越界",
        "versions/1/../../越界",
        "versions/1/.ssh/x",
        "versions/1/a\\..\\b",
        "x",
    ],
)
def test_a_backup_writes_only_where_it_may(name: str, tmp_path: Path) -> None:
    manifest = BackupManifest(
        format=1,
        created="2026-11-24T00:00:00+00:00",
        versions=[1],
        records=False,
        files={name: Entry(size=1, sha256="0" * 64)},
    )
    told = manifest.model_dump_json().encode()
    file = tmp_path / "b.tar.zst"
    file.write_bytes(
        archive([(tarfile.TarInfo("backup.json"), told), (tarfile.TarInfo(name), b"x")])
    )
    before = set(tmp_path.rglob("*"))
    with pytest.raises(BackupError, match="没有恢复"):
        restore(tmp_path / "library", file)
    assert {p.name for p in set(tmp_path.rglob("*")) - before} <= {"library", "build.lock"}


def test_a_backup_that_unpacks_without_end_is_given_up(data_dir: Path, tmp_path: Path) -> None:
    whole = tmp_path / "b.tar.zst"
    back_up(data_dir, whole, with_records=False)
    bomb = tmp_path / "bomb.tar.zst"
    plain = zstandard.ZstdDecompressor().decompressobj().decompress(whole.read_bytes())
    end = plain.rstrip(b"\0")
    padded = end + b"\0" * (-len(end) % 512)
    more = tarfile.TarInfo("versions/1/bomb")
    more.size = 300 * 2**20
    stream = padded + more.tobuf() + b"\0" * more.size
    bomb.write_bytes(zstandard.ZstdCompressor(level=1).compress(stream))
    assert bomb.stat().st_size < 2 * whole.stat().st_size + 100_000
    with pytest.raises(BackupError):
        restore(tmp_path / "library", bomb)
    assert sum(p.stat().st_size for p in (tmp_path / "library").rglob("*")) < 10_000
