"""What every store does: one story told of FAISS files and of Milvus."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from stores_bench import Bench, faiss_bench, milvus_bench, report

from corpus.errors import UnknownDocumentError
from index.encoder import Encoder
from index.entries import entry_of
from index.stores.columns import DOCUMENT, FIRST, INDICATOR
from index.stores.protocol import Counts, Entry, Filter, PassageStore


@pytest.fixture(params=["faiss", "milvus"])
def new(request: pytest.FixtureRequest, tmp_path: Path, encoder: Encoder) -> Callable[[], Bench]:
    """Makes stores of one kind, each apart from the others."""
    make = {"faiss": faiss_bench, "milvus": milvus_bench}[request.param]
    numbers = count()

    def bench() -> Bench:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return make(folder, encoder)

    return bench


@pytest.fixture
def bench(new: Callable[[], Bench]) -> Bench:
    return new()


def texts(store: PassageStore, bench: Bench, question: str, wanted: Filter | None = None) -> str:
    """Return the passages found, in the order of their BM25 scores."""
    found = sorted(store.search(bench.query(question, wanted)), key=lambda c: -c.lexical)
    return "".join(p.text for p in store.read([c.number for c in found]))


def documents_found(store: PassageStore, bench: Bench, wanted: Filter) -> set[str]:
    found = store.search(bench.query("新增停车位多少个", wanted))
    return {p.document_id for p in store.read([c.number for c in found])}


def test_what_was_added_is_counted_and_comes_back_as_it_was(
    bench: Bench, entries: list[Entry]
) -> None:
    store = bench.state(entries)
    passages = [p for e in entries for p in e.passages]
    assert store.counts() == bench.counts[-1] == Counts(len(entries), len(passages))
    assert list(store.passages) == passages
    assert [store.documents[e.document.id] for e in entries] == [e.document for e in entries]
    assert [store.figures[e.document.id] for e in entries] == [e.figures for e in entries]


def test_the_facts_of_documents_are_told_without_reading_them(
    bench: Bench, entries: list[Entry]
) -> None:
    told = [
        (d.id, d.region, d.year, d.level, d.passages) for d in bench.state(entries).descriptions()
    ]
    assert told == [
        (e.document.id, e.document.region, e.document.year, e.document.level, len(e.passages))
        for e in entries
    ]


def test_figures_stand_in_columns_in_the_order_of_documents_and_text(
    bench: Bench, entries: list[Entry]
) -> None:
    first, moved, *others = entries
    for change, there in (
        ({"add": entries}, entries),
        ({"remove": (moved.document.id,)}, [first, *others]),
        ({"add": [moved]}, [first, *others, moved]),
    ):
        store = bench.state(**change)
        told = [
            (held.ids[row[DOCUMENT]], held.columns.names.written[row[INDICATOR]], row[FIRST])
            for held in store.figure_columns()
            for row in held.columns.figures.tolist()
        ]
        assert told == [
            (e.document.id, f.indicator, f.period[0] if f.period else 0)
            for e in there
            for f in e.figures
        ]
        for e in there:
            assert {f.indicator for f in e.figures} <= store.named_in(e.document.id)


def test_a_passage_is_found_by_its_words(bench: Bench, entries: list[Entry]) -> None:
    store = bench.state(entries)
    best = max(store.search(bench.query("粮食总产量")), key=lambda c: c.lexical)
    (passage,) = store.read([best.number])
    assert "360亿斤" in passage.text


def test_a_passage_is_found_by_its_meaning(bench: Bench, entries: list[Entry]) -> None:
    store = bench.state(entries)
    found = [c for c in store.search(bench.query("老房子翻新")) if c.dense is not None]
    best = max(found, key=lambda c: c.dense or 0.0)
    assert "老旧小区" in store.read([best.number])[0].text


def test_further_words_count_for_less_than_those_asked(bench: Bench, entries: list[Entry]) -> None:
    store = bench.state(entries)
    query = bench.query("污水")
    more = type(query)(query.text, query.vector, expansions=("粮食",))
    scores = {c.number: c.lexical for c in store.search(more)}
    by_text = {n: store.read([n])[0].text for n in scores}
    asked = max(s for n, s in scores.items() if "污水" in by_text[n])
    added = max(s for n, s in scores.items() if "粮食" in by_text[n])
    assert asked > added > 0


@pytest.mark.parametrize(
    ("wanted", "documents"),
    [
        (Filter(documents=("乙市_2022",)), {"乙市_2022"}),
        (Filter(regions=("甲县",)), {"甲县_2021", "甲县_2022"}),
        (Filter(years=(2022, 2023)), {"甲县_2022", "乙市_2022", "丙省_2023"}),
        (Filter(levels=("city", "province")), {"乙市_2022", "丙省_2023"}),
        (Filter(regions=("甲县",), years=(2022, 2022)), {"甲县_2022"}),
        (Filter(regions=("丁州",)), set()),
    ],
)
def test_a_filter_lets_only_its_documents_through(
    bench: Bench, entries: list[Entry], wanted: Filter, documents: set[str]
) -> None:
    assert documents_found(bench.state(entries), bench, wanted) == documents


def test_a_filter_works_inside_the_search_not_on_what_it_found(
    bench: Bench, entries: list[Entry]
) -> None:
    query = bench.query("新增停车位8000个", Filter(documents=("丙省_2023",)), pool=2)
    assert len(bench.state(entries).search(query)) >= 2


def test_a_document_that_is_not_held_is_refused_by_name(bench: Bench, entries: list[Entry]) -> None:
    store = bench.state(entries)
    with pytest.raises(UnknownDocumentError, match=r"“丁州_2020”.*甲县_2021"):
        store.search(bench.query("停车位", Filter(documents=("丁州_2020",))))


def test_what_was_removed_is_found_no_more(bench: Bench, entries: list[Entry]) -> None:
    bench.state(entries)
    store = bench.state(remove=("乙市_2022",))
    assert "8000" not in texts(store, bench, "新增停车位8000个")
    assert "乙市_2022" not in store.documents
    assert store.counts().documents == len(entries) - 1


def test_a_state_that_is_open_keeps_what_it_had(bench: Bench, entries: list[Entry]) -> None:
    before = bench.state(entries)
    bench.state(remove=("乙市_2022",))
    assert "8000" in texts(before, bench, "新增停车位8000个")


def test_a_document_added_again_replaces_the_former(
    bench: Bench, entries: list[Entry], encoder: Encoder
) -> None:
    bench.state(entries)
    store = bench.state([entry_of(report("乙市", 2022, "city", "新增停车位9000个。"), encoder)])
    found = texts(store, bench, "乙市新增停车位")
    assert "9000" in found
    assert "8000" not in found
    assert store.counts().documents == len(entries)


def test_removing_what_is_not_held_is_refused(bench: Bench, entries: list[Entry]) -> None:
    bench.state(entries)
    with pytest.raises(UnknownDocumentError, match="“丁州_2020”"):
        bench.state(remove=("丁州_2020",))


def test_scores_do_not_depend_on_the_way_a_state_came_about(
    new: Callable[[], Bench], entries: list[Entry]
) -> None:
    bench, other = new(), new()
    bench.state(entries[:1])
    bench.state(entries[1:3])
    grown = bench.state(entries[3:], remove=("甲县_2021",))
    whole = other.state(entries[1:])
    for question in ("新增停车位多少个", "粮食产量", "rcep"):
        query = bench.query(question)
        for one, two in zip(grown.search(query), whole.search(query), strict=True):
            assert one.lexical == pytest.approx(two.lexical, rel=1e-5)
            assert one.dense == pytest.approx(two.dense, abs=1e-5)


@pytest.mark.parametrize(("word", "held"), [("停车位", True), ("鳄鱼", False), ("总产量", True)])
def test_a_store_knows_which_words_it_holds(
    bench: Bench, entries: list[Entry], word: str, held: bool
) -> None:
    assert bench.state(entries).holds(word) is held


@pytest.mark.parametrize("question", ["？", "qwerty", "🎉"])
def test_a_question_without_known_words_can_be_searched(
    bench: Bench, entries: list[Entry], question: str
) -> None:
    assert all(c.lexical == 0 for c in bench.state(entries).search(bench.query(question)))
