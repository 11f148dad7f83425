"""The ground of a path question: where its terms let a way start, end and pass, on arrays and on a NetworkX graph.

An amount, a currency or an HS code is asked of the events and links whose kind can state one; such an event that
states none is left out, for it does not meet the condition. Ends are never judged by what may lie between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx
import numpy as np

from graph_service.errors import EntityNotFound, InvalidParameter
from graph_service.model.country_groups import countries_named
from graph_service.model.ontology import Ontology
from graph_service.network.columns import Ints, Mask
from graph_service.network.view import View
from queries.paths.terms import Ends, Terms

INFRASTRUCTURE_SHARE = 10
"""Public infrastructure is a hub at a tenth of the links."""
ALL: Mask = np.zeros(0, dtype=np.bool_)
"""The mask that holds nothing back."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """``through`` bool[entities]: who may lie between the ends, hubs not among them; ``open`` bool[links]: which links
    may be taken (ALL where every one may); ``untamed`` bool[entities]: who may lie between when hubs may; ``hubs``
    bool[entities], ALL where there is none."""

    through: Mask
    open: Mask
    untamed: Mask
    hubs: Mask

    def naming(self, view: View, wanted: list[int], avoided: list[int]) -> Ground:
        """The same ground where the first may be passed whatever they are, and the others may not."""

        def named(mask: Mask) -> Mask:
            mask = (mask if len(mask) else view.nodes).copy()
            mask[wanted] = True
            mask[avoided] = False
            return mask

        return replace(self, through=named(self.through), untamed=named(self.untamed))

    def with_hubs(self) -> Ground:
        """The same ground where hubs may be passed."""
        return replace(self, through=self.untamed)


def ground_of(view: View, terms: Terms) -> Ground:
    """The ground of a view under terms; masks are kept with the view for the next question of the same terms."""
    untamed = view.kept(("through", *_entity_terms(terms)), lambda: _through(view, terms))
    hubs = ALL if terms.hubs == "free" else hubs_of(view, terms.hub_degree)
    through = untamed
    if len(hubs):
        key = ("through", terms.hub_degree, *_entity_terms(terms))
        through = view.kept(key, lambda: (untamed if len(untamed) else view.nodes) & ~hubs)
    opened = view.kept(("open", *_link_terms(terms)), lambda: _open(view, terms))
    ground = Ground(through, opened, untamed, hubs)
    avoided = [view.number(one) for one in terms.avoid]
    wanted = [view.number(one) for one in must_pass(terms)]
    return ground.naming(view, wanted, avoided) if wanted or avoided else ground


def must_pass(terms: Terms) -> tuple[str, ...]:
    """The entities that are named to be passed, which therefore may be; not those to be avoided as well."""
    return (*terms.via, *terms.via_any)


def hubs_of(view: View, degree: int) -> Mask:
    """Who is a hub: so many links, or a tenth of that for what the ontology calls public infrastructure.

    ALL where nobody is.
    """

    def found() -> Mask:
        links = np.diff(view.adjacency.start)
        kinds = {kind.name for kind in view.network.ontology.entity_kinds.values() if kind.infrastructure}
        public = view.of_exact_kinds(kinds)
        hubs = (links >= degree) | (public & (links >= max(degree // INFRASTRUCTURE_SHARE, 2)))
        return hubs & view.nodes if hubs.any() else ALL

    return view.kept(("hubs", degree), found)


def _entity_terms(terms: Terms) -> tuple[object, ...]:
    return (
        terms.avoid_kind,
        terms.through_kind,
        terms.amount_from,
        terms.amount_to,
        terms.currency,
        terms.hs_code,
        terms.avoid_country,
        terms.avoid_largest,
    )


def _link_terms(terms: Terms) -> tuple[object, ...]:
    return terms.avoid_kind, terms.amount_from, terms.amount_to, terms.currency, terms.hs_code


def _through(view: View, terms: Terms) -> Mask:
    if not any(term is not None and term != () for term in _entity_terms(terms)):
        return ALL
    ontology, mask = view.network.ontology, view.nodes.copy()
    _ = ontology.expand_kinds(terms.avoid_kind)
    for kind in terms.avoid_kind:
        if kind not in ontology.link_kinds:
            mask &= ~view.of_kinds(kind)
    if terms.through_kind:
        allowed = np.zeros_like(mask)
        for kind in terms.through_kind:
            allowed |= view.of_kinds(kind)
        mask &= allowed
    for name, wanted in _coded(terms):
        mask &= ~view.of_exact_kinds(_events_with(ontology, name)) | view.bearing(wanted)
    if terms.amount_from is not None or terms.amount_to is not None:
        low, high = _range(terms)
        with np.errstate(invalid="ignore"):
            inside = (view.entity_facts.amount >= low) & (view.entity_facts.amount <= high)
        mask &= ~view.of_exact_kinds(_events_with(ontology, "amount")) | inside
    if terms.avoid_country:
        mask &= ~view.bearing(countries_named(terms.avoid_country).__contains__)
    for kind, many in terms.largest:
        mask[largest(view, kind, many)] = False
    return mask


def largest(view: View, kind: str, many: int) -> Ints:
    """The numbers of the most connected entities of a kind, ties by id."""
    among = np.flatnonzero(view.of_kinds(kind)).astype(np.int32)
    links = np.diff(view.adjacency.start)[among]
    return among[np.lexsort((view.network.id_rank[among], -links))][:many]


def _open(view: View, terms: Terms) -> Mask:
    ontology = view.network.ontology
    avoided_entities, avoided_links = ontology.expand_kinds(terms.avoid_kind)
    judged = terms.amount_from is not None or terms.amount_to is not None
    collapsed = bool((view.links.event >= 0).any())
    coded = [(name, view.coded(wanted)) for name, wanted in _coded(terms)] if collapsed else []
    if not avoided_links and not judged and not coded and not (avoided_entities and collapsed):
        return ALL
    low, high = _range(terms)
    mask = np.ones(len(view.links), dtype=np.bool_)
    amount = view.facts.amount
    for kind, places in view.by_kind(np.arange(len(view.links), dtype=np.int32)).items():
        if kind in avoided_links or kind in avoided_entities:
            mask[places] = False
            continue
        if judged and states(ontology, kind, "amount"):
            with np.errstate(invalid="ignore"):
                mask[places] = (amount[places] >= low) & (amount[places] <= high)
        for name, bearing in coded:
            if kind in ontology.entity_kinds and states(ontology, kind, name):
                mask[places] &= bearing[view.links.event[places]]
    return mask


def _range(terms: Terms) -> tuple[float, float]:
    low = -np.inf if terms.amount_from is None else terms.amount_from
    return low, np.inf if terms.amount_to is None else terms.amount_to


def _coded(terms: Terms) -> Iterable[tuple[str, Callable[[str], bool]]]:
    if terms.currency:
        yield "currency", terms.currency.upper().__eq__
    if terms.hs_code:
        code = terms.hs_code
        yield "hs_code", lambda text: text.startswith(code)


def _events_with(ontology: Ontology, name: str) -> set[str]:
    return {kind.name for kind in ontology.entity_kinds.values() if kind.event and name in kind.properties}


def states(ontology: Ontology, kind: str, name: str) -> bool:
    """Whether a link of this kind can state a property; a link that stands for an event is of the event's kind."""
    known = ontology.link_kinds.get(kind) or ontology.entity_kinds.get(kind)
    return known is not None and name in known.properties


def ends_of(view: View, asked: Ends, side: str) -> Ints:
    """The numbers of the entities of one side, ascending.

    Raises EntityNotFound for an id that is not in the view, InvalidParameter when a kind or country selects nobody.
    """
    ids = [view.number(one) for one in asked.ids(side)]
    kind, country = getattr(asked, f"{side}_kind"), getattr(asked, f"{side}_country")
    if kind or country:
        chosen = view.of_kinds(kind)
        if country:
            chosen = chosen & view.bearing(countries_named(country).__contains__)
        ids += np.flatnonzero(chosen).tolist()
    if not ids:
        raise InvalidParameter(f"no entity of this scope is a {side} of that kind and country")
    return np.unique(np.array(ids, dtype=np.int32))


def sides_of(view: View, asked: Ends) -> tuple[Ints, Ints]:
    """Where ways start, and where they end: not at an entity that is on both sides; no end is left where all are."""
    sources = ends_of(view, asked, "source")
    return sources, np.setdiff1d(ends_of(view, asked, "target"), sources)


def least_ids(view: View, *sides: Ints) -> list[str]:
    """Of each side the entity that is first by id."""
    rank = view.network.id_rank
    return [view.network.entity_id(int(side[np.argmin(rank[side])])) for side in sides]


@dataclass(frozen=True, slots=True)
class GraphGround:
    """The same on a NetworkX graph, by definition: node by node and edge by edge."""

    graph: nx.MultiDiGraph
    terms: Terms
    ontology: Ontology
    hubs: frozenset[str]
    avoided: frozenset[str]

    @staticmethod
    def of(view: View, terms: Terms) -> GraphGround:
        """The ground of the view's graph."""
        graph, ontology = view.graph, view.network.ontology
        _ = ontology.expand_kinds(terms.avoid_kind)
        for kind in (*terms.through_kind, *(kind for kind, _ in terms.largest)):
            _ = ontology.entity_kind(kind)
        for one in (*terms.avoid, *must_pass(terms)):
            if one not in graph:
                raise EntityNotFound(one)
        hubs = frozenset() if terms.hubs == "free" else frozenset(_graph_hubs(graph, ontology, terms.hub_degree))
        avoided = set(terms.avoid)
        for kind, many in terms.largest:
            among = [node for node in graph if of_kind(graph, ontology, node, kind)]
            avoided |= set(sorted(among, key=lambda node: (-links_at(graph, node), node))[:many])
        return GraphGround(graph, terms, ontology, hubs, frozenset(avoided))

    def passes(self, node: str, *, hubs: bool) -> bool:
        """Whether an entity may lie between the ends."""
        if node in self.terms.avoid:
            return False
        if node in must_pass(self.terms):
            return True
        if node in self.avoided or (node in self.hubs and not hubs):
            return False
        data, terms, ontology = self.graph.nodes[node], self.terms, self.ontology
        avoided, _ = ontology.expand_kinds(terms.avoid_kind)
        if avoided & data["kinds"]:
            return False
        if terms.through_kind and not any(of_kind(self.graph, ontology, node, kind) for kind in terms.through_kind):
            return False
        if terms.avoid_country and countries_named(terms.avoid_country) & data["codes"]:
            return False
        kind = ontology.entity_kind(data["kind"])
        if not kind.event:
            return True
        if not self._bears(kind.name, data["codes"]):
            return False
        return "amount" not in kind.properties or self._within(data["amount"])

    def takes(self, data: dict[str, Any]) -> bool:
        """Whether a link may be taken, by its edge data."""
        kind = str(data["kind"])
        entities, links = self.ontology.expand_kinds(self.terms.avoid_kind)
        if kind in links or kind in entities:
            return False
        if data["event"] is not None and not self._bears(kind, data["codes"]):
            return False
        return not states(self.ontology, kind, "amount") or self._within(data["amount"])

    def _bears(self, event: str, codes: frozenset[str]) -> bool:
        """Whether an event of a kind has the codes that are asked of it."""
        return all(any(map(wanted, codes)) for name, wanted in _coded(self.terms) if states(self.ontology, event, name))

    def _within(self, amount: object) -> bool:
        if self.terms.amount_from is None and self.terms.amount_to is None:
            return True
        low, high = _range(self.terms)
        return isinstance(amount, float) and low <= amount <= high

    def ends(self, asked: Ends, side: str) -> list[str]:
        """The ids of one side, as ``ends_of`` has them."""
        ids = list(asked.ids(side))
        for one in ids:
            if one not in self.graph:
                raise EntityNotFound(one)
        kind, country = getattr(asked, f"{side}_kind"), getattr(asked, f"{side}_country")
        if kind or country:
            _ = kind and self.ontology.entity_kind(kind)
            wanted = countries_named(country)
            ids += [
                node
                for node, data in self.graph.nodes(data=True)
                if (kind is None or of_kind(self.graph, self.ontology, node, kind))
                and (not country or wanted & data["codes"])
            ]
        if not ids:
            raise InvalidParameter(f"no entity of this scope is a {side} of that kind and country")
        return sorted(set(ids))

    def sides(self, asked: Ends) -> tuple[frozenset[str], frozenset[str]]:
        """Both sides, as ``sides_of`` has them."""
        sources = frozenset(self.ends(asked, "source"))
        return sources, frozenset(self.ends(asked, "target")) - sources


def of_kind(graph: nx.MultiDiGraph, ontology: Ontology, node: str, kind: str) -> bool:
    """Whether some visible record calls the entity that kind or one below it."""
    kinds: frozenset[str] = graph.nodes[node]["kinds"]
    return bool(ontology.descendants(ontology.entity_kind(kind).name) & kinds)


def links_at(graph: nx.MultiDiGraph, node: str) -> int:
    """How many links an entity has; a self-loop counts once."""
    return int(graph.degree(node)) - int(graph.number_of_edges(node, node))


def _graph_hubs(graph: nx.MultiDiGraph, ontology: Ontology, degree: int) -> Iterable[str]:
    for node, kind in graph.nodes(data="kind"):
        least = degree
        if ontology.entity_kind(kind).infrastructure:
            least = min(degree, max(degree // INFRASTRUCTURE_SHARE, 2))
        if links_at(graph, node) >= least:
            yield node
