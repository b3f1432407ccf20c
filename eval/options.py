"""Options that the commands of ``wenzheng eval`` share, and what is done with a finished run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import WenzhengError

if TYPE_CHECKING:
    from eval.datasets.types import QuestionSet
    from eval.runners.runs import Run
    from eval.runners.systems import System
    from index.encoder import Encoder


class OptionError(WenzhengError):
    """Options that do not go together."""

    code = "options_invalid"


File = Annotated[
    Path, typer.Argument(help="问题文件：.jsonl，.json（SQuAD、CMRC、DRCD），.csv、.tsv或.xlsx。")
]
Documents = Annotated[
    Path | None,
    typer.Option(
        help="问题所问的报告（文件或文件夹），在内存里建索引；默认用问题文件旁的documents文件夹。"
    ),
]


def _address(given: str | None) -> str | None:
    """Refuse an empty address: else the library would be scored in place of the system meant."""
    if given is not None and not given.strip():
        raise OptionError("--url或--openai-url后面的地址是空的，请填上，或去掉这个选项。")
    return given


Url = Annotated[
    str | None,
    typer.Option(help="正在运行的问政服务的地址，如 http://localhost:7860。", callback=_address),
]
OpenaiUrl = Annotated[
    str | None,
    typer.Option(
        "--openai-url", help="任何OpenAI接口的聊天机器人的地址，以/v1结尾。", callback=_address
    ),
]
Model = Annotated[str, typer.Option(help="聊天机器人的模型名，与 --openai-url 同用。")]
Seed = Annotated[int, typer.Option(min=0, help="随机数种子。")]
JsonOut = Annotated[Path | None, typer.Option("--json", help="把完整结果（含每一题）写入此文件。")]
HtmlOut = Annotated[Path | None, typer.Option("--html", help="把报告写成一个网页文件。")]
SummaryOut = Annotated[
    Path | None, typer.Option("--summary", help="把不含单题的结果写入此文件（盲测题用这个）。")
]


def _well_formed(given: list[str] | None) -> list[str] | None:
    """Refuse a bound that cannot be read before a long run, not after it."""
    from eval.floors import bounds

    bounds(given, None)
    return given


Floors = Annotated[
    list[str] | None,
    typer.Option("--min", help="指标=数值；低于它则以状态1结束。可重复。", callback=_well_formed),
]
Ceilings = Annotated[
    list[str] | None,
    typer.Option("--max", help="指标=数值；高于它则以状态1结束。可重复。", callback=_well_formed),
]


def questions(
    file: Path, documents: Path | None, data: Path | None, *elsewhere: str | None
) -> QuestionSet:
    """Read a question file; the documents beside it only if nothing else is named to be asked.

    :raises QuestionFileError: if the file is faulty.
    """
    from eval.datasets.load import read_set

    return read_set(file, documents, beside=data is None and not any(elsewhere))


def system_of(
    asked: QuestionSet,
    data: Path | None,
    *,
    url: str | None = None,
    openai_url: str | None = None,
    model: str = "",
    seed: int = 0,
) -> System:
    """Return what is to be asked: a server, a chatbot, the documents given, or the library.

    :raises OptionError: if several are named.
    """
    from chat.commands.common import Bar, prepared
    from chat.settings import settings
    from eval.runners.chatbot import Chatbot
    from eval.runners.local import Local
    from eval.runners.remote import Remote

    named = [n for n, v in (("--data", data), ("--url", url), ("--openai-url", openai_url)) if v]
    if len(named) > 1:
        raise OptionError(f"{'和'.join(named)}只能给一个。")
    if url:
        return Remote(url)
    if openai_url:
        if not model:
            raise OptionError("用 --openai-url 时，请用 --model 给出模型名。")
        return Chatbot(openai_url, model, seed=seed)
    if asked.documents and data is None:
        with Bar("建立索引") as bar:
            return Local.over(asked.documents, encoder(), bar.step)
    service = prepared(settings(data=data), answers=True)
    return Local(service.library, service.encoder, service)


def encoder() -> Encoder:
    """Return the encoder of the settings."""
    from chat.models import models_of
    from chat.settings import settings
    from index.encoder import Encoder

    return Encoder(options=models_of(settings()).encoder)


def finish(
    run: Run,
    *,
    json_file: Path | None,
    html_file: Path | None,
    summary: Path | None,
    floors: list[str] | None,
    ceilings: list[str] | None,
) -> None:
    """Show a run, write it where asked, and end with status 1 if it misses a floor.

    :raises FloorError: if a floor is not of the form metric=value.
    :raises RunError: if it names a figure that the run does not have.
    """
    from eval.floors import bounds, missed
    from eval.report.html import run_page
    from eval.report.terminal import show_run
    from eval.runners.runs import as_json

    wanted = bounds(floors, ceilings)
    show_run(run)
    write(json_file, as_json(run))
    write(summary, as_json(run.without_questions()))
    if html_file is not None:
        write(html_file, run_page(run))
    if told := missed(run, wanted):
        typer.echo("没有达到要求：\n" + "\n".join(told), err=True)
        raise typer.Exit(1)


def write(path: Path | None, text: str) -> None:
    """Write a result, if a file is named.

    :raises OptionError: if it cannot be written.
    """
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OptionError(f"“{path}”写不了（{error.strerror}），请检查路径和权限。") from error
