"""The command ``wenzheng eval load``: many citizens at once, over HTTP."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from chat.commands.common import Data
from eval.options import File, JsonOut, Seed, Url

if TYPE_CHECKING:
    from eval.runners.load import Load

_WARM_UP = 10.0  # seconds at the same rate, not counted


def evaluate_load(  # noqa: PLR0917 (options of a command, given by name)
    file: File,
    data: Data = None,
    url: Url = None,
    rate: Annotated[float, typer.Option(min=0.1, help="平均每秒几问，随机到达。")] = 30,
    seconds: Annotated[float, typer.Option(min=1, help="持续多少秒。")] = 60,
    connections: Annotated[int, typer.Option(min=1, max=2000, help="保持多少个连接。")] = 200,
    workers: Annotated[int, typer.Option(min=0, max=64, help="另开几个回答的进程。")] = 0,
    seed: Seed = 0,
    json_file: JsonOut = None,
) -> None:
    """启动服务（或用 --url），按给定的速率提问，测量用时（含排队）和失败；每问都重新回答。"""
    from chat.commands.common import prepared
    from chat.settings import settings
    from eval.datasets.load import read_set
    from eval.options import write
    from eval.runners.load import drive
    from eval.runners.serving import resident_mb, serving

    rows = read_set(file, beside=False).rows
    bodies = [{"question": r.question, "history": list(r.history)} for r in rows]
    memory: list[float] = []
    with ExitStack() as stack:
        if url:
            address, process = url, None
        else:
            config = settings(data=data)
            prepared(config)
            running = serving(config.data, workers=workers)
            address, process, _ = stack.enter_context(running)
        drive(address, bodies, rate=rate, seconds=_WARM_UP, connections=connections, seed=seed)
        if process is not None:
            memory.append(resident_mb(process.pid))
        load, _ = drive(
            address, bodies, rate=rate, seconds=seconds, connections=connections, seed=seed
        )
        if process is not None:
            memory.append(resident_mb(process.pid))
    show(load, memory)
    told = asdict(load) | {"resident_mb": [round(m, 1) for m in memory]}
    write(json_file, json.dumps(told, ensure_ascii=False, indent=1))
    if load.failed:
        raise typer.Exit(1)


def show(load: Load, memory: list[float]) -> None:
    """Print the figures in Chinese."""
    typer.echo(
        f"{load.connections}个连接，每秒{load.rate:g}问，共{load.asked}问："
        f"失败{load.failed}；实际每秒{load.per_second}答；用时（含排队）中位数{load.p50_ms}毫秒，"
        f"95%在{load.p95_ms}毫秒内，99%在{load.p99_ms}毫秒内，最长{load.max_ms}毫秒。"
    )
    if memory:
        typer.echo(f"常驻内存：热身后{memory[0]:.0f} MB，结束时{memory[-1]:.0f} MB。")
    for fault, times in load.faults:
        typer.echo(f"失败：{fault}（{times}次）", err=True)
