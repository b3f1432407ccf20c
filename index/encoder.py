"""Turn texts into unit vectors with a sentence-transformers model."""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from corpus.errors import LibraryError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SHIPPED = "wenzheng-static"
SHIPPED_FOLDER = Path(__file__).parents[1] / "models" / "encoder"

Vectors = npt.NDArray[np.float32]


class Encoder:
    """A sentence-transformers model by name: the shipped one, a folder, or a Hub id."""

    def __init__(self, name: str = SHIPPED) -> None:
        """Remember the model; its weights are read on first use.

        :param name: ``wenzheng-static``, a folder, or a Hub id such as ``BAAI/bge-small-zh-v1.5``.
        """
        self.name = name
        self._model: SentenceTransformer | None = None

    @property
    def model(self) -> SentenceTransformer:
        """The loaded model.

        :raises LibraryError: if it is neither a folder nor to be had from the Hub.
        """
        if self._model is None:
            self._model = _load(self.name)
        return self._model

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        size = self.model.get_embedding_dimension()
        assert size is not None
        return int(size)

    def fingerprint(self) -> str:
        """Return what tells this model from others: the digest of its weights, or its Hub id."""
        folder = SHIPPED_FOLDER if self.name == SHIPPED else Path(self.name)
        weights = sorted(folder.rglob("*.safetensors")) if folder.is_dir() else []
        if not weights:
            return self.name
        digest = hashlib.sha256()
        for path in weights:
            digest.update(path.read_bytes())
        return digest.hexdigest()[:16]

    def encode(self, texts: list[str], batch_size: int = 64) -> Vectors:
        """Return ``(len(texts), dimensions) float32`` vectors of length one."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        vectors = self.model.encode(
            texts,
            batch_size=batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)


def _load(name: str) -> SentenceTransformer:
    if name == SHIPPED:
        folder = str(SHIPPED_FOLDER)
        if not (SHIPPED_FOLDER / "modules.json").exists():
            raise LibraryError(f"找不到随程序附带的模型（{SHIPPED_FOLDER}），请重新下载本项目。")
    else:
        folder = name
    # No look-up of newer files, no usage report, for a model that lies on this disk.
    if Path(folder).is_dir():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(folder, device="cpu", trust_remote_code=False)
    except (OSError, ValueError) as error:
        raise LibraryError(
            f"编码模型“{name}”无法加载：请检查encoder设置，或先在联网的机器上下载该模型。"
        ) from error
    return model.float()
