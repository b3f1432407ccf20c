"""Encoders other than the shipped one, in the formats of the Hub, made on the spot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny_models import as_pickle, bert_encoder

from chat.models import Models
from chat.service import Service
from corpus.errors import LibraryError
from index.encoder import Encoder, EncoderOptions

TEXT = "北仑区二〇二一年地区生产总值达到亿元query: passage:为这个句子生成表示以用于检索相关文章：，。？多少是"
BGE = "为这个句子生成表示以用于检索相关文章："


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bert_encoder(tmp_path_factory.mktemp("bert"), TEXT)


@pytest.fixture(scope="module")
def bge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("hub")
    made = bert_encoder(home, TEXT)
    return made.rename(home / "bge-small-zh-v1.5")


def test_a_bert_with_pooling_gives_vectors_of_length_one(folder: Path) -> None:
    encoder = Encoder(str(folder))
    vectors = encoder.encode(["北仑区地区生产总值", "多少"])
    assert vectors.shape == (2, encoder.dimensions)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_the_same_text_has_the_same_vector_in_any_batch(folder: Path) -> None:
    encoder = Encoder(str(folder))
    texts = ["北仑", "地区生产总值达到亿元", "多少是", "二〇二一年"]
    alone = np.vstack([encoder.encode([t]) for t in texts])
    assert encoder.encode(texts, batch_size=3) == pytest.approx(alone, abs=1e-5)


def test_a_bge_model_gets_its_instruction_before_questions_only(bge: Path) -> None:
    encoder = Encoder(str(bge))
    assert encoder.prompts() == {"query": BGE, "passage": ""}
    as_query = encoder.encode_queries(["生产总值是多少"])
    assert as_query == pytest.approx(encoder.encode([f"{BGE}生产总值是多少"]), abs=1e-5)
    assert not np.allclose(as_query, encoder.encode(["生产总值是多少"]))


def test_prompts_of_the_models_own_files_come_before_those_of_its_family(tmp_path: Path) -> None:
    made = bert_encoder(tmp_path, TEXT, prompts={"query": "query: ", "passage": "passage: "})
    encoder = Encoder(str(made.rename(tmp_path / "bge-of-ours-zh")))
    assert encoder.prompts() == {"query": "query: ", "passage": "passage: "}


def test_prompts_of_the_settings_come_before_all(bge: Path) -> None:
    encoder = Encoder(options=EncoderOptions(str(bge), query_prompt="", passage_prompt="passage: "))
    assert encoder.prompts() == {"query": "", "passage": "passage: "}
    assert encoder.fingerprint() != Encoder(str(bge)).fingerprint()  # other passage vectors


def test_a_folder_with_another_pooling_is_another_model(folder: Path, tmp_path: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    assert Encoder(str(tmp_path)).fingerprint() == Encoder(str(folder)).fingerprint()
    (config,) = tmp_path.glob("*_Pooling/config.json")
    config.write_text(config.read_text().replace("mean", "cls"))
    assert Encoder(str(tmp_path)).fingerprint() != Encoder(str(folder)).fingerprint()


def test_a_changed_encoder_asks_for_a_rebuild_by_name(folder: Path, data_dir: Path) -> None:
    service = Service(data_dir, "", models=Models(EncoderOptions(str(folder))))
    with pytest.raises(LibraryError, match=r"wenzheng-static.*--rebuild") as told:
        service.ask("地区生产总值是多少？")
    assert str(folder) in told.value.message


def test_a_library_built_with_it_answers(folder: Path, tmp_path: Path) -> None:
    service = Service(tmp_path, "", models=Models(EncoderOptions(str(folder))))
    service.prepare()
    answer = service.ask("2021年北仑区的地区生产总值是多少？")
    assert answer.answer == "2382.5亿元"
    assert answer.model == str(folder)


def test_a_model_that_is_not_on_this_machine_is_told_with_the_ways_to_get_it() -> None:
    with pytest.raises(LibraryError) as told:
        Encoder("BAAI/bge-small-zh-v1.5").encode(["北仑"])
    assert "本机没有这个模型" in told.value.message
    assert "downloads = true" in told.value.message
    assert "docs/models.md" in told.value.message


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="没有这个文件夹，请检查encoder设置"):
        Encoder(str(tmp_path / "none")).encode(["北仑"])


def test_a_pickled_model_is_never_loaded(tmp_path: Path) -> None:
    made = bert_encoder(tmp_path, TEXT)
    as_pickle(made)
    with pytest.raises(LibraryError, match=r"没有权重（\*\.safetensors）"):
        Encoder(str(made)).encode(["北仑"])
