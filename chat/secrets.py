"""Secrets among the settings: from the environment, or from a file that only its owner may read."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, SecretStr

from corpus.errors import SettingsError

_LONGEST = 8192


def require_private(path: Path, what: str) -> None:
    """Check that only its owner may read a file with secrets.

    :param what: what the file is for, told in the message.
    :raises SettingsError: if the group or others may read or write it, or it cannot be looked at.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise SettingsError(f"无法读取{what}“{path}”（{error.strerror}），请检查路径。") from error
    if mode & 0o077:
        raise SettingsError(
            f"{what}“{path}”里有密码或密钥，权限却是{mode:o}，别的用户也能读；"
            f"请运行 chmod 600 '{path}'。"
        )


def _resolved(value: SecretStr) -> SecretStr:
    """Read ``@FILE``; any other value is the secret itself."""
    text = value.get_secret_value()
    if not text.startswith("@"):
        return value
    path = Path(text[1:])
    require_private(path, "密钥文件")
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"无法读取密钥文件“{path}”，请检查权限和编码。") from error
    if not content.strip() or len(content) > _LONGEST:
        raise SettingsError(f"密钥文件“{path}”是空的或太长，里面应只有一行密钥。")
    return SecretStr(content.strip())


# A setting of this type is never shown; ``@/path/to/file`` reads it from a file.
Secret = Annotated[SecretStr, AfterValidator(_resolved)]
