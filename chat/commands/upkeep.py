"""Commands for upkeep: backup, restoration, settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chat.commands.common import Data
from chat.settings import settings

_REFERENCE = Path("docs/configuration.md")


def backup(
    file: Annotated[Path, typer.Argument(help="备份文件，以.tar.zst或.tar.gz结尾。")],
    data: Data = None,
) -> None:
    """把报告库的各个版本和记录备份到一个文件；服务可以照常运行。"""
    from chat.backup import back_up

    config = settings(data=data)
    if config.store:
        typer.echo("报告库在Milvus里，不在备份里，请用 milvus-backup 另行备份。", err=True)
    made = back_up(config.data, file, with_records=config.records is None)
    size = file.stat().st_size / 1024 / 1024
    what = "和记录库" if made.records else ""
    typer.echo(f"已备份{len(made.versions)}个版本{what}到“{file}”（{size:.1f} MiB）。")
    if config.records is not None:
        typer.echo("记录库在数据库服务器上，不在备份里，请用 pg_dump 另行备份。", err=True)


def restore(
    file: Annotated[Path, typer.Argument(help="wenzheng backup 写的备份文件。")],
    data: Data = None,
) -> None:
    """从备份恢复报告库和记录；先检查全部内容，再替换。"""
    from chat.backup import restore as restored

    config = settings(data=data)
    number = restored(
        config.data,
        file,
        with_records=config.records is None,
        keep_versions=config.keep_versions,
    )
    typer.echo(f"已恢复，现在是版本{number}；原来的版本可用 wenzheng rollback 找回。")
    if config.records is not None:
        typer.echo("记录库在数据库服务器上，没有改动。", err=True)


def show_settings(
    data: Data = None,
    reference: Annotated[
        bool, typer.Option("--reference", help="改为写出设置手册docs/configuration.md。")
    ] = False,
) -> None:
    """列出当前的设置（密码不显示）。"""
    from chat.reference import described, in_force

    if reference:
        _REFERENCE.parent.mkdir(exist_ok=True)
        _REFERENCE.write_text(described(), encoding="utf-8")
        typer.echo(f"已写入{_REFERENCE}。")
        return
    for name, value in in_force(settings(data=data)).items():
        typer.echo(f"{name} = {value}")
