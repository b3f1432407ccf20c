"""What the commands share: options, a progress bar, a service that is ready to answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.progress import TaskID

    from chat.service import Service
    from chat.settings import Settings
    from index.shelf import Shelf

Data = Annotated[Path | None, typer.Option("--data", help="存放索引的文件夹。")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="把结果写入此文件。")]
AsJson = Annotated[bool, typer.Option("--json", help="输出JSON。")]
Documents = Annotated[
    list[str] | None,
    typer.Option("--document", help="只在这份文件里找，写编号（见 wenzheng list）；可重复。"),
]
Regions = Annotated[
    list[str] | None,
    typer.Option("--region", help="只找这个地区的报告，如宁波市北仑区、北仑；可重复。"),
]
Years = Annotated[
    list[int] | None, typer.Option("--year", help="只找这一年的报告（报告的年份）；可重复。")
]
Levels = Annotated[
    list[str] | None,
    typer.Option(
        "--level",
        help="只找这一级政府的报告：nation全国、province省级、city市级、county区县级、township乡镇级；可重复。",
    ),
]


def service_of(config: Settings, *, builds_apart: bool = False) -> Service:
    """Return the service of the settings, not yet loaded.

    :param builds_apart: change the library in a child process, as a server must.
    """
    from chat.models import models_of
    from chat.service import Service
    from index.stores.kinds import Kind, Tuning
    from index.stores.milvus_client import MilvusOptions

    shelf: Shelf | None = None
    if config.store:
        from index.milvus_shelf import MilvusShelf

        shelf = MilvusShelf(MilvusOptions(config.store), config.keep_versions)
    kind = Kind(config.index_kind) if config.index_kind else None
    return Service(
        config.data,
        config.encoder,
        keep_versions=config.keep_versions,
        wait_seconds=config.build_wait_seconds,
        builds_apart=builds_apart,
        models=models_of(config),
        vocabulary=config.vocabulary,
        shelf=shelf,
        tuning=Tuning(kind, config.index_recall, config.index_effort),
        remembers=config.answer_cache if builds_apart else 0,  # a server is asked again and again
    )


def prepared(config: Settings, *, builds_apart: bool = False, answers: bool = False) -> Service:
    """Return a service with its index; the bundled report is indexed on first use.

    :param answers: load the model that words the answers, too, where the settings name one.
    """
    service = service_of(config, builds_apart=builds_apart)
    with Bar("建立索引") as bar:
        service.prepare(bar.step)
    if answers:
        service.prepare_writer()
    return service


def chosen_by(
    service: Service,
    documents: list[str] | None,
    regions: list[str] | None,
    years: list[int] | None,
    levels: list[str] | None,
) -> tuple[str, ...]:
    """Return the ids of the reports that options choose, none for the whole library.

    :raises WenzhengError: if no report meets them.
    """
    from retriever.choosing import Choice

    return service.chosen(Choice.of(documents, regions, years, levels))


class Bar:
    """A progress bar on standard error that shows only once there is progress."""

    def __init__(self, label: str) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self._label = label
        self._progress = Progress(console=Console(stderr=True))
        self._task: TaskID | None = None

    def __enter__(self) -> Bar:
        return self

    def step(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` are done."""
        if self._task is None:
            self._progress.start()
            self._task = self._progress.add_task(self._label, total=total)
        self._progress.update(self._task, completed=done)

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
