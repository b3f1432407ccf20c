"""Commands for staff: keys, the audit log, what citizens miss."""

from __future__ import annotations

import getpass
import json
import os
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from chat.commands.common import AsJson, Data, service_of
from chat.records import Records, open_records
from chat.records.keys import Scope
from chat.settings import settings
from corpus.errors import RecordsError

keys = typer.Typer(no_args_is_help=True, help="工作人员的密钥：建立、列出、吊销。")
audit = typer.Typer(no_args_is_help=True, help="审计日志：谁在什么时候改了什么。")
_STATES = {"active": "有效", "expired": "已过期", "revoked": "已吊销"}


@keys.command()
def create(
    name: Annotated[str, typer.Option(help="名称，例如使用它的科室或系统。")],
    scope: Annotated[
        Scope, typer.Option(help="权限：read查看，write修改，admin管理；后面的包含前面的。")
    ] = Scope.READ,
    expires_days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="有效天数；不填则一直有效。")
    ] = None,
    data: Data = None,
) -> None:
    """建立一个密钥；密钥只显示这一次。"""
    records = _records(data)
    expires = timedelta(days=expires_days) if expires_days is not None else None
    key, secret = records.keys.create(name, scope, expires)
    until = _day(key.expires_at) if key.expires_at else "不过期"
    records.audit.record(_who(), "keys.create", key.id, f"{key.name}，{key.scope}，{until}")
    typer.echo(secret)
    typer.echo(
        f"密钥{key.id}（{key.name}，权限{key.scope}，{until}）已建立。上面一行是密钥本身，"
        "只显示这一次，请妥善保存；用时放进请求头“Authorization: Bearer 密钥”。",
        err=True,
    )


@keys.command(name="list")
def list_keys(data: Data = None, as_json: AsJson = False) -> None:
    """列出全部密钥（不含密钥本身）。"""
    found = _records(data).keys.list()
    if as_json:
        rows = [asdict(k) | {"state": k.state} for k in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=_plain))
        return
    for key in found:
        until = _day(key.expires_at) if key.expires_at else "不过期"
        used = _day(key.last_used_at) if key.last_used_at else "没用过"
        state = _STATES[key.state]
        typer.echo(f"{key.id}\t{key.name}\t{key.scope}\t{state}\t到期：{until}\t上次使用：{used}")
    if not found:
        typer.echo("还没有密钥，请用 wenzheng keys create --name 名称 建立。", err=True)


@keys.command()
def revoke(
    key: Annotated[str, typer.Argument(help="密钥的编号，见 wenzheng keys list。")],
    data: Data = None,
) -> None:
    """吊销一个密钥，立即生效，不能恢复。"""
    records = _records(data)
    revoked = records.keys.revoke(key)
    records.audit.record(_who(), "keys.revoke", revoked.id, revoked.name)
    typer.echo(f"密钥{revoked.id}（{revoked.name}）已吊销。")


@audit.command()
def export(
    file: Annotated[Path, typer.Argument(help="写入的CSV文件。")],
    data: Data = None,
) -> None:
    """把审计日志导出为CSV，旧的在前。"""
    records = _records(data)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        # With the mark at its beginning, spreadsheets read the file as UTF-8.
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as opened:
            count = records.audit.export(opened)
    except OSError as error:
        raise RecordsError(f"无法写入“{file}”（{error.strerror}），请检查路径和权限。") from error
    records.audit.record(_who(), "audit.export", str(file), f"{count}条")
    typer.echo(f"已导出{count}条到“{file}”。")


def insights(
    days: Annotated[int, typer.Option(min=1, max=3650, help="最近多少天。")] = 30,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多列出多少组。")] = 20,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """列出没答上的和反馈不好的问题，意思相近的归为一组，大的在前。"""
    from chat.records.insights import insights as grouped
    from chat.records.tables import now

    config = settings(data=data)
    found = grouped(open_records(config), service_of(config).encoder, now() - timedelta(days=days))
    shown = found.groups[:limit]
    if as_json:
        whole = asdict(found) | {"groups": [asdict(g) for g in shown], "days": days}
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=2, default=_plain))
        return
    typer.echo(
        f"最近{days}天：提问{found.asked}次，没答上{found.unanswered}次，"
        f"反馈不好{found.disliked}次；归为{len(found.groups)}组。"
    )
    for number, group in enumerate(shown, 1):
        typer.echo(
            f"{number}. {group.question}（{group.count}次：没答上{group.unanswered}，"
            f"反馈不好{group.disliked}；最近{_day(group.last)}）"
        )
        for example in group.examples[1:]:
            typer.echo(f"   · {example}")
        for reason in group.reasons:
            typer.echo(f"   反馈：{reason}")
    if found.left_out:
        typer.echo(f"另有{found.left_out}个较早的不同问题没有归组，请减少天数再看。")


def _records(data: Path | None) -> Records:
    return open_records(settings(data=data))


def _who() -> str:
    return f"cli:{getpass.getuser()}"


def _day(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
