"""Commands for a library that outgrows its folder: moving to Milvus, tidying segments."""

from __future__ import annotations

from typing import Annotated

import typer

from chat.commands.common import Bar, Data
from chat.settings import settings


def migrate(
    address: Annotated[
        str,
        typer.Argument(help="Milvus的地址，如milvus://host:19530，或Milvus Lite的文件（.db）。"),
    ],
    data: Data = None,
) -> None:
    """把data文件夹里已发布的报告库迁到Milvus；向量照搬，不重新编码，迁后核对数目和校验和。"""
    from chat.models import models_of
    from corpus.errors import LibraryError
    from index.encoder import Encoder
    from index.milvus_shelf import MilvusShelf
    from index.shelf import FolderShelf
    from index.stores.milvus_client import MilvusOptions, is_milvus

    if not is_milvus(address):
        raise LibraryError(
            f"“{address}”不是Milvus的地址；应形如milvus://host:19530，或以.db结尾的文件。"
        )
    config = settings(data=data)
    encoder = Encoder(options=models_of(config).encoder)
    library = FolderShelf(config.data).open(encoder)
    library.verify()
    assert library.folder is not None
    with Bar("迁移") as bar:
        number = MilvusShelf(MilvusOptions(address)).migrate(library.folder, encoder, bar.step)
    counts = library.store.counts()
    typer.echo(
        f"已迁入{counts.documents}份文件、{counts.passages}个段落，数目和校验和相符，"
        f'现在是Milvus里的版本{number}。请设置 store = "{address}" 后重启服务。'
    )
