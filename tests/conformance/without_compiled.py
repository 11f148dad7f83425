"""The whole suite once more where numba cannot be imported: run as a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

BLOCKED = ("numba", "llvmlite")


class Blocker:
    """Makes the compiled parts unimportable, as on a machine for which there is no wheel."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuses the blocked names and leaves the rest to others."""
        if name.partition(".")[0] in BLOCKED:
            raise ImportError(f"{name} is blocked")
        return None


def main() -> None:
    """Ask every case of ``auto`` and print how many were answered by which engine."""
    sys.meta_path.insert(0, Blocker())
    from graph_service.model.ontology import load_ontology
    from graph_service.network.compiled import missing
    from graph_service.service import GraphService
    from graph_service.store.embedded.store import EmbeddedStore
    from queries.catalogue import CATALOGUE
    from tests import worlds
    from tests.conformance.suite import cases, check, steps

    assert missing() == ("numba",)
    services: dict[str, GraphService] = {}
    answered = {"memory": 0, "networkx": 0}
    for case in cases():
        if case.world not in services:
            store = EmbeddedStore(None)
            worlds.build(store, steps(case.world))
            services[case.world] = GraphService(store, load_ontology())
        engine = "networkx" if CATALOGUE[case.question].compiled else "memory"
        check(services[case.world], case, "auto", told=engine)
        answered[engine] += 1
    health = services[cases()[0].world].health()
    assert health.missing == ("numba",)
    sys.stdout.write(f"networkx {answered['networkx']}, memory without compiled parts {answered['memory']}\n")


if __name__ == "__main__":
    main()
