"""The commands of ``wenzheng eval``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chat.commands.common import Data
from eval.keeping import guard, release, report, results
from eval.load import evaluate_load
from eval.options import (
    Ceilings,
    Documents,
    File,
    Floors,
    HtmlOut,
    JsonOut,
    Model,
    OpenaiUrl,
    OptionError,
    Seed,
    SummaryOut,
    Url,
    encoder,
    finish,
    questions,
    system_of,
)
from eval.peers.commands import evaluate_peers
from eval.scale.commands import evaluate_scale

evaluate = typer.Typer(no_args_is_help=True, help="检验答得对不对：打分、比较、写报告。")


@evaluate.command("qa")
def evaluate_qa(
    file: File,
    data: Data = None,
    documents: Documents = None,
    url: Url = None,
    openai_url: OpenaiUrl = None,
    model: Model = "",
    without: Annotated[
        list[str] | None,
        typer.Option(help="去掉一个环节（可重复），如 vocabulary、dense、refusal。"),
    ] = None,
    ablation: Annotated[bool, typer.Option("--ablation", help="逐个去掉各环节再问一遍。")] = False,
    seed: Seed = 0,
    json_file: JsonOut = None,
    html: HtmlOut = None,
    summary: SummaryOut = None,
    floors: Floors = None,
    ceilings: Ceilings = None,
) -> None:
    """给问题文件打分：答对、拒答、答错，按题型列表。"""
    from eval.runners.local import Local
    from eval.runners.qa import evaluate as run_qa
    from eval.runners.stages import stages_of

    left_out = stages_of(without or [])
    asked = questions(file, documents, data, url, openai_url)
    system = system_of(asked, data, url=url, openai_url=openai_url, model=model, seed=seed)
    if (left_out or ablation) and not isinstance(system, Local):
        raise typer.BadParameter("--without 和 --ablation 只能用于本机的库。")
    if left_out and isinstance(system, Local):
        system = system.leaving_out(*left_out)
    run = run_qa(system, asked, seed, ablate=ablation, without=left_out)
    finish(
        run,
        json_file=json_file,
        html_file=html,
        summary=summary,
        floors=floors,
        ceilings=ceilings,
    )


@evaluate.command("refusal")
def evaluate_refusal(
    file: File,
    data: Data = None,
    documents: Documents = None,
    url: Url = None,
    openai_url: OpenaiUrl = None,
    model: Model = "",
    seed: Seed = 0,
    json_file: JsonOut = None,
    html: HtmlOut = None,
    summary: SummaryOut = None,
    floors: Floors = None,
    ceilings: Ceilings = None,
) -> None:
    """检验拒答：精确、召回、风险—覆盖曲线、校准误差、各门槛的得失。"""
    from eval.runners.refusal import evaluate_refusal as run_refusal

    asked = questions(file, documents, data, url, openai_url)
    run = run_refusal(
        system_of(asked, data, url=url, openai_url=openai_url, model=model, seed=seed), asked, seed
    )
    finish(
        run,
        json_file=json_file,
        html_file=html,
        summary=summary,
        floors=floors,
        ceilings=ceilings,
    )


@evaluate.command("retrieval")
def evaluate_retrieval(
    source: Annotated[Path, typer.Argument(help="问题文件，或BEIR格式的文件夹。")],
    data: Data = None,
    documents: Documents = None,
    url: Url = None,
    split: Annotated[str | None, typer.Option(help="BEIR文件夹qrels里的哪一份，默认test。")] = None,
    ablation: Annotated[bool, typer.Option("--ablation", help="同时列出其他检索方式。")] = False,
    per_query: Annotated[
        Path | None, typer.Option(help="把每题的得分写入此文件（trec_eval -q 的格式）。")
    ] = None,
    seed: Seed = 0,
    json_file: JsonOut = None,
    html: HtmlOut = None,
    summary: SummaryOut = None,
    floors: Floors = None,
    ceilings: Ceilings = None,
) -> None:
    """给检索打分：recall@1/5/10、MRR@10、nDCG@10。"""
    from chat.commands.common import Bar
    from eval.datasets.beir import read_beir
    from eval.runners.local import Local
    from eval.runners.retrieval import evaluate_beir, evaluate_questions, write_per_query

    if source.is_dir():
        if url or data or documents:
            raise typer.BadParameter("BEIR文件夹自带文件，不能与 --url、--data、--documents 同用。")
        beir = read_beir(source, split)
        with Bar("建立索引") as bar:
            system = Local.over(beir.documents, encoder(), bar.step)
        run = evaluate_beir(system, beir, seed)
    else:
        asked = questions(source, documents, data, url)
        run = evaluate_questions(system_of(asked, data, url=url), asked, seed, ablate=ablation)
    if per_query is not None:
        write_per_query(run, per_query)
    finish(
        run,
        json_file=json_file,
        html_file=html,
        summary=summary,
        floors=floors,
        ceilings=ceilings,
    )


@evaluate.command("reading")
def evaluate_reading(
    file: Annotated[Path, typer.Argument(help="SQuAD格式的文件（SQuAD、CMRC、DRCD）。")],
    search: Annotated[bool, typer.Option("--open", help="不给段落，先检索再读。")] = False,
    seed: Seed = 0,
    json_file: JsonOut = None,
    html: HtmlOut = None,
    summary: SummaryOut = None,
    floors: Floors = None,
    ceilings: Ceilings = None,
) -> None:
    """给阅读理解打分（CMRC 2018的EM和F1）。"""
    from eval.datasets.squad import read_squad
    from eval.runners.reading import evaluate_reading as run_reading

    run = run_reading(read_squad(file), encoder(), seed, search=search)
    finish(
        run,
        json_file=json_file,
        html_file=html,
        summary=summary,
        floors=floors,
        ceilings=ceilings,
    )


@evaluate.command("rgb")
def evaluate_rgb(
    file: Annotated[
        Path, typer.Argument(help="RGB格式的文件（每行id、query、answer、positive、negative）。")
    ],
    noise: Annotated[
        list[float] | None,
        typer.Option(min=0, max=1, help="无关文档的比例（可重复）；1是全部无关，检验拒答。"),
    ] = None,
    openai_url: OpenaiUrl = None,
    model: Model = "",
    seed: Seed = 0,
    json_file: JsonOut = None,
    html: HtmlOut = None,
    summary: SummaryOut = None,
    floors: Floors = None,
    ceilings: Ceilings = None,
) -> None:
    """给定文档答题（RGB）：抗噪声、拒答、信息整合、反事实。"""
    from eval.datasets.rgb import read_rgb
    from eval.runners.chatbot import Chatbot
    from eval.runners.rgb import by_chatbot, by_ours, ours_versions
    from eval.runners.rgb import evaluate_rgb as run_rgb

    asked = read_rgb(file)
    if openai_url:
        if not model:
            raise OptionError("用 --openai-url 时，请用 --model 给出模型名。")
        chatbot = Chatbot(openai_url, model, seed=seed)
        answerer, name, versions = by_chatbot(chatbot), chatbot.name, chatbot.versions()
    else:
        ours = encoder()
        answerer, name, versions = by_ours(ours), "问政（给定文档）", ours_versions(ours)
    run = run_rgb(
        asked, answerer, system=name, versions=versions, seed=seed, noise=tuple(noise or ())
    )
    finish(
        run,
        json_file=json_file,
        html_file=html,
        summary=summary,
        floors=floors,
        ceilings=ceilings,
    )


@evaluate.command("latency")
def evaluate_latency(
    file: File,
    data: Data = None,
    url: Url = None,
    rounds: Annotated[int, typer.Option(min=1, help="问几遍。")] = 3,
    sizes: Annotated[
        str, typer.Option(help="改测这些段落数的库，如 1e4,1e5,1e6；同 wenzheng eval scale。")
    ] = "",
    text: Annotated[Path | None, typer.Option(help="用 --sizes 时的文本文件夹。")] = None,
    work: Annotated[Path | None, typer.Option(help="用 --sizes 时存放各库的文件夹。")] = None,
    plots: Annotated[Path | None, typer.Option(help="用 --sizes 时存放图的文件夹。")] = None,
    venv: Annotated[Path | None, typer.Option(help="用 --sizes 时对照工具的环境。")] = None,
    seed: Seed = 0,
    json_file: JsonOut = None,
    html: HtmlOut = None,
    summary: SummaryOut = None,
    floors: Floors = None,
    ceilings: Ceilings = None,
) -> None:
    """启动服务（或用 --url），逐题提问，测量用时、各环节、内存和建索引的速度。"""
    if sizes:
        if text is None:
            raise OptionError("用 --sizes 时，请用 --text 给出文本文件夹。")
        evaluate_scale(text, file, sizes, work=work, plots=plots, venv=venv, json_file=json_file)
        return
    from chat.commands.common import prepared
    from chat.settings import settings
    from eval.runners.latency import measure_library, measure_url
    from eval.runners.local import Local

    asked = questions(file, None, data, "library")
    if url:
        run = measure_url(url, asked, rounds, seed)
    else:
        config = settings(data=data)
        service = prepared(config)
        system = Local(service.library, service.encoder, service)
        run = measure_library(system, config.data, asked, rounds, seed)
    finish(
        run,
        json_file=json_file,
        html_file=html,
        summary=summary,
        floors=floors,
        ceilings=ceilings,
    )


@evaluate.command("compare")
def evaluate_compare(
    first: Annotated[Path, typer.Argument(help="前一次运行的JSON。")],
    second: Annotated[Path, typer.Argument(help="后一次运行的JSON。")],
    html: HtmlOut = None,
    seed: Seed = 0,
) -> None:
    """逐题比较两次运行：哪些变好、哪些变差，差别是否超出偶然。"""
    from eval.options import write
    from eval.report.html import compare_page
    from eval.report.terminal import show_comparison
    from eval.runners.compare import compare
    from eval.runners.runs import read_run

    found = compare(read_run(first), read_run(second), seed)
    show_comparison(found)
    if html is not None:
        write(html, compare_page(found))


evaluate.command("load")(evaluate_load)
evaluate.command("peers")(evaluate_peers)
evaluate.command("report")(report)
evaluate.command("guard")(guard)
evaluate.command("release")(release)
evaluate.command("results")(results)
evaluate.command("scale")(evaluate_scale)
