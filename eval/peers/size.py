"""Weigh what a peer brings into an environment: its distributions with all they require.

python -m eval.peers.size NAME …      prints versions and bytes as JSON; runs in that environment
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def closure(names: list[str]) -> dict[str, Distribution]:
    """Return the named distributions and all that they require here, by canonical name.

    :raises PackageNotFoundError: if one is not installed.
    """
    found: dict[str, Distribution] = {}
    waiting = [Requirement(n) for n in names]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if (name, frozenset(wanted.extras)) in seen:
            continue
        seen.add((name, frozenset(wanted.extras)))
        held = found.setdefault(name, distribution(wanted.name))
        for line in held.requires or ():
            part = Requirement(line)
            extras = wanted.extras or {""}
            if part.marker is None or any(part.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(part)
    return found


def weight(held: Distribution) -> int:
    """Return the bytes of the files that a distribution installed."""
    paths = {Path(str(held.locate_file(file))) for file in held.files or ()}
    return sum(p.stat().st_size for p in paths if p.is_file())


def main() -> None:
    """Print what the named distributions weigh."""
    found = closure(sys.argv[1:])
    weights = {name: weight(held) for name, held in found.items()}
    told = {
        "bytes": sum(weights.values()),
        "torch_bytes": weights.get("torch", 0),
        "distributions": len(found),
        "versions": {n: found[canonicalize_name(n)].version for n in sys.argv[1:]},
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
