"""Sort requests by their path: what is counted, limited and measured together."""

from __future__ import annotations

from enum import StrEnum

from starlette.types import Scope

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_API = ("/v1/", "/mcp", "/staff/", "/gradio_api/run/")
_ASKING = ("/gradio_api/queue/join",)


class Sort(StrEnum):
    """The sorts of requests.

    ``PROBE``: whether the process lives, never limited. ``STATUS``: readiness and meters, answered
    even when all places are taken. ``API``: work for the processor, questions from the page among
    it. ``PAGE_ASK``: a question from the page to a model, whose work waits in the page's own queue. ``PAGE``: files of the page.
    """

    PROBE = "probe"
    STATUS = "status"
    API = "api"
    PAGE_ASK = "page_ask"
    PAGE = "page"


def sort_of(scope: Scope) -> Sort:
    """Return the sort of a request."""
    path = path_of(scope)
    if path == "/healthz":
        return Sort.PROBE
    if path in ("/readyz", "/metrics"):
        return Sort.STATUS
    if path.startswith(_API):
        return Sort.API
    if path.startswith(_ASKING):
        return Sort.PAGE_ASK
    return Sort.PAGE


def path_of(scope: Scope) -> str:
    """Return the path of a request below the prefix under which the service runs, if any."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path[len(root) :] or "/" if root and path.startswith(root) else path


def route_of(scope: Scope) -> str:
    """Return the template of the route that answered, from a bounded set, for logs and labels.

    What no route of ours answered is ``page`` or ``other``: a path may be anything.
    """
    if path_of(scope) == "/metrics":
        return "/metrics"
    template = getattr(scope.get("route"), "path", None)
    if isinstance(template, str) and template not in ("", "/v1/{rest:path}"):
        return template
    return "other" if sort_of(scope) is not Sort.PAGE else "page"


def method_of(scope: Scope) -> str:
    """Return the method, or ``other`` for one that HTTP does not know."""
    method = scope.get("method", "")
    return method if method in _METHODS else "other"
