"""Feed damaged files to the readers and count crashes and hangs.

``python -m eval.fuzz_readers --inputs 20000``; each input is made from its number alone, so
``--only N`` runs a bad one again. The readers are called directly, inside a child with limits that
is started anew when an input kills it; the product gives every file a child of its own.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import signal
import subprocess
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import DocumentError
from corpus.formats.kinds import Kind, kind_of
from corpus.formats.readers import read_bytes
from corpus.report import BUNDLED
from corpus.sandbox import limit_resources
from eval.report_files import make_docx, make_html, make_markdown, make_pdf, report_parts

HANG_SECONDS = 20  # for one input; the seeds take 0.05 s
_LINES = 22  # of the report in a seed: title, two headings, paragraphs
_WORDS = (
    b"",
    b"\x00",
    b"\xff\xff\xff\xff",
    b"-1",
    b"99999999999",
    b"<",
    b"</",
    b"endobj",
    b"[",
    b"<<",
)


@dataclass(frozen=True)
class Seed:
    """A valid file: its name and bytes."""

    name: str
    data: bytes


@dataclass
class Figures:
    """What became of the inputs, by kind of seed; ``bad`` names the inputs that went wrong."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    bad: list[dict[str, str | int]] = field(default_factory=list)
    slowest: float = 0.0

    def count(self, outcome: str) -> int:
        """Return how many inputs of all kinds had an outcome: read, refused, crash or hang."""
        return sum(n for (_, found), n in self.outcomes.items() if found == outcome)


def seeds() -> list[Seed]:
    """Return small valid files of every kind, made from the bundled report."""
    parts = report_parts(BUNDLED)[:_LINES]
    text = "\n".join(p.text for p in parts)
    return [
        Seed("styled.docx", make_docx(parts, table=True, notes=True)),
        Seed("bold.docx", make_docx(parts, styled=False)),
        Seed("one.pdf", make_pdf(parts, table=True)),
        Seed("two.pdf", make_pdf(parts, columns=2)),
        Seed("plain.pdf", make_pdf(parts, table=True, compressed=False)),
        Seed("page.html", make_html(parts)),
        Seed("page-gb.html", make_html(parts, encoding="gb18030")),
        Seed("report.md", make_markdown(parts).encode()),
        Seed("report.txt", text.encode()),
        Seed("report-gb.txt", text.encode("gb18030")),
    ]


def damaged(number: int, files: list[Seed]) -> Seed:
    """Return input ``number``: a seed with one to eight changes."""
    rng = random.Random(number)  # noqa: S311 - repeatable, not secret
    seed = rng.choice(files)
    data = seed.data
    if seed.name.endswith(".docx") and rng.random() < 0.7:
        data = _damage_part(rng, data)
    else:
        data = _damage(rng, data, rng.choice(files).data)
        if seed.name.endswith(("md", "html", "txt")) and rng.random() < 0.7:
            # Damage that leaves valid characters gets past the decoder, to the parser.
            encoding = "gb18030" if "gb" in seed.name else "utf-8"
            data = data.decode(encoding, errors="ignore").encode(encoding)
    return Seed(seed.name, data)


def _damage(rng: random.Random, data: bytes, other: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        place = rng.randrange(len(changed) + 1)
        length = min(len(changed) - place, int(2 ** rng.uniform(0, 10)))
        match rng.randrange(7):
            case 0 if place < len(changed):
                changed[place] ^= 1 << rng.randrange(8)
            case 1:
                del changed[place : place + length]
            case 2:
                changed[place:place] = changed[place : place + length] * rng.randint(1, 20)
            case 3:
                changed[place : place + length] = rng.randbytes(length)
            case 4:
                changed[place : place + rng.randint(0, 8)] = rng.choice(_WORDS)
            case 5:
                start = rng.randrange(len(other))
                changed[place : place + length] = other[start : start + length]
            case 6 if rng.random() < 0.2:
                del changed[place:]
    return bytes(changed)


def _damage_part(rng: random.Random, data: bytes) -> bytes:
    """Change one part inside the container and pack it again, or the checksum alone would tell."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(result, "w") as packed:
        names = archive.namelist()
        chosen = rng.choice([n for n in names if n.endswith((".xml", ".rels"))])
        for name in names:
            part = archive.read(name)
            packed.writestr(name, _damage(rng, part, part) if name == chosen else part)
    return result.getvalue()


def run(inputs: int, first: int = 0) -> Figures:
    """Run inputs ``first`` to ``first + inputs - 1`` in child processes."""
    figures = Figures()
    place, end = first, first + inputs
    while place < end:
        place = _watch(place, end, figures)
    return figures


def _watch(first: int, end: int, figures: Figures) -> int:
    """Run one child until it has done all inputs or died; return the first input not run."""
    command = [sys.executable, "-m", "eval.fuzz_readers", "--child", str(first), str(end)]
    begun: tuple[int, str] | None = None
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            told = json.loads(line)
            if "outcome" not in told:
                begun = (told["number"], told["name"])
                continue
            begun = None
            figures.outcomes[told["kind"], told["outcome"]] += 1
            figures.slowest = max(figures.slowest, told["seconds"])
            if told["outcome"] == "crash":
                figures.bad.append({"number": told["number"], "cause": told["cause"]})
    if begun is None:
        if child.returncode:
            raise RuntimeError(f"the child did not start: status {child.returncode}")
        return end
    outcome = "hang" if child.returncode == -signal.SIGALRM else "crash"
    figures.outcomes[begun[1].rpartition(".")[2], outcome] += 1
    figures.bad.append({"number": begun[0], "cause": f"status {child.returncode}"})
    return begun[0] + 1


def _outcomes(first: int, end: int) -> Iterator[dict[str, str | int | float]]:
    files = seeds()
    for number in range(first, end):
        entry = damaged(number, files)
        # The alarm ends the process even inside a library.
        signal.alarm(HANG_SECONDS)
        yield {"number": number, "name": entry.name}
        start = time.perf_counter()
        cause = ""
        try:
            read_bytes(kind_of(entry.data, entry.name), entry.data, entry.name)
            outcome = "read"
        except DocumentError:
            outcome = "refused"
        except Exception:  # whatever else a reader raises is what this script looks for
            outcome, cause = "crash", traceback.format_exc(limit=-3)
        yield {
            "number": number,
            "kind": entry.name.rpartition(".")[2],
            "outcome": outcome,
            "cause": cause,
            "seconds": round(time.perf_counter() - start, 3),
        }


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", type=int, help="run one input in this process")
    parser.add_argument("--child", type=int, nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        limit_resources(seconds=24 * 3600)
        for told in _outcomes(*chosen.child):
            print(json.dumps(told), flush=True)
        return 0
    if chosen.only is not None:
        entry = damaged(chosen.only, seeds())
        Path(f"fuzz-{chosen.only}-{entry.name}").write_bytes(entry.data)
        print(read_bytes(kind_of(entry.data, entry.name), entry.data, entry.name).text)
        return 0
    start = time.perf_counter()
    figures = run(chosen.inputs, chosen.first)
    print(f"{'kind':6}" + "".join(f"{o:>9}" for o in ("read", "refused", "crash", "hang")))
    for kind in Kind:
        row = (figures.outcomes[kind.value, o] for o in ("read", "refused", "crash", "hang"))
        print(f"{kind.value:6}" + "".join(f"{n:9}" for n in row))
    took = time.perf_counter() - start
    print(f"{chosen.inputs} inputs in {took:.0f} s; the slowest took {figures.slowest:.2f} s")
    for bad in figures.bad[:20]:
        print(bad["number"], bad["cause"])
    return 1 if figures.bad else 0


if __name__ == "__main__":
    sys.exit(_main())
