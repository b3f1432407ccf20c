"""The command ``wenzheng eval peers``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def evaluate_peers(
    venv: Annotated[Path, typer.Option(help="对照工具的虚拟环境。")],
    out: Annotated[Path, typer.Option(help="结果文件（JSON）；已有的结果会保留，可分几次运行。")],
    data: Annotated[
        Path | None, typer.Option(help="存放更多公开文本的文件夹，测1万段以上的速度时需要。")
    ] = None,
    reader: Annotated[
        Path | None,
        typer.Option(help="给对照工具用的另一个抽取式阅读模型的文件夹；不填则用我们的。"),
    ] = None,
    peers: Annotated[str, typer.Option(help="只比这些，用逗号分开，如 LangChain,bm25s。")] = "",
    ways: Annotated[str, typer.Option(help="只比这些设置：installed,chinese,encoder。")] = "",
    parts: Annotated[
        str, typer.Option(help="quality,size,cold,latency,extraction；不填则全部。")
    ] = "",
    sizes: Annotated[str, typer.Option(help="测速的段落数。")] = "100",
    limit: Annotated[float, typer.Option(min=1, help="每一项最多用几秒处理器时间。")] = 300.0,
    few: Annotated[int, typer.Option(min=0, help="每个问题集只取前几题；0为全部。")] = 0,
    into: Annotated[
        list[Path] | None, typer.Option(help="把表格写进这些Markdown文件的记号之间。")
    ] = None,
) -> None:
    """与LangChain、LlamaIndex、Haystack、txtai、bm25s、rank-bm25在同样的文件和问题上比较。"""
    from eval.peers.run import compare, plan_of
    from eval.peers.tables import insert, tables

    plan = plan_of(
        venv,
        out,
        data=data,
        reader=reader,
        peers=peers,
        ways=ways,
        parts=parts,
        sizes=sizes,
        limit_s=limit,
        few=few,
    )
    results = compare(plan)
    typer.echo(tables(results))
    for path in into or ():
        insert(path, results)
