"""Open the database of the records and run transactions in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from chat.records.migrations import STEPS, Step, migrate
from corpus.errors import RecordsError

FILE = "records.sqlite"
_BUSY_SECONDS = 30


class Database:
    """An SQLite file or a PostgreSQL database whose tables are of this program's version.

    Threads may share it; several processes may open the same one. SQLite keeps a write-ahead log:
    a process that dies leaves whole transactions only, and after a power cut the very last
    transactions may be missing, never half of one.
    """

    def __init__(self, place: Path | str, steps: tuple[Step, ...] = STEPS) -> None:
        """Open the database, creating or upgrading its tables where needed.

        :param place: folder of the library (its ``records.sqlite`` is used), or a database URL.
        :param steps: the upgrades, in order.
        :raises RecordsError: if it cannot be opened, others may read the file, or a newer program
            has written it.
        """
        self.path: Path | None = None
        url = _url(place)
        if url.get_backend_name() == "sqlite":
            self.path = Path(str(url.database))
            _private(self.path)
        self.shown = str(self.path) if self.path else url.render_as_string(hide_password=True)
        try:
            self.engine = _sqlite(url) if self.path else _server(url)
        except ModuleNotFoundError as error:
            raise RecordsError(
                f"缺少数据库驱动{error.name}，请运行 pip install 'wenzheng[postgres]'。"
            ) from error
        with self._told("打开"):
            migrate(self.engine, steps, self.shown)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of the records.

        :raises RecordsError: if the records cannot be read.
        """
        with self._told("读取"), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection whose changes are kept all together, or not at all on an error.

        The only writer from its first statement on, so that what is read here cannot be changed
        by another before it is written.

        :raises RecordsError: if the records cannot be written.
        """
        with (
            self._told("写入"),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _told(self, doing: str) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            why = str(error.orig).strip()
            if "locked" in why:
                mend = "另一个进程占用太久，请稍后再试"
            elif "full" in why or "disk I/O" in why:
                mend = "请检查磁盘空间"
            elif "readonly" in why or "unable to open" in why:
                mend = "请检查文件和文件夹的权限"
            else:
                mend = "请检查数据库是否完好、可以连接"
            raise RecordsError(f"无法{doing}记录库“{self.shown}”（{why}）：{mend}。") from error
        except SQLAlchemyError as error:
            raise RecordsError(f"无法{doing}记录库“{self.shown}”：{error}") from error


def _url(place: Path | str) -> URL:
    if isinstance(place, Path):
        return URL.create("sqlite", database=str(place / FILE))
    try:
        url = make_url(place)
        known = url.get_backend_name() in ("sqlite", "postgresql")
    except (ArgumentError, NoSuchModuleError) as error:
        raise RecordsError(
            "records设置不是数据库地址，应形如 postgresql://用户@主机/库名。"
        ) from error
    if not known or (url.get_backend_name() == "sqlite" and not url.database):
        raise RecordsError(
            "records设置只支持 postgresql://用户@主机/库名 或 sqlite:////路径/records.sqlite。"
        )
    if url.drivername == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    return url


def _private(path: Path) -> None:
    """Create the file so that only its owner may read it; refuse one that others may read."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise RecordsError(
            f"无法打开记录库“{path}”（{error.strerror}），请检查权限和磁盘空间。"
        ) from error
    if mode & 0o077:
        raise RecordsError(
            f"记录库“{path}”的权限是{mode:o}，别的用户也能读；请运行 chmod 600 '{path}'。"
        )


def _sqlite(url: URL) -> Engine:
    # isolation_level None: transactions begin where we say, not where the driver guesses.
    engine = create_engine(
        url,
        connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None},
        pool_size=8,
        max_overflow=32,
        pool_timeout=_BUSY_SECONDS,
    )

    @event.listens_for(engine, "connect")
    def _(connection: object, __: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _server(url: URL) -> Engine:
    return create_engine(url, pool_size=8, max_overflow=32, pool_pre_ping=True)
