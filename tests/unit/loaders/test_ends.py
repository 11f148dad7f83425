"""The ends of links: known kinds, kinds only the store knows, and what the ontology allows between them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from graph_service.model.records import EntityRecord, LinkRecord, Provenance
from loaders.ends import UNKNOWN, Ends
from tests.unit.loaders.recorder import ONTOLOGY

SAID = Provenance("src")


def described(stored: Mapping[str, str] | None = None, **kinds: str) -> Ends:
    """Ends that know these entities, and a store that knows those (None: it cannot be asked)."""
    if stored is None:
        ends = Ends(ONTOLOGY)
    else:
        known = stored
        ends = Ends(ONTOLOGY, lambda ids: {key: known[key] for key in ids if key in known})
    ends.describe(EntityRecord(key, kind, {}, SAID) for key, kind in kinds.items())
    return ends


def draft(*kinds: str, source: str = "a", target: str = "b") -> tuple[LinkRecord, ...]:
    return tuple(LinkRecord("l", kind, source, target, {}, SAID) for kind in kinds)


def chosen(ends: Ends, *kinds: str) -> str:
    """The kind that was chosen, or the reason for none."""
    (found,) = ends.choose([draft(*kinds)])
    return found if isinstance(found, str) else found.kind


def test_a_link_that_is_allowed() -> None:
    assert chosen(described(a="Subject", b="Company"), "DIRECTOR_OF") == "DIRECTOR_OF"


def test_a_link_that_is_not_allowed_or_falls_back() -> None:
    ends = described(a="Company", b="Subject")
    assert chosen(ends, "EMPLOYED_BY") == "the ontology does not allow EMPLOYED_BY from Company to Subject"
    assert chosen(ends, "EMPLOYED_BY", "LINKED_TO") == "LINKED_TO"
    assert chosen(ends, "EMPLOYED_BY", "FAMILY_OF").startswith("the ontology does not allow EMPLOYED_BY")


def test_ends_that_nobody_describes() -> None:
    assert chosen(described(a="Subject"), "DIRECTOR_OF") == "DIRECTOR_OF", "left to the store"
    assert chosen(described({}, a="Subject"), "DIRECTOR_OF") == "no record describes entity 'b'"
    assert chosen(described({}), "DIRECTOR_OF") == "no record describes entity 'a' or 'b'"


def test_ends_that_only_the_store_describes() -> None:
    assert chosen(described({"b": "Company"}, a="Subject"), "DIRECTOR_OF") == "DIRECTOR_OF"
    assert "not allow" in chosen(described({"b": "Phone"}, a="Subject"), "DIRECTOR_OF")


def test_the_more_specific_kind_counts_wherever_it_is_known() -> None:
    again = described(a="Subject", b="Company")
    again.describe([EntityRecord("b", "Party", {}, SAID)])
    assert chosen(again, "DIRECTOR_OF") == "DIRECTOR_OF"
    assert chosen(described({"b": "Company"}, a="Subject", b="Party"), "DIRECTOR_OF") == "DIRECTOR_OF"
    assert "not allow" in chosen(described({"b": "Party"}, a="Subject", b="Party"), "DIRECTOR_OF")


def test_describing_in_bulk_is_describing_one_by_one() -> None:
    ids, kinds = ["a", "b", "a", "c", "b"], ["Party", "Company", "Subject", "Phone", "Organization"]
    single = described()
    single.describe(EntityRecord(key, kind, {}, SAID) for key, kind in zip(ids, kinds, strict=True))
    for cut in range(len(ids) + 1):
        bulk = described()
        for start, stop in ((0, cut), (cut, len(ids))):
            bulk.describe_all(
                ids[start:stop], np.array([bulk.codes[kind] for kind in kinds[start:stop]], dtype=np.int16)
            )
        assert bulk.of([*ids, "z"]).tolist() == single.of([*ids, "z"]).tolist()
        assert [bulk.names[code] for code in bulk.of(["a", "b", "c"])] == ["Subject", "Company", "Phone"]
        assert bulk.of(["z"])[0] == UNKNOWN


def test_the_square_of_a_kind_is_the_ontology() -> None:
    ends = described()
    for kind in ("OWNS", "FAMILY_OF"):
        square = ends.allowed(kind)
        for one in ("Subject", "Company", "Phone"):
            for other in ("Subject", "Company", "Vessel"):
                assert square[ends.codes[one], ends.codes[other]] == ONTOLOGY.allows(kind, one, other)
