"""A process that starts indexing processes quickly: it has read the program once and forks.

``python forge.py DIR`` reads lines ``PATH`` and answers each with the number of a child process
that adds the report at PATH to the library; then, when that has ended, with its exit status.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from chat.building import give_way
from chat.service import Service

VALUE = "2382.5亿元"  # the bundled report's GDP, in place of which stands one a version
GDP = "2021年北仑区的地区生产总值是多少？"


def edition(folder: Path, report: Path, value: str) -> Path:
    """Write the report with another figure in it, under its own name."""
    place = folder / value
    place.mkdir(exist_ok=True)
    text = report.read_text(encoding="utf-8").replace(VALUE, value)
    (place / report.name).write_text(text, encoding="utf-8")
    return place / report.name


class Forge:
    """The process, seen from outside."""

    def __init__(self, directory: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert self._read() == "ready"

    def start(self, report: Path) -> int:
        """Start a child that adds the report; return its process number."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{report}\n")
        self._process.stdin.flush()
        return int(self._read())

    def ended(self) -> int:
        """Wait for the child and return its exit status, negative for a signal."""
        return int(self._read())

    def build(self, report: Path) -> float:
        """Let a child add the report and return how many seconds it took."""
        begun = time.monotonic()
        self.start(report)
        assert self.ended() == 0
        return time.monotonic() - begun

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def _main(directory: Path) -> None:
    service = Service(directory, "wenzheng-static")
    service.prepare()
    print("ready", flush=True)
    former = None
    for line in sys.stdin:
        if former is not None:
            os.waitpid(former, 0)
        child = os.fork()
        if child == 0:
            give_way()  # as the command and the server's builder do
            service.add([Path(line.strip())])
            os._exit(0)
        print(child, flush=True)
        # It is left a zombie until the next one, so that its number stays its own for the killer.
        ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        status = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
        print(status, flush=True)
        former = child


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
