"""Settings: command line before ``WENZHENG_*`` before ``wenzheng.toml`` before the defaults."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from corpus.errors import WenzhengError


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix="WENZHENG_", toml_file="wenzheng.toml", extra="forbid"
    )

    data: Path = Path(".wenzheng")
    encoder: str = "wenzheng-static"
    host: str = "127.0.0.1"
    port: int = 7860

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment before the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def settings(**given: object) -> Settings:
    """Return the settings in force; options that were not given (None) do not count.

    :raises WenzhengError: if a setting has a wrong value or an unknown name.
    """
    try:
        return Settings(**{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "；".join(f"{'.'.join(map(str, e['loc']))}：{e['msg']}" for e in error.errors())
        raise WenzhengError(
            f"设置有误（{wrong}），请检查WENZHENG_*环境变量和wenzheng.toml。"
        ) from error
