"""``wenzheng eval scale``: search and building from ten thousand passages to millions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.options import JsonOut, OptionError

Sizes = Annotated[str, typer.Option(help="段落数，用逗号分隔，如 1e4,1e5,1e6。")]
SIZES = "10000,100000,1000000"


def evaluate_scale(
    text: Annotated[Path, typer.Argument(help="文本文件夹：*.jsonl、*.jsonl.xz或*.txt。")],
    file: Annotated[Path, typer.Argument(help="问题文件（*.jsonl），用作检索词。")],
    sizes: Sizes = SIZES,
    work: Annotated[
        Path | None,
        typer.Option(help="存放各库和结果的文件夹，可分几次测完；不填则用后即删。"),
    ] = None,
    plots: Annotated[Path | None, typer.Option(help="把两幅图（SVG）写入此文件夹。")] = None,
    markdown: Annotated[Path | None, typer.Option(help="把各项数字的表写入此文件。")] = None,
    real: Annotated[
        int, typer.Option(min=1000, help="真实段落最多多少；再大则用它们的变化副本。")
    ] = 300_000,
    venv: Annotated[
        Path | None, typer.Option(help="对照工具的虚拟环境；不填则不测LangChain。")
    ] = None,
    json_file: JsonOut = None,
) -> None:
    """建立从一万段到百万段的库，测量建库、检索、召回、内存，与bm25s、FAISS、LangChain并列。"""
    from eval.peers.catalogue import ENTRIES
    from eval.peers.launch import python_of
    from eval.scale import report
    from eval.scale.run import Plan, as_json, run

    peer = next(e for e in ENTRIES if e.peer == "LangChain")
    python = Path(python_of(peer, venv)).absolute() if venv is not None else None
    plan = Plan(text.absolute(), file.absolute(), real, python)
    rows = run(plan, numbers(sizes), work)
    if plots is not None:
        report.plots(rows, plots)
    table = report.markdown(rows)
    if markdown is not None:
        markdown.write_text(table, encoding="utf-8")
    if json_file is not None:
        json_file.write_text(as_json(rows), encoding="utf-8")
    typer.echo(table)


def numbers(sizes: str) -> list[int]:
    """Return the sizes of a list such as ``1e4,1e5``.

    :raises OptionError: if one is no number of passages.
    """
    try:
        given = [int(float(n)) for n in sizes.split(",") if n.strip()]
    except ValueError as error:
        raise OptionError(f"--sizes“{sizes}”应是用逗号分隔的段落数，如 1e4,1e5。") from error
    if not given or min(given) < 100:
        raise OptionError("--sizes里每个段落数至少是100。")
    return given
