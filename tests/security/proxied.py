"""A real nginx with the configuration that ``deploy/`` ships, in front of a server on loopback."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from conftest import ROOT

CONFIG = ROOT / "deploy" / "nginx.conf"
NAME = "wenzheng.example.gov.cn"


@dataclass(frozen=True)
class Front:
    """A running nginx.

    :ivar log: what it has written about requests.
    """

    plain: str
    secure: str
    certificate: Path
    log: Path


def adapted(folder: Path, upstream: str, ports: tuple[int, int]) -> Path:
    """Write a whole nginx configuration around the shipped one; only names of places change."""
    text = CONFIG.read_text(encoding="utf-8")
    for old, new in (
        ("wenzheng-upstream:7860", upstream),
        ("listen 80", f"listen 127.0.0.1:{ports[0]}"),
        ("listen 443", f"listen 127.0.0.1:{ports[1]}"),
        ("/etc/nginx/tls/", f"{folder}/"),
        ("/var/log/nginx/", f"{folder}/"),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "wenzheng.conf").write_text(text, encoding="utf-8")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{ worker_connections 1024; }}\n"
        f"http {{\n{temporary}include {folder}/wenzheng.conf;\n}}\n",
        encoding="utf-8",
    )
    return whole


def certify(folder: Path) -> None:
    """Make a certificate that signs itself."""
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
            "-keyout", folder / "server.key", "-out", folder / "server.crt",
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip


@contextmanager
def nginx(folder: Path, upstream: str) -> Iterator[Front]:
    """Run nginx in a folder of its own in front of ``host:port``."""
    program = shutil.which("nginx")
    assert program, "nginx is missing: apt-get install nginx"
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        ports = (one.getsockname()[1], two.getsockname()[1])
    certify(folder)
    config = adapted(folder, upstream, ports)
    subprocess.run([program, "-t", "-c", config], check=True, capture_output=True, text=True)
    process = subprocess.Popen([program, "-c", config], stderr=subprocess.DEVNULL)
    try:
        _await(ports[1], process)
        yield Front(
            plain=f"http://127.0.0.1:{ports[0]}",
            secure=f"https://127.0.0.1:{ports[1]}",
            certificate=folder / "server.crt",
            log=folder / "wenzheng.log",
        )
    finally:
        process.terminate()
        process.wait(15)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "nginx has ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
            continue
        return
    raise AssertionError("nginx does not listen")
