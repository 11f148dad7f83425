"""Who is never scored, ranked or proposed for removal: those who suffered what others did.

Victims are told by their links (the kind VICTIM). The rule looks at every link record that the asker may see, also
where the scope leaves out its kind, its time or its grade: narrowing a question must not make a victim a key player.
"""

from __future__ import annotations

import numpy as np

from graph_service.model.scope import Scope
from graph_service.network.columns import Mask
from graph_service.network.view import View

_SUFFERED = frozenset({"VICTIM"})


def protected(view: View) -> Mask:
    """Which entities of the view are never ranked, bool[entities]. O(link records)."""
    network = view.network
    asker = Scope(markings=view.scope.markings, known_at=view.scope.known_at)
    records = network.link_rows.seen(asker, _SUFFERED, network.classes)
    found = np.zeros(network.entities, dtype=np.bool_)
    found[network.target_of[records]] = True
    return found & view.nodes
