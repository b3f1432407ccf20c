"""The command line asks some of the reports only, and names the known ones for a mistyped one."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import wenzheng
from live_api import REPORT


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reports of two places, years and levels."""
    folder = tmp_path_factory.mktemp("choosing")
    for region, gdp in (("安江县", "101.1"), ("和川市", "303.3")):
        report = folder / f"{region}_2023.txt"
        report.write_text(REPORT.format(region=region, gdp=gdp), encoding="utf-8")
    done = wenzheng("index", *folder.glob("*.txt"), "--data", folder / "data")
    assert done.returncode == 0, done.stderr
    return folder / "data"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--region", "安江"), "101.1亿元"),
        (("--level", "city"), "303.3亿元"),
        (("--document", "安江县_2023", "--year", "2023"), "101.1亿元"),
    ],
)
def test_ask_answers_from_the_reports_chosen(
    options: tuple[str, ...], told: str, library: Path
) -> None:
    done = wenzheng("ask", "2022年地区生产总值是多少", *options, "--data", library)
    assert told in done.stdout.splitlines()[0]


def test_search_lists_passages_of_the_reports_chosen(library: Path) -> None:
    done = wenzheng("search", "新建学校", "-k", "9", "--region", "和川市", "--data", library)
    assert "和川市2023年政府工作报告" in done.stdout
    assert "安江县" not in done.stdout


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--region", "安江区"), "安江县"),
        (("--document", "和川市_2022"), "和川市_2023"),
        (("--year", "2020"), "2023年"),
        (("--level", "区"), "county（区县级）"),
        (("--level", "province"), "city（市级）"),
    ],
)
def test_an_unknown_one_is_an_error_with_the_nearest_known(
    command: str, options: tuple[str, ...], told: str, library: Path
) -> None:
    done = wenzheng(command, "地区生产总值是多少", *options, "--data", library)
    assert done.returncode == 2
    assert told in done.stderr
    assert not done.stdout
