"""What ``deploy/`` and ``docs/operations.md`` say fits the program."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from typer.main import get_command

from chat.settings import Settings as Config
from chat.settings import settings
from wenzheng import app

DEPLOY = ROOT / "deploy"
DOCUMENTS = [ROOT / "docs" / "operations.md", ROOT / "docs" / "security.md"]
FILES = [*DEPLOY.glob("*.*"), DEPLOY / "Dockerfile", *DOCUMENTS]


def tool(name: str) -> Path:
    """A program that the development dependencies bring."""
    return Path(sys.executable).with_name(name)


def checked(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def unit() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / "wenzheng.service").read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def test_the_image_is_built_as_the_linter_wants_it() -> None:
    assert checked(tool("hadolint"), DEPLOY / "Dockerfile") == ""


def test_the_image_runs_as_no_root_and_fetches_nothing() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    last = text[text.rindex("FROM ") :]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    installs = re.findall(r"pip install[^&]*", text)
    assert installs
    assert all("--no-index" in i for i in installs)
    assert not re.search(r"apt-get|curl |wget |git clone|ADD ", text)


def test_the_compose_file_is_one() -> None:
    schema = "vendor.compose-spec"
    checked(tool("check-jsonschema"), "--builtin-schema", schema, DEPLOY / "compose.yaml")


def test_the_proxy_of_the_compose_file_is_the_one_that_is_trusted() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    trusted = re.search(r"WENZHENG_TRUSTED_PROXIES: (\S+)", text)
    assert trusted
    nginx = text[text.index("  nginx:") :]
    assert f"ipv4_address: {trusted[1]}" in nginx
    assert text.count("read_only: true") == 2
    assert text.count("cap_drop: [ALL]") == 2


def test_the_unit_gives_the_service_nothing_that_it_does_not_need() -> None:
    given = unit()
    for name, value in {
        "User": "wenzheng", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
        "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "StateDirectory": "wenzheng",
        "UMask": "0077", "RestrictNamespaces": "yes", "IPAddressDeny": "any",
    }.items():  # fmt: skip
        assert given[name] == [value], name
    config = settings()
    assert int(given["TimeoutStopSec"][0]) > config.drain_seconds
    assert int(given["LimitNOFILE"][0]) > 2 * config.max_connections


def test_nginx_and_the_service_allow_the_same() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    config = settings()
    assert f"client_max_body_size  {config.max_body_kib}k;" in text
    assert f"client_max_body_size {config.max_upload_mib}m;" in text
    assert f"proxy_read_timeout {config.stream_seconds:.0f}s;" in text
    read = re.search(r"proxy_read_timeout +(\d+)s; +# above", text)
    assert read
    assert int(read[1]) > config.request_seconds
    assert "proxy_buffering off;" in text
    assert "$proxy_add_x_forwarded_for" not in text  # would pass on what a client says of itself


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_every_command_and_setting_in_the_documents_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    commands = get_command(app).commands  # type: ignore[attr-defined]
    named = re.findall(
        r"(?:bin/|`|^|sudo -u wenzheng )wenzheng ([a-z]+)(?: ([a-z]+))?", text, re.MULTILINE
    )
    assert named
    for name, sub in named:
        assert name in commands, name
        under = getattr(commands[name], "commands", None)
        if under is not None and sub:
            assert sub in under, f"{name} {sub}"
    settings = set(re.findall(r"WENZHENG_([A-Z_]+)", text)) - {""}
    assert {s.lower() for s in settings} <= set(Config.model_fields)
    for target in re.findall(r"^make ([a-z-]+)", text, re.MULTILINE):
        assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8"), target
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (path.parent / link).exists(), link


def test_nothing_of_any_machine_of_ours_is_in_the_files() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert str(ROOT) not in text
        assert not re.search(r"/root/|/home/\w+/|BEGIN [A-Z ]*PRIVATE KEY", text), path


@pytest.mark.long
def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    assert program, "systemd-analyze is missing: apt-get install systemd"
    text = (DEPLOY / "wenzheng.service").read_text(encoding="utf-8")
    here = tmp_path / "wenzheng.service"
    here.write_text(text.replace("/opt/wenzheng/bin/wenzheng", "/bin/true"), encoding="utf-8")
    assert checked(program, "verify", here) == ""
    said = checked(program, "security", "--offline=true", "--no-pager", here)
    exposure = re.search(r"Overall exposure level for wenzheng.service: ([\d.]+)", said)
    assert exposure
    assert float(exposure[1]) <= 2.0
