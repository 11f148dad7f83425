"""The question in words, its scope, and who answered it: what a reader needs to repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from string import Formatter

from graph_service.model.answer import Answer
from graph_service.model.ontology import Ontology
from graph_service.model.scope import Events, Scope
from graph_service.model.time import moment_text
from viz.captions import interval_text
from viz.text import joined, shortened, visible

_TITLES: Mapping[str, tuple[str, ...]] = {
    "shortest-paths": ("How {source} is connected with {target}",),
    "k-paths": ("The best ways from {source} to {target}",),
    "all-paths": ("Every way from {source} to {target}",),
    "best-evidence": ("The best evidence that joins {source} and {target}",),
    "independent-routes": ("Independent ways from {source} to {target}",),
    "explain-path": ("A path from {source}, explained",),
    "time-ordered": ("How {source} reaches {target} in time",),
    "cycles": ("What comes back to {entity}", "Cycles through entities of kind {kind}"),
    "reach": ("What can be reached from {source}",),
    "common": ("What {entities} have in common",),
    "connecting-network": ("How {entities} hang together",),
    "expand": ("What is linked to {entity}",),
    "entity": ("All that is known about {entity}",),
    "find": ("Search for “{text}”", "Search for {identifier}", "Search for entities of kind {kind}"),
    "community": ("The group of {entity}",),
    "bridges-between": ("What joins {left} and {right}",),
    "cross-border-communities": ("Groups across borders",),
    "community-history": ("Groups over time",),
    "key-players": ("Who matters most, by {measure}", "Who matters most"),
    "rank-uncertainty": ("How sure a ranking by {measure} is",),
    "disruption": ("Who would be missed",),
    "similar": ("Who is like {entity}",),
    "cores": ("The cores",),
    "cliques": ("Who is linked with everybody else",),
    "communities": ("Communities",),
    "components": ("Connected groups",),
    "degree": ("Who is most connected",),
}
"""For each question its title; of several the first for which all that it names was asked."""
_NAMED = 3


def title_of(question: str, parameters: Mapping[str, object], captions: Mapping[str, str]) -> str:
    """The question in words, its entities called by their captions; a question without words of its own by its name."""
    named = {name: _called(value, captions) for name, value in parameters.items()}
    for side in ("source", "target"):
        if parameters.get(side) == "":
            named[side] = named.get(f"{side}s") or _any_of(parameters, side)
    for words in _TITLES.get(question, ()):
        if all(named.get(field) for _, field, _, _ in Formatter().parse(words) if field):
            return words.format_map(named)
    return visible(question.replace("-", " ").replace("_", " ").capitalize())


def _called(value: object, captions: Mapping[str, str]) -> str:
    """An entity, or the first of several, by caption; any other value as it is."""
    if isinstance(value, list | tuple):
        names = [_called(item, captions) for item in value[:_NAMED]]
        if (more := len(value) - len(names)) > 0:
            return f"{', '.join(names)} and {more:,} more"
        return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
    return "" if value is None else shortened(visible(captions.get(str(value), str(value))), 120)


def _any_of(parameters: Mapping[str, object], side: str) -> str:
    """An end that is not named by ids: by its kind, its countries, or as several."""
    kind, countries = parameters.get(f"{side}_kind"), parameters.get(f"{side}_country")
    if not kind and not countries:
        return "any of several"
    return visible(f"any {kind or 'entity'}{f' of {_value(countries)}' if countries else ''}")


def subtitle_of(answer: Answer[object], ontology: Ontology, drawn_at: datetime) -> tuple[str, ...]:
    """Three lines: the question as asked, its scope, and who answered it from which state of the store and when.

    What was left off (no, none, 0) is not mentioned.
    """
    parameters = [f"{name.replace('_', ' ')} {_value(value)}" for name, value in answer.parameters.items() if value]
    size = f"{len(answer.subgraph.entities):,} entities and {len(answer.subgraph.links):,} links"
    return (
        visible(f"Question: {joined([answer.question, *parameters])}"),
        visible(f"Scope: {scope_text(answer.scope, ontology)}"),
        visible(
            joined(
                [
                    size,
                    f"engine {answer.engine}",
                    f"store {answer.store}",
                    f"revision {answer.revision}",
                    f"drawn {moment_text(drawn_at)[:16].replace('T', ' ')} UTC",
                ]
            )
        ),
    )


def scope_text(scope: Scope, ontology: Ontology) -> str:
    """A scope in words; what it leaves open is not mentioned, except who may see."""
    kinds = sorted(
        ontology.entity_kinds[kind].label if kind in ontology.entity_kinds else kind
        for kind in scope.entity_kinds or ()
    )
    links = sorted(
        ontology.link_kinds[kind].label if kind in ontology.link_kinds else kind for kind in scope.link_kinds or ()
    )
    window = interval_text(scope.window)
    return joined(
        [
            "all markings" if scope.markings is None else f"markings {', '.join(sorted(scope.markings)) or 'none'}",
            f"valid {window}" if window else "any time",
            f"as known on {moment_text(scope.known_at)[:16].replace('T', ' ')} UTC" if scope.known_at else "",
            f"entities: {_some(kinds)}" if scope.entity_kinds is not None else "",
            f"links: {_some(links)}" if scope.link_kinds is not None else "",
            f"graded {scope.min_grade} or better" if scope.min_grade else "",
            "events as links" if scope.events is Events.COLLAPSED else "",
        ]
    )


def _value(value: object) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(sorted(str(item) for item in value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return shortened(str(value), 200)


def _some(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "") if names else "none"
