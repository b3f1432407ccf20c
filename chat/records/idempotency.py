"""Answers to requests that may be repeated: the same key gets the same reply, done once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from chat.records.database import Database
from chat.records.tables import idempotency, now
from corpus.errors import WenzhengError

KEEP = timedelta(hours=24)
# A request that has not finished by then died with its process; its key may be used again.
_UNFINISHED = timedelta(minutes=15)


class IdempotencyConflictError(WenzhengError):
    """A key that was used for another request."""

    code = "idempotency_conflict"


class IdempotencyBusyError(WenzhengError):
    """A key whose first request is still being worked on."""

    code = "idempotency_busy"


@dataclass(frozen=True)
class StoredReply:
    """The reply that the first request got."""

    status: int
    media_type: str
    body: bytes


class Idempotency:
    """Which keys were used for which requests, for 24 hours."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, caller: str, key: str, fingerprint: str) -> StoredReply | None:
        """Claim a key; return the reply if the same request was answered before, else None.

        After None the caller does the work and calls ``finish``, or ``abandon`` if it failed.

        :param caller: whose key it is; the same key of another caller is another one.
        :param fingerprint: digest of the request.
        :raises IdempotencyConflictError: if the key belongs to another request.
        :raises IdempotencyBusyError: if the first request is still being worked on.
        """
        moment = now()
        mine = (idempotency.c.caller == caller) & (idempotency.c.key == key)
        with self._database.write() as connection:
            row = connection.execute(select(idempotency).where(mine)).first()
            if row is not None:
                old = row.at <= moment - (_UNFINISHED if row.status is None else KEEP)
                if not old and row.fingerprint != fingerprint:
                    raise IdempotencyConflictError(
                        "这个Idempotency-Key已用于另一个请求，请换一个新的。"
                    )
                if not old and row.status is None:
                    raise IdempotencyBusyError("同一请求还在处理，请稍后再试。")
                if not old:
                    return StoredReply(row.status, row.media_type, row.body)
                connection.execute(delete(idempotency).where(mine))
            connection.execute(
                insert(idempotency).values(
                    caller=caller, key=key, fingerprint=fingerprint, at=moment
                )
            )
        return None

    def finish(self, caller: str, key: str, reply: StoredReply) -> None:
        """Keep the reply for repetitions."""
        with self._database.write() as connection:
            connection.execute(
                update(idempotency)
                .where(idempotency.c.caller == caller, idempotency.c.key == key)
                .values(status=reply.status, media_type=reply.media_type, body=reply.body)
            )

    def abandon(self, caller: str, key: str) -> None:
        """Give the key back, so that the request may be tried again."""
        with self._database.write() as connection:
            connection.execute(
                delete(idempotency).where(
                    idempotency.c.caller == caller,
                    idempotency.c.key == key,
                    idempotency.c.status.is_(None),
                )
            )

    def purge(self) -> int:
        """Delete what is older than 24 hours and return how many keys that were."""
        with self._database.write() as connection:
            return connection.execute(
                delete(idempotency).where(idempotency.c.at < now() - KEEP)
            ).rowcount
