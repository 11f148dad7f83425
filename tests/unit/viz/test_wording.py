"""Titles: the question in words, by what was asked."""

from __future__ import annotations

import pytest

from queries.catalogue import CATALOGUE
from viz.wording import title_of

CAPTIONS = {"a": "Ana", "b": "Bob \u202e", "c": "Cid", "d": "{Dan}"}


@pytest.mark.parametrize(
    ("question", "parameters", "title"),
    [
        ("shortest-paths", {"source": "a", "target": "d"}, "How Ana is connected with {Dan}"),
        (
            "shortest-paths",
            {"source": "", "sources": ("a", "b"), "target": "", "target_kind": "Port", "target_country": ("PA",)},
            "How Ana and Bob ⟦U+202E⟧ is connected with any Port of PA",
        ),
        ("k-paths", {"source": "", "target": "zz"}, "The best ways from any of several to zz"),
        (
            "reach",
            {"source": "", "sources": ["a", "b", "c", "d"]},
            "What can be reached from Ana, Bob ⟦U+202E⟧, Cid and 1 more",
        ),
        ("common", {"entities": ("a", "b", "c")}, "What Ana, Bob ⟦U+202E⟧ and Cid have in common"),
        ("connecting-network", {"entities": ["a", "c"]}, "How Ana and Cid hang together"),
        ("cycles", {"entity": "a", "kind": None}, "What comes back to Ana"),
        ("cycles", {"entity": "", "kind": "Company"}, "Cycles through entities of kind Company"),
        ("find", {"text": "", "identifier": "X1"}, "Search for X1"),
        ("key-players", {"measure": "degree"}, "Who matters most, by degree"),
        ("key-players", {}, "Who matters most"),
        ("expand", {}, "Expand"),
        ("a_new-question", {"entity": "a"}, "A new question"),
        ("new\u202e", {}, "New⟦U+202E⟧"),
    ],
)
def test_a_title_says_what_was_asked(question: str, parameters: dict[str, object], title: str) -> None:
    assert title_of(question, parameters, CAPTIONS) == title


def test_a_title_is_short_however_long_a_name_is() -> None:
    assert len(title_of("common", {"entities": ["a"] * 50}, {"a": "x" * 5_000})) < 450


def test_every_question_has_words_of_its_own() -> None:
    asked = {"source": "a", "target": "b", "entity": "a", "entities": ["a", "b"], "left": "a", "right": "b"}
    asked |= {"text": "ana", "measure": "degree"}
    titles = {name: title_of(name, asked, CAPTIONS) for name in CATALOGUE}
    plain = {name: name.replace("-", " ").capitalize() for name in CATALOGUE}
    assert {name for name in CATALOGUE if titles[name] == plain[name]} == {"communities"}
    assert len(set(titles.values())) == len(titles)
