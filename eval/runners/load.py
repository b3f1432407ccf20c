"""Ask a server as many citizens do: by chance, at a rate, each over a connection of their own.

Arrivals do not wait for answers (open loop), and a question's time runs from the moment it should
have been sent, so that waiting counts.
"""

from __future__ import annotations

import asyncio
import random
import ssl
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np

from eval.runners.remote import headers

Body = dict[str, Any]
Reply = dict[str, Any]
Check = Callable[[Body, Reply], str]

PATIENCE = 30.0  # seconds until a question counts as failed


@dataclass(frozen=True)
class Sample:
    """One question.

    :ivar due: when it was to be sent, in seconds from the start.
    :ivar took_ms: milliseconds from then to the whole answer.
    :ivar fault: what was wrong with the answer, empty if nothing.
    """

    due: float
    took_ms: float
    fault: str


@dataclass(frozen=True)
class Load:
    """What a server did under load.

    :ivar rate: questions a second that were put.
    :ivar per_second: answers a second that came, until the last.
    :ivar faults: what was wrong, with how often.
    """

    rate: float
    connections: int
    asked: int
    failed: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    per_second: float
    faults: tuple[tuple[str, int], ...]


def no_check(_body: Body, _reply: Reply) -> str:
    """Find nothing wrong with an answer that came with status 200."""
    return ""


def drive(
    address: str,
    bodies: Sequence[Body],
    *,
    rate: float,
    seconds: float,
    connections: int = 200,
    check: Check = no_check,
    seed: int = 0,
) -> tuple[Load, list[Sample]]:
    """Put questions to ``POST /v1/ask`` and return what came of them.

    :param bodies: asked one after the other, again from the first.
    :param rate: mean questions a second; the gaps are exponential (Poisson arrivals).
    :param connections: how many stay open; each waits for its answer before it asks again.
    :param check: says what is wrong with an answer.
    """
    plan = _Plan(address, bodies, rate, seconds, connections, check, seed)
    samples, lasted = asyncio.run(_drive(plan))
    return summary(samples, lasted, rate, connections), samples


def summary(samples: Sequence[Sample], lasted: float, rate: float, connections: int) -> Load:
    """Return the figures of questions put over ``lasted`` seconds."""
    took = np.array([s.took_ms for s in samples])
    p50, p95, p99 = (round(float(v), 1) for v in np.percentile(took, (50, 95, 99)))
    faults = Counter(s.fault for s in samples if s.fault)
    return Load(
        rate=rate,
        connections=connections,
        asked=len(samples),
        failed=sum(faults.values()),
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        max_ms=round(float(took.max()), 1),
        per_second=round(len(samples) / lasted, 1),
        faults=tuple(faults.most_common(10)),
    )


@dataclass(frozen=True)
class _Plan:
    address: str
    bodies: Sequence[Body]
    rate: float
    seconds: float
    connections: int
    check: Check
    seed: int


async def _drive(plan: _Plan) -> tuple[list[Sample], float]:
    chance = random.Random(plan.seed)  # noqa: S311 (arrivals, not secrets)
    samples: list[Sample] = []
    secured = ssl.create_default_context()  # once: to read the certificates takes 20 ms
    async with AsyncExitStack() as stack:
        idle: asyncio.Queue[httpx.AsyncClient] = asyncio.Queue()
        for _ in range(plan.connections):
            client = httpx.AsyncClient(
                base_url=plan.address,
                headers=headers(),
                timeout=PATIENCE,
                verify=secured,
                trust_env=False,
            )
            await stack.enter_async_context(client)
            await client.get("/healthz")  # opens the connection
            idle.put_nowait(client)
        begun = time.perf_counter()

        async def ask(body: Body, due: float) -> None:
            client = await idle.get()
            fault = await _ask(client, body, plan.check)
            idle.put_nowait(client)
            samples.append(Sample(due, (time.perf_counter() - begun - due) * 1000, fault))

        due, number = 0.0, 0
        async with asyncio.TaskGroup() as group:
            while (due := due + chance.expovariate(plan.rate)) < plan.seconds:
                await asyncio.sleep(max(0.0, due - (time.perf_counter() - begun)))
                group.create_task(ask(plan.bodies[number % len(plan.bodies)], due))
                number += 1
        return samples, time.perf_counter() - begun


async def _ask(client: httpx.AsyncClient, body: Body, check: Check) -> str:
    try:
        reply = await client.post("/v1/ask", json=body)
    except httpx.HTTPError as error:
        return type(error).__name__
    if reply.status_code != httpx.codes.OK:
        return f"HTTP {reply.status_code}"
    return check(body, reply.json())
