"""Run one peer in one process: read a request, index, answer, tell how long each step took.

python -m eval.peers.worker < request.jsonl > events.jsonl

Runs in the environment of the peers, so it imports the standard library and one adapter only.
"""

from __future__ import annotations

import importlib
import os
import resource
import signal
import statistics
import sys
import time
import traceback
from collections import defaultdict
from pathlib import Path
from typing import TextIO

from eval.peers.protocol import (
    READ,
    Document,
    Index,
    Job,
    NoReaderError,
    Peer,
    Question,
    read_request,
    write_event,
)

# Nothing is looked up on the internet, and nobody is told.
_QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "false",
}


def run(job: Job, documents: list[Document], questions: list[Question], out: TextIO) -> None:
    """Do a job and tell each step.

    Documents that a question names get an index of their own; where questions name none, all
    documents share one.
    """
    started = time.perf_counter()
    module = importlib.import_module(f"eval.peers.adapters.{job.module}")
    peer: Peer = module.create(job)
    write_event(out, "imported", seconds=time.perf_counter() - started, resident_mb=_peak_mb())
    by_document: dict[str, list[Document]] = defaultdict(list)
    alone = any(q.document for q in questions)
    for document in documents:
        by_document[document.id if alone else ""].append(document)
    started, busy = time.perf_counter(), _busy_s()
    indexes = {name: peer.build(group, cut=job.cut) for name, group in by_document.items()}
    took, busy = time.perf_counter() - started, _busy_s() - busy
    lengths = [c.end - c.start for index in indexes.values() for c in index.chunks]
    write_event(
        out,
        "indexed",
        seconds=took,
        cpu_s=busy,
        chunks=len(lengths),
        median_length=statistics.median(lengths) if lengths else 0,
        resident_mb=_peak_mb(),
    )
    for question in questions:
        _answer(job, peer, indexes[question.document], question, out)
    write_event(out, "done", peak_mb=_peak_mb())


def _answer(job: Job, peer: Peer, index: Index, question: Question, out: TextIO) -> None:
    started, busy = time.perf_counter(), _busy_s()
    hits = index.search(question.text, job.k)
    took, busy = time.perf_counter() - started, _busy_s() - busy
    fields: dict[str, object] = {
        "id": question.id,
        "ms": took * 1000,
        "cpu_ms": busy * 1000,
        "since_start_cpu_s": _busy_s(),
        "hits": [(c.document, c.start, c.end) for c in hits],
    }
    if job.read:
        started, busy = time.perf_counter(), _busy_s()
        try:
            fields["answer"] = peer.read(index, question.text, hits[:READ])
            fields["read_ms"] = (time.perf_counter() - started) * 1000
            fields["read_cpu_ms"] = (_busy_s() - busy) * 1000
        except NoReaderError as error:
            fields["no_reader"] = str(error)
    write_event(out, "answer", **fields)


def _limit(seconds: int, out: TextIO) -> None:
    """Give up after so much processor time, which a busy machine does not use up faster."""
    if not seconds:
        return

    def stop(*_: object) -> None:
        write_event(out, "stopped", peak_mb=_peak_mb())
        os._exit(0)

    signal.signal(signal.SIGXCPU, stop)
    # The second limit ends a worker that is deep in foreign code and hears no signal.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 60))


def _busy_s() -> float:
    """Return the seconds of processor time used so far, by processes that were started too."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _peak_mb() -> float:
    """Return the most memory resident so far, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():  # what the system counts for a child there includes its parent
        lines = status.read_text(encoding="ascii").splitlines()
        return next(int(row.split()[1]) for row in lines if row.startswith("VmHWM")) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024) if sys.platform == "darwin" else peak / 1024


def main() -> int:
    """Keep standard output for events alone; what libraries print goes to standard error."""
    os.environ.update(_QUIET)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        with open(sys.stdin.fileno(), encoding="utf-8") as stream:  # noqa: PTH123 (a descriptor)
            job, documents, questions = read_request(stream)
        _limit(job.limit_s, out)
        run(job, documents, questions, out)
    except Exception as error:
        traceback.print_exc()
        write_event(out, "failed", message=f"{type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
