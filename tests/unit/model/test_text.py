"""The search form: what it drops, what it keeps, and that folding is stable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.model.text import fold, tokens


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Global Trading  Ltd.", "global trading ltd"),
        ("O'Brien-Smith, S.A.", "o brien smith s a"),
        ("Jaynet Désirée KABILA", "jaynet desiree kabila"),
        ("Łódź Straße Ærø", "lodz strasse aero"),
        ("Þór Đặng Muñoz", "thor dang munoz"),
        ("İstanbul ılık", "istanbul ilik"),
        ("ﬁne ＡＢＣ １２", "fine abc 12"),
        ("Дмитрий Соловьёв", "дмитрий соловьев"),
        ("ΑΘΉΝΑΣ", "αθηνασ"),
        ("北京市 公司", "北京市 公司"),
        ("한국 은행", "한국 은행"),
        ("がぎ", "がぎ"),
        ("हिन्दी", "हिन्दी"),
        ("أحمد مُحَمَّد", "احمد محمد"),
        ("pay\u202epal\u200b", "paypal"),
        ("+44 20 7946", "44 20 7946"),
        ("", ""),
        (" .,;\n\t-- ", ""),
    ],
)
def test_search_form(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_tokens_keep_order_and_repetition() -> None:
    assert tokens("Bank of the Bank, Ltd") == ("bank", "of", "the", "bank", "ltd")
    assert tokens("!?") == ()


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_composition_does_not_matter(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_the_ascii_path_agrees_with_the_general_one(text: str) -> None:
    assert fold(text + " é").removesuffix("e").rstrip() == fold(text)


@given(st.text())
def test_the_form_is_tokens_with_single_spaces(text: str) -> None:
    assert fold(text) == " ".join(tokens(text))
    assert not any(char.isupper() for char in fold(text) if char.isascii())
