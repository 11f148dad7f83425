"""Graphs whose groups are known because they were planted, and how alike two partings are."""

from __future__ import annotations

import networkx as nx
import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int64]
Ends = list[tuple[int, int]]


def weighted_graph(nodes: int, ends: Ends) -> nx.Graph:
    """The undirected graph whose weights count links, self-loops left out."""
    graph = nx.Graph()
    graph.add_nodes_from(map(str, range(nodes)))
    for a, b in ends:
        if a != b:
            known = graph.get_edge_data(str(a), str(b), {"weight": 0})["weight"]
            graph.add_edge(str(a), str(b), weight=known + 1)
    return graph


def clique_pairs() -> Ends:
    """24 cliques of five nodes, joined two and two by three links: 12 groups from afar, 24 from near."""
    cliques = [(g * 5 + a, g * 5 + b) for g in range(24) for a in range(5) for b in range(a)]
    return cliques + [(g * 5 + n, (g + 1) * 5 + n) for g in range(0, 24, 2) for n in range(3)]


def planted(nodes: int, mixing: float, seed: int) -> tuple[Labels, Ends]:
    """The group of each node, and links: after Lancichinetti, Fortunato and Radicchi (2008,
    doi:10.1103/PhysRevE.78.046110) degrees and group sizes follow power laws, and each node has the share ``mixing``
    of its links with nodes of other groups.

    Degrees from 8 to 50 with exponent 2.5, groups of 20 to 80 with exponent 1.5; stubs are joined at random, loops and
    doubles are dropped.
    """
    dice = np.random.default_rng(seed)
    sizes: list[int] = []
    while sum(sizes) < nodes:
        sizes.append(int(_power(dice, 1, 1.5, 20, 80)[0]))
    label = np.repeat(np.arange(len(sizes)), sizes)[:nodes]
    dice.shuffle(label)
    degree = _power(dice, nodes, 2.5, 8, 50).astype(int)
    outward = dice.binomial(degree, mixing)
    ends: set[tuple[int, int]] = set()
    for group in range(len(sizes)):
        members = np.flatnonzero(label == group)
        ends |= _joined(dice, np.repeat(members, (degree - outward)[members]))
    outside = _joined(dice, np.repeat(np.arange(nodes), outward))
    ends |= {(one, other) for one, other in outside if label[one] != label[other]}
    return label, sorted(ends)


def alike(one: npt.ArrayLike, other: npt.ArrayLike) -> float:
    """Normalised mutual information of two labellings: 1 for the same groups, near 0 for unrelated ones.

    Twice the mutual information over the sum of the entropies (Danon and others 2005,
    doi:10.1088/1742-5468/2005/09/P09008).
    """
    first, second = (np.unique(labels, return_inverse=True)[1] for labels in (one, other))
    table = np.zeros((first.max() + 1, second.max() + 1))
    np.add.at(table, (first, second), 1 / len(first))
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    there = table > 0
    mutual = (table[there] * np.log(table[there] / np.outer(rows, columns)[there])).sum()
    entropy = -(rows * np.log(rows)).sum() - (columns * np.log(columns)).sum()
    return float(2 * mutual / entropy) if entropy else 1.0


def _power(dice: np.random.Generator, many: int, exponent: float, least: int, most: int) -> npt.NDArray[np.float64]:
    """Draws from a power law between two bounds."""
    low, high = least ** (1 - exponent), (most + 1) ** (1 - exponent)
    drawn: npt.NDArray[np.float64] = (low + (high - low) * dice.random(many)) ** (1 / (1 - exponent))
    return np.floor(drawn)


def _joined(dice: np.random.Generator, stubs: npt.NDArray[np.intp]) -> set[tuple[int, int]]:
    stubs = dice.permutation(stubs)[: len(stubs) // 2 * 2].reshape(-1, 2)
    return {(int(min(pair)), int(max(pair))) for pair in stubs if pair[0] != pair[1]}
