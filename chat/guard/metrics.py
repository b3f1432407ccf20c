"""What Prometheus reads at /metrics."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from anyio import to_thread
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from chat.guard.keys import admitted, caller_of
from chat.guard.problems import Refused, problem
from chat.guard.routes import method_of, path_of, route_of
from chat.records import Records
from chat.records.keys import Scope
from chat.stages import Stages
from chat.types import Answer
from corpus.errors import WenzhengError

if TYPE_CHECKING:
    from chat.service import Service

PATH = "/metrics"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The meters of one running service, in a registry of their own.

    Every label comes from a fixed set: templates of routes, known methods, our own enumerations.
    Each server process counts for itself.
    """

    def __init__(self, records: Records | None = None, service: Service | None = None) -> None:
        """Create the meters.

        :param records: whose jobs are counted.
        :param service: whose library is described.
        """
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.requests = Counter(
            "wenzheng_requests",
            "请求数，按路由、方法和状态码",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "wenzheng_request_seconds",
            "从收到请求到发完答复的秒数",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.stage_seconds = Histogram(
            "wenzheng_stage_seconds",
            "回答各步骤的秒数：理解、检索、阅读、判断",
            ("stage",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.answer_seconds = Histogram(
            "wenzheng_answer_seconds",
            "得出一个回答的秒数",
            ("answerer",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.answers = Counter(
            "wenzheng_answers",
            "回答数，按状态和入口；unanswerable是报告没说",
            ("status", "channel"),
            registry=self.registry,
        )
        self.turned_away = Counter(
            "wenzheng_turned_away",
            "没有受理的请求数，按原因：限速、太大、太忙、超时、缺密钥",
            ("reason",),
            registry=self.registry,
        )
        self.records_errors = Counter(
            "wenzheng_records_errors", "没能写入记录库的次数", registry=self.registry
        )
        self.running = Gauge(
            "wenzheng_requests_running", "正在处理的API请求数", registry=self.registry
        )
        self.waiting = Gauge(
            "wenzheng_requests_waiting", "等候处理的API请求数", registry=self.registry
        )
        self.registry.register(_State(records, service))

    def asked(self, answer: Answer, stages: Stages, channel: str) -> None:
        """Count an answer.

        :param channel: one of ``chat.observer.CHANNELS``.
        """
        self.answers.labels(str(answer.status), channel).inc()
        self.answer_seconds.labels(answer.answerer).observe(answer.took_ms / 1000)
        for stage, seconds in stages.items():
            self.stage_seconds.labels(str(stage)).observe(seconds)

    def text(self) -> bytes:
        """Return all meters in Prometheus' text form."""
        return generate_latest(self.registry)


class _State(Collector):
    """What is looked up when the meters are read: the library and the jobs."""

    def __init__(self, records: Records | None, service: Service | None) -> None:
        self._records = records
        self._service = service

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: nothing is looked up at registration."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Yield the state of now; what cannot be read is left out, as Prometheus expects."""
        try:
            yield from self._library()
            yield from self._jobs()
        except WenzhengError:
            yield GaugeMetricFamily("wenzheng_ready", "报告库和记录库是否都能读取", value=0)
        else:
            yield GaugeMetricFamily("wenzheng_ready", "报告库和记录库是否都能读取", value=1)

    def _library(self) -> Iterable[Metric]:
        if self._service is None:
            return
        library = self._service.library
        yield GaugeMetricFamily("wenzheng_index_version", "报告库的版本", value=library.version)
        yield GaugeMetricFamily("wenzheng_documents", "文件数", value=len(library.documents))
        yield GaugeMetricFamily(
            "wenzheng_passages", "段落数", value=library.store.counts().passages
        )
        counts = self._service.cache_counts
        remembered = CounterMetricFamily(
            "wenzheng_answer_cache",
            "问过的问题直接给出（hit）和没问过的（miss）",
            labels=("result",),
        )
        remembered.add_metric(("hit",), counts.hits)
        remembered.add_metric(("miss",), counts.misses)
        yield remembered
        problems = GaugeMetricFamily(
            "wenzheng_problem", "不工作的部分，1为有问题：library、answerer等", labels=("part",)
        )
        for wrong in self._service.problems.all():
            problems.add_metric((wrong.part,), 1)
        yield problems

    def _jobs(self) -> Iterable[Metric]:
        if self._records is None:
            return
        family = GaugeMetricFamily("wenzheng_jobs", "任务数，按状态", labels=("state",))
        for state, number in self._records.jobs.counts().items():
            family.add_metric((str(state),), number)
        yield family


class Meter:
    """Count and time every request."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Answer a request and count it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = route_of(scope)
            self._metrics.requests.labels(route, method_of(scope), str(status)).inc()
            self._metrics.request_seconds.labels(route).observe(time.perf_counter() - started)


class MetricsPage:
    """Answer ``/metrics`` to this machine and to holders of a key; pass on all else."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or path_of(scope) != PATH:
            await self._app(scope, receive, send)
            return
        response = await to_thread.run_sync(self._response, Request(scope))
        await response(scope, receive, send)

    def _response(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return problem(
                405, "方法不对", "这个地址只支持GET。", "http_405", {"Allow": "GET, HEAD"}
            )
        caller = caller_of(request)
        if not caller.local:
            try:
                admitted(caller, Scope.READ, given="authorization" in request.headers)
            except Refused as refusal:
                return refusal.response()
        return Response(self._metrics.text(), media_type=CONTENT_TYPE_LATEST)
