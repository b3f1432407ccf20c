"""The same question has the same answer on every machine and after every start.

Python orders its sets of words anew in each process; nothing that is shown may hang on that order.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from conftest import QUESTIONS

from eval.datasets.questions import read_questions

ASK = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from chat.service import Service
service = Service(Path(sys.argv[1]), "wenzheng-static")
service.prepare()
for line in sys.stdin.read().splitlines():
    question, history = json.loads(line)
    answer = asdict(service.ask(question, history))
    del answer["took_ms"]
    print(json.dumps(answer, ensure_ascii=False, sort_keys=True, default=str))
"""
SUBJECTS = "教育 医疗 养老 就业 住房 交通 生态环保 乡村振兴 数字化改革 安全生产".split()


def told(data_dir: Path, lines: str, seed: int) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(data_dir)],
        input=lines,
        env=os.environ | {"PYTHONHASHSEED": str(seed)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_answers_do_not_depend_on_the_order_of_sets(data_dir: Path) -> None:
    rows = read_questions(QUESTIONS / "beilun" / "dev.jsonl").rows[::4]
    asked = [(r.question, list(r.history)) for r in rows]
    asked += [(f"{s}方面做了什么", []) for s in SUBJECTS]
    asked += [(f"{s}今后怎么安排", []) for s in SUBJECTS]
    lines = "\n".join(json.dumps(a, ensure_ascii=False) for a in asked)
    first, second = told(data_dir, lines, 1), told(data_dir, lines, 2)
    assert len(first) == len(asked)
    differing = [q for (q, _), a, b in zip(asked, first, second, strict=True) if a != b]
    assert differing == []
