"""A process that changes the library while the disk is too small for it, then while it is not.

``python cramped.py WAY DIR REPORT ROOM…`` prints one JSON object for each room in bytes, and one
for the time after. WAY is ``file``: no file may be larger than the room (RLIMIT_FSIZE, for which no
rights are needed); or ``disk``: DIR is mounted as a file system with that much room left.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from faults.forge import GDP

from chat.service import Service
from corpus.errors import WenzhengError

AMPLE = 64 * 2**20


def limit_files(_: Path, room: int) -> None:
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard if room == AMPLE else room, hard))


def limit_disk(directory: Path, room: int) -> None:
    if directory.is_mount():
        how = f"remount,size={shutil.disk_usage(directory).used + room}"
    else:
        how = f"size={room}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", how, "tmpfs", directory], check=True)


def _main(way: str, directory: Path, report: Path, rooms: list[int]) -> None:
    limit: Callable[[Path, int], None] = limit_disk if way == "disk" else limit_files
    directory.mkdir(exist_ok=True)
    limit(directory, AMPLE)
    service = Service(directory, "wenzheng-static")
    service.prepare()
    for room in [*rooms, AMPLE]:
        limit(directory, room)
        try:
            service.add([report])
            error = ""
        except WenzhengError as refused:
            error = refused.message
        told = {
            "error": error,
            "answer": service.ask(GDP).answer,
            "fresh": Service(directory, "wenzheng-static").ask(GDP).answer,
            "left": sorted(p.name for p in (directory / "versions").iterdir()),
            "beside": sorted(p.name for p in directory.iterdir()),
        }
        print(json.dumps(told, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), [int(r) for r in sys.argv[4:]])
