"""The commands of ``wenzheng eval``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chat.commands.common import Data, JsonFile, prepared
from chat.settings import settings

evaluate = typer.Typer(no_args_is_help=True, help="用问题文件检验答得对不对。")


def _save(result: str, path: Path | None) -> None:
    """Write a result as JSON, if a file is named."""
    if path is not None:
        path.write_text(result, encoding="utf-8")


@evaluate.command("qa")
def evaluate_qa(
    file: Annotated[Path, typer.Argument(help="问题文件（*.jsonl）。")],
    data: Data = None,
    json_file: JsonFile = None,
) -> None:
    """给问题文件打分，按题型列表。"""
    from eval.qa import evaluate_file, show

    report = evaluate_file(prepared(settings(data=data)), file)
    show(report)
    _save(report.as_json(), json_file)


@evaluate.command("reading")
def evaluate_reading_file(
    file: Annotated[Path, typer.Argument(help="SQuAD格式的文件（CMRC、DRCD）。")],
    search: Annotated[bool, typer.Option("--open", help="不给段落，先检索再读。")] = False,
    json_file: JsonFile = None,
) -> None:
    """给阅读理解文件打分（CMRC 2018的EM和F1）。"""
    from eval.reading import evaluate_reading, show
    from index.encoder import Encoder

    report = evaluate_reading(file, Encoder(settings().encoder), search=search)
    show(report)
    _save(report.as_json(), json_file)


@evaluate.command("latency")
def evaluate_latency(
    file: Annotated[Path, typer.Argument(help="问题文件（*.jsonl）。")],
    data: Data = None,
    rounds: Annotated[int, typer.Option(min=1, help="问几遍。")] = 3,
    json_file: JsonFile = None,
) -> None:
    """启动服务，逐题提问，测量用时和内存。"""
    from eval.latency import measure, show

    config = settings(data=data)
    prepared(config)
    figures = measure(config.data, file, rounds)
    show(figures)
    _save(figures.as_json(), json_file)
