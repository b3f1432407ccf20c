"""Make small stores of reports, state after state, for the tests of stores."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.report import parse_report
from corpus.types import Document
from index.encoder import Encoder
from index.stores.faiss_store import FaissStore
from index.stores.faiss_writer import FaissWriter
from index.stores.kinds import Tuning
from index.stores.milvus_client import Milvus, MilvusOptions
from index.stores.milvus_store import MilvusStore
from index.stores.milvus_writer import MilvusWriter
from index.stores.protocol import Counts, Entry, Filter, PassageStore, Query, StoreWriter

# Place, year, level and what is said there; every report says two sentences of its own.
REPORTS: tuple[tuple[str, int, str, str], ...] = (
    ("甲县", 2021, "county", "新增停车位300个，改造老旧小区2个。\n空气质量优良率达到91%。"),
    ("甲县", 2022, "county", "新增停车位500个，建成公园3座。\n财政总收入达到12.5亿元。"),
    ("乙市", 2022, "city", "建设污水管网20公里，治理河道5条。\n新增停车位8000个。"),
    ("丙省", 2023, "province", "粮食总产量达到360亿斤。\n用好RCEP，进出口增长7.5%。"),
)


def report(place: str, year: int, level: str, body: str) -> Document:
    text = f"{place}{year}年政府工作报告\n各位代表：\n一、工作回顾\n{body}\n"
    parsed = parse_report(text, f"{place}_{year}")
    return replace(parsed, region=place, year=year, level=level)


@dataclass
class Bench:
    """Makes states of one kind of store, each based on the one before."""

    begin: Callable[[], StoreWriter]
    publish: Callable[[StoreWriter], PassageStore]
    encoder: Encoder
    counts: list[Counts] = field(default_factory=list)

    def state(self, add: Iterable[Entry] = (), remove: tuple[str, ...] = ()) -> PassageStore:
        """Publish the next state and open it."""
        writer = self.begin()
        if remove:
            writer.remove(remove)
        writer.add(add)
        self.counts.append(writer.finish())
        return self.publish(writer)

    def query(self, text: str, wanted: Filter | None = None, pool: int = 100) -> Query:
        vector = self.encoder.encode_queries([text])[0]
        return Query(text, vector, pool=pool, filter=wanted or Filter())


def faiss_bench(folder: Path, encoder: Encoder, tuning: Tuning | None = None) -> Bench:
    made: list[Path] = []

    def begin() -> StoreWriter:
        made.append(folder / str(len(made) + 1))
        made[-1].mkdir()
        base = made[-2] if len(made) > 1 else None
        return FaissWriter(made[-1], base, tuning)

    return Bench(begin, lambda _: FaissStore.open(made[-1], tuning), encoder)


def milvus_bench(folder: Path, encoder: Encoder) -> Bench:
    """States in a Milvus Lite of their own, a real Milvus in this process."""
    milvus = Milvus(MilvusOptions(str(folder / "milvus.db")))

    def publish(writer: StoreWriter) -> PassageStore:
        assert isinstance(writer, MilvusWriter)
        return MilvusStore(milvus, writer.publish())

    return Bench(lambda: MilvusWriter(milvus, encoder.dimensions), publish, encoder)
