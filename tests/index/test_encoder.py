"""The shipped encoder: unit vectors in which like meanings lie close."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.errors import LibraryError
from index.encoder import SHIPPED_FOLDER, Encoder


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def test_a_text_becomes_a_vector_of_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode(["财政总收入", "新增停车位2000个"])
    assert vectors.shape == (2, encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_no_texts_become_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


@pytest.mark.parametrize("text", ["", " ", "🎉", "x" * 5000])
def test_an_odd_text_has_a_finite_vector(encoder: Encoder, text: str) -> None:
    assert np.isfinite(encoder.encode([text])).all()


@pytest.mark.parametrize(
    ("everyday", "official", "other"),
    [
        ("看病", "医疗服务", "港口码头"),
        ("老房子", "老旧小区改造", "外贸进出口"),
        ("挣钱", "居民收入", "污水处理"),
    ],
)
def test_everyday_words_lie_closer_to_the_official_ones_than_to_others(
    encoder: Encoder, everyday: str, official: str, other: str
) -> None:
    word, like, unlike = encoder.encode([everyday, official, other])
    assert word @ like > word @ unlike


def test_the_same_text_has_the_same_vector_in_any_batch(encoder: Encoder) -> None:
    texts = [f"新建学校{i}所" for i in range(20)]
    one_by_one = np.vstack([encoder.encode([t]) for t in texts])
    assert encoder.encode(texts, batch_size=7) == pytest.approx(one_by_one, abs=1e-5)


def test_the_shipped_model_by_name_and_by_folder_is_the_same(encoder: Encoder) -> None:
    assert Encoder(str(SHIPPED_FOLDER)).fingerprint() == encoder.fingerprint()


def test_other_weights_have_another_fingerprint(encoder: Encoder, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    assert Encoder(str(tmp_path)).fingerprint() != encoder.fingerprint()


def test_a_folder_without_model_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=rf"{tmp_path.name}”无法加载：文件夹里没有权重"):
        Encoder(str(tmp_path)).encode(["北仑"])
