"""A small world behind the API: what the tests of this folder ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from starlette.testclient import TestClient

from graph_service.api.app import create_app
from graph_service.config import Settings
from graph_service.model.ontology import load_ontology
from graph_service.model.scope import Caller
from graph_service.service import GraphService
from graph_service.store.embedded.store import EmbeddedStore
from tests import worlds

ANYONE = Caller()
SECRET = {"markings": ["case:ALPHA"]}
STEPS = (
    {
        "source": "register",
        "entities": [
            ["subject:ana", "Subject", {"name": ["Ana Lima"], "nationality": ["PT"]}, {"grade": "B2"}],
            ["subject:bob", "Subject", {"name": ["Bob Stone"]}, {"grade": "C3"}],
            ["subject:eve", "Subject", {"name": ["Eve Hidden"]}, SECRET],
            ["company:AC/DC 1", "Organization", {"name": ["AC/DC Trading"]}],
            ["account:1", "Account", {"number": ["1"]}],
            ["account:2", "Account", {"number": ["2"]}],
            ["transfer:1", "MoneyTransfer", {"amount": ["9500"], "currency": ["USD"], "date": ["2021-03-02"]}],
            ["subject:alone", "Subject", {"name": ["Alone"]}],
        ],
        "links": [
            ["l1", "ASSOCIATE_OF", "subject:ana", "subject:bob", {}, {"from": "2014", "grade": "B2"}],
            ["l2", "ASSOCIATE_OF", "subject:bob", "subject:eve", {}, SECRET],
            ["l3", "DIRECTOR_OF", "subject:ana", "company:AC/DC 1", {}, {"from": "2014", "to": "2015"}],
            ["l4", "HAS_ACCOUNT", "subject:ana", "account:1"],
            ["l5", "HAS_ACCOUNT", "company:AC/DC 1", "account:2"],
            ["l6", "ORIGINATOR", "account:1", "transfer:1"],
            ["l7", "BENEFICIARY", "transfer:1", "account:2"],
        ],
    },
)
"""Seven links among eight entities; one of them and its link are marked."""
_ENDS = {"source": "subject:ana", "target": "account:2"}
ASKED: Mapping[str, Mapping[str, Any]] = {
    "find": {"text": "anna lima"},
    "entity": {"entity": "subject:ana"},
    "expand": {"entity": "subject:ana", "hops": 2},
    "shortest-paths": _ENDS,
    "k-paths": _ENDS,
    "all-paths": _ENDS,
    "best-evidence": _ENDS,
    "explain-path": {"source": "subject:ana", "links": ["l4"]},
    "independent-routes": _ENDS,
    "time-ordered": {"source": "account:1", "target": "account:2"},
    "cycles": {"entity": "subject:ana", "directed": False},
    "reach": {"source": "subject:ana"},
    "common": {"entities": ["subject:ana", "account:2"], "max_hops": 3},
    "connecting-network": {"entities": ["subject:ana", "account:2"]},
    "components": {},
    "communities": {"seed": 3},
    "community": {"entity": "subject:ana"},
    "cross-border-communities": {"min_countries": 1},
    "community-history": {},
    "bridges-between": {"left": "subject:ana", "right": "account:2", "whole": False},
    "cores": {},
    "cliques": {},
    "degree": {"limit": 3},
    "key-players": {},
    "rank-uncertainty": {"draws": 20},
    "disruption": {"count": 1, "runs": 2},
    "similar": {"entity": "subject:ana"},
}
"""Every question of the catalogue with parameters that make sense in this world."""


def service(kind: type[GraphService] = GraphService, steps: Any = STEPS) -> GraphService:
    """A service on a new store in memory that holds the world."""
    store = EmbeddedStore(None)
    worlds.build(store, steps)
    return kind(store, load_ontology())


@contextmanager
def client(behind: GraphService | None = None, **settings: Any) -> Iterator[TestClient]:
    """A client of the API over a service, the small world when none is given; both end with the block."""
    served = behind or service()
    app = create_app(served, Settings(**settings))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as asking:
        yield asking
    served.close()
