"""The civic vocabulary: a file that people edit, and what it adds to a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.words import shipped_words
from retriever.question import understand
from retriever.vocabulary import SHIPPED, Vocabulary, VocabularyError, shipped_vocabulary


def expansions(vocabulary: Vocabulary, text: str) -> tuple[str, ...]:
    question = understand(text, 2022, shipped_words())
    return vocabulary.expansions(question.folded, question.words)


@pytest.fixture
def small(tmp_path: Path) -> Vocabulary:
    path = tmp_path / "词表.toml"
    path.write_text(
        '[words]\n"医疗/诊疗" = ["看病", "HPV疫苗"]\n"资金" = ["钱"]\n', encoding="utf-8"
    )
    return Vocabulary.load(path)


def test_an_everyday_word_leads_to_the_official_ones(small: Vocabulary) -> None:
    assert {"医疗", "诊疗"} <= set(expansions(small, "看病难不难"))


def test_an_official_word_leads_to_the_everyday_ones(small: Vocabulary) -> None:
    assert "看病" in expansions(small, "医疗服务")


def test_a_word_that_the_question_holds_is_not_added(small: Vocabulary) -> None:
    assert "医疗" not in expansions(small, "看病和医疗")


def test_a_word_of_no_group_leads_nowhere(small: Vocabulary) -> None:
    assert expansions(small, "港口吞吐量") == ()


def test_words_of_the_file_are_folded_like_questions(small: Vocabulary) -> None:
    assert "医疗" in expansions(small, "ＨＰＶ疫苗打了吗")


def test_a_single_character_counts_as_a_word_of_its_own(small: Vocabulary) -> None:
    assert expansions(small, "钱花在哪里了") == ("资金",)


def test_a_single_character_inside_another_word_counts_for_nothing(small: Vocabulary) -> None:
    assert expansions(small, "钱包丢了") == ()


def test_a_single_character_is_never_added(small: Vocabulary) -> None:
    assert "钱" not in expansions(small, "专项资金")


def test_a_word_is_found_where_it_stands(small: Vocabulary) -> None:
    ((start, end, partners),) = small.linked("哪里看病", ())
    assert (start, end) == (2, 4)
    assert "诊疗" in partners


def test_the_longest_word_is_taken() -> None:
    vocabulary = Vocabulary([("养老", "银发"), ("养老院", "养老机构")])
    assert vocabulary.linked("养老院", ())[0][2] == ("养老机构",)


def test_an_empty_vocabulary_adds_nothing() -> None:
    assert expansions(Vocabulary([]), "看病") == ()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('[words]\n"医疗" = ["看病"', id="bracket left open"),
        pytest.param('[words]\n"医疗" = "看病\n', id="quote left open"),
        pytest.param('"医疗" = ["看病"]\n', id="no table"),
        pytest.param('[words]\n"医疗" = [1, 2]\n', id="numbers"),
        pytest.param('[words]\n"医疗" = 3\n', id="no list"),
        pytest.param("words = 3\n", id="no table but a number"),
        pytest.param('[words]\n"医疗" = ["看病"]\n"医疗" = ["就医"]\n', id="a row twice"),
    ],
)
def test_a_faulty_file_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "我的词表.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"词表“我的词表\.toml”读不了.*请照"):
        Vocabulary.load(path)


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "词表.toml"
    path.write_bytes('[words]\n"医疗" = ["看病"]\n'.encode("gb18030"))
    with pytest.raises(VocabularyError, match=r"词表\.toml"):
        Vocabulary.load(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match=r"无\.toml"):
        Vocabulary.load(tmp_path / "无.toml")


@pytest.mark.parametrize(
    ("everyday", "official"),
    [
        ("养老院", "养老机构"),
        ("堵车", "治堵"),
        ("退休金", "基本养老金"),
        ("疾控中心", "疾病预防控制"),
    ],
)
def test_the_shipped_vocabulary_knows_what_people_say(everyday: str, official: str) -> None:
    assert official in expansions(shipped_vocabulary(), everyday)


def test_the_shipped_file_can_be_read_and_edited_as_text() -> None:
    assert SHIPPED.read_text(encoding="utf-8").count(" = [") > 1000
