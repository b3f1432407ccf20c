"""Keys of staff: made once, shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Row, func, insert, or_, select, update

from chat.records.database import Database
from chat.records.tables import keys, now
from corpus.errors import RecordsError

PREFIX = "wz_"
_SECRET_BYTES = 32  # 256 bits: guessing is out of the question, so one fast digest is enough
_USE_NOTED_EVERY = timedelta(minutes=1)  # a write for every request would be waste


class Scope(StrEnum):
    """What a key allows; each includes those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def allows(self, wanted: Scope) -> bool:
        """Tell whether this scope includes the wanted one."""
        order = list(Scope)
        return order.index(self) >= order.index(wanted)


@dataclass(frozen=True)
class Key:
    """A key, without its secret.

    :ivar id: short public name, told in logs and the audit log.
    :ivar expires_at: None for one that does not expire.
    """

    id: str
    name: str
    scope: Scope
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    @property
    def state(self) -> str:
        """``active``, ``expired`` or ``revoked``."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now() else "active"


class Keys:
    """The keys that were issued."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self, name: str, scope: Scope = Scope.READ, expires_in: timedelta | None = None
    ) -> tuple[Key, str]:
        """Issue a key; return it with its secret, which is told only now.

        :raises RecordsError: if the name is empty, or the time would be over already.
        """
        if not name.strip():
            raise RecordsError("请给密钥起个名字，例如使用它的科室或系统。")
        if expires_in is not None and expires_in <= timedelta(0):
            raise RecordsError("密钥的有效期应大于0天。")
        secret = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
        made = now()
        key = Key(
            id=secrets.token_hex(4),
            name=name.strip()[:100],
            scope=scope,
            created_at=made,
            expires_at=made + expires_in if expires_in is not None else None,
            revoked_at=None,
            last_used_at=None,
        )
        with self._database.write() as connection:
            connection.execute(
                insert(keys).values(
                    id=key.id,
                    name=key.name,
                    scope=key.scope.value,
                    digest=_digest(secret),
                    created_at=key.created_at,
                    expires_at=key.expires_at,
                )
            )
        return key, secret

    def list(self) -> list[Key]:
        """Return all keys, newest first, the revoked and expired ones too."""
        with self._database.read() as connection:
            rows = connection.execute(select(keys).order_by(keys.c.created_at.desc(), keys.c.id))
            return [_key(r) for r in rows]

    def verify(self, secret: str) -> Key | None:
        """Return the key of a secret if it is in force, and note its use (to the minute)."""
        if not secret.startswith(PREFIX):
            return None
        moment = now()
        # The digest is looked up by index; how long that takes tells nothing about the secret.
        with self._database.read() as connection:
            row = connection.execute(
                select(keys).where(
                    keys.c.digest == _digest(secret),
                    keys.c.revoked_at.is_(None),
                    or_(keys.c.expires_at.is_(None), keys.c.expires_at > moment),
                )
            ).first()
        if row is None:
            return None
        key = _key(row)
        if key.last_used_at is None or moment - key.last_used_at >= _USE_NOTED_EVERY:
            with self._database.write() as connection:
                connection.execute(
                    update(keys).where(keys.c.id == key.id).values(last_used_at=moment)
                )
        return key

    def revoke(self, key_id: str) -> Key:
        """Put a key out of force for good, at once.

        :raises RecordsError: if there is no such key, or it is revoked already.
        """
        with self._database.write() as connection:
            row = connection.execute(select(keys).where(keys.c.id == key_id)).first()
            if row is None:
                raise RecordsError(
                    f"没有编号为“{key_id[:40]}”的密钥，请用 wenzheng keys list 查看。"
                )
            if row.revoked_at is not None:
                raise RecordsError(f"密钥“{key_id}”早已吊销。")
            connection.execute(update(keys).where(keys.c.id == key_id).values(revoked_at=now()))
            return _key(connection.execute(select(keys).where(keys.c.id == key_id)).one())

    def any_active(self) -> bool:
        """Tell whether at least one key is in force."""
        with self._database.read() as connection:
            count = connection.execute(
                select(func.count()).where(
                    keys.c.revoked_at.is_(None),
                    or_(keys.c.expires_at.is_(None), keys.c.expires_at > now()),
                )
            ).scalar_one()
        return count > 0


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: Row[tuple[object, ...]]) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        scope=Scope(row.scope),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
