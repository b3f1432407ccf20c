"""Write the documents of a govqa split as files; those of validation and test ship beside it.

python -m eval.govqa SPLIT --data DIR --out FOLDER
wenzheng eval qa eval/data/govqa/SPLIT.jsonl --documents FOLDER
"""

from __future__ import annotations

import argparse
from pathlib import Path

from eval.datasets.questions import read_questions
from models.training.govqa import QUESTIONS, document_text


def main() -> None:
    """Write one text file a document, named by its id."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", choices=("train", "validation", "test"))
    parser.add_argument("--data", type=Path, required=True, help="folder with the public documents")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    rows = read_questions(QUESTIONS / f"{args.split}.jsonl").rows
    for name in sorted({r.document for r in rows if r.document}):
        text = document_text(name, args.data)
        (args.out / f"{name}.txt").write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    main()
