"""Parse a file in a child process that a hostile file cannot make slow, big or crash the parent.

``python -m corpus.sandbox KIND PATH`` is the child; it writes one JSON object to its output.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpus.errors import DocumentError
from corpus.formats.extraction import Source
from corpus.formats.kinds import NAMES, Kind

# A PDF of 5,000 full pages (15 MiB) takes 75 s of one core of ours; a machine half as fast still
# gets through. A small file has little to read, so it may not take long either.
CPU_BASE_SECONDS, CPU_SECONDS_PER_MIB, CPU_MAX_SECONDS = 30, 20, 180
WALL_PER_CPU = 2  # the child shares its cores with the answering of questions
# Address space, of which the libraries map some 300 MiB. The tree of 64 MiB XML takes 500 MiB, the
# text of 20 million characters with its JSON 300 MiB.
MEMORY_BYTES = 2 * 1024**3
# The longest text (20 million characters of four bytes) with its headings; more is not our child's.
MAX_RESULT_BYTES = 128 * 1024 * 1024

# Children at work at once; with four of the largest files a machine of 8 GiB would be full.
_PLACES = threading.BoundedSemaphore(2)

_ROOT = Path(__file__).parents[1]
_MEMORY_STATUS = 77  # exit status of a child that ran out of memory


def read_in_child(kind: Kind, path: Path, name: str) -> Source:
    """Return the text of a file, read by a child process within the limits above.

    :raises DocumentError: what the reader says, or that the file went beyond a limit.
    """
    seconds = cpu_seconds(path)
    with _PLACES, tempfile.TemporaryFile() as result:
        try:
            done = subprocess.run(
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "corpus.sandbox",
                    kind.value,
                    str(path.absolute()),
                    name,
                ],
                stdin=subprocess.DEVNULL,
                stdout=result,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                timeout=seconds * WALL_PER_CPU,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _too_slow(name, seconds) from error
        except OSError as error:
            raise DocumentError(
                f"文件“{name}”没能读取：启动读取进程失败（{error.strerror}）；请稍后再试。"
            ) from error
        if done.returncode != 0:
            raise _failure(done.returncode, kind, name, seconds)
        result.seek(0)
        return _source(json.loads(result.read(MAX_RESULT_BYTES)))


def cpu_seconds(path: Path) -> int:
    """Return how many seconds of one core a file may take."""
    try:
        mebibytes = path.stat().st_size / 2**20
    except OSError:
        return CPU_BASE_SECONDS
    return min(CPU_MAX_SECONDS, int(CPU_BASE_SECONDS + CPU_SECONDS_PER_MIB * mebibytes))


def limit_resources(seconds: int, memory_bytes: int = MEMORY_BYTES) -> None:
    """Limit the process that calls this for good, in seconds of one core and bytes of addresses.

    Where the system has no such limit, the parent's time-out remains.
    """
    if sys.platform == "win32":
        return
    import resource

    for what, limit in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, MAX_RESULT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a stricter limit is in force already
            resource.setrlimit(what, (limit, limit))


def _environment() -> dict[str, str]:
    """Return the child's environment: enough to run Python, none of the parent's secrets."""
    kept = {
        k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMP")
    }
    return kept | {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def _failure(status: int, kind: Kind, name: str, seconds: int) -> DocumentError:
    # A negative status is the signal that ended the child: SIGXCPU and SIGKILL end it at a limit.
    if status in (-24, -9):
        return _too_slow(name, seconds)
    if status == _MEMORY_STATUS:
        return DocumentError(
            f"文件“{name}”读取时占用内存超过{MEMORY_BYTES // 2**30} GiB，已停止；"
            "请拆分，或另存为txt后再导入。"
        )
    return DocumentError(
        f"文件“{name}”可能已损坏或内容过大，{NAMES[kind]}读取程序中途退出；"
        "请用原来的软件打开并另存，或拆分后再导入。"
    )


def _too_slow(name: str, seconds: int) -> DocumentError:
    return DocumentError(f"文件“{name}”读取超过{seconds}秒，已停止；请拆分，或另存为txt后再导入。")


def _source(result: dict[str, Any]) -> Source:
    if "error" in result:
        raise DocumentError(result["error"])
    return Source(
        text=result["text"],
        pages=tuple(result["pages"]),
        headings=tuple((start, level) for start, level in result["headings"]),
        marks=tuple((start, end, number) for start, end, number in result["marks"]),
        warnings=tuple(result["warnings"]),
    )


def _child(kind: Kind, path: Path, name: str) -> dict[str, Any]:
    from corpus.formats.readers import read_bytes
    from corpus.reading import load

    try:
        return asdict(read_bytes(kind, load(path), name))
    except DocumentError as error:
        return {"error": error.message}


def _main() -> int:
    kind, path, name = Kind(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    limit_resources(cpu_seconds(path))
    # Libraries that print must not print into the result.
    with os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace") as output:
        os.dup2(2, 1)
        try:
            json.dump(_child(kind, path, name), output, ensure_ascii=False)
        except MemoryError:
            return _MEMORY_STATUS
    return 0


if __name__ == "__main__":
    sys.exit(_main())
