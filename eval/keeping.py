"""Commands that keep results: the guard, the history, RESULTS.md, pages of runs kept as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.options import HtmlOut, write

HERE = Path(__file__).parent
Runs = Annotated[list[Path], typer.Argument(help="运行结果（--json或--summary写的文件）。")]


def report(
    file: Annotated[Path, typer.Argument(help="运行结果的JSON，或对照工具的结果。")],
    html: HtmlOut = None,
) -> None:
    """显示保存的运行结果；用 --html 写成网页。"""
    from eval.report.html import run_page
    from eval.report.peers import read_peers
    from eval.report.terminal import show_run
    from eval.runners.runs import read_run

    run = read_peers(file) or read_run(file)
    show_run(run)
    if html is not None:
        write(html, run_page(run))


def guard(
    floors: Annotated[Path, typer.Option(help="各项指标的下限。")] = HERE / "floors.toml",
    into: Annotated[Path | None, typer.Option(help="把各次运行的摘要写入此文件夹。")] = None,
) -> None:
    """跑一小段评测，任何一项主要指标低于下限就以状态1结束；提交前的检查会运行它。"""
    from eval.floors import missed, read_floors
    from eval.report.terminal import show_run
    from eval.runners.guard import run_guarded
    from eval.runners.runs import as_json

    told = []
    for guarded in read_floors(floors):
        run = run_guarded(guarded, HERE / "data")
        show_run(run)
        told += missed(run, list(guarded.bounds))
        if into is not None:
            name = guarded.file.replace("/", "-").rsplit(".", 1)[0]
            write(into / f"{guarded.kind}-{name}.json", as_json(run.without_questions()))
    if told:
        typer.echo("没有达到要求：\n" + "\n".join(told), err=True)
        raise typer.Exit(1)


def release(
    runs: Runs,
    note: Annotated[str, typer.Option(help="这一版改了什么，一句话。")],
    history: Annotated[Path, typer.Option(help="历史文件。")] = HERE / "history.jsonl",
) -> None:
    """把这一版的主要指标记一行到 eval/history.jsonl；这一版已有的一行会被替换。"""
    from eval.history import record
    from eval.runners.runs import read_run

    line = record(history, {path.stem: read_run(path) for path in runs}, note)
    typer.echo(f"已记入：{line.version}，{len(line.figures)}项指标。")


def results(
    runs: Runs,
    notes: Annotated[Path, typer.Option(help="各项专门测量的说明（*.md）所在的文件夹。")] = HERE
    / "notes",
    history: Annotated[Path, typer.Option(help="历史文件。")] = HERE / "history.jsonl",
) -> None:
    """由运行结果生成 RESULTS.md，写到标准输出。"""
    from eval.history import read_history
    from eval.report.markdown import results_page
    from eval.runners.runs import read_run

    page = results_page(
        {path.stem: read_run(path) for path in runs},
        [path.read_text(encoding="utf-8") for path in sorted(notes.glob("*.md"))],
        read_history(history),
    )
    typer.echo(page, nl=False)
