"""Load Gradio without the type stubs that it would write into its own folder at every start.

They are for editors only; reading and comparing the sources of all its components takes half of the
time that Gradio takes to load, 1.2 s of one core.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_MODULE, _WRITER = "gradio.component_meta", "create_or_modify_pyi"


class _WithoutStubs(MetaPathFinder):
    """Finds the one module that writes the stubs, and takes the writer out once it is loaded."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        if fullname != _MODULE:
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                if hasattr(module, _WRITER):
                    setattr(module, _WRITER, _nothing)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _nothing(*_: object) -> None:
    """Write no stub."""


def without_stubs() -> None:
    """Let Gradio write no stubs, unless it is loaded already."""
    if _MODULE not in sys.modules:
        sys.meta_path.insert(0, _WithoutStubs())
