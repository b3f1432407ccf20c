"""The commands for the versions of the library: look at them, go back to one."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from chat.commands.common import AsJson, Data, service_of
from chat.settings import settings


def versions(data: Data = None, as_json: AsJson = False) -> None:
    """列出索引的各个版本，检查是否完好。"""
    found = service_of(settings(data=data)).versions()
    if as_json:
        rows = [asdict(v) | {"created": v.created.isoformat()} for v in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for version in found:
        state = "在用" if version.published else "　　"
        whole = "完好" if version.whole else "已损坏"
        created = version.created.astimezone().strftime("%Y-%m-%d %H:%M")
        typer.echo(
            f"{version.number}\t{state}\t{whole}\t{created}\t{version.documents}份文件\t"
            f"{version.passages}个段落\t{version.encoder}"
        )
    if not found:
        typer.echo("还没有索引，请运行 wenzheng index 建立。", err=True)
        raise typer.Exit(1)


def rollback(
    number: Annotated[int, typer.Argument(min=1, help="版本号，见 wenzheng versions。")],
    data: Data = None,
) -> None:
    """退回到一个旧版本；正在运行的服务随即换用它。"""
    version = service_of(settings(data=data)).rollback(number)
    typer.echo(f"已换用版本{version.number}：{version.documents}份文件，{version.passages}个段落。")
