"""The same scope with its events kept or collapsed, and what the kept ones tell of a group."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from graph_service.model.scope import Events
from graph_service.model.time import Interval
from graph_service.network.columns import Ints, Mask
from graph_service.network.view import View

_VICTIM = frozenset({"VICTIM"})


def with_events_kept(view: View) -> View:
    """The view itself, or that of the same scope with its events. O(records) for a new one."""
    return _with(view, Events.KEPT)


def with_events_collapsed(view: View) -> View:
    """The view itself, or that of the same scope with direct links for events. O(records) for a new one."""
    return _with(view, Events.COLLAPSED)


def _with(view: View, events: Events) -> View:
    return view if view.scope.events is events else View(view.network, replace(view.scope, events=events))


@dataclass(frozen=True, slots=True, eq=False)
class Attached:
    """The entities of a kind, each beside every entity it is linked to and beside itself: int32[pairs] of numbers."""

    thing: Ints
    beside: Ints

    @staticmethod
    def of(kept: View, kind: str) -> Attached:
        """The entities that visible records call so, or of a kind below it. O(links)."""
        wanted = kept.of_kinds(kind)
        source, target = kept.links.source, kept.links.target
        out, back = wanted[source], wanted[target]
        itself = np.flatnonzero(wanted).astype(np.int32)
        return Attached(
            np.concatenate([itself, source[out], target[back]]), np.concatenate([itself, target[out], source[back]])
        )

    def among(self, view: View, members: Mask) -> tuple[str, ...]:
        """The ids of those that are beside a member, sorted; ``members`` bool[entities]."""
        things = np.unique(self.thing[members[self.beside]])
        return tuple(sorted(map(str, view.network.entity_ids.take(things).to_pylist())))


def victims(view: View) -> Mask:
    """Who is said to have suffered an act, bool[entities]: victims are never ranked, whatever else the scope leaves
    out. O(link records)."""
    network = view.network
    scope = replace(view.scope, window=Interval(), min_grade=None)
    suffered = np.zeros(network.entities, dtype=np.bool_)
    suffered[network.target_of[network.link_rows.seen(scope, _VICTIM, network.classes)]] = True
    return suffered


def infrastructure(view: View) -> Mask:
    """What everybody uses, bool[entities]: of the kinds that the ontology marks so, such as banks and ports."""
    used = np.zeros(view.network.entities, dtype=np.bool_)
    for kind in view.network.ontology.entity_kinds.values():
        if kind.infrastructure:
            used |= view.of_kinds(kind.name)
    return used
