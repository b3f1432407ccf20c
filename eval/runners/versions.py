"""What a run was made with: code, models, libraries, machine. No path, no name of a user."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from index.encoder import Encoder

_ROOT = Path(__file__).parents[2]
_MODELS = _ROOT / "models"
_LIBRARIES = ("torch", "sentence-transformers", "faiss-cpu", "bm25s", "jieba", "ir-measures")


def now() -> str:
    """Return the time as ISO, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def code_versions() -> dict[str, str]:
    """Return versions of the code, the libraries that matter, Python, and the machine."""
    libraries = []
    for name in _LIBRARIES:
        try:
            libraries.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            libraries.append(f"{name} 未安装")
    return {
        "程序": code_version(),
        "库": "，".join(libraries),
        "Python": platform.python_version(),
        "机器": f"{os.cpu_count()}核，{_memory()}{platform.system()} {platform.machine()}",
    }


def code_version() -> str:
    """Return the release, with the commit where the code is a checkout."""
    release = version("wenzheng")
    commit = _git("rev-parse", "--short=10", "HEAD")
    if not commit:
        return release
    changed = "，有未提交的改动" if _git("status", "--porcelain", "--untracked-files=no") else ""
    return f"{release}（{commit}{changed}）"


def _memory() -> str:
    if not hasattr(os, "sysconf"):  # not Unix
        return ""
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{gib:.0f} GiB，"


def model_versions(encoder: Encoder) -> dict[str, str]:
    """Return the models that answer: the encoder's fingerprint, the shipped networks' digests."""
    digests = [
        f"{path.parent.name}/{path.stem} {hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
        for path in sorted(_MODELS.rglob("*.safetensors"))
        if path.parent.name != "encoder"
    ]
    return {"编码模型": f"{encoder.name} {encoder.fingerprint()[:16]}", "模型": "，".join(digests)}


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(_ROOT), *arguments],  # noqa: S607 (git of the user's path)
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return ""  # no git: the release number tells enough
    return done.stdout.strip() if done.returncode == 0 else ""
