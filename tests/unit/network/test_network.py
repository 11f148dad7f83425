"""The Network: by deltas or at once it is the same, and ids, ranks and numbers hold."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.model.scope import Scope
from graph_service.network.network import Network
from graph_service.network.view import View
from tests.unit.network.oracle import UNHURRIED, ledgers, scopes
from tests.unit.network.tables import ONTOLOGY, Ledger, day, entity, link, plain_network, said

ids = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)


def told(network: Network) -> dict[str, object]:
    """All a network knows, in values that compare; numbers of interned values replaced by the values."""

    def rows(which: str) -> list[tuple[object, ...]]:
        columns = getattr(network, which)
        return [
            (
                columns.kinds.values[columns.kind[i]],
                network.classes[int(columns.visibility[i])],
                int(columns.grade[i]),
                int(columns.from_day[i]),
                int(columns.to_day[i]),
                columns.moments.values[columns.recorded[i]],
                columns.moments.values[columns.retracted[i]],
                network.origins.values[columns.origin[i]],
                None if np.isnan(columns.amount[i]) else float(columns.amount[i]),
            )
            for i in range(len(columns))
        ]

    return {
        "revision": network.revision,
        "entity_ids": network.entity_ids.to_pylist(),
        "link_ids": network.link_ids.to_pylist(),
        "entity_rows": rows("entity_rows"),
        "link_rows": rows("link_rows"),
        "entity_of": network.entity_of.tolist(),
        "link_of": network.link_of.tolist(),
        "ends": [network.source_of.tolist(), network.target_of.tolist()],
        "texts": network.texts.to_pylist(),
        "codes": network.codes.to_pylist(),
    }


def by_deltas(ledger: Ledger, stops: list[int]) -> Network:
    """The network refreshed at each of the revisions, from what a store told at that time."""
    network = Network(ONTOLOGY)
    for revision in sorted({*stops, ledger.revision}):
        then = Ledger(
            revision,
            [one for one in ledger.entities if one[0] <= revision],
            [one for one in ledger.links if one[0] <= revision],
            {source: one for source, one in ledger.taken_back.items() if one[0] <= revision},
        )
        network = network.refreshed(then.changes(network.revision))
    return network


# Refreshing


@UNHURRIED
@given(ledgers(), st.lists(st.integers(1, 4), max_size=4))
def test_refreshed_by_deltas_it_equals_one_built_at_once(ledger: Ledger, stops: list[int]) -> None:
    inside = [stop for stop in stops if stop <= ledger.revision]
    assert told(by_deltas(ledger, inside)) == told(ledger.network())


@UNHURRIED
@given(ledgers(), scopes())
def test_the_views_of_both_are_the_same(ledger: Ledger, scope: Scope) -> None:
    one = View(by_deltas(ledger, list(range(1, ledger.revision + 1))), scope)
    other = View(ledger.network(), scope)
    assert one.to_networkx().adj == other.to_networkx().adj
    assert dict(one.to_networkx().nodes(data=True)) == dict(other.to_networkx().nodes(data=True))


def test_a_retraction_reaches_records_that_were_handed_out_before() -> None:
    ledger = Ledger().put([entity("a"), entity("b", by=said("other"))], [link("l", "a", "b")])
    before = ledger.network()
    ledger.withdraw("other", day(1))
    after = before.refreshed(ledger.changes(1))
    assert set(View(before).node_ids()) == {"a", "b"}
    assert set(View(after).node_ids()) == {"a"}
    assert len(View(after).links) == 0
    assert len(View(after, Scope(known_at=day(0))).links) == 1
    assert after.revision == 2


def test_a_refresh_without_rows_only_moves_the_revision() -> None:
    ledger = Ledger().put([entity("a")])
    network = ledger.network()
    ledger.put()
    later = network.refreshed(ledger.changes(1))
    assert told(later) == told(network) | {"revision": 2}


def test_changes_that_do_not_follow_are_refused() -> None:
    ledger = Ledger().put([entity("a")]).put([entity("b")])
    with pytest.raises(ValueError, match="changes since 1 do not follow revision 0"):
        Network(ONTOLOGY).refreshed(ledger.changes(1))
    with pytest.raises(ValueError, match="changes since 0 do not follow revision 2"):
        ledger.network().refreshed(ledger.changes(0))


def test_the_network_of_an_empty_store() -> None:
    network = Network(ONTOLOGY)
    assert (network.entities, network.links, network.revision) == (0, 0, 0)
    assert network.entity_number("a") is None
    assert network.id_rank.tolist() == []
    assert network.text_index.words.to_pylist() == []
    view = View(network)
    assert view.count_kinds() == ({}, {})
    assert view.to_networkx().number_of_nodes() == 0
    assert view.of_kinds("Subject").tolist() == []


# Ids


@UNHURRIED
@given(st.lists(ids, unique=True, max_size=30), ids)
def test_every_id_finds_its_number_and_no_other_does(given_ids: list[str], other: str) -> None:
    ledger = Ledger()
    for start in range(0, len(given_ids), 7):
        ledger.put([entity(i) for i in given_ids[start : start + 7]])
    network = by_deltas(ledger, list(range(1, ledger.revision + 1)))
    assert [network.entity_number(i) for i in given_ids] == list(range(len(given_ids)))
    assert [network.entity_id(number) for number in range(network.entities)] == given_ids
    assert (network.entity_number(other) is None) == (other not in given_ids)


class Clashing(str):
    """An id whose hash is that of another."""

    __slots__ = ("other",)
    other: str

    def __hash__(self) -> int:
        return hash(self.other)


def test_an_id_is_not_taken_for_another_of_the_same_hash() -> None:
    network = plain_network(5, np.array([0]), np.array([1]))
    for known in "01234":
        unknown = Clashing("nobody")
        unknown.other = known
        assert hash(unknown) == hash(known)
        assert network.entity_number(unknown) is None


@UNHURRIED
@given(st.lists(ids, unique=True, max_size=30))
def test_the_rank_is_the_place_when_sorted_by_id(given_ids: list[str]) -> None:
    ledger = Ledger()
    for start in range(0, len(given_ids), 9):
        ledger.put([entity(i) for i in given_ids[start : start + 9]])
    network = ledger.network()
    place = {one: number for number, one in enumerate(sorted(given_ids))}
    assert network.id_rank.tolist() == [place[i] for i in given_ids]


def test_link_ids_by_number() -> None:
    network = Ledger().put([entity("a")], [link("x", "a", "a")]).put([], [link("y", "a", "a")]).network()
    assert [network.link_id(number) for number in range(2)] == ["x", "y"]


# Size and threads


def test_a_link_takes_less_than_a_hundred_bytes() -> None:
    rng = np.random.default_rng(1)
    source, target = rng.integers(0, 20_000, (2, 100_000))
    network = plain_network(20_000, source, target)
    view = View(network)
    assert (network.nbytes + view.adjacency.nbytes) / 100_000 < 100


def test_many_threads_may_ask_at_once() -> None:
    network = plain_network(5_000, np.arange(4_999), np.arange(1, 5_000))
    found: list[int | None] = []
    view = View(network)

    def work() -> None:
        found.append(network.entity_number("4321"))
        assert len(view.adjacency.start) == 5_001
        assert network.id_rank[0] == 0
        assert network.text_index is not None
        assert view.graph.number_of_edges() == 4_999

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [4_321] * 8
