"""Run the product in this process and print whatever it unpickles: ``python watched.py LIBRARY FOLDER``.

The library is served from a copy in the folder. The watching begins before anything else is imported. Printed
is one JSON list of findings, each the kind and the file of the caller.
"""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path
from typing import Any

found: list[tuple[str, str]] = []


def note(kind: str, depth: int = 2) -> bool:
    found.append((kind, sys._getframe(depth).f_code.co_filename))
    return True


def watch(event: str, args: tuple[Any, ...]) -> None:
    if not event.startswith(("pickle.", "marshal.")):
        return
    caller = sys._getframe(1).f_code.co_filename
    if event == "pickle.find_class":
        found.append((f"{event} {args[0]}.{args[1]}", caller))
    # Python reads its own compiled modules by marshal.
    if event in ("marshal.load", "marshal.loads") and not caller.startswith("<frozen importlib"):
        found.append((event, caller))


class Watched(pickle.Unpickler):
    """The unpickler, telling of its use."""

    def load(self) -> Any:
        note("Unpickler.load")
        return super().load()


def main(library: Path, folder: Path) -> None:
    """Load the library, serve it, ask in every way."""
    usual = (pickle.load, pickle.loads)
    pickle.load = lambda *a, **k: usual[0](*a, **k) if note("pickle.load") else None
    pickle.loads = lambda *a, **k: usual[1](*a, **k) if note("pickle.loads") else None
    pickle.Unpickler = Watched  # type: ignore[misc]
    sys.addaudithook(watch)
    if "--check" in sys.argv:  # that the watching sees anything at all
        pickle.loads(pickle.dumps(Path))
        return

    import httpx
    from live_api import live_api

    from chat.page import create_app

    with live_api(library, folder, create_app) as api, api.client() as citizen:
        for path in ("/", "/readyz", "/reports", "/figures?indicator=GDP", "/v1/documents"):
            assert citizen.get(path).status_code == httpx.codes.OK, path
        question = {"question": "2021年北仑区的地区生产总值是多少？"}
        assert citizen.post("/v1/ask", json=question).json()["answer"] == "2382.5亿元"
        assert citizen.post("/v1/search", json=question).json()["hits"]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
    print(json.dumps(found))
