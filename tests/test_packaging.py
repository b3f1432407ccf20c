"""What is installed from a wheel holds all that the program reads beside its code."""

from __future__ import annotations

import tomllib
from pathlib import Path

from conftest import ROOT

DATA = {".toml", ".txt", ".json", ".safetensors", ".css", ".js", ".html", ".svg"}
# Read by those who work on the project, not by the program.
APART = {"eval/peers/requirements.txt"}
UNREAD = {("eval", "runs"), ("models", "training")}
ROOMS = ("chat", "corpus", "eval", "index", "models", "retriever")


def test_every_file_that_the_program_reads_is_in_the_package() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    packed = {
        path
        for package, patterns in tools["setuptools"]["package-data"].items()
        for pattern in patterns
        for path in (ROOT / Path(*package.split("."))).glob(pattern)
    }
    there = {
        path
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.suffix in DATA and path.relative_to(ROOT).parts[:2] not in UNREAD
    }
    missing = {str(p.relative_to(ROOT)) for p in there - packed}
    assert missing <= APART


def test_every_package_is_in_the_package() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    listed = set(tools["setuptools"]["packages"])
    there = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for room in ROOMS
        for path in (ROOT / room).rglob("__init__.py")
    }
    assert {name for name in there if not name.startswith("models.training")} <= listed
