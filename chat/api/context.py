"""What every route needs: the service, the records and the settings, as dependencies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Request

from chat.api.sessions import Sessions
from chat.api.worker import Worker
from chat.observer import Observer
from chat.records import Records
from chat.service import Service
from chat.settings import Settings


@dataclass(frozen=True)
class Rooms:
    """What the app was made of; one for each app, at ``app.state.rooms``."""

    service: Service
    records: Records
    config: Settings
    observer: Observer
    sessions: Sessions
    worker: Worker


def rooms(request: Request) -> Rooms:
    """Return what the app that serves a request was made of."""
    found = request.app.state.rooms
    assert isinstance(found, Rooms)
    return found


def _service(request: Request) -> Service:
    return rooms(request).service


InRooms = Annotated[Rooms, Depends(rooms)]
DocumentId = Annotated[
    str, Path(max_length=200, description="文件编号。", examples=["北仑区_2022"])
]
TheService = Annotated[Service, Depends(_service)]
