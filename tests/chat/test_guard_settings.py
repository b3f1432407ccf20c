"""Settings: what is wrong is told with the mend, secrets stay secret, the reference is current."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from conftest import ROOT
from typer.testing import CliRunner

from chat.guard.logs import configure_logs
from chat.reference import described
from chat.settings import Settings, settings
from corpus.errors import SettingsError
from wenzheng import app

URL = "postgresql://wenzheng:geheim@db/records"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_every_setting_says_in_chinese_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert any("\u4e00" <= c <= "\u9fff" for c in field.description), name


def test_the_configuration_reference_is_up_to_date() -> None:
    written = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert written == described(), "run: wenzheng settings --reference"


def test_an_unknown_environment_variable_is_told_with_the_nearest_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WENZHENG_KEEPDAYS", "30")
    with pytest.raises(SettingsError, match="WENZHENG_KEEP_DAYS"):
        settings()


@pytest.mark.parametrize(
    ("line", "told"), [("prot = 80", "“port”"), ("Port = 80", "“port”"), ("xyzzy = 1", "configuration")]
)  # fmt: skip
def test_an_unknown_name_in_the_file_is_told_with_the_nearest(line: str, told: str) -> None:
    Path("wenzheng.toml").write_text(line)
    with pytest.raises(SettingsError, match=told):
        settings()


def test_a_faulty_file_is_told_with_the_place() -> None:
    Path("wenzheng.toml").write_text("port = \n")
    with pytest.raises(SettingsError, match=r"wenzheng\.toml.*line 1"):
        settings()


def test_the_environment_goes_before_the_file_and_options_before_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("wenzheng.toml").write_text('port = 1\nhost = "a"\ntrusted_proxies = ["10.0.0.1"]\n')
    monkeypatch.setenv("WENZHENG_PORT", "2")
    assert (settings().port, settings(port=3).port, settings().host) == (2, 3, "a")
    assert settings().trusted_proxies == ("10.0.0.1",)
    monkeypatch.setenv("WENZHENG_TRUSTED_PROXIES", "10.0.0.2, 10.0.0.3")
    assert settings().trusted_proxies == ("10.0.0.2", "10.0.0.3")


def test_a_file_with_a_secret_must_be_private() -> None:
    file = Path("wenzheng.toml")
    file.write_text(f'records = "{URL}"\n')
    file.chmod(0o644)
    with pytest.raises(SettingsError, match=r"chmod 600 'wenzheng\.toml'"):
        settings()
    file.chmod(0o600)
    assert settings().records is not None


def test_a_secret_from_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = Path("records.url")
    secret.write_text(f"{URL}\n")
    monkeypatch.setenv("WENZHENG_RECORDS", f"@{secret}")
    secret.chmod(0o640)
    with pytest.raises(SettingsError, match="权限却是640"):
        settings()
    secret.chmod(0o600)
    records = settings().records
    assert records is not None
    assert records.get_secret_value() == URL


def test_the_settings_in_force_are_listed_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZHENG_RECORDS", URL)
    monkeypatch.setenv("WENZHENG_PORT", "8080")
    shown = CliRunner().invoke(app, ["settings"]).output
    assert "port = 8080" in shown
    assert "records = ********" in shown
    assert "geheim" not in shown


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_message_can_forge_a_line_of_the_log(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configure_logs(settings(log_format=form))
    try:
        forged = 'x\n{"level": "ERROR", "message": "forged"}\r\x1b[2K\u2028\u202e'
        logging.getLogger("wenzheng.access").info("GET %s", forged)
    finally:
        root.handlers, root.level = before, level
    (line,) = capsys.readouterr().err.splitlines()
    if form == "json":
        assert json.loads(line)["message"] == f"GET {forged}"
        assert json.loads(line)["level"] == "INFO"
    assert not {"\r", "\x1b", "\u2028", "\u202e"} & set(line)
