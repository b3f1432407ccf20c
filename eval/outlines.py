"""Print facts and outline of every report in a folder, for a person to read them.

python -m eval.outlines DIR [NAME …]
"""

from __future__ import annotations

import sys
from pathlib import Path

from corpus.description import facts_of, outline_of
from corpus.errors import DocumentError
from corpus.reading import read_text
from corpus.report import parse_report


def main(arguments: list[str]) -> int:
    """Print every report of the folder whose name is asked for, all by default."""
    folder, names = Path(arguments[0]), arguments[1:]
    for path in sorted(folder.glob("*.txt")):
        if names and path.stem not in names:
            continue
        try:
            document = parse_report(_text(path), path.stem)
        except DocumentError as error:
            sys.stdout.write(f"=== {path.stem}\n{error.message}\n\n")
            continue
        sys.stdout.write(f"{facts_of(document)}{outline_of(document)}\n")
    return 0


def _text(path: Path) -> str:
    """Read a file; one that looks damaged is read all the same, for its outline is asked for."""
    try:
        return read_text(path)
    except DocumentError:
        return path.read_bytes().decode("utf-8-sig", errors="strict")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
