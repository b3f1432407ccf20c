"""Bring the tables of the records to the version of this program, in place."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Engine, delete, insert, inspect, select

from chat.records.tables import metadata, schema_version
from corpus.errors import RecordsError

Step = Callable[[Connection], None]

# Nobody changes or deletes a line of the audit log; only what the retention purge has named first,
# in the same transaction, may go.
_TRIGGERS = {
    "sqlite": (
        """CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
           BEGIN SELECT RAISE(ABORT, 'audit log is append-only'); END""",
        """CREATE TRIGGER audit_kept BEFORE DELETE ON audit
           WHEN NOT EXISTS (SELECT 1 FROM audit_retention WHERE OLD.at < before)
           BEGIN SELECT RAISE(ABORT, 'audit log is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN
             IF TG_OP = 'DELETE'
                AND EXISTS (SELECT 1 FROM audit_retention WHERE OLD.at < before) THEN
               RETURN OLD;
             END IF;
             RAISE EXCEPTION 'audit log is append-only';
           END $$""",
        """CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
           FOR EACH ROW EXECUTE FUNCTION audit_append_only()""",
        """CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit
           FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
    ),
}


def _first(connection: Connection) -> None:
    """Create the tables of the first version, and the triggers of the audit log."""
    metadata.create_all(connection)
    for statement in _TRIGGERS[connection.dialect.name]:
        connection.exec_driver_sql(statement)


# Step n leads from version n to n + 1. A step that has been released is never edited.
STEPS: tuple[Step, ...] = (_first,)


def migrate(engine: Engine, steps: tuple[Step, ...], shown: str) -> None:
    """Run the steps that the database lacks, all in one transaction.

    :param shown: how the database is called in messages.
    :raises RecordsError: if a newer program has written it.
    """
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":  # one process at a time
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7704831)")
        version = _version(connection)
        if version > len(steps):
            raise RecordsError(
                f"记录库“{shown}”由更新版本的程序写成（{version}，本程序只认得{len(steps)}），"
                "请升级本程序。"
            )
        if version == len(steps):
            return
        for step in steps[version:]:
            step(connection)
        connection.execute(delete(schema_version))
        connection.execute(insert(schema_version).values(version=len(steps)))


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table(schema_version.name):
        return 0
    return connection.execute(select(schema_version.c.version)).scalar() or 0
