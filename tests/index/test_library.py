"""Versions of the library on disk: published whole, read whole, refused when damaged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import DamagedLibraryError, LibraryError, UnknownDocumentError
from corpus.report import parse_report
from corpus.types import Document
from index.encoder import Encoder
from index.entries import searchable
from index.library import Library, assemble, open_library
from index.publishing import published
from index.stores.protocol import Query
from index.updating import publish, stored_documents

REBUILD = "wenzheng index"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture(scope="module")
def note() -> Document:
    return parse_report(
        "政府工作报告\n各位代表：\n一、生态\n2021年，PM2.5浓度降至20微克。新增停车位2000个。\n",
        "甲县_2022",
    )


@pytest.fixture(scope="module")
def built(document: Document, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published library of the real report; copy it before changing it."""
    folder = tmp_path_factory.mktemp("library")
    publish(folder, [document], encoder)
    return folder


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "库"))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """Another real sentence-transformers model, made on the spot."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Regex, Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split

    characters = dict.fromkeys("北仑区政府工作报告停车位浓度")
    tokenizer = Tokenizer(
        WordLevel({c: i for i, c in enumerate(["[UNK]", *characters])}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = Split(Regex("."), "isolated")
    folder = tmp_path_factory.mktemp("tiny-model")
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=8)], device="cpu").save(
        str(folder)
    )
    return Encoder(str(folder))


def ranking(library: Library, encoder: Encoder, question: str) -> list[int]:
    """Return passage numbers by both halves of search, best first."""
    found = library.store.search(Query(question, encoder.encode([question])[0], pool=5))
    by_meaning = sorted(found, key=lambda c: -(c.dense or 0.0))
    by_words = sorted(found, key=lambda c: -c.lexical)
    return [c.number for c in (*by_meaning, *by_words)]


def files_of(folder: Path) -> list[Path]:
    return sorted(p for p in (folder / "versions").rglob("*") if p.is_file())


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def remove(path: Path) -> None:
    path.unlink()


def test_a_published_library_searches_like_the_one_in_memory(
    document: Document, encoder: Encoder, built: Path
) -> None:
    memory, disk = assemble([document], encoder), open_library(built, encoder)
    for question in ("新增停车位", "财政总收入多少", "污水怎么治"):
        assert ranking(disk, encoder, question) == ranking(memory, encoder, question)


def test_a_published_document_comes_back_as_it_was(
    document: Document, encoder: Encoder, built: Path
) -> None:
    assert open_library(built, encoder).document(document.id) == document


def test_passages_come_back_in_their_order(
    document: Document, encoder: Encoder, built: Path
) -> None:
    assert list(open_library(built, encoder).passages) == list(
        assemble([document], encoder).passages
    )


def test_the_first_version_is_one(built: Path) -> None:
    assert published(built) == 1


def test_version_numbers_grow(note: Document, encoder: Encoder, tmp_path: Path) -> None:
    assert [publish(tmp_path, [note], encoder) for _ in range(3)] == [1, 2, 3]
    assert open_library(tmp_path, encoder).version == 3


def test_a_folder_that_does_not_exist_is_made(
    note: Document, encoder: Encoder, tmp_path: Path
) -> None:
    assert publish(tmp_path / "新" / "库", [note], encoder) == 1


def test_an_open_library_stays_usable_while_versions_pass(
    note: Document, encoder: Encoder, copy: Path
) -> None:
    library = open_library(copy, encoder)
    for _ in range(3):
        publish(copy, [note], encoder)
    assert library.passages[ranking(library, encoder, "新增停车位")[0]].text


def test_a_build_that_fails_leaves_the_published_version(
    note: Document, encoder: Encoder, copy: Path
) -> None:
    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(copy, [note], encoder, stop)
    assert open_library(copy, encoder).version == 1


def test_progress_is_told_up_to_the_last_passage(document: Document, encoder: Encoder) -> None:
    told: list[tuple[int, int]] = []
    library = assemble([document], encoder, lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (len(library.passages), len(library.passages))


@pytest.mark.parametrize("harm", [truncate, flip_a_byte, remove])
@pytest.mark.parametrize(
    "name", ["vectors.faiss", "documents.zlib", "catalog.json", "bm25.documents"]
)
def test_a_damaged_file_is_named_with_the_command_that_mends(
    encoder: Encoder, copy: Path, name: str, harm: Callable[[Path], None]
) -> None:
    (path,) = [p for p in files_of(copy) if p.name == name]
    harm(path)
    with pytest.raises(DamagedLibraryError, match=rf"{name}.*{REBUILD}"):
        open_library(copy, encoder)


@pytest.mark.parametrize("harm", [truncate, remove])
def test_a_damaged_manifest_is_named_with_the_command_that_mends(
    encoder: Encoder, copy: Path, harm: Callable[[Path], None]
) -> None:
    harm(copy / "versions" / "1" / "manifest.json")
    with pytest.raises(LibraryError, match=rf"manifest\.json.*{REBUILD}"):
        open_library(copy, encoder)


@pytest.mark.parametrize("content", ["", "one", "-1", "7"])
def test_a_wrong_number_of_the_published_version_names_the_command_that_mends(
    encoder: Encoder, copy: Path, content: str
) -> None:
    (copy / "current").write_text(content, encoding="ascii")
    with pytest.raises(LibraryError, match=REBUILD):
        open_library(copy, encoder)


def test_every_file_of_a_version_is_under_checksum(encoder: Encoder, copy: Path) -> None:
    for path in files_of(copy):
        if path.name == "manifest.json":
            continue
        content = path.read_bytes()
        flip_a_byte(path)
        with pytest.raises(LibraryError):
            open_library(copy, encoder)
        path.write_bytes(content)


@pytest.mark.parametrize(("format_", "mend"), [(1, "旧版本.*--rebuild"), (999, "升级本程序")])
def test_an_index_of_another_format_names_the_mend(
    encoder: Encoder, copy: Path, format_: int, mend: str
) -> None:
    manifest = copy / "versions" / "1" / "manifest.json"
    told = json.loads(manifest.read_bytes()) | {"format": format_}
    manifest.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(LibraryError, match=mend):
        open_library(copy, encoder)


def test_a_folder_without_index_names_the_command_that_builds(
    encoder: Encoder, tmp_path: Path
) -> None:
    with pytest.raises(LibraryError, match=REBUILD):
        open_library(tmp_path, encoder)


def test_a_changed_encoder_asks_for_a_rebuild_and_names_both(tiny: Encoder, built: Path) -> None:
    with pytest.raises(LibraryError, match="wenzheng index --rebuild") as refused:
        open_library(built, tiny)
    assert "wenzheng-static" in refused.value.message
    assert tiny.name in refused.value.message


def test_a_library_built_with_another_encoder_opens_with_it(
    note: Document, tiny: Encoder, tmp_path: Path
) -> None:
    publish(tmp_path, [note], tiny)
    assert len(open_library(tmp_path, tiny).passages) > 0


def test_the_documents_can_be_had_back_whatever_the_encoder(
    document: Document, built: Path
) -> None:
    assert list(stored_documents(built).values()) == [document]


def test_a_folder_without_index_stores_no_documents(tmp_path: Path) -> None:
    assert not stored_documents(tmp_path)


@pytest.mark.parametrize("harm", [truncate, flip_a_byte, remove])
def test_documents_that_are_not_as_they_were_are_never_had_back(
    copy: Path, harm: Callable[[Path], None]
) -> None:
    (path,) = [p for p in files_of(copy) if p.name == "documents.zlib"]
    harm(path)
    with pytest.raises(LibraryError, match=REBUILD):
        stored_documents(copy)


def test_an_unknown_document_is_answered_with_the_nearest_there_are(
    document: Document, note: Document, encoder: Encoder
) -> None:
    library = assemble([document, note], encoder)
    with pytest.raises(UnknownDocumentError, match=r"“宁海县_2022”.*甲县_2022、北仑区_2022"):
        library.document("宁海县_2022")


def test_a_folder_that_is_a_file_is_reported_with_its_name(
    note: Document, encoder: Encoder, tmp_path: Path
) -> None:
    (tmp_path / "库").write_text("", encoding="utf-8")
    with pytest.raises(LibraryError, match=r"库”.*请检查权限"):
        publish(tmp_path / "库", [note], encoder)


def test_a_passage_is_searched_with_its_headings_and_without_marks(
    document: Document, encoder: Encoder
) -> None:
    (passage,) = [p for p in assemble([document], encoder).passages if "用好RCEP15" in p.text]
    text = searchable(document, passage)
    assert "聚焦高效畅通,开辟内外循环新格局" in text.replace("，", ",")
    assert "用好rcep红利" in text
