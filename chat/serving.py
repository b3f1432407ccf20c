"""Run the server: new versions are taken up as they are published, a stop lets answers finish."""

from __future__ import annotations

import threading
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from sse_starlette.sse import AppStatus

from chat.guard import uvicorn_options

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from chat.service import Service
    from chat.settings import Settings

_STREAMS_SHARE = 0.7  # of the time to finish in, until streams that have not ended are closed


class _Server(uvicorn.Server):
    """Ends the building of indexes at once when it is told to stop, and the answering in peace."""

    def __init__(self, config: uvicorn.Config, service: Service, drain_seconds: float) -> None:
        super().__init__(config)
        self._service = service
        self._patience = _STREAMS_SHARE * drain_seconds
        # Left to itself, a streamed answer would be cut off by the signal.
        AppStatus.enable_automatic_graceful_drain = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # To wait for child processes must not keep answers from being sent meanwhile.
        threading.Thread(target=self._service.stop_building, daemon=True).start()
        closing = threading.Timer(self._patience, _close_streams)
        closing.daemon = True
        closing.start()
        super().handle_exit(sig, frame)


def _close_streams() -> None:
    AppStatus.should_exit = True


def serve(app: ASGIApp, service: Service, config: Settings) -> None:
    """Serve until told to stop (SIGTERM, Ctrl+C).

    Then no connection is taken any more, answers under way have ``config.drain_seconds`` to
    finish, streams are closed, and changes of the library under way are given up.
    """
    service.watch()
    server = _Server(
        uvicorn.Config(
            app,
            **uvicorn_options(config),
        ),
        service,
        config.drain_seconds,
    )
    try:
        server.run()
    finally:
        service.close()
