"""The library of reports as staff use it: add, replace, remove, one bad file among good ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from chat.service import Service
from corpus.errors import DocumentError, LibraryError, UnknownDocumentError
from corpus.facts import Overrides
from corpus.report import BUNDLED
from eval.report_files import make_pdf, report_parts

REPORTS = ROOT / "tests" / "data" / "reports"
GDP = "2021年北仑区的地区生产总值是多少？"


@pytest.fixture
def empty(tmp_path: Path) -> Service:
    return Service(tmp_path / "library", "wenzheng-static")


def test_the_same_file_again_changes_nothing(empty: Service) -> None:
    first = empty.add([BUNDLED])
    again = empty.add([BUNDLED])
    assert first.new == ("北仑区_2022",)
    assert again.unchanged == 1
    assert again.version == first.version


def test_a_corrected_file_replaces_its_former_version(empty: Service, tmp_path: Path) -> None:
    corrected = tmp_path / BUNDLED.name
    corrected.write_text(
        BUNDLED.read_text(encoding="utf-8").replace("2382.5亿元", "2400亿元"), encoding="utf-8"
    )
    empty.add([BUNDLED])
    assert empty.add([corrected]).replaced == ("北仑区_2022",)
    assert empty.ask(GDP).answer == "2400亿元"


def test_a_folder_is_taken_whole_and_a_bad_file_is_told(empty: Service, tmp_path: Path) -> None:
    folder = tmp_path / "报告"
    folder.mkdir()
    for name in ("国务院_2012.txt", "国务院_2021.txt"):
        (folder / name).write_bytes((REPORTS / name).read_bytes())
    (folder / "空.txt").touch()
    added = empty.add([folder])
    assert set(added.new) == {"国务院_2012", "国务院_2021"}
    assert len(added.refused) == 1
    assert "空.txt" in added.refused[0]


def test_two_files_of_one_name_are_told_apart(empty: Service, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    other = tmp_path / "a" / BUNDLED.name
    other.write_bytes(BUNDLED.read_bytes())
    added = empty.add([BUNDLED, other])
    assert added.new == ("北仑区_2022",)
    assert "同名" in added.refused[0]


def test_a_removed_report_answers_no_more(empty: Service) -> None:
    empty.add([BUNDLED, REPORTS / "国务院_2021.txt"])
    empty.remove(["北仑区_2022"])
    assert list(empty.library.documents) == ["国务院_2021"]
    with pytest.raises(UnknownDocumentError, match="国务院_2021"):
        empty.remove(["北仑区_2022"])
    with pytest.raises(LibraryError, match="至少"):
        empty.remove(["国务院_2021"])


def test_the_place_in_the_question_chooses_the_report(empty: Service) -> None:
    empty.add([BUNDLED, REPORTS / "国务院_2021.txt"])
    answer = empty.ask(GDP)
    assert answer.answer == "2382.5亿元"
    assert answer.citations[0].document == "北仑区_2022"


def test_a_report_without_place_and_year_is_asked_for_them(empty: Service, tmp_path: Path) -> None:
    nameless = tmp_path / "文件.txt"
    nameless.write_text("政府工作报告\n\n各位代表：\n今年工作很好。", encoding="utf-8")
    with pytest.raises(DocumentError, match="--region"):
        empty.add([nameless])
    added = empty.add([nameless], overrides=Overrides(region="东山县", year=2020))
    assert added.new == ("文件",)
    assert empty.library.document("文件").year == 2020


def test_a_citation_from_a_pdf_names_its_page(empty: Service, tmp_path: Path) -> None:
    pdf = tmp_path / "北仑区_2022.pdf"
    pdf.write_bytes(make_pdf(report_parts(BUNDLED)))
    empty.add([pdf])
    (citation,) = empty.ask(GDP).citations
    assert citation.page is not None
    assert citation.page >= 1
    text = empty.library.document("北仑区_2022").text
    assert text[citation.start : citation.end] == citation.quote


def test_a_refused_file_leaves_the_library_as_it_was(empty: Service, tmp_path: Path) -> None:
    version = empty.add([BUNDLED]).version
    bad = tmp_path / "坏.pdf"
    bad.write_bytes(b"%PDF-1.7 broken")
    with pytest.raises(DocumentError, match=r"坏\.pdf"):
        empty.add([bad])
    assert empty.library.version == version
    assert empty.ask(GDP).answer == "2382.5亿元"
