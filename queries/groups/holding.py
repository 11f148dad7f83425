"""What holds a group together: its core, the members whose absence would part it, and its strongest ties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import networkx as nx


@dataclass(frozen=True, slots=True)
class Core:
    """The innermost core: the largest k for which some members each have k others of them as neighbours, and how many
    members those are."""

    k: int
    members: int


@dataclass(frozen=True, slots=True)
class CutMember:
    """A member without whom the rest falls apart; ``cut_off``: members outside the largest part that would be left."""

    id: str
    cut_off: int


def core(graph: nx.Graph) -> Core:
    """The innermost k-core (Seidman 1983) of a graph without self-loops; O(nodes + ties)."""
    numbers = nx.core_number(graph)
    k = max(numbers.values(), default=0)
    return Core(k, sum(number == k for number in numbers.values()))


def cut_members(graph: nx.Graph) -> list[CutMember]:
    """The articulation points of a graph, those that cut off most of their part of it first, then by id.

    By the tree of blocks and cut vertices (Hopcroft and Tarjan 1973): without a cut vertex the branches of the tree
    that meet in it are the parts. O(nodes + ties).
    """
    blocks = [frozenset(block) for block in nx.biconnected_components(graph)]
    many = Counter(node for block in blocks for node in block)
    cuts = {node for node, count in many.items() if count > 1}
    own: dict[int | str, int] = {number: len(block - cuts) for number, block in enumerate(blocks)}
    tree = nx.Graph((number, node) for number, block in enumerate(blocks) for node in block & cuts)
    found: list[CutMember] = []
    for part in nx.connected_components(tree):
        found.extend(_cut_off(tree, next(iter(part)), own))
    return sorted(found, key=lambda one: (-one.cut_off, one.id))


def _cut_off(tree: nx.Graph, root: int | str, own: Mapping[int | str, int]) -> Iterator[CutMember]:
    """The cut vertices of one tree; ``own``: how many nodes each block has to itself."""
    above = {child: parent for parent, child in nx.dfs_edges(tree, root)}
    weight: Counter[int | str] = Counter()
    largest: dict[int | str, int] = {}
    for node in nx.dfs_postorder_nodes(tree, root):
        weight[node] += own.get(node, 1)
        if node in above:
            weight[above[node]] += weight[node]
            largest[above[node]] = max(largest.get(above[node], 0), weight[node])
    for node in weight:
        if isinstance(node, str):
            beyond = max(largest.get(node, 0), weight[root] - weight[node])
            yield CutMember(node, weight[root] - 1 - beyond)
