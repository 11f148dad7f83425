"""The ids that loaders derive."""

from hypothesis import given
from hypothesis import strategies as st

from loaders.ids import link_id, short_hash, slug


@given(st.lists(st.text(st.sampled_from("ab|:"), min_size=1, max_size=4), min_size=3, max_size=3))
def test_link_ids_tell_kind_and_ends_apart(parts: list[str]) -> None:
    kind, source, target = parts
    made = link_id(kind, source, target, None, None)
    assert made == link_id(kind, source, target, None, None)
    others = {(kind, target, source), (source, kind, target), (kind, source + target, target)} - {
        (kind, source, target)
    }
    assert all(link_id(one, two, three, None, None) != made for one, two, three in others)


def test_link_ids_depend_on_the_dates() -> None:
    made = {link_id("OWNS", "a", "b", start, end) for start in (None, "2014") for end in (None, "2014")}
    assert len(made) == 4


def test_keys_from_texts_fold_what_does_not_tell_things_apart() -> None:
    assert slug("  Société Générale, S.A. ") == "societe-generale-s-a"
    assert short_hash("SOCIÉTÉ  Générale") == short_hash("societe generale")
    assert short_hash("★") != short_hash("☆")
    assert len(short_hash("x")) == 20
