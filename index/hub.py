"""Models of the Hugging Face Hub: never looked up on the internet unless the settings allow it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def use_hub(*, downloads: bool) -> bool:
    """Set whether the Hub may be asked, and return ``local_files_only`` for the loading functions.

    The libraries read the variable when they are first imported, so this stands before any import.
    """
    os.environ["HF_HUB_OFFLINE"] = "0" if downloads else "1"
    return not downloads


def local_folder(name: str) -> Path | None:
    """Return where a model lies on this machine: its folder, or its snapshot in the Hub's cache."""
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        return None


def weights_digest(folder: Path) -> str | None:
    """Return a digest of weights and pooling, which decide the vectors; None without weights."""
    files = sorted(folder.rglob("*.safetensors"))
    if not files:
        return None
    digest = hashlib.sha256()
    for path in [*files, *sorted(folder.glob("*_Pooling/config.json"))]:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()[:16]


def missing_model(what: str, name: str, setting: str) -> str:
    """Return the message for a model that cannot be loaded: the likely cause, and the mend.

    :param what: 编码模型, 重排模型.
    """
    path = Path(name)
    if path.is_dir():
        if not any(path.rglob("*.safetensors")):
            cause = f"文件夹里没有权重（*.safetensors），请检查{setting}设置"
        else:
            cause = f"文件夹里的文件不全或格式不对，请重新拷贝，并检查{setting}设置"
    elif path.is_absolute() or name.startswith("."):
        cause = f"没有这个文件夹，请检查{setting}设置"
    else:
        cause = (
            f"本机没有这个模型。请在能联网的机器上下载后拷来（见docs/models.md），"
            f"把{setting}设为它的文件夹；或设置downloads = true，允许自动下载"
        )
    return f"{what}“{name}”无法加载：{cause}。"
