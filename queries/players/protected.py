"""Who is never scored, ranked or proposed for removal: those who suffered what others did, and those who only saw it.

Victims are told by their links (the kind VICTIM), and everybody by the analytic role that a record gives them
(typologies, 1.7). The rule looks at every record that the asker may see, also where the scope leaves out its kind, its
time or its grade: narrowing a question must not make a victim a key player.
"""

from __future__ import annotations

import numpy as np

from graph_service.model.scope import Scope
from graph_service.network.columns import Mask
from graph_service.network.view import View

_SUFFERED = frozenset({"VICTIM"})
_ROLES = frozenset({"ncii", "victim", "possible_victim", "witness", "minor", "official"})
"""Analytic roles of people who are never ranked."""


def protected(view: View) -> Mask:
    """Which entities of the view are never ranked, bool[entities]. O(records)."""
    network = view.network
    asker = Scope(markings=view.scope.markings, known_at=view.scope.known_at)
    records = network.link_rows.seen(asker, _SUFFERED, network.classes)
    found = np.zeros(network.entities, dtype=np.bool_)
    found[network.target_of[records]] = True
    coded, texts = network.code_texts
    table = np.array([not _ROLES.isdisjoint(text.split()) for text in texts], dtype=np.bool_)
    if table.any():
        said = network.entity_rows.seen(asker, None, network.classes)
        found[network.entity_of[said & table[coded]]] = True
    return found & view.nodes
