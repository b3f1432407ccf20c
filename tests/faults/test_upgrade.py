"""An index of an older version of the program is built anew by itself, or the error is clear."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from conftest import wenzheng
from faults.forge import GDP, VALUE
from pydantic import TypeAdapter

from chat.service import Service
from corpus.errors import LibraryError
from corpus.types import Document


@pytest.fixture
def old(document: Document, tmp_path: Path) -> Path:
    """A library as the first version of the program left it, as far as it is still read."""
    folder = tmp_path / "库" / "versions" / "1"
    folder.mkdir(parents=True)
    content = TypeAdapter(list[Document]).dump_json([document])
    (folder / "documents.json").write_bytes(content)
    manifest = {
        "format": 2,
        "encoder": "wenzheng-static",
        "encoder_fingerprint": "0",
        "documents": 1,
        "passages": 87,
        "files": {"documents.json": hashlib.sha256(content).hexdigest(), "vectors.faiss": "0"},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (tmp_path / "库" / "current").write_text("1", encoding="ascii")
    return tmp_path / "库"


def test_an_old_index_is_built_anew_and_that_is_said(old: Path) -> None:
    asked = wenzheng("ask", GDP, "--data", old)
    assert asked.stdout.startswith(VALUE)
    assert "旧版本的程序建立" in asked.stderr
    assert "现在是版本2" in asked.stderr
    again = wenzheng("ask", GDP, "--data", old)
    assert again.stdout.startswith(VALUE)
    assert "旧版本" not in again.stderr


def test_the_old_version_is_kept(old: Path) -> None:
    Service(old, "wenzheng-static").prepare()
    assert [v.number for v in Service(old, "wenzheng-static").versions()] == [2, 1]


def test_an_old_index_whose_documents_cannot_be_read_is_a_clear_error(old: Path) -> None:
    (old / "versions" / "1" / "documents.json").write_text("[{}]", encoding="utf-8")
    with pytest.raises(LibraryError, match=r"documents\.json.*重新导入"):
        Service(old, "wenzheng-static").prepare()
