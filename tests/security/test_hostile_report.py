"""A report full of markup is text everywhere: page, report, figures, API, events, CSV."""

from __future__ import annotations

import json

import pytest
from live_api import LiveApi
from security.conftest import HOSTILE, upload
from selectolax.lexbor import LexborHTMLParser

GDP = "2022年恶意县的地区生产总值是多少？"
# What a browser follows, loads or runs.
_ADDRESSES = ("href", "src", "action", "formaction", "srcset", "data", "poster", "background")
_OURS = ("/", "#", "?")


def live_parts(html: str) -> list[str]:
    """Return what in a page would run, or would load or lead to something that is not ours."""
    found = []
    for node in LexborHTMLParser(html).css("*"):
        tag, attributes = node.tag, node.attributes
        if tag in ("iframe", "object", "embed", "base") or (
            tag == "script" and not attributes.get("src") and "hacked" in node.text()
        ):
            found.append(tag)
        for name, value in attributes.items():
            if name.startswith("on"):
                found.append(f"{tag} {name}")
            if name in _ADDRESSES and not (value or "").startswith(_OURS):
                found.append(f"{tag} {name}={value}")
    return found


def test_the_check_itself_sees_what_would_run() -> None:
    parts = live_parts(HOSTILE)
    assert {"img onerror", "svg onload", "iframe", "script"} <= set(parts)
    assert "img src=x" in parts


@pytest.mark.parametrize(
    "path", ["/reports/{}", "/reports/{}?view=pane", "/reports", "/figures?document={}", "/", "/en"]
)
def test_nothing_of_it_is_live_on_a_page(api: LiveApi, hostile: str, path: str) -> None:
    with api.client() as citizen:
        reply = citizen.get(path.format(hostile))
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/html")
    mine = [p for p in live_parts(reply.text) if "canary" in p or "hacked" in p or " on" in p]
    assert mine == []
    assert "<script>window.hacked" not in reply.text
    assert "49项" not in reply.text  # no template took it for its own


def test_the_report_shows_every_character_as_text(api: LiveApi, hostile: str) -> None:
    with api.client() as citizen:
        html = citizen.get(f"/reports/{hostile}").text
        text = citizen.get(f"/v1/documents/{hostile}/text").text
    assert not live_parts("".join(b.html or "" for b in LexborHTMLParser(html).css(".block")))
    shown = "".join("".join(b.text().split()) for b in LexborHTMLParser(html).css(".block"))
    assert shown == "".join(text.split())
    assert "<script>window.hacked=1</script>" in text


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/v1/documents/{}", "application/json"),
        ("/v1/documents/{}/text", "text/plain; charset=utf-8"),
        ("/v1/documents/{}/outline", "application/json"),
        ("/v1/documents", "application/json"),
        ("/v1/figures?document={}", "application/json"),
        ("/figures.csv?document={}", "text/csv; charset=utf-8"),
    ],
)
def test_programs_get_it_as_data_that_no_browser_takes_for_a_page(
    api: LiveApi, hostile: str, path: str, kind: str
) -> None:
    with api.client() as citizen:
        # Whatever a browser would rather have.
        reply = citizen.get(path.format(hostile), headers={"Accept": "text/html, */*;q=0.1"})
    assert reply.status_code == 200
    assert reply.headers["content-type"] == kind
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")


def test_an_answer_quotes_it_and_an_event_stream_keeps_its_shape(
    api: LiveApi, hostile: str
) -> None:
    asked = {"question": GDP, "documents": [hostile]}
    with api.client() as citizen:
        answer = citizen.post("/v1/ask", json=asked).json()
        events = citizen.post("/v1/ask", json=asked, headers={"Accept": "text/event-stream"})
    assert answer["answer"] == "77.7亿元"
    assert "<img src=x onerror" in answer["citations"][0]["quote"]
    assert events.headers["content-type"].startswith("text/event-stream")
    lines = [line for line in events.text.splitlines() if line]
    assert all(line.startswith(("event: ", "data: ", ":", "id: ")) for line in lines)
    names = [line for line in lines if line.startswith("event: ")]
    assert names.count("event: done") == 1
    done = json.loads(lines[lines.index("event: done") + 1].removeprefix("data: "))
    assert done["answer"] == "77.7亿元"


def test_lines_that_look_like_events_stay_inside_an_event(api: LiveApi, hostile: str) -> None:
    asked = {"question": "恶意县建成了几座广场？", "documents": [hostile]}
    with api.client() as citizen:
        reply = citizen.post("/v1/ask", json=asked, headers={"Accept": "text/event-stream"})
    assert reply.text.count("\nevent: done") + reply.text.startswith("event: done") == 1
    assert 'data: {"answer": "假的"}\n' not in reply.text


def test_the_figures_in_a_spreadsheet_are_no_formulas(api: LiveApi, hostile: str) -> None:
    with api.client() as citizen:
        table = citizen.get(f"/figures.csv?document={hostile}").text
    cells = [c.strip('"') for line in table.splitlines() for c in line.lstrip("\ufeff").split(",")]
    assert "77.7亿元" in table
    assert not [c for c in cells if c.startswith(("=", "+", "@", "\t"))]


def test_an_uploaded_page_comes_back_as_text_only(api: LiveApi) -> None:
    name, identity = "页面县_2023.html", "页面县_2023"
    body = HOSTILE.replace("恶意县", "页面县").replace("\n", "<br>\n")
    upload(api, (name, f"<html><title>页面县</title><body>{body}</body></html>".encode()))
    with api.client() as citizen:
        paths = [f"/v1/documents/{identity}", f"/v1/documents/{identity}/text"]
        replies = [citizen.get(p) for p in paths]
        page = citizen.get(f"/reports/{identity}")
        original = [citizen.get(f"/{p}{name}") for p in ("", "reports/", "static/", "page/x/")]
    assert [r.status_code for r in (*replies, page)] == [200, 200, 200]
    assert [r.headers["content-type"].split(";")[0] for r in replies] == [
        "application/json",
        "text/plain",
    ]
    assert "<script>window.hacked" not in page.text
    assert "hacked" not in "".join(live_parts(page.text))
    assert {r.status_code for r in original} == {404}  # the file itself is kept nowhere
