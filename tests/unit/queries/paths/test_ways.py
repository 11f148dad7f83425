"""Path questions under random terms against ways by definition, on both engines, on thousands of small worlds."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from graph_service.model.graph import Path
from queries.catalogue import CATALOGUE
from queries.paths.costs import SCALE, evidence_cost
from queries.paths.terms import Ends
from tests.unit.queries.asking import ask
from tests.unit.queries.paths.ways import World, holds, simple_ways, terms, world

ROUNDS = 120
"""Worlds a seed; with the seeds below more than two thousand questions."""


def expected(made: World, asked: Ends, likely: bool) -> list[Path]:
    """Every way that holds, in canonical order."""
    ways = [one for one in simple_ways(made, asked.source, asked.target, asked) if holds(made, one, asked)]
    if likely:
        grade = {each.link_id: each.said.grade.probability for each in made.links}
        ways = [replace(w, cost=sum(evidence_cost(round(grade[k], 6)) for k in w.links) / SCALE) for w in ways]
    return sorted(ways, key=lambda way: way.sort_key)


def asked_of(dice: random.Random, made: World, name: str) -> dict[str, Any]:
    ids = sorted(made.kinds)
    source, target = dice.sample(ids, 2)
    asked = {"source": source, "target": target, "directed": dice.random() < 0.5, "max_hops": dice.randint(1, 6)}
    asked |= {"limit": dice.choice([1, 2, 5, 100]), **terms(dice, made)}
    if name == "k-paths":
        asked["cost"] = dice.choice(["links", "evidence"])
    return asked


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", ["shortest-paths", "k-paths", "all-paths"])
def test_they_are_the_ways_that_hold_in_order(name: str, seed: int) -> None:
    dice = random.Random(f"{name} {seed}")
    found = 0
    for _ in range(ROUNDS):
        made = world(dice)
        given = asked_of(dice, made, name)
        asked = CATALOGUE[name].parameters(**given)
        ways = expected(made, asked, given.get("cost") == "evidence")
        if name == "shortest-paths":
            ways = [one for one in ways if one.length == ways[0].length]
        view = made.view
        for engine in ("memory", "networkx"):
            finding = ask(name, view, engine, **given)
            assert finding.result.paths == tuple(ways[: asked.limit]), (engine, given)
            assert finding.truncated == (len(ways) > asked.limit)
            assert (finding.result.proof is None) == bool(ways)
        found += bool(ways)
    assert found > ROUNDS // 10, "too few worlds had a way for this to say anything"


@pytest.mark.parametrize("seed", range(4))
def test_both_engines_give_the_same_proof(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(ROUNDS):
        made = world(dice)
        for name in ("shortest-paths", "k-paths"):
            given = asked_of(dice, made, name)
            memory, oracle = (ask(name, made.view, engine, **given) for engine in ("memory", "networkx"))
            assert memory == oracle, given
