"""Recall, MRR and nDCG of rankings, by ir-measures (trec_eval)."""

from __future__ import annotations

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, Success, nDCG

DEPTH = 10
# Our name → the measure; recall of one sought passage is whether it was found.
MEASURES = {
    "recall@1": R @ 1,
    "recall@5": R @ 5,
    "recall@10": R @ 10,
    "mrr@10": RR @ 10,
    "ndcg@10": nDCG @ 10,
    "hit@1": Success @ 1,
    "hit@5": Success @ 5,
}
_NAMES = {str(measure): name for name, measure in MEASURES.items()}


def per_query(
    relevant: dict[str, dict[str, int]], ranked: dict[str, list[str]]
) -> dict[str, dict[str, float]]:
    """Return query id → measure → value, 0 to 1.

    :param relevant: query id → document id → grade, 1 and up.
    :param ranked: query id → document ids, best first, each once.
    """
    judgements = [Qrel(q, d, grade) for q, docs in relevant.items() for d, grade in docs.items()]
    run = [
        ScoredDoc(q, d, float(len(docs) - rank))
        for q, docs in ranked.items()
        for rank, d in enumerate(docs)
    ]
    values: dict[str, dict[str, float]] = {q: dict.fromkeys(MEASURES, 0.0) for q in relevant}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), judgements, run):
        values[metric.query_id][_NAMES[str(metric.measure)]] = float(metric.value)
    return values
