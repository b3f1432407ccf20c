"""A server starts without work that nobody waits for."""

from __future__ import annotations

import subprocess
import sys

from conftest import ROOT

_LOADED = """
import sys
from chat.page.stubs import without_stubs
without_stubs()
import gradio
import gradio.component_meta
print(gradio.component_meta.create_or_modify_pyi.__module__)
print(gradio.Textbox(label="问题").label)
"""
_ASKED = """
import sys
import wenzheng
import chat.service
print([m for m in ("gradio", "jieba.posseg", "pypinyin", "pandas") if m in sys.modules])
"""


def told(program: str) -> list[str]:
    """Return what a program of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout.split("\n")[:-1]


def test_gradio_writes_no_stubs_and_works_all_the_same() -> None:
    assert told(_LOADED) == ["chat.page.stubs", "问题"]


def test_a_question_from_cold_loads_nothing_of_the_page() -> None:
    assert told(_ASKED) == ["[]"]
