"""The settings as people read them: those in force, and the reference of all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from chat.settings import Settings, secret_names

_TYPES: dict[object, str] = {
    Path: "路径",
    str: "文字",
    int: "整数",
    float: "数",
    bool: "true或false",
}
_INTRO = """# 设置

<!-- 由 wenzheng settings --reference 从 chat/settings.py 生成，请勿手改。 -->

每项设置可以写在三处，前面的优先：命令行选项（如`--port`）；环境变量`WENZHENG_名称`（大写）；
当前文件夹的`wenzheng.toml`，一行一项，例如：

```toml
data = "/var/lib/wenzheng"
port = 8080
trusted_proxies = ["127.0.0.1"]
```

- 写错名称会报错，并提示最接近的名称；空的环境变量等于没有设置。
- 列表在环境变量里用逗号或空格分隔：`WENZHENG_TRUSTED_PROXIES=10.0.0.1,10.0.0.2`。
- 标有“密”的设置含密码：写在环境变量里，或写成`@文件名`从文件读取。含密码的文件和`wenzheng.toml`
  的权限应是600，否则拒绝启动。`wenzheng settings`列出当前的设置，密码不显示。

| 设置 | 环境变量 | 类型 | 默认 | 含义 |
|---|---|---|---|---|
"""
_NOTES = """
## 速率上限怎么算

- 网页和API的提问按地址计：同一地址每秒10次、每分钟300次，够一个办事大厅共用一个出口，
  又不致让一台机器占满服务。读取网页文件另计（`rate_page`）。
- 同一台机器上的程序（回环地址、没有经过代理）按`rate_local`计，便于本机评测和监控。
  代理装在同一台机器上时，经它来的请求带有`X-Forwarded-For`，不算本机；这时请把代理的地址写进
  `trusted_proxies`，才能按真正的来访地址计。
- 带有效密钥的请求按密钥计（`rate_key`）。`/healthz`不限。
- 计数在各个服务进程里分开；一台机器通常只需一个进程。

## 密钥

没有默认的密钥：不建立密钥，上传、删除、查看反馈等地址一律答复401。在服务器上运行

```bash
wenzheng keys create --name 网信办 --scope write --expires-days 365
```

密钥只显示这一次，库里只存它的SHA-256摘要。权限read（查看）、write（修改）、admin（管理）依次包含。

## 日志和监控

- 日志写到标准错误，每行一个JSON，含请求编号（`request_id`，即答复头`X-Request-ID`）、路由、状态和用时，
  不含问题和查询字符串。`caller`是来访地址或密钥编号。
- `/metrics`供Prometheus读取，只给本机程序和持有密钥者。

## 浏览器安全策略

所有内容只从本服务器读取，脚本只许运行本站的文件和页面自带的几段（按摘要放行）。有两处放宽：
网页的样式允许写在页面里，因为Gradio的组件边画边写样式；`/docs`的脚本允许写在页面里，
那里不显示用户写的内容。

## 记录库用PostgreSQL

`pip install 'wenzheng[postgres]'`后设`WENZHENG_RECORDS=postgresql://用户:密码@主机/库名`，
表会自动建立和升级。这时`wenzheng backup`只备份报告库，记录库请用`pg_dump`备份。
"""


def described() -> str:
    """Return the reference as Markdown."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
    return _INTRO + "\n".join(rows) + "\n" + _NOTES


def in_force(config: Settings) -> dict[str, str]:
    """Return the settings in force by name, as they would stand in the file; secrets masked."""
    return {name: _shown(getattr(config, name)) for name in Settings.model_fields}


def _row(name: str, field: FieldInfo) -> str:
    default = "" if field.default in (None, ()) else f"`{_shown(field.default)}`"
    secret = "（密）" if name in secret_names() else ""
    meaning = (field.description or "").replace("|", "\\|")
    return (
        f"| `{name}`{secret} | `WENZHENG_{name.upper()}` | {_type(field)} | {default} | {meaning} |"
    )


def _type(field: FieldInfo) -> str:
    kind = field.annotation
    if get_origin(kind) is Literal:
        return "、".join(f"`{v}`" for v in get_args(kind))
    if get_origin(kind) is tuple or "tuple" in str(kind):
        return "列表"
    for option, shown in _TYPES.items():
        if kind is option or option in get_args(kind):
            return shown
    return "文字"


def _shown(value: object) -> str:
    if value is None:
        return '""'
    if isinstance(value, SecretStr):
        return "********"
    if isinstance(value, Path):
        value = str(value)
    if isinstance(value, tuple):
        value = list(value)
    return json.dumps(value, ensure_ascii=False)
