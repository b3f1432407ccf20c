"""A damaged index: the last good version answers, and staff are told, until it is mended."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from conftest import wenzheng
from faults.forge import GDP, VALUE, edition
from forked import serving

from chat.live import Live
from chat.service import Service
from corpus.errors import DamagedLibraryError, LibraryError
from corpus.report import BUNDLED
from index.encoder import Encoder
from index.problems import Problems

NEWER = "2400亿元"


@pytest.fixture
def library(data_dir: Path, tmp_path: Path) -> Path:
    """A library of one version; the figure is VALUE."""
    return Path(shutil.copytree(data_dir, tmp_path / "库"))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 2
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def add_damaged(library: Path, folder: Path, name: str, harm: Callable[[Path], None]) -> int:
    """Publish a newer version that is damaged from the first, as by a failing disk."""
    aside = Path(shutil.copytree(library, folder / "旁"))
    number = Service(aside, "wenzheng-static").add([edition(folder, BUNDLED, NEWER)]).version
    (path,) = (aside / "versions" / str(number)).rglob(name)
    harm(path)
    shutil.move(aside / "versions" / str(number), library / "versions" / str(number))
    (library / "current.new").write_text(str(number), encoding="ascii")
    (library / "current.new").replace(library / "current")
    return number


def until(said: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not said() and time.monotonic() < deadline:
        time.sleep(0.1)
    return said()


@pytest.mark.parametrize("harm", [truncate, flip_a_bit, empty])
@pytest.mark.parametrize("name", ["vectors.faiss", "documents.zlib"])
def test_a_service_keeps_the_version_in_use_and_tells(
    library: Path,
    tmp_path: Path,
    name: str,
    harm: Callable[[Path], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    service = Service(library, "wenzheng-static")
    service.prepare()
    number = add_damaged(library, tmp_path, name, harm)
    service.prepare()
    assert service.ask(GDP).answer == VALUE
    health = service.health()
    assert health.ready
    assert health.degraded
    assert (health.version, health.published) == (1, number)
    assert name in health.told()
    assert "用版本1回答" in health.told()
    assert name in caplog.text


@pytest.mark.parametrize("name", ["vectors.faiss", "documents.zlib", "manifest.json"])
def test_a_service_that_starts_falls_back_to_the_newest_whole_version_and_tells(
    library: Path, tmp_path: Path, name: str
) -> None:
    add_damaged(library, tmp_path, name, truncate)
    service = Service(library, "wenzheng-static")
    service.prepare()
    assert service.ask(GDP).answer == VALUE
    assert name in service.health().told()
    # Asked again and again, it is told once and not loaded anew each time.
    since = [service.health().problems for _ in range(3)]
    assert since[0] == since[1] == since[2]


def test_what_is_added_to_an_index_with_a_damaged_file_mends_it(
    library: Path, tmp_path: Path
) -> None:
    number = add_damaged(library, tmp_path, "vectors.faiss", truncate)
    service = Service(library, "wenzheng-static")
    service.prepare()
    assert service.rebuild() == number + 1
    assert service.ask(GDP).answer == NEWER  # the newer document was whole: nothing is lost
    assert service.health().problems == ()


def test_documents_that_are_damaged_are_not_silently_replaced_by_older_ones(
    library: Path, tmp_path: Path
) -> None:
    add_damaged(library, tmp_path, "documents.zlib", flip_a_bit)
    service = Service(library, "wenzheng-static")
    with pytest.raises(DamagedLibraryError, match=r"documents\.zlib.*wenzheng rollback"):
        service.add([edition(tmp_path, BUNDLED, "2500亿元")])
    service.rollback(1)
    assert service.add([edition(tmp_path, BUNDLED, "2500亿元")]).version == 3
    assert service.ask(GDP).answer == "2500亿元"


def test_an_index_that_vanishes_does_not_stop_the_service(library: Path) -> None:
    service = Service(library, "wenzheng-static")
    service.prepare()
    library.rename(library.with_name("away"))
    assert service.ask(GDP).answer == VALUE
    assert "不见了" in service.health().told()
    library.with_name("away").rename(library)
    service.ask(GDP)
    assert service.health().problems == ()


def test_a_service_without_any_whole_version_is_not_ready_and_says_why(library: Path) -> None:
    truncate(next((library / "versions" / "1").rglob("vectors.faiss")))
    service = Service(library, "wenzheng-static")
    with pytest.raises(LibraryError):
        service.prepare()
    health = service.health()
    assert not health.ready
    assert "vectors.faiss" in health.detail


def test_staff_see_the_damage_at_readyz_and_metrics_and_mend_it_by_going_back(
    library: Path, tmp_path: Path
) -> None:
    with serving(library) as (address, _):
        assert httpx.get(f"{address}/readyz").json()["status"] == "ok"
        add_damaged(library, tmp_path, "vectors.faiss", flip_a_bit)

        def status() -> str:
            return str(httpx.get(f"{address}/readyz").json()["status"])

        assert until(lambda: status() == "degraded")
        ready = httpx.get(f"{address}/readyz")
        assert ready.status_code == httpx.codes.OK
        assert "vectors.faiss" in ready.json()["detail"]
        assert 'wenzheng_problem{part="library"} 1.0' in httpx.get(f"{address}/metrics").text
        asked = httpx.post(f"{address}/v1/ask", json={"question": GDP})
        assert asked.json()["answer"] == VALUE
        assert wenzheng("rollback", "1", "--data", library).returncode == 0
        assert until(lambda: status() == "ok")
        assert "wenzheng_problem{" not in httpx.get(f"{address}/metrics").text


def test_a_large_index_is_checked_while_it_is_used_and_replaced_if_damaged(
    library: Path, tmp_path: Path
) -> None:
    number = add_damaged(library, tmp_path, "vectors.faiss", flip_a_bit)
    problems = Problems()
    live = Live(library, Encoder(), lambda loaded: loaded, problems, check_up_to=0)
    live.refresh()  # sizes are right, so it is used at first
    assert until(lambda: live.version == 1)
    (told,) = problems.all()
    assert f"版本{number}" in told.message
    assert "用版本1回答" in told.message
    assert live.get().version == 1  # and it is not taken up again
    assert live.refresh().version == 1
    Service(library, "wenzheng-static").rebuild()
    assert live.refresh().version == number + 1
    assert problems.all() == ()
