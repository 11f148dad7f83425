"""``shortest-paths``: every way, in order, with the proof when there is none; on two engines and against NetworkX."""

from __future__ import annotations

import itertools
import random
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from graph_service.errors import EntityNotFound
from graph_service.model.answer import Limits
from graph_service.model.graph import Path
from graph_service.model.scope import Scope
from graph_service.network.search import HORIZON
from graph_service.network.view import View
from queries.paths.found import Proof
from queries.paths.shortest_paths import ShortestPathsParameters
from tests.unit.network.oracle import UNHURRIED, ShownLink, ledgers, scopes, shown
from tests.unit.network.tables import Ledger, entity, link, plain_view
from tests.unit.queries.asking import ask, both, small


def walks(finding: Any) -> list[str]:
    """The paths as ``a ab0 b``."""
    return [
        " ".join([path.entities[0], *itertools.chain(*zip(path.links, path.entities[1:], strict=True))])
        for path in finding.result.paths
    ]


def all_shortest(links: dict[str, ShownLink], source: str, target: str, directed: bool) -> list[Path]:
    """All shortest paths in canonical order, by NetworkX's enumeration, one for each choice of parallel links."""
    graph, between = nx.DiGraph(), dict[tuple[str, str], list[str]]()
    for key, one in links.items():
        ways = {(one.source, one.target)}
        if not directed or one.kind == "ASSOCIATE_OF":
            ways.add((one.target, one.source))
        for way in ways:
            graph.add_edge(*way)
            between.setdefault(way, []).append(key)
    if source not in graph or target not in graph or not nx.has_path(graph, source, target):
        return []
    paths = [
        Path(tuple(nodes), chosen, float(len(chosen)))
        for nodes in nx.all_shortest_paths(graph, source, target)
        for chosen in itertools.product(*(between[pair] for pair in itertools.pairwise(nodes)))
    ]
    return sorted(paths, key=lambda path: path.sort_key)


@UNHURRIED
@given(ledgers(), scopes(), st.booleans(), st.integers(1, 4), st.integers(1, 5), st.data())
def test_the_first_k_of_all_shortest_paths(
    ledger: Ledger, scope: Scope, directed: bool, max_hops: int, limit: int, data: st.DataObject
) -> None:
    view = View(ledger.network(), scope)
    nodes, links = shown(ledger, scope)
    if len(nodes) < 2:
        return
    source, target = data.draw(st.permutations(sorted(nodes)))[:2]
    finding = both(
        "shortest-paths", view, source=source, target=target, max_hops=max_hops, limit=limit, directed=directed
    )
    paths = all_shortest(links, source, target, directed)
    within = [path for path in paths if path.length <= max_hops]
    assert finding.result.paths == tuple(within[:limit])
    assert finding.truncated == (len(within) > limit)
    if not paths:
        assert finding.result.proof == Proof("exhausted", max_hops)
    elif not within:
        assert finding.result.proof == Proof("bound", max_hops, paths[0].length)
    else:
        assert finding.result.proof is None
        assert set(finding.entities) == {name for path in within[:limit] for name in path.entities}
        assert {ref.id for ref in finding.links} == {key for path in within[:limit] for key in path.links}
        for ref in finding.links:
            assert (ref.source, ref.target, ref.event) == (
                links[ref.id].source,
                links[ref.id].target,
                links[ref.id].event,
            )


@pytest.mark.parametrize("seed", range(6))
def test_on_larger_random_multigraphs(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(12):
        nodes = dice.randint(5, 40)
        many = int(nodes * dice.choice([1, 1.5, 3]))
        ends = [(dice.randrange(nodes), dice.randrange(nodes)) for _ in range(many)]
        kinds = [dice.choice(["REPRESENTS", "ASSOCIATE_OF"]) for _ in ends]
        view = plain_view(nodes, ends, kinds)
        links = {str(n): ShownLink(str(a), str(b), kinds[n]) for n, (a, b) in enumerate(ends)}
        for directed in (False, True):
            source, target = (str(n) for n in dice.sample(range(nodes), 2))
            finding = both(
                "shortest-paths", view, source=source, target=target, max_hops=50, limit=7, directed=directed
            )
            assert finding.result.paths == tuple(all_shortest(links, source, target, directed)[:7])


# The contract


def test_from_somebody_to_themselves_the_path_is_empty() -> None:
    finding = both("shortest-paths", small("ab aa"), source="a", target="a")
    assert finding.result.paths == (Path(("a",), (), 0.0),)
    assert finding.result.proof is None
    assert finding.entities == ("a",)


@pytest.mark.parametrize("engine", ["memory", "networkx"])
def test_hidden_and_unknown_ends_are_refused_alike(engine: str) -> None:
    ledger = Ledger().put([entity("a"), entity("t", "MoneyTransfer")], [link("l", "a", "t")])
    view = View(ledger.network(), Scope(entity_kinds=frozenset({"Subject"})))
    for source, target in (("a", "t"), ("t", "a"), ("t", "t"), ("a", "nobody"), ("nobody", "nobody")):
        wrong = "t" if "t" in {source, target} else "nobody"
        with pytest.raises(EntityNotFound, match=f"^no entity '{wrong}' in this scope$"):
            ask("shortest-paths", view, engine, source=source, target=target)


def test_parallel_links_make_distinct_paths_in_order() -> None:
    finding = both("shortest-paths", small("ab bc ab"), source="a", target="c")
    assert walks(finding) == ["a ab0 b bc1 c", "a ab2 b bc1 c"]


def test_a_link_is_named_as_it_was_said_though_walked_backwards() -> None:
    finding = both("shortest-paths", small("ba"), source="a", target="b")
    assert [(ref.source, ref.target) for ref in finding.links] == [("b", "a")]


def test_the_hop_bound_is_inclusive() -> None:
    assert walks(both("shortest-paths", small("ab bc"), source="a", target="c", max_hops=2)) == ["a ab0 b bc1 c"]
    finding = both("shortest-paths", small("ab bc"), source="a", target="c", max_hops=1)
    assert finding.result.proof == Proof("bound", 1, 2)
    assert not finding.truncated
    assert finding.entities == ("a", "c")


def test_truncated_only_when_more_existed() -> None:
    view = small("ab bz ac cz ad dz")
    assert not both("shortest-paths", view, source="a", target="z", limit=3).truncated
    assert both("shortest-paths", view, source="a", target="z", limit=2).truncated


def test_a_hub_on_the_way_gives_the_first_paths_by_id() -> None:
    """More steps than are asked for leave a node, so that only the first by id are looked at."""
    middle = [f"m{n:03}" for n in range(200)]
    shuffled = random.Random(3).sample(middle, 200)
    links = [link(f"x{one}", "a", one) for one in shuffled] + [link(f"y{one}", one, "z") for one in shuffled]
    links += [link(f"w{one}", "a", one) for one in shuffled[:50]]
    view = View(Ledger().put([entity(one) for one in ["a", "z", *shuffled]], links).network())
    finding = both("shortest-paths", view, source="a", target="z", limit=5)
    doubled = set(shuffled[:50])
    expected = [f"a {side}{one} {one} y{one} z" for one in middle for side in (["w", "x"] if one in doubled else ["x"])]
    assert walks(finding) == expected[:5]
    assert finding.truncated


def test_far_beyond_the_bound_both_engines_measure_and_prove() -> None:
    view = plain_view(1_400, [(n, n + 1) for n in range(699)] + [(n, n + 1) for n in range(700, 1_399)])
    assert both("shortest-paths", view, source="0", target="699").result.proof == Proof("bound", 8, 699)
    assert both("shortest-paths", view, source="0", target="1399").result.proof == Proof("exhausted", 8)
    assert both("shortest-paths", view, source="699", target="0", directed=True).result.proof == Proof("exhausted", 8)
    longest = both("shortest-paths", view, source="0", target=str(HORIZON), max_hops=HORIZON)
    assert longest.result.paths[0].length == HORIZON


# Under a budget


@pytest.mark.parametrize(("width", "layers"), [(1, 3), (3, 4), (4, 12)])
def test_whatever_the_budget_there_are_paths_or_a_proof(width: int, layers: int) -> None:
    """With 4 links to each of 4 in 12 layers there are 16 million paths: a search cut short must not wander."""
    rows = [[0], *([1 + k * width + n for n in range(width)] for k in range(layers)), [1 + width * layers]]
    ends = [(a, b) for here, there in itertools.pairwise(rows) for a in here for b in there]
    view, target = plain_view(2 + width * layers, ends), str(1 + width * layers)
    whole = ask("shortest-paths", view, source="0", target=target, max_hops=20, limit=3)
    cut = 0
    for links in range(1, 5 * len(ends), 1 + len(ends) // 60):
        finding = ask(
            "shortest-paths", view, limits=Limits(links=links), source="0", target=target, max_hops=20, limit=3
        )
        if finding.result.paths:
            assert finding.result.proof is None
            assert finding.truncated or finding == whole
            assert all(path.length == layers + 1 for path in finding.result.paths)
        else:
            cut += 1
            assert finding.truncated
            assert finding.result.proof.reason == "budget"
            assert finding.result.proof.shortest in {None, layers + 1}
    assert cut
    assert not whole.truncated or width > 1


def test_a_search_that_was_cut_short_gives_what_it_has_and_says_so() -> None:
    """Seven ways by two hops, of which the farther halves are cut one by one: fewer paths, but never as if all."""
    view = small(" ".join(f"s{m} {m}t" for m in "abcdefg"))
    whole = ask("shortest-paths", view, source="s", target="t", limit=1_000)
    assert (len(whole.result.paths), whole.truncated) == (7, False)
    some = set()
    for links in range(10, 60):
        finding = ask("shortest-paths", view, limits=Limits(links=links), source="s", target="t", limit=1_000)
        assert set(finding.result.paths) <= set(whole.result.paths)
        assert finding.truncated == (len(finding.result.paths) < 7)
        some.add(len(finding.result.paths))
    assert some > {0, 7}


# What may be asked


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_hops": 0},
        {"max_hops": HORIZON + 1},
        {"limit": 0},
        {"limit": 1_001},
        {"source": ""},
        {"target": ""},
        {"hops": 2},
    ],
)
def test_what_is_out_of_range_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ShortestPathsParameters.model_validate({"source": "a", "target": "b"} | wrong)
