"""The API on a real server of its own, with a library that a test may change and keys for staff."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from chat.api import create_api
from chat.guard import Metrics, guarded, uvicorn_options
from chat.records import Records, open_records
from chat.records.keys import Scope
from chat.service import Service
from chat.settings import settings

REPORT = """{region}2023年政府工作报告

——2023年1月5日在{region}第十届人民代表大会第二次会议上

各位代表：
一、2022年工作回顾
2022年，{region}实现地区生产总值{gdp}亿元，增长5.6%。财政总收入12.3亿元，增长3.1%。
新建学校三所，改造老旧小区十二个。
二、2023年工作安排
2023年地区生产总值增长6%左右，新增城镇就业一万人。
"""


@dataclass(frozen=True)
class LiveApi:
    """A running API.

    :ivar keys: the secret of a key for each scope.
    """

    address: str
    service: Service
    records: Records
    keys: dict[Scope, str]

    def client(self, scope: Scope | None = None) -> httpx.Client:
        """Return a client, with the key of a scope or, as a citizen, without."""
        headers = {"Authorization": f"Bearer {self.keys[scope]}"} if scope else {}
        return httpx.Client(base_url=self.address, headers=headers, timeout=30)

    def finished(self, job_id: str) -> dict[str, object]:
        """Wait until a job has ended, and return it."""
        with self.client(Scope.READ) as staff:
            for _ in range(2400):  # two minutes: the machine may have much else to do
                job: dict[str, object] = staff.get(f"/v1/jobs/{job_id}").json()
                if job["state"] not in ("queued", "running"):
                    return job
                time.sleep(0.05)
        raise AssertionError(f"job {job_id} did not end")


@contextmanager
def live_api(
    library: Path, folder: Path, create: Callable[..., FastAPI] = create_api, **given: object
) -> Iterator[LiveApi]:
    """Run the API over a copy of a library.

    :param library: is copied.
    :param folder: where the copy goes, an empty folder or none yet.
    :param create: makes what is run, ``chat.page.create_app`` for the pages too.
    :param given: settings.
    """
    shutil.copytree(library / "versions", folder / "versions", dirs_exist_ok=True)
    for file in library.iterdir():
        if file.is_file() and not file.name.startswith("records"):
            shutil.copy(file, folder / file.name)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        config = settings(data=folder, port=port, **given)
        service = Service(folder, config.encoder)
        service.prepare()
        records = open_records(config)
        metrics = Metrics(records, service)
        keys = {scope: records.keys.create(f"测试{scope}", scope)[1] for scope in Scope}
        app = guarded(create(service, records, config, metrics), config, records, metrics)
        options = uvicorn_options(config) | {"timeout_graceful_shutdown": 2}
        server = uvicorn.Server(uvicorn.Config(app, **options))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                time.sleep(0.02)
            yield LiveApi(f"http://127.0.0.1:{port}", service, records, keys)
        finally:
            server.should_exit = True
            thread.join(15)
            service.close()
