"""A store in memory over a hand-written ledger: every method of the protocol, the rule of visibility in plain Python,
and a note of all that was asked of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from graph_service.errors import EngineCannot, SourceNotFound
from graph_service.model.records import Records, Source
from graph_service.model.scope import Scope
from graph_service.store.protocol import Batch, Changes, Health, Receipt, Statement, Withdrawal
from graph_service.store.rows import entity_record, link_record
from tests.unit.network.oracle import sees
from tests.unit.network.tables import Ledger

Rows = list[dict[str, object]]


def no_language(statement: Statement, scope: Scope) -> Rows:
    """The answer of a store that has no query language."""
    raise EngineCannot("this store has no query language")


@dataclass
class LedgerStore:
    """``asked`` notes each statement with its scope, ``calls`` the name of every method called.

    ``answers`` stands for the database behind ``ask``; ``held`` is the number of link records that health tells where
    that is not to be the true one.
    """

    ledger: Ledger = field(default_factory=Ledger)
    name: str = "embedded"
    answers: Callable[[Statement, Scope], Rows] = no_language
    known: dict[str, Source] = field(default_factory=dict)
    held: int | None = None
    plugins: tuple[str, ...] = ()
    asked: list[tuple[Statement, Scope]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    markers: dict[str, Receipt] = field(default_factory=dict)
    open: bool = True

    def get(self, entities: Sequence[str], links: Sequence[str], scope: Scope) -> Records:
        """By id, then record number."""
        self.calls.append("get")
        named, joined = self.ledger.entity_records(), self.ledger.link_records()
        found = [one for one in named if one.entity_id in set(entities) and sees(one, scope, scope.entity_kinds)]
        tied = [one for one in joined if one.link_id in set(links) and sees(one, scope, scope.link_kinds)]
        return Records(
            tuple(sorted(found, key=lambda one: one.entity_id)), tuple(sorted(tied, key=lambda one: one.link_id))
        )

    def put(self, change: Batch | Withdrawal) -> Receipt:
        """One more revision of the ledger, once a marker and once a withdrawal."""
        self.calls.append("put")
        if isinstance(change, Withdrawal):
            if change.source_id not in self.known:
                raise SourceNotFound(change.source_id)
            repeated = change.source_id in self.ledger.taken_back
            self.ledger.withdraw(change.source_id, change.at)
            self.known[change.source_id] = replace(self.known[change.source_id], withdrawn_at=change.at)
            return Receipt(self.ledger.revision, 0, 0, repeated)
        if change.marker in self.markers:
            return replace(self.markers[change.marker], repeated=True)
        said_by = {"source_id": change.source.id, "recorded": 0, "retracted": 0}
        self.known.setdefault(change.source.id, change.source)
        self.ledger.put(
            [entity_record(row | said_by) for row in change.entities.to_pylist()],
            [link_record(row | said_by) for row in change.links.to_pylist()],
            change.recorded_at,
        )
        receipt = Receipt(self.ledger.revision, len(change.entities), len(change.links))
        self.markers[change.marker] = receipt
        return receipt

    def changes(self, since: int) -> Changes:
        """From the ledger."""
        self.calls.append("changes")
        return self.ledger.changes(since)

    def ask(self, statement: Statement, scope: Scope, seconds: float) -> Rows:
        """What ``answers`` says."""
        self.calls.append("ask")
        assert seconds > 0
        self.asked.append((statement, scope))
        return self.answers(statement, scope)

    def sources(self, scope: Scope) -> tuple[Source, ...]:
        """By id."""
        self.calls.append("sources")
        return tuple(self.known[key] for key in sorted(self.known) if scope.may_see(self.known[key].markings))

    def revision(self) -> int:
        """Of the ledger."""
        self.calls.append("revision")
        return self.ledger.revision

    def health(self) -> Health:
        """Always well."""
        self.calls.append("health")
        links = len(self.ledger.links) if self.held is None else self.held
        return Health(
            True, self.name, "1", "in memory", self.ledger.revision, len(self.ledger.entities), links, self.plugins
        )

    def close(self) -> None:
        """Notes that it was closed."""
        self.open = False
