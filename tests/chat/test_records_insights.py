"""How well questions of one matter are put together, over wordings of many matters."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from conftest import ROOT
from sklearn.metrics import adjusted_rand_score

from chat.records import Records
from chat.records.insights import insights
from index.encoder import Encoder

MATTERS: list[list[str]] = json.loads(
    (ROOT / "tests" / "data" / "matters.json").read_text(encoding="utf-8")
)


def test_groups_agree_with_those_that_a_person_makes(tmp_path: Path) -> None:
    records = Records(tmp_path)
    for wording in (w for matter in MATTERS for w in matter):
        records.feedback.add(question=wording, answer="", status="answered", helpful=False)
    found = insights(records, Encoder(), datetime(2020, 1, 1, tzinfo=UTC))
    records.close()
    ours = {w: n for n, group in enumerate(found.groups) for w in group.examples}
    theirs = {w: n for n, matter in enumerate(MATTERS) for w in matter}
    agreement = adjusted_rand_score(list(theirs.values()), [ours[w] for w in theirs])
    assert agreement >= 0.85  # 0.87 when it was settled; 0 is chance, 1 the same groups
