"""The tables of the records."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, stored as milliseconds since 1970, which every database sorts alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Turn an aware moment into milliseconds."""
        return None if value is None else round(value.timestamp() * 1000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn milliseconds into an aware moment."""
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


def now() -> datetime:
    """Return the present moment in UTC, to the millisecond, as it is stored."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


# SQLite counts up by itself only in a column of type INTEGER.
_Number = BigInteger().with_variant(Integer, "sqlite")
metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, nullable=False))

keys = Table(
    "keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("scope", String(8), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Column("last_used_at", Instant),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("request_id", String(64), nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("messages", JSON, nullable=False),
    Column("result_version", Integer),
    Column("created_by", Text, nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("seen_at", Instant, nullable=False),
    Column("host", Text, nullable=False),
    Column("process", Integer, nullable=False),
    Column("process_token", String(32), nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("caller", String(128), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("status", Integer),
    Column("media_type", Text),
    Column("body", LargeBinary),
)

audit = Table(
    "audit",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False, index=True),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
)
# The one row tells up to which moment the retention purge may delete; see the trigger.
audit_retention = Table("audit_retention", metadata, Column("before", Instant, nullable=False))

questions = Table(
    "questions",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("request_id", String(64), nullable=False, index=True),
    Column("channel", String(16), nullable=False),
    Column("question", Text, nullable=False),
    Column("standalone", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("answerer", String(16), nullable=False),
    Column("took_ms", Float, nullable=False),
    Column("version", Integer, nullable=False),
    Index("questions_at", "at", "status"),
)
