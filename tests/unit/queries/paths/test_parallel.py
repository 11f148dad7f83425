"""Which of parallel links is told: that with the smallest id, also where links stand for events."""

from __future__ import annotations

import numpy as np

from graph_service.model.scope import Events, Scope
from graph_service.network.view import View
from queries.paths.parallel import first_by_id
from tests.unit.network.tables import Ledger, entity, link


def test_the_smallest_id_is_told_whatever_the_order() -> None:
    names = ["m", "b", "z", "aa", "b0"]
    view = View(Ledger().put([entity("x"), entity("y")], [link(name, "x", "y") for name in names]).network())
    for chosen in ([0, 1, 2], [2, 0], [4, 1], [3], [0, 1, 2, 3, 4]):
        first = first_by_id(view, np.array(chosen, dtype=np.int32))
        assert view.link_id(first) == min(names[place] for place in chosen)


def test_links_that_stand_for_events_are_named_by_the_event() -> None:
    events = ["t2", "t1", "t3"]
    roles = [link(f"{one}o", "x", one, "ORIGINATOR") for one in events]
    roles += [link(f"{one}b", one, "y", "BENEFICIARY") for one in events]
    things = [entity("x", "Account"), entity("y", "Account"), *(entity(one, "MoneyTransfer") for one in events)]
    view = View(Ledger().put(things, roles).network(), Scope(events=Events.COLLAPSED))
    first = first_by_id(view, np.arange(3, dtype=np.int32))
    assert view.link_id(first) == "t1[x>y]"
