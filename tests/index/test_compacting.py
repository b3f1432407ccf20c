"""A library that was changed many times is merged behind the scenes and published in one step."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest
from stores_bench import report

from chat.service import Service
from corpus.types import Document
from index.compacting import compact, segment_sizes
from index.encoder import Encoder
from index.library import open_library
from index.publishing import published, version_folder
from index.stores.compaction import worth_compacting
from index.stores.kinds import Tuning
from index.stores.protocol import Query
from index.updating import Change, Changes, update

PIECEMEAL = Tuning(merged_at_once=0)  # as in a large library, where merging would take long


def reports(first: int, last: int) -> list[Document]:
    return [
        report("安江县", year, "county", f"新增停车位{year}个。\n改造老旧小区{year % 97}个。")
        for year in range(first, last)
    ]


def adding(documents: list[Document]) -> Change:
    return lambda _: Changes(documents)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A library that grew report by report: nine segments."""
    folder = tmp_path_factory.mktemp("grown")
    update(folder, encoder, lambda _: Changes(reports(1990, 2010)), tuning=PIECEMEAL)
    for year in range(2010, 2018):
        added = reports(year, year + 1)
        update(folder, encoder, adding(added), tuning=PIECEMEAL)
    return folder


@pytest.fixture
def pieces(grown: Path, tmp_path: Path) -> Path:
    """The same, to be changed by one test."""
    return shutil.copytree(grown, tmp_path / "library")


def sizes(folder: Path) -> list[tuple[int, int]]:
    number = published(folder)
    assert number is not None
    return segment_sizes(version_folder(folder, number))


def scores(folder: Path, encoder: Encoder) -> dict[str, float]:
    library = open_library(folder, encoder)
    query = Query("停车位", encoder.encode_queries(["停车位"])[0])
    found = library.store.search(query)
    passages = library.store.read([c.number for c in found])
    return {p.text: round(c.lexical, 4) for p, c in zip(passages, found, strict=True)}


def test_many_segments_become_one_with_the_same_documents_and_scores(
    pieces: Path, encoder: Encoder
) -> None:
    before = open_library(pieces, encoder)
    documents, found = dict(before.documents), scores(pieces, encoder)
    assert len(sizes(pieces)) == 9
    number = compact(pieces, encoder)
    assert number == published(pieces) == before.version + 1
    assert len(sizes(pieces)) == 1
    assert dict(open_library(pieces, encoder).documents) == documents
    assert scores(pieces, encoder) == found


def test_what_was_removed_leaves_the_files(tmp_path: Path, encoder: Encoder) -> None:
    update(tmp_path, encoder, lambda _: Changes(reports(1990, 2010)))
    gone = [d.id for d in reports(1990, 2000)]
    update(tmp_path, encoder, lambda _: Changes(removed=gone), tuning=PIECEMEAL)
    assert sum(written for _, written in sizes(tmp_path)) == 2 * sizes(tmp_path)[0][0]
    compact(tmp_path, encoder)
    assert all(held == written for held, written in sizes(tmp_path))
    assert not set(gone) & set(open_library(tmp_path, encoder).documents)


def test_a_merged_library_is_left_as_it_is(pieces: Path, encoder: Encoder) -> None:
    number = compact(pieces, encoder)
    assert compact(pieces, encoder) is None
    assert published(pieces) == number


def test_an_empty_folder_is_left_as_it_is(tmp_path: Path, encoder: Encoder) -> None:
    assert compact(tmp_path, encoder) is None
    assert published(tmp_path) is None


def test_a_change_published_meanwhile_is_never_lost(pieces: Path, encoder: Encoder) -> None:
    over = threading.Event()

    def merge() -> None:
        while not over.is_set():
            compact(pieces, encoder)

    thread = threading.Thread(target=merge)
    thread.start()
    try:
        for year in range(2018, 2022):
            added = reports(year, year + 1)
            update(pieces, encoder, adding(added), tuning=PIECEMEAL)
    finally:
        over.set()
        thread.join()
    held = open_library(pieces, encoder).documents
    assert sorted(held) == sorted(d.id for d in reports(1990, 2022))
    assert not list((pieces / "versions").glob("*.building"))
    assert not (pieces / "compacting").exists()


@pytest.mark.parametrize(
    ("held", "worth"),
    [
        ([(1_000_000, 1_000_000)], False),
        ([(1_000_000, 1_000_000), (40_000, 40_000)], False),
        ([(1_000_000, 1_000_000), *[(40_000, 40_000)] * 8], True),
        ([(600_000, 1_000_000)], True),
        ([(900_000, 1_000_000)], False),
    ],
)
def test_merging_is_worth_it_for_many_segments_or_much_removed(
    held: list[tuple[int, int]], *, worth: bool
) -> None:
    assert worth_compacting(held) is worth


def test_a_server_merges_after_a_change_and_answers_from_what_was_merged(pieces: Path) -> None:
    file = pieces.parent / "宁河县_2020.txt"
    file.write_text(
        "宁河县2020年政府工作报告\n各位代表：\n一、工作回顾\n新增停车位77个。\n", encoding="utf-8"
    )
    service = Service(pieces, "wenzheng-static", builds_apart=True, tuning=PIECEMEAL)
    service.prepare()
    try:
        added = service.add([file])
        deadline = time.monotonic() + 60
        while service.library.version == added.version and time.monotonic() < deadline:
            assert service.search("新增停车位", documents=("宁河县_2020",))
            time.sleep(0.05)
        assert service.library.version == added.version + 1
        assert len(sizes(pieces)) == 1
        assert service.search("新增停车位", documents=("宁河县_2020",))
    finally:
        service.close()
