"""Compare Wenzheng with the usual pipelines: retrieval, speed, memory, start, size, extraction.

python -m eval.peers.run --venv DIR --out FILE.json [--data DIR] [--reader DIR]

Results are added to FILE.json part by part, so that a run can be broken off and taken up again.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from eval.peers.catalogue import entries
from eval.peers.launch import PeerError, python_of
from eval.peers.results import Results, load, machine, save
from eval.peers.steps import STEPS, Plan
from eval.peers.tables import insert, tables

PARTS = tuple(STEPS)


def compare(plan: Plan) -> Results:
    """Run the parts of a plan and return all results, earlier ones of the file included.

    :raises PeerError: if the environment of the peers is not there.
    :raises QuestionFileError: if the file of results, or the texts, cannot be read.
    """
    results = load(plan.out)
    results.machine = machine()
    for entry in plan.chosen:
        python_of(entry, plan.venv)
    console = Console(stderr=True)
    for part in plan.parts:
        for number, entry in enumerate(plan.chosen, 1):
            console.print(f"{part}（{number}/{len(plan.chosen)}）：{entry.key}")
            STEPS[part](plan, entry, results)
            save(results, plan.out)
    return results


def main() -> None:
    """Run a comparison as the options say and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", type=Path, required=True, help="environment of the peers")
    parser.add_argument("--out", type=Path, required=True, help="JSON file of results")
    parser.add_argument("--data", type=Path, help="folder with texts for more passages")
    parser.add_argument(
        "--reader", type=Path, help="another AutoModelForQuestionAnswering folder than ours"
    )
    parser.add_argument("--peers", default="", help="names, separated by commas; default all")
    parser.add_argument("--ways", default="", help="installed, chinese, encoder; default all")
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--sizes", default="100", help="passages for speed, e.g. 100,10000,300000")
    parser.add_argument("--limit", type=float, default=300.0, help="processor seconds a job")
    parser.add_argument("--few", type=int, default=0, help="questions a set; default all")
    parser.add_argument("--into", type=Path, nargs="*", default=[], help="files with table marks")
    args = parser.parse_args()
    plan = plan_of(
        args.venv,
        args.out,
        data=args.data,
        reader=args.reader,
        peers=args.peers,
        ways=args.ways,
        parts=args.parts,
        sizes=args.sizes,
        limit_s=args.limit,
        few=args.few,
    )
    results = compare(plan)
    print(tables(results))
    for path in args.into:
        insert(path, results)


def plan_of(
    venv: Path,
    out: Path,
    *,
    data: Path | None = None,
    reader: Path | None = None,
    peers: str = "",
    ways: str = "",
    parts: str = "",
    sizes: str = "",
    limit_s: float = 300.0,
    few: int = 0,
) -> Plan:
    """Return the plan that options written as text describe.

    :raises PeerError: if a part or a size is unknown, or no peer is left.
    """
    wanted = tuple(p for p in parts.split(",") if p) or PARTS
    if unknown := [p for p in wanted if p not in PARTS]:
        raise PeerError(f"没有“{'、'.join(unknown)}”这一部分；可选：{'、'.join(PARTS)}。")
    chosen = entries(peers, ways)
    if not chosen:
        raise PeerError(f"没有名为“{peers}”的对照工具；请看 docs/peers.md 里的名字。")
    if not all(s.strip().isdigit() for s in sizes.split(",") if s):
        raise PeerError(f"段落数“{sizes}”有误，请写成 100,10000,300000 的样子。")
    counts = tuple(int(s) for s in sizes.split(",") if s) or (100,)
    return Plan(venv, out, data, reader, chosen, wanted, counts, limit_s, few)


if __name__ == "__main__":
    main()
