"""The text index against the rule it follows, word by word, over random vocabularies."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.model.text import fold
from graph_service.network.text_index import FUZZY_SCORE, PREFIX_SCORE, TextIndex, edits_allowed, word_score
from tests.unit.network.oracle import UNHURRIED

LETTERS = "abcdeß0éжя漢"


def index(*texts: str) -> TextIndex:
    """The index of texts that arrive in two chunks."""
    half = len(texts) // 2
    return TextIndex.of(pa.chunked_array([list(texts[:half]), list(texts[half:])], pa.string()))


# The rule


@pytest.mark.parametrize(
    ("asked", "word", "score"),
    [
        ("marta", "marta", 1.0),
        ("a", "a", 1.0),
        ("a", "ab", 0.0),
        ("ma", "marta", PREFIX_SCORE),
        ("marta", "ma", 0.0),
        ("abc", "abd", 0.0),
        ("abcd", "abce", FUZZY_SCORE * (1 - 1 / 4)),
        ("abcd", "abdc", FUZZY_SCORE * (1 - 1 / 4)),
        ("abcd", "abd", FUZZY_SCORE * (1 - 1 / 4)),
        ("abcd", "abxcd", FUZZY_SCORE * (1 - 1 / 4)),
        ("abcd", "abef", 0.0),
        ("abcd", "badc", 0.0),
        ("abcdefg", "abcdexx", 0.0),
        ("abcdefgh", "abcdefxx", FUZZY_SCORE * (1 - 2 / 8)),
        ("abcdefgh", "badcefgh", FUZZY_SCORE * (1 - 2 / 8)),
        ("abcdefgh", "abcdexxx", 0.0),
        ("abcd", "abcde", PREFIX_SCORE),
        ("петров", "петроф", FUZZY_SCORE * (1 - 1 / 6)),
        ("漢字", "漢字林", PREFIX_SCORE),
    ],
)
def test_how_well_a_word_meets_another(asked: str, word: str, score: float) -> None:
    assert word_score(asked, word) == pytest.approx(score, abs=1e-12)
    assert index(word).matches(asked) == ({0: pytest.approx(score, abs=1e-12)} if score else {})


def test_the_edits_a_length_is_forgiven() -> None:
    assert [edits_allowed("x" * length) for length in (1, 3, 4, 7, 8, 30)] == [0, 0, 1, 1, 2, 2]


def edits(word: str) -> st.SearchStrategy[str]:
    """The word with up to three edits."""

    @st.composite
    def edited(draw: st.DrawFn) -> str:
        made = word
        for _ in range(draw(st.integers(0, 3))):
            place = draw(st.integers(0, len(made)))
            letter = draw(st.sampled_from(LETTERS))
            how = draw(st.sampled_from(["insert", "delete", "replace", "swap"]))
            if how == "insert":
                made = made[:place] + letter + made[place:]
            elif how == "delete":
                made = made[:place] + made[place + 1 :]
            elif how == "replace":
                made = made[:place] + letter + made[place + 1 :]
            else:
                made = made[:place] + made[place : place + 2][::-1] + made[place + 2 :]
        return made

    return edited()


words = st.text(LETTERS, min_size=1, max_size=12)
texts = st.lists(st.lists(words, max_size=4).map(lambda one: " ".join(dict.fromkeys(one))), max_size=12)


# The index


@UNHURRIED
@given(texts, st.data())
def test_the_index_finds_what_the_rule_finds_with_the_same_scores(given_texts: list[str], data: st.DataObject) -> None:
    made = index(*given_texts)
    vocabulary = sorted({word for text in given_texts for word in text.split(" ")})
    assert made.words.to_pylist() == vocabulary
    known = [word for word in vocabulary if word]
    asked = data.draw(words if not known else st.sampled_from(known).flatmap(edits).filter(bool) | words)
    scores = {place: word_score(asked, word) for place, word in enumerate(vocabulary)}
    assert made.matches(asked) == {place: score for place, score in scores.items() if score}
    records, best = made.records_of(asked)
    by_hand = [max((word_score(asked, word) for word in text.split()), default=0.0) for text in given_texts]
    assert dict(zip(records.tolist(), best.tolist(), strict=True)) == {n: s for n, s in enumerate(by_hand) if s}
    assert records.tolist() == sorted(records.tolist())


@pytest.mark.parametrize("letters", ["abcdefghij", "aábвгдж漢字0", "ab"])
def test_a_larger_vocabulary_with_random_edits(letters: str) -> None:
    dice = random.Random(letters)

    def word() -> str:
        return "".join(dice.choice(letters) for _ in range(dice.randint(1, 14)))

    vocabulary = sorted({word() for _ in range(400)})
    made = index(*vocabulary)
    fuzzy = 0
    for _ in range(300):
        asked = list(dice.choice(vocabulary))
        for _ in range(dice.randint(0, 3)):
            asked[dice.randrange(len(asked))] = dice.choice(letters)
        scores = {place: word_score("".join(asked), one) for place, one in enumerate(vocabulary)}
        assert made.matches("".join(asked)) == {place: score for place, score in scores.items() if score}
        fuzzy += sum(0 < score < PREFIX_SCORE for score in scores.values())
    assert fuzzy > 50


@UNHURRIED
@given(texts)
def test_each_word_knows_its_records(given_texts: list[str]) -> None:
    made = index(*given_texts)
    for place, word in enumerate(made.words.to_pylist()):
        records = made.record[made.start[place] : made.start[place + 1]].tolist()
        assert records == [number for number, text in enumerate(given_texts) if word in text.split(" ")]
    assert [int(size) for size in made.size if size > 1] == [len(t.split()) for t in given_texts if " " in t]


@UNHURRIED
@given(st.lists(st.text(max_size=8), max_size=6))
def test_any_folded_text_can_be_indexed_and_found(given_texts: list[str]) -> None:
    folded = [fold(text) for text in given_texts]
    made = index(*folded)
    for number, text in enumerate(folded):
        for word in text.split():
            records, best = made.records_of(word)
            assert dict(zip(records.tolist(), best.tolist(), strict=True))[number] == 1.0


@pytest.mark.parametrize("given_texts", [[], [""], ["", "", ""], ["a", ""], ["", "b a", ""]])
def test_empty_texts_are_met_by_nothing(given_texts: list[str]) -> None:
    made = index(*given_texts)
    assert len(made.size) == len(given_texts)
    for asked in ("xyz", "wxyz", "b"):
        records, _ = made.records_of(asked)
        assert records.tolist() == [n for n, text in enumerate(given_texts) if asked in text.split()]


def test_the_best_word_of_a_record_counts() -> None:
    records, best = index("martha marta martas", "martha", "other").records_of("marta")
    assert records.tolist() == [0, 1]
    assert best.tolist() == pytest.approx([1.0, FUZZY_SCORE * 0.8])
    assert best.dtype == np.float64
