"""Settings: command line before ``WENZHENG_*`` before ``wenzheng.toml`` before the defaults."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from chat.secrets import Secret, require_private
from corpus.errors import SettingsError

FILE = Path("wenzheng.toml")
_PREFIX = "WENZHENG_"
# Scheme and host, perhaps a port: what goes into a header holds no blank, quote or semicolon.
_ORIGIN = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9.-]+(?::\d{1,5})?")


def _split(value: object) -> object:
    """Read ``a, b`` of the environment as the list that the file would give."""
    return [p for p in value.replace(",", " ").split() if p] if isinstance(value, str) else value


def _rate(value: str) -> str:
    from limits import parse_many

    try:
        parse_many(value)
    except ValueError as error:
        raise ValueError("应形如 10/second;300/minute") from error
    return value


def _origins(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not _ORIGIN.fullmatch(value):
            raise ValueError(f"“{value}”应形如https://www.example.gov.cn")
    return values


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Origins = Annotated[Names, AfterValidator(_origins)]
Rate = Annotated[str, AfterValidator(_rate)]


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, toml_file=FILE, env_ignore_empty=True, extra="forbid"
    )

    data: Path = Field(Path(".wenzheng"), description="存放报告库、索引和记录的文件夹。")
    encoder: str = Field(
        "wenzheng-static",
        description="编码模型：随程序附带的wenzheng-static、一个模型文件夹，或Hub上的名字。",
    )
    host: str = Field("127.0.0.1", description="监听地址；0.0.0.0表示所有网卡。")
    port: int = Field(7860, ge=1, le=65535, description="监听端口。")

    # Where the library is, and how a large one is searched (docs/scale.md)
    store: str = Field(
        "",
        pattern=r"^((milvuss?://\S+)|(\S.*\.db))?$",
        description="报告库放在Milvus时的地址，如milvus://host:19530，或Milvus Lite的文件（.db）；"
        "不填则放在data文件夹里。",
    )
    index_kind: Literal["", "ivf-sq8", "ivf-pq", "hnsw-sq8"] = Field(
        "", description="十万段以上时向量索引的种类；不填则按段落数选择。"
    )
    index_recall: float = Field(
        0.99, gt=0.5, le=1, description="建立大索引时要求的召回率（与逐一比较相比，前十个）。"
    )
    index_effort: int = Field(
        0, ge=0, description="检索大索引时查看的倒排表数（或候选数）；0表示用建立时测得的。"
    )

    answer_cache: int = Field(
        1000,
        ge=0,
        le=100_000,
        description="服务记住多少个回答，同样的问题不再重算；更新报告库后全部重算。0表示不记。",
    )

    # Models (docs/models.md)
    downloads: bool = Field(
        False, description="是否允许从Hugging Face Hub下载模型；默认只用本机已有的。"
    )
    encoder_query_prompt: str | None = Field(
        None, description="编码模型在问题前要加的话；不填则按模型自带的设置。"
    )
    encoder_passage_prompt: str | None = Field(
        None, description="编码模型在段落前要加的话；不填则按模型自带的设置。"
    )
    reranker: str = Field(
        "", description="重排模型：文件夹或Hub上的名字，如BAAI/bge-reranker-base；不填则不用。"
    )
    reranked: int = Field(
        20, ge=1, le=100, description="每问由重排模型排序的段落数；模型大、机器慢时改小。"
    )
    reader: str = Field(
        "",
        description="阅读模型（问答）：文件夹或Hub上的名字，在找到的段落里找答案；不填则用自带的。",
    )
    answerer: Literal["extractive", "generative"] = Field(
        "extractive", description="extractive：逐字摘引；generative：由语言模型行文，逐句核对。"
    )
    model: str = Field(
        "",
        description="生成回答的本机模型：文件夹或Hub上的名字，如Qwen/Qwen2.5-1.5B-Instruct。",
    )
    endpoint: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="生成服务的地址（OpenAI格式），如http://127.0.0.1:11434/v1；与model二选一。",
    )
    endpoint_model: str = Field("", description="生成服务里模型的名字，如qwen2.5:7b。")
    endpoint_key: Secret | None = Field(
        None, description="生成服务的密钥；写在环境变量里，或写成@文件名，从权限600的文件读取。"
    )
    connect_seconds: float = Field(3, gt=0, description="连接生成服务最多等候的秒数。")
    first_token_seconds: float = Field(
        20, gt=0, description="等候生成服务写出第一个字、以及两次写出之间的最多秒数。"
    )
    answer_seconds: float = Field(
        60, gt=0, description="一个回答从提问到写完最多的秒数，重试和排队在内。"
    )
    endpoint_retries: int = Field(2, ge=0, le=10, description="生成服务出错后重试的次数。")
    endpoint_concurrent: int = Field(4, ge=1, le=256, description="同时请求生成服务的个数。")
    answer_tokens: int = Field(512, ge=16, le=8192, description="生成的回答最长多少个词元。")
    prompt_characters: int = Field(
        6000, ge=500, description="交给生成服务的提示词最长多少字；服务的上下文短时改小。"
    )

    # Library
    keep_versions: int = Field(
        3, ge=1, le=100, description="保留多少个旧版本的索引，可用 wenzheng rollback 退回。"
    )
    build_wait_seconds: float = Field(
        120, ge=0, description="另一个进程正在更新索引时，最多等候的秒数。"
    )
    workers: int = Field(
        0,
        ge=0,
        le=64,
        description="另开几个进程来回答问题，通常等于处理器核数；每个约占600 MiB内存。"
        "0表示由服务进程自己回答，适合提问不多时。",
    )
    drain_seconds: int = Field(
        6, ge=0, le=60, description="收到停止信号后，等候正在回答的问题完成的最多秒数。"
    )

    # Records
    records: Secret | None = Field(
        None,
        description="记录库的地址，如postgresql://用户:密码@主机/库名；不填则用data文件夹里的"
        "records.sqlite。含密码：写在环境变量里，或写成@文件名，从权限600的文件读取。",
    )
    keep_days: int = Field(
        180, ge=1, le=3650, description="审计日志、提问记录、反馈和已结束的任务保存的天数。"
    )
    log_questions: bool = Field(
        True, description="是否记录提问（身份证号、电话、银行卡号和邮箱会先隐去）。"
    )

    root_path: str = Field(
        "",
        pattern=r"^(/[A-Za-z0-9._~-]+)*$",
        description="网页放在反向代理的子路径下时，这个子路径，如/wenzheng；代理应去掉它再转来。",
    )

    # Staff's page
    vocabulary: Path | None = Field(
        None, description="工作人员补充的词表；不填则用data文件夹里的vocabulary.toml。"
    )
    questions: Path | None = Field(
        None,
        description="管理页试用新词时问的问题（JSONL，每行一个question）；不填则用附带的开发题。",
    )

    # Guard: who may come in, and how much at a time
    rate_public: Rate = Field(
        "10/second;300/minute",
        description="每个外来地址（IPv6按/64网段）提问和调用API的速率上限，几条用分号隔开。",
    )
    rate_local: Rate = Field(
        "200/second", description="本机（回环地址，且没有经过代理）调用的速率上限。"
    )
    rate_key: Rate = Field(
        "50/second;3000/minute", description="每个有效密钥的速率上限，代替按地址的上限。"
    )
    rate_page: Rate = Field(
        "300/second;6000/minute",
        description="每个外来地址读取网页及其样式、脚本的速率上限。",
    )
    max_body_kib: int = Field(256, ge=1, description="普通请求正文的上限，KiB。")
    max_upload_mib: int = Field(100, ge=1, description="上传报告的请求正文的上限，MiB。")
    max_concurrent: int = Field(8, ge=1, description="同时处理的API请求数。")
    max_waiting: int = Field(256, ge=0, description="等候处理的API请求数；再多就答复503。")
    wait_seconds: float = Field(10, gt=0, description="一个请求最多等候的秒数；再久就答复503。")
    request_seconds: float = Field(
        60, gt=0, description="一个请求收完正文后最多处理的秒数；再久就答复504。"
    )
    stream_seconds: float = Field(600, gt=0, description="逐段发送的回答最多持续的秒数。")
    body_seconds: float = Field(
        30, gt=0, description="等候请求正文下一段、或等候对方收下一段回答的最多秒数。"
    )
    head_seconds: float = Field(
        15, gt=0, description="等候请求头的最多秒数，从连接建立或请求开始算起；再久就断开。"
    )
    max_connections: int = Field(2000, ge=1, description="同时打开的连接数；再多就断开。")
    max_connections_each: int = Field(
        256, ge=1, description="每个外来地址同时打开的连接数；本机和trusted_proxies不受此限。"
    )
    trusted_proxies: Names = Field(
        (),
        description="反向代理的地址或网段；只相信它们的X-Forwarded-For等头。不填则谁也不信。",
    )
    embed_hosts: Origins = Field(
        (),
        description="可以用iframe嵌入本页的网站，如https://www.example.gov.cn；不填则都不可以。",
    )

    # API
    cors_origins: Origins = Field(
        (),
        description="可以从浏览器跨域调用API的网站，如https://www.example.gov.cn；不填则都不可以。",
    )
    mcp_hosts: Names = Field(
        (),
        description="MCP客户端访问/mcp时用的主机名（可带端口，如wz.example.gov.cn:443）；"
        "本机的地址总可以，别的不填则拒绝，以防DNS重绑定。",
    )

    # Logs
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="日志的详细程度。"
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="日志的格式；auto：在终端里是文字，否则每行一个JSON。"
    )

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

    :raises SettingsError: if a setting has a wrong value or an unknown name, or a file with
        secrets may be read by others.
    """
    _require_known([n for n in os.environ if n.upper().startswith(_PREFIX)], _PREFIX, "环境变量")
    _check_file()
    try:
        return Settings(**{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "；".join(f"{'.'.join(map(str, e['loc']))}：{e['msg']}" for e in error.errors())
        raise SettingsError(
            f"设置有误（{wrong}），请检查WENZHENG_*环境变量和wenzheng.toml；"
            "各项的含义见 docs/configuration.md。"
        ) from error


def secret_names() -> set[str]:
    """Return the names of the settings that are never shown."""
    return {n for n, f in Settings.model_fields.items() if "Secret" in str(f.annotation)}


def _check_file() -> None:
    try:
        with FILE.open("rb") as file:
            given = tomllib.load(file)
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"无法读取{FILE}：{error}。请检查它的权限和写法。") from error
    _require_known(list(given), "", str(FILE))
    if any(not str(given[n]).startswith("@") for n in secret_names() & set(given)):
        require_private(FILE, "设置文件")


def _require_known(names: list[str], prefix: str, where: str) -> None:
    known = list(Settings.model_fields)
    for name in names:
        bare = name[len(prefix) :].lower()
        if bare in known and (prefix or bare == name):
            continue
        near = difflib.get_close_matches(bare, known, 1, cutoff=0.5)
        shown = prefix + near[0].upper() if near and prefix else "".join(near)
        hint = f"是不是“{shown}”？" if near else "全部设置见 docs/configuration.md。"
        raise SettingsError(f"{where}里不认识的设置“{name[:80]}”，{hint}")
