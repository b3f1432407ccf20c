"""Compare what is installed with lock files, file by file: ``python -m tests.security.installed LOCK…``.

Each package must be there in the version that a lock names, and every file of it must have the
SHA-256 that its own record tells: what was changed on the disk is found, without internet.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;+]+)")


def pinned(lock: Path) -> dict[str, str]:
    """Return the versions that a lock file names, by package."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return {m[1]: m[2] for m in map(_PINNED.match, lines) if m}


def changed(package: Distribution) -> list[str]:
    """Return the files of a package that are missing or not as they were installed."""
    found = []
    for file in package.files or ():
        if file.hash is None or file.suffix == ".pyc":
            continue
        path = Path(str(file.locate()))
        try:
            digest = hashlib.new(file.hash.mode, path.read_bytes()).digest()
        except OSError:
            found.append(f"{file}（缺失）")
            continue
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
            found.append(str(file))
    return found


def differences(locks: list[Path]) -> list[str]:
    """Return, as Chinese lines, what differs from the lock files."""
    said = []
    wanted = {name: version for lock in locks for name, version in pinned(lock).items()}
    for name, version in sorted(wanted.items()):
        try:
            package = distribution(name)
        except PackageNotFoundError:
            said.append(f"{name}：没有安装，应是{version}")
            continue
        if package.version.split("+")[0] != version:
            said.append(f"{name}：装的是{package.version}，应是{version}")
        said += [f"{name}：文件与安装时不同：{file}" for file in changed(package)]
    return said


if __name__ == "__main__":
    told = differences([Path(name) for name in sys.argv[1:]])
    print("\n".join(told) or "已安装的包与锁文件一致，文件完好。")
    sys.exit(bool(told))
