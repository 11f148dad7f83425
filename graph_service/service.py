"""The use cases: what the API, the command line and a notebook call. Limits and audit live here and nowhere else.

Every use case takes the ``Caller`` on whose behalf it acts and never shows more than that person may see.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from graph_service.audit import Audit, as_asked
from graph_service.errors import EngineCannot, InvalidParameter, SourceNotFound, StoreUnavailable
from graph_service.model.answer import DEFAULT_LIMITS, Answer, Finding, Limits
from graph_service.model.merge import merge_entities, merge_links
from graph_service.model.ontology import Ontology
from graph_service.model.records import Source
from graph_service.model.scope import EVERYTHING, Caller, Events, Scope
from graph_service.model.time import now
from graph_service.network.budget import Budget
from graph_service.network.compiled import missing
from graph_service.network.network import Network
from graph_service.network.view import View
from graph_service.store.evidence import fetch
from graph_service.store.protocol import Batch, GraphStore, Health, Receipt, Withdrawal
from loaders.run import LoadOptions, LoadReport, Progress, load
from queries.catalogue import question
from queries.pushdown import Pushdown
from queries.question import AnyQuestion, Parameters

ENGINES = ("auto", "memory", "neo4j", "networkx")
_VIEWS_KEPT = 8
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Capacity:
    """How large a graph each engine takes on, in link records: above that it says so instead of filling the memory."""

    memory_links: int = 50_000_000
    networkx_links: int = 2_000_000


@dataclass(frozen=True, slots=True)
class Stats:
    """What a person sees in a scope, counted: entities and links by kind, sources, and the revision counted at."""

    entities: int
    links: int
    entities_by_kind: Mapping[str, int]
    links_by_kind: Mapping[str, int]
    sources: int
    revision: int


@dataclass(frozen=True, slots=True)
class ServiceHealth:
    """The store's health, and which compiled parts are missing (then NetworkX answers in their place)."""

    store: Health
    missing: tuple[str, ...]


class GraphService:
    """The use cases over one store. Safe for many threads."""

    def __init__(
        self,
        store: GraphStore,
        ontology: Ontology,
        *,
        limits: Limits = DEFAULT_LIMITS,
        capacity: Capacity = Capacity(),  # frozen
        audit: Audit | None = None,
    ) -> None:
        """Nothing is read before the first question. Without an audit of its own it notes to the log alone."""
        self.store = store
        self.ontology = ontology
        self.limits = limits
        self.capacity = capacity
        self._audit = audit or Audit()
        self._network = Network(ontology)
        self._views: OrderedDict[Scope, View] = OrderedDict()
        self._lock = threading.RLock()

    def ask(
        self,
        name: str,
        parameters: Mapping[str, object],
        scope: Scope,
        caller: Caller,
        *,
        engine: str = "auto",
        budget: Budget | None = None,
    ) -> Answer[object]:
        """The answer to a question of the catalogue.

        Raises UnknownQuestion, InvalidParameter, EngineCannot, EntityNotFound, Cancelled or a StoreError.
        """
        with self._audit.noted(caller, "ask", question=name, parameters=as_asked(parameters), engine=engine) as facts:
            asked = question(name)
            given = _checked(asked, parameters)
            seen = scope.for_caller(caller)
            chosen = self._engine(asked, seen, engine)
            facts |= {"parameters": given.model_dump(), "engine": chosen}
            if chosen != "neo4j":
                self._view(seen)  # following the store is not the question's own work, so its clock starts after
            with budget or Budget(self.limits) as spending:
                finding, revision = self._found(asked, given, seen, chosen, spending)
                subgraph = fetch(self.store, finding, seen, self.ontology)
                for _ in range(_TRIES):
                    if self.store.revision() == revision:
                        break
                    finding, revision = self._found(asked, given, seen, chosen, spending)
                    subgraph = fetch(self.store, finding, seen, self.ontology)
        return Answer(
            question=name,
            parameters=given.model_dump(),
            scope=seen,
            result=finding.result,
            subgraph=subgraph,
            truncated=finding.truncated,
            explored=finding.explored,
            engine=chosen,
            store=self.store.name,
            revision=revision,
        )

    def view(self, scope: Scope, caller: Caller) -> View:
        """The view of the present graph under a scope, kept for the next question; for notebooks too."""
        return self._view(scope.for_caller(caller))

    def stats(self, scope: Scope, caller: Caller) -> Stats:
        """What the caller sees in this scope, counted."""
        seen = scope.for_caller(caller)
        view = self._view(seen)
        entities, links = view.count_kinds()
        return Stats(
            sum(entities.values()),
            sum(links.values()),
            entities,
            links,
            len(self.store.sources(seen)),
            view.network.revision,
        )

    def load(
        self, paths: Sequence[Path], options: LoadOptions, caller: Caller, progress: Progress | None = None
    ) -> tuple[LoadReport, ...]:
        """Bring files in; one report a source. Raises DataError before anything is written, or a StoreError."""
        begun = time.perf_counter()
        written: dict[str, None] = {}

        def put(batch: Batch) -> Receipt:
            receipt = self.store.put(batch)
            written[batch.source.id] = None
            return receipt

        try:
            reports = load(
                paths,
                store_put=put,
                ontology=self.ontology,
                options=options,
                progress=progress,
                in_store=_InStore(self.store, self.ontology, Scope().for_caller(caller)),
            )
        except BaseException as error:
            facts = {"files": [path.name for path in paths], "written": list(written), "error": type(error).__name__}
            self._audit.note(caller, "load", begun, facts)
            raise
        for report in reports:
            brought = {"source": report.source_id, "rejected": report.rejected, "checked_only": report.checked_only}
            self._audit.note(caller, "load", begun, brought)
        return reports

    def sources(self, caller: Caller) -> tuple[Source, ...]:
        """The sources whose markings the caller holds, withdrawn ones included."""
        return self.store.sources(Scope().for_caller(caller))

    def withdraw(self, source: str, caller: Caller) -> Receipt:
        """Take a source back, by id or by name when only one bears it; its records stay for as-known questions.

        Of several of a name, those withdrawn before do not count. Raises InvalidParameter when more than one is left.
        """
        with self._audit.noted(caller, "withdraw", source=source) as facts:
            known = self.sources(caller)
            named = [s for s in known if s.id == source] or [s for s in known if s.name == source]
            meant = [s.id for s in named if s.withdrawn_at is None] or [s.id for s in named[:1]]
            if not meant:
                raise SourceNotFound(source)
            if len(meant) > 1:
                told = ", ".join(meant)
                raise InvalidParameter(f"{len(meant)} sources are named {source!r}; say which by id: {told}")
            facts["source"] = meant[0]
            return self.store.put(Withdrawal(meant[0], now()))

    def health(self) -> ServiceHealth:
        """Whether the store answers and with which engines; never raises."""
        return ServiceHealth(self.store.health(), missing())

    def close(self) -> None:
        """Release the store."""
        self.store.close()

    def _engine(self, asked: AnyQuestion, scope: Scope, engine: str) -> str:
        if engine not in ENGINES:
            raise InvalidParameter(f"no engine {engine!r}; there are {', '.join(ENGINES)}")
        pushable = asked.neo4j is not None and self.store.name == "neo4j" and scope.events is Events.KEPT
        lacking = missing(asked.compiled)
        if engine == "neo4j" and not pushable:
            raise EngineCannot(f"engine neo4j does not answer {asked.name!r}{self._why_not_pushed(asked)}")
        if engine == "memory" and lacking:
            raise EngineCannot(f"engine memory needs {', '.join(lacking)}, which cannot be imported here")
        if engine != "auto":
            return engine
        if pushable and self.store.health().link_records > self.capacity.memory_links:
            return "neo4j"
        return "networkx" if lacking else "memory"

    def _why_not_pushed(self, asked: AnyQuestion) -> str:
        if asked.neo4j is None:
            return ": only memory and networkx do"
        return f" here: the store is {self.store.name}" if self.store.name != "neo4j" else " when events are collapsed"

    def _found(
        self, asked: AnyQuestion, given: Parameters, scope: Scope, engine: str, budget: Budget
    ) -> tuple[Finding[object], int]:
        if engine == "neo4j":
            held = self.store.health()
            if not held.ok:
                raise StoreUnavailable(held.detail)
            pushdown = Pushdown(self.store, scope, self.ontology, self.limits, held.plugins)
            answer: Callable[..., Finding[object]] | None = asked.neo4j
            if answer is None:
                raise EngineCannot(f"engine neo4j does not answer {asked.name!r}")
            return answer(pushdown, given, budget), held.revision
        view = self._view(scope)
        if engine == "networkx":
            if len(view.links) > self.capacity.networkx_links:
                raise EngineCannot(
                    f"engine networkx takes on {self.capacity.networkx_links:,} links, not {len(view.links):,}"
                )
            return asked.networkx(view, given, budget), view.network.revision
        return asked.memory(view, given, budget), view.network.revision

    def _view(self, scope: Scope) -> View:
        with self._lock:
            self._refresh()
            view = self._views.get(scope)
            if view is None:
                view = self._views[scope] = View(self._network, scope)
            self._views.move_to_end(scope)
            while len(self._views) > _VIEWS_KEPT:
                self._views.popitem(last=False)
            return view

    def _refresh(self) -> None:
        """Follow the store to its present revision; views of an older one are dropped."""
        if self.store.revision() == self._network.revision:
            return
        if self._network.revision == 0:
            held = self.store.health().link_records
            if held > self.capacity.memory_links:
                raise EngineCannot(f"{held:,} link records are more than the memory engine takes on")
        self._network = self._network.refreshed(self.store.changes(self._network.revision))
        self._views.clear()


@dataclass(frozen=True, slots=True)
class _InStore:
    """What the store holds, as far as a scope shows it: what a loader judges links by."""

    store: GraphStore
    ontology: Ontology
    scope: Scope

    def kinds(self, ids: Sequence[str]) -> Mapping[str, str]:
        records = self.store.get(ids, [], self.scope).entities
        return {entity.id: entity.kind for entity in merge_entities(records, self.ontology)}

    def links(self, ids: Sequence[str]) -> Mapping[str, tuple[str, str, str]]:
        found = merge_links(self.store.get([], ids, self.scope).links)
        seen = self.kinds(sorted({end for link in found for end in (link.source, link.target)}))
        shown = (link for link in found if link.source in seen and link.target in seen)
        return {link.id: (link.kind, link.source, link.target) for link in shown}

    def withdrawn(self, source_id: str) -> bool:
        return any(s.id == source_id and s.withdrawn_at is not None for s in self.store.sources(EVERYTHING))


def _checked(asked: AnyQuestion, parameters: Mapping[str, object]) -> Parameters:
    try:
        given: Parameters = asked.parameters.model_validate(dict(parameters))
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or asked.name}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors(include_url=False)
        )
        raise InvalidParameter(problems) from error
    return given
