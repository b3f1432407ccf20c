"""The versions on disk as staff see them: whole or not, and going back to one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corpus.errors import DamagedLibraryError, LibraryError, OutdatedLibraryError
from corpus.report import parse_report
from index.encoder import Encoder
from index.library import open_library, open_whole
from index.publishing import published, version_numbers
from index.updating import publish
from index.versions import rollback, versions


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture
def three(encoder: Encoder, tmp_path: Path) -> Path:
    """A library of three versions; version N says that there are 200N parking places."""
    for number in (1, 2, 3):
        text = f"政府工作报告\n各位代表：\n一、生态\n2021年，新增停车位{200 + number}个。\n"
        publish(tmp_path / "库", [parse_report(text, "甲县_2022")], encoder)
    return tmp_path / "库"


def content(directory: Path, encoder: Encoder) -> str:
    return open_library(directory, encoder).document("甲县_2022").text


def harm(directory: Path, number: int, name: str = "vectors.faiss") -> None:
    (path,) = (directory / "versions" / str(number)).rglob(name)
    found = bytearray(path.read_bytes())
    found[len(found) // 2] ^= 4
    path.write_bytes(found)


def test_versions_are_listed_newest_first_with_what_they_hold(three: Path) -> None:
    found = versions(three)
    assert [(v.number, v.published, v.whole) for v in found] == [
        (3, True, True),
        (2, False, True),
        (1, False, True),
    ]
    assert {(v.documents, v.encoder) for v in found} == {(1, "wenzheng-static")}
    assert all(v.passages >= 1 for v in found)
    assert all(datetime.now(UTC) - v.created < timedelta(hours=1) for v in found)


def test_a_folder_without_index_has_no_versions(tmp_path: Path) -> None:
    assert versions(tmp_path) == []


@pytest.mark.parametrize("name", ["vectors.faiss", "documents.zlib", "manifest.json"])
def test_a_damaged_version_is_listed_as_such(three: Path, name: str) -> None:
    if name == "manifest.json":
        (three / "versions" / "2" / name).write_text("{", encoding="utf-8")
    else:
        harm(three, 2, name)
    assert [v.whole for v in versions(three)] == [True, False, True]


def test_going_back_answers_from_the_earlier_version(three: Path, encoder: Encoder) -> None:
    rollback(three, 1, encoder)
    assert "201个" in content(three, encoder)
    assert [v.published for v in versions(three)] == [False, False, True]


def test_one_can_go_forward_again(three: Path, encoder: Encoder) -> None:
    rollback(three, 1, encoder)
    rollback(three, 3, encoder)
    assert "203个" in content(three, encoder)


def test_what_is_built_after_going_back_has_a_new_number(three: Path, encoder: Encoder) -> None:
    rollback(three, 1, encoder)
    number = publish(
        three, [parse_report("政府工作报告\n各位代表：\n好。\n", "乙县_2022")], encoder
    )
    assert number == 4
    assert version_numbers(three) == [4, 3, 2, 1]


def test_going_back_to_a_version_that_is_not_there_names_those_that_are(
    three: Path, encoder: Encoder
) -> None:
    with pytest.raises(LibraryError, match="没有版本9；现有版本：3、2、1"):
        rollback(three, 9, encoder)
    assert published(three) == 3


def test_going_back_to_a_damaged_version_is_refused(three: Path, encoder: Encoder) -> None:
    harm(three, 1)
    with pytest.raises(DamagedLibraryError, match=r"版本1的segments/.*vectors\.faiss"):
        rollback(three, 1, encoder)
    assert published(three) == 3


def test_going_back_to_a_version_of_an_older_program_is_refused(
    three: Path, encoder: Encoder
) -> None:
    manifest = three / "versions" / "1" / "manifest.json"
    text = manifest.read_text(encoding="utf-8").replace('"format": ', '"format": -')
    manifest.write_text(text, encoding="utf-8")
    with pytest.raises(OutdatedLibraryError, match="旧版本"):
        rollback(three, 1, encoder)
    assert published(three) == 3


def test_the_newest_whole_version_serves_for_a_damaged_one_and_that_is_said(
    three: Path, encoder: Encoder
) -> None:
    harm(three, 3)
    harm(three, 2, "documents.zlib")
    library, problem = open_whole(three, encoder)
    assert library.version == 1
    assert "版本3的segments" in problem
    assert "用版本1回答" in problem


def test_a_lost_number_of_the_published_version_is_said_and_the_newest_serves(
    three: Path, encoder: Encoder
) -> None:
    (three / "current").write_text("?", encoding="ascii")
    library, problem = open_whole(three, encoder)
    assert library.version == 3
    assert "current" in problem
    rollback(three, 3, encoder)
    assert open_whole(three, encoder)[1] == ""


def test_without_any_whole_version_the_damage_is_an_error(three: Path, encoder: Encoder) -> None:
    for number in (1, 2, 3):
        harm(three, number)
    with pytest.raises(DamagedLibraryError, match="版本3"):
        open_whole(three, encoder)
