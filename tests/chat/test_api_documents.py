"""Documents over the API: upload, jobs, versions, texts, deletion, and who may do what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from live_api import REPORT, LiveApi, live_api

from chat.records.keys import Scope
from corpus.types import Document

Files = list[tuple[str, tuple[str, bytes]]]


@pytest.fixture(scope="module")
def api(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApi]:
    with live_api(data_dir, tmp_path_factory.mktemp("documents"), max_upload_mib=2) as running:
        yield running


@pytest.fixture(scope="module")
def staff(api: LiveApi) -> Iterator[httpx.Client]:
    with api.client(Scope.ADMIN) as admin:
        yield admin


def report(name: str, region: str = "测试县", gdp: str = "123.4") -> Files:
    return [("files", (f"{name}.txt", REPORT.format(region=region, gdp=gdp).encode()))]


def uploaded(api: LiveApi, staff: httpx.Client, files: Files, **form: Any) -> dict[str, Any]:
    reply = staff.post("/v1/documents", files=files, data=form)
    assert reply.status_code == 202, reply.text
    job = reply.json()
    assert reply.headers["location"] == f"/v1/jobs/{job['id']}"
    return api.finished(job["id"])


def test_an_uploaded_report_answers_questions(api: LiveApi, staff: httpx.Client) -> None:
    before = staff.get("/v1/documents").json()
    job = uploaded(api, staff, report("测试县_2023"))
    assert job["state"] == "done"
    assert job["version"] == before["version"] + 1
    assert job["done"] == job["total"] > 0
    assert any("测试县_2023.txt" in m for m in job["messages"])
    asked = {"question": "2022年测试县的地区生产总值是多少？"}
    assert staff.post("/v1/ask", json=asked).json()["answer"] == "123.4亿元"
    shown = staff.get("/v1/documents/测试县_2023").json()
    assert (shown["region"], shown["year"], shown["date"]) == ("测试县", 2023, "2023-01-05")


def test_several_files_become_one_version_and_a_bad_one_is_told(
    api: LiveApi, staff: httpx.Client
) -> None:
    before = staff.get("/v1/documents").json()["version"]
    broken: Files = [("files", ("坏文件.docx", b"PK\x03\x04 nothing"))]
    files = report("甲县_2023", "甲县") + report("乙县_2023", "乙县") + broken
    job = uploaded(api, staff, files)
    assert job["state"] == "done"
    assert job["version"] == before + 1
    assert any("坏文件.docx" in m for m in job["messages"])
    held = {d["id"] for d in staff.get("/v1/documents").json()["documents"]}
    assert {"甲县_2023", "乙县_2023"} <= held


def test_a_file_of_a_known_name_replaces_the_document(api: LiveApi, staff: httpx.Client) -> None:
    uploaded(api, staff, report("丙县_2023", "丙县", "50.5"))
    job = uploaded(api, staff, report("丙县_2023", "丙县", "66.6"))
    assert "替换丙县_2023" in job["messages"][-1]
    asked = {"question": "2022年丙县的地区生产总值是多少？", "documents": ["丙县_2023"]}
    assert staff.post("/v1/ask", json=asked).json()["answer"] == "66.6亿元"


def test_facts_that_the_text_does_not_give_come_with_the_upload(
    api: LiveApi, staff: httpx.Client
) -> None:
    bare: Files = [("files", ("说明.txt", "一、总体情况\n全年实现生产总值88.8亿元。".encode()))]
    uploaded(api, staff, bare, region="丁县", year="2021", title="丁县情况说明")
    shown = staff.get("/v1/documents/说明").json()
    assert (shown["region"], shown["year"], shown["title"]) == ("丁县", 2021, "丁县情况说明")


def test_when_no_file_can_be_read_the_job_fails_and_says_why(
    api: LiveApi, staff: httpx.Client
) -> None:
    before = staff.get("/v1/documents").json()["version"]
    job = uploaded(api, staff, [("files", ("坏.docx", b"PK\x03\x04 nothing"))])
    assert job["state"] == "failed"
    assert "坏.docx" in " ".join(job["messages"])
    assert staff.get("/v1/documents").json()["version"] == before


def test_the_same_key_uploads_once(api: LiveApi, staff: httpx.Client) -> None:
    headers = {"Idempotency-Key": "upload-2023-0001"}
    first = staff.post("/v1/documents", files=report("戊县_2023"), headers=headers)
    again = staff.post("/v1/documents", files=report("戊县_2023"), headers=headers)
    assert again.status_code == first.status_code == 202
    assert again.json()["id"] == first.json()["id"]
    api.finished(first.json()["id"])
    other = staff.post("/v1/documents", files=report("己县_2023"), headers=headers)
    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["detail"]


def test_a_key_that_is_too_short_to_be_its_own_is_told_what_it_should_be(
    staff: httpx.Client,
) -> None:
    headers = {"Idempotency-Key": "abc-1"}
    reply = staff.post("/v1/documents", files=report("戊县_2023"), headers=headers)
    assert reply.status_code == 422
    assert "“idempotency-key”应是8到128个字符" in reply.json()["detail"]


@pytest.mark.parametrize(
    ("files", "status", "told"),
    [
        ([("files", ("大.txt", b"x" * 3 * 2**20))], 413, "MiB"),
        ([("files", ("程序.exe", b"MZ"))], 422, "格式"),
        ([("files", ("空.txt", b""))], 422, "空"),
        ([("files", ("a.txt", b"x")), ("files", ("a.md", b"x"))], 422, "同名"),
        ([("file", ("a.txt", b"x"))], 422, "files"),
        ([("files", (f"{n}.txt", b"x")) for n in range(51)], 413, "50"),
    ],
)
def test_a_bad_upload_is_refused_with_cause_and_mend(
    api: LiveApi, staff: httpx.Client, files: Files, status: int, told: str
) -> None:
    jobs = staff.get("/v1/jobs").json()["total"]
    reply = staff.post("/v1/documents", files=files)
    assert reply.status_code == status
    assert told in reply.json()["detail"]
    assert staff.get("/v1/jobs").json()["total"] == jobs
    assert not list((api.service.directory / "uploads").glob("*/*"))


def test_a_name_with_a_path_stays_in_its_folder(api: LiveApi, staff: httpx.Client) -> None:
    files = [("files", ("../../../外面_2023.txt", REPORT.format(region="外县", gdp="1").encode()))]
    job = uploaded(api, staff, files)
    assert job["state"] == "done"
    assert staff.get("/v1/documents/外面_2023").status_code == 200
    assert not list(api.service.directory.parent.glob("外面*"))


def test_a_title_for_several_files_is_refused(staff: httpx.Client) -> None:
    files = report("庚县_2023") + report("辛县_2023")
    reply = staff.post("/v1/documents", files=files, data={"title": "标题"})
    assert reply.status_code == 422
    assert "title" in reply.json()["detail"]


def test_a_form_that_is_no_multipart_is_told(staff: httpx.Client) -> None:
    assert staff.post("/v1/documents", json={}).status_code == 415
    headers = {"content-type": "multipart/form-data; boundary=x"}
    reply = staff.post("/v1/documents", content=b"--x\r\nnothing", headers=headers)
    assert reply.status_code == 422


def test_progress_comes_as_events(api: LiveApi, staff: httpx.Client) -> None:
    job = staff.post("/v1/documents", files=report("壬县_2023", "壬县")).json()
    names, last = [], {}
    headers = {"accept": "text/event-stream"}
    with staff.stream("GET", f"/v1/jobs/{job['id']}", headers=headers) as reply:
        for line in reply.iter_lines():
            if line.startswith("event: "):
                names.append(line.removeprefix("event: "))
            elif line.startswith("data: "):
                last = json.loads(line.removeprefix("data: "))
    assert names[-1] == "done"
    assert set(names[:-1]) <= {"progress"}
    assert last["state"] == "done"
    assert last == api.finished(job["id"])


def test_a_deleted_document_is_gone_and_can_be_brought_back(
    api: LiveApi, staff: httpx.Client
) -> None:
    uploaded(api, staff, report("癸县_2023", "癸县"))
    before = staff.get("/v1/documents").json()["version"]
    reply = staff.delete("/v1/documents/癸县_2023")
    assert reply.status_code == 202
    assert api.finished(reply.json()["id"])["state"] == "done"
    assert staff.get("/v1/documents/癸县_2023").status_code == 404
    versions = staff.post(f"/v1/versions/{before}/publish").json()["versions"]
    assert [v["number"] for v in versions if v["published"]] == [before]
    assert staff.get("/v1/documents/癸县_2023").status_code == 200
    assert staff.post("/v1/versions/9999/publish").status_code == 404


def test_the_last_document_stays(data_dir: Path, tmp_path: Path, document: Document) -> None:
    with live_api(data_dir, tmp_path / "one") as api, api.client(Scope.WRITE) as staff:
        reply = staff.delete(f"/v1/documents/{document.id}")
    assert reply.status_code == 409
    assert "至少要留一份" in reply.json()["detail"]


def test_every_change_is_in_the_audit_log(staff: httpx.Client) -> None:
    entries = staff.get("/v1/audit", params={"limit": 1000}).json()["entries"]
    actions = {e["action"] for e in entries}
    assert {"documents.add", "documents.delete", "versions.publish"} <= actions
    assert {"documents.add.failed"} <= actions
    assert all("测试admin" in e["who"] for e in entries if e["action"].startswith("documents"))


WRITES = [
    ("POST", "/v1/documents", Scope.WRITE),
    ("DELETE", "/v1/documents/北仑区_2022", Scope.WRITE),
    ("POST", "/v1/versions/1/publish", Scope.ADMIN),
    ("GET", "/v1/versions", Scope.READ),
    ("GET", "/v1/jobs", Scope.READ),
    ("GET", "/v1/feedback", Scope.READ),
    ("GET", "/v1/insights", Scope.READ),
    ("GET", "/v1/audit", Scope.ADMIN),
]


@pytest.mark.parametrize(("method", "path", "needed"), WRITES)
def test_staff_routes_need_a_key_of_their_scope(
    api: LiveApi, method: str, path: str, needed: Scope
) -> None:
    form = {"content-type": "multipart/form-data; boundary=x"} if path == "/v1/documents" else {}
    with api.client() as citizen:
        refused = citizen.request(method, path, headers=form)
    assert refused.status_code == 401
    assert "wenzheng keys create" in refused.json()["detail"]
    for scope in Scope:
        if not scope.allows(needed):
            with api.client(scope) as lesser:
                assert lesser.request(method, path, headers=form).status_code == 403


def test_a_stretch_of_text_is_not_sent_twice(staff: httpx.Client, document: Document) -> None:
    path = f"/v1/documents/{document.id}/text"
    first = staff.get(path, params={"start": 100, "end": 200})
    tag = first.headers["etag"]
    again = staff.get(path, params={"start": 100, "end": 200}, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    other = staff.get(path, params={"start": 100, "end": 201}, headers={"if-none-match": tag})
    assert other.status_code == 200
    assert other.text == document.text[100:201]


def test_texts_are_compressed_and_never_html(staff: httpx.Client, document: Document) -> None:
    reply = staff.get(f"/v1/documents/{document.id}/text", headers={"accept-encoding": "gzip"})
    assert reply.headers["content-encoding"] == "gzip"
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.text == document.text


def test_a_range_beyond_the_text_is_told(staff: httpx.Client, document: Document) -> None:
    path = f"/v1/documents/{document.id}/text"
    assert staff.get(path, params={"start": 10**6}).status_code == 422
    assert staff.get(path, params={"start": 5, "end": 4}).status_code == 422
    assert staff.get(path, params={"start": 0, "end": 10**6}).text == document.text


def test_the_outline_points_at_the_headings(staff: httpx.Client, document: Document) -> None:
    outline = staff.get(f"/v1/documents/{document.id}/outline").json()["sections"]
    assert len(outline) == len(document.sections)
    for entry in outline:
        heading = document.text[entry["start"] : entry["heading_end"]]
        assert entry["title"] in heading or heading.strip() in entry["title"]
        assert entry["level"] == len(entry["path"])
