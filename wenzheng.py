"""The command line: the place that wires the rooms together."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from chat.commands.common import (
    AsJson,
    Bar,
    Data,
    Documents,
    Levels,
    Regions,
    Years,
    chosen_by,
    prepared,
    service_of,
)
from chat.commands.library import rollback, versions
from chat.commands.moving import migrate
from chat.commands.staff import audit, insights, keys
from chat.commands.upkeep import backup, restore, show_settings
from chat.settings import settings
from corpus.errors import WenzhengError
from eval.commands import evaluate

# Nothing of ours reports to anyone, and nothing is looked up on the internet unasked.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

_LOCAL = ("127.0.0.1", "0.0.0.0", "::")  # noqa: S104 (only shown, not bound to)

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="问政：就政府工作报告提问，逐字引用，注明出处。",
)
app.add_typer(evaluate, name="eval")
app.add_typer(keys, name="keys")
app.add_typer(audit, name="audit")
app.command()(insights)
app.command()(backup)
app.command()(restore)
app.command(name="settings")(show_settings)
app.command()(versions)
app.command()(rollback)
app.command()(migrate)


@app.command()
def index(
    files: Annotated[
        list[Path] | None, typer.Argument(help="报告文件或文件夹；不填则用附带的报告。")
    ] = None,
    data: Data = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="重建库里已有文件的索引。")] = False,
    region: Annotated[str, typer.Option(help="地区；正文和文件名都没写时给出。")] = "",
    year: Annotated[int | None, typer.Option(help="年份；正文和文件名都没写时给出。")] = None,
    title: Annotated[str, typer.Option(help="标题；想换一个时给出。")] = "",
) -> None:
    """把报告加入库（默认是附带的北仑区2022年报告）。"""
    from chat.building import give_way
    from corpus.facts import Overrides
    from corpus.report import BUNDLED

    give_way()  # a server may run beside it
    service = service_of(settings(data=data))
    if rebuild:
        with Bar("建立索引") as bar:
            version = service.rebuild(bar.step)
        typer.echo(f"已重建，现在是版本{version}。")
        return
    with Bar("建立索引") as bar:
        added = service.add(files or [BUNDLED], bar.step, Overrides(region, year, title))
    library = service.library
    typer.echo(
        f"新增{len(added.new)}份，替换{len(added.replaced)}份，未变{added.unchanged}份；"
        f"版本{added.version}：{len(library.documents)}份文件，{len(library.passages)}个段落。"
    )
    for message in (*added.warnings, *added.refused):
        typer.echo(message, err=True)
    if added.refused:
        raise typer.Exit(1)


@app.command()
def remove(
    documents: Annotated[list[str], typer.Argument(help="文件编号，见 wenzheng list。")],
    data: Data = None,
) -> None:
    """从库里删除文件。"""
    service = prepared(settings(data=data))
    with Bar("建立索引") as bar:
        version = service.remove(documents, bar.step)
    typer.echo(f"已删除{'、'.join(documents)}，现在是版本{version}。")


@app.command(name="list")
def list_documents(data: Data = None) -> None:
    """列出库里的文件。"""
    for document in prepared(settings(data=data)).library.store.descriptions():
        typer.echo("\t".join((document.id, document.title, document.date)).rstrip())


@app.command()
def show(
    document: Annotated[str, typer.Argument(help="文件编号，见 wenzheng list。")],
    data: Data = None,
) -> None:
    """看一份文件的基本情况和章节。"""
    from corpus.description import facts_of, outline_of

    shown = prepared(settings(data=data)).library.document(document)
    typer.echo(facts_of(shown) + outline_of(shown), nl=False)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="问题。")],
    history: Annotated[list[str] | None, typer.Option(help="此前的问题，可重复给出。")] = None,
    document: Documents = None,
    region: Regions = None,
    year: Years = None,
    level: Levels = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """回答一个问题。"""
    from chat.checking import checked

    checked(question)  # a bad question is told before anything is loaded
    service = prepared(settings(data=data), answers=True)
    chosen = chosen_by(service, document, region, year, level)
    answer = service.ask(question, history or [], chosen)
    if as_json:
        typer.echo(json.dumps(asdict(answer), ensure_ascii=False, indent=2))
        return
    typer.echo(answer.answer)
    if answer.explanation:
        typer.echo(answer.explanation)
    for note in answer.notes:
        typer.echo(f"（{note}）")
    if answer.status == "unanswerable" and answer.citations:
        typer.echo("最接近的内容：")
    for number, citation in enumerate(answer.citations, 1):
        mark = f"[{number}] " if answer.answerer == "generative" else ""
        where = " › ".join((citation.title, *citation.section))
        page = f"第{citation.page}页，" if citation.page is not None else ""
        typer.echo(f"{mark}{where}（{page}第{citation.start}—{citation.end}字）")


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="问题或关键词。")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="段落数。")] = 5,
    document: Documents = None,
    region: Regions = None,
    year: Years = None,
    level: Levels = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """检索段落。"""
    from chat.schemas import HitModel

    service = prepared(settings(data=data))
    found = service.find(question, k, chosen_by(service, document, region, year, level))
    hits = [HitModel.of(h, found.library.document(h.passage.document_id)) for h in found.hits]
    if as_json:
        typer.echo(json.dumps([h.model_dump() for h in hits], ensure_ascii=False, indent=2))
        return
    for number, hit in enumerate(hits, 1):
        typer.echo(
            f"{number}. {' › '.join((hit.title, *hit.section))}（第{hit.start}—{hit.end}字）"
        )
        typer.echo(f"   {hit.text.strip()}")


@app.command()
def figures(
    indicator: Annotated[str, typer.Option(help="指标，如GDP、财政总收入；不填则全部。")] = "",
    year: Annotated[int | None, typer.Option(help="年份。")] = None,
    document: Annotated[list[str] | None, typer.Option(help="文件编号，可重复。")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="输出CSV。")] = False,
    data: Data = None,
) -> None:
    """列出报告里的数据。"""
    import csv

    from chat.schemas import FigureModel
    from retriever.figures import find_figures

    library = prepared(settings(data=data)).library
    found = find_figures(library, indicator, year, tuple(document or ()))
    rows = [FigureModel.of(f) for f in found]
    if as_csv:
        writer = csv.DictWriter(sys.stdout, list(FigureModel.model_fields))
        writer.writeheader()
        for row in rows:
            writer.writerow(row.model_dump() | {"period": "—".join(map(str, row.period or []))})
        return
    for row in rows:
        when = "—".join(map(str, sorted(set(row.period or []))))
        typer.echo(
            f"{row.subject}\t{row.indicator}\t{_bounded(row.qualifier, row.text)}\t{when}\t"
            f"{row.title}（第{row.start}—{row.end}字）"
        )
    if not rows:
        typer.echo("没有找到这样的数据。", err=True)
        raise typer.Exit(1)


def _bounded(qualifier: str, text: str) -> str:
    """Put the word that bounds a figure on its side: 超13亿美元, 7.5%左右."""
    behind = qualifier in ("左右", "以上", "以下", "以内", "上下", "多", "余")
    return f"{text}{qualifier}" if behind else f"{qualifier}{text}"


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址。")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="端口。")] = None,
    data: Data = None,
) -> None:
    """启动网页和API。"""
    from chat.guard import Metrics, guarded
    from chat.guard.logs import configure_logs
    from chat.page import create_app
    from chat.records import open_records
    from chat.serving import serve as run

    config = settings(host=host, port=port, data=data)
    configure_logs(config)
    service = prepared(config, builds_apart=True, answers=True)
    if config.workers:
        service.answer_apart(config.workers)
    records = open_records(config)
    metrics = Metrics(records, service)
    app = create_app(service, records, config, metrics)
    shown = "localhost" if config.host in _LOCAL else config.host
    typer.echo(f"请在浏览器打开 http://{shown}:{config.port}/ （API说明在 /docs，按Ctrl+C停止）")
    run(guarded(app, config, records, metrics), service, config)


def main() -> None:
    """Run the command line; an error that a user can mend is one line and exit status 2."""
    try:
        app(standalone_mode=True)
    except WenzhengError as error:
        print(f"错误：{error.message}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
