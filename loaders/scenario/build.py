"""Builds the world: hubs, people, stories, and the ordinary life around them, always the same."""

from __future__ import annotations

from loaders.scenario import commerce, movement
from loaders.scenario.hubs import build_hubs
from loaders.scenario.population import populate
from loaders.scenario.stories.bridges import build_bridges
from loaders.scenario.stories.crossing import join_stories
from loaders.scenario.stories.diversion import build_diversion
from loaders.scenario.stories.peso import build_peso
from loaders.scenario.stories.route import build_route
from loaders.scenario.stories.tobacco import build_tobacco
from loaders.scenario.story import Story
from loaders.scenario.world import World


def build_world() -> tuple[World, tuple[Story, ...]]:
    """The world and the stories planted in it."""
    world = World()
    hubs = build_hubs(world)
    people = populate(world, hubs)
    commerce.trade(world, hubs, people)
    commerce.household_money(world, people)
    commerce.takings(world, people)
    movement.journeys(world, people)
    movement.calls(world, hubs, people)
    bridges = build_bridges(world, hubs)
    alpha = build_peso(world, hubs, bridges)
    bravo, forger = build_route(world, bridges)
    calypso, box = build_tobacco(world, hubs, bridges)
    delta = build_diversion(world, hubs, bridges, forger, box)
    told = (alpha, bravo, calypso, delta)
    return world, (*told, join_stories(world, hubs, told))
