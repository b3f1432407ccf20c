"""Check what a client sends and what it can read: 415 and 406 in words."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request

from chat.guard.problems import Refused

JSON = "application/json"
EVENTS = "text/event-stream"


def produces(*types: str) -> Callable[[Request], None]:
    """Return a dependency that answers 406 to a client that reads none of these types."""

    def check(request: Request) -> None:
        if not any(accepts(request, t) for t in types):
            raise Refused(
                406,
                "没有这种格式",
                f"这个地址只返回{'或'.join(types)}，请改请求里的Accept。",
                "not_acceptable",
            )

    return check


def consumes(media_type: str) -> Callable[[Request], None]:
    """Return a dependency that answers 415 to a body of another type."""

    def check(request: Request) -> None:
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != media_type:
            told = given if given.isprintable() and len(given) <= 80 else ""
            raise Refused(
                415,
                "不支持这种内容",
                f"请求的Content-Type应是{media_type}，现在是“{told}”；请注明后再试。",
                "unsupported_media_type",
            )

    return check


def accepts(request: Request, media_type: str) -> bool:
    """Tell whether a client reads a media type (RFC 9110, 12.5.1); one that says nothing does."""
    ranges = _ranges(request)
    if not ranges:
        return True
    return _quality(ranges, media_type) > 0


def wants_events(request: Request) -> bool:
    """Tell whether a client asks for server-sent events by name and rather than JSON."""
    ranges = _ranges(request)
    return EVENTS in ranges and ranges[EVENTS] >= max(ranges.get(JSON, 0.0), 0.001)


def _quality(ranges: dict[str, float], media_type: str) -> float:
    for name in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0


def _ranges(request: Request) -> dict[str, float]:
    """Return the quality of each media range of the Accept header."""
    found: dict[str, float] = {}
    for part in ",".join(request.headers.getlist("accept")).split(","):
        name, *parameters = (p.strip().lower() for p in part.split(";"))
        if not name:
            continue
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                try:
                    quality = float(value)
                except ValueError:  # a quality that is no number counts as none given
                    quality = 1.0
        found[name] = quality
    return found
