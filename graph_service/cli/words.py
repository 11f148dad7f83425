"""Answers in words: what a person would say, with dates, amounts, grades and sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from graph_service.model.ontology import Ontology

Json = Mapping[str, Any]
_CONTENT_DIGITS = re.compile(r"-[0-9a-f]{8}$")
_PROOFS = {
    "exhausted": "There is no path of any length: everything that one of the two can reach was seen.",
    "budget": "The search was stopped at its limit before it was known whether there is a path.",
}


class Teller:
    """Tells one answer."""

    def __init__(self, answer: Json, ontology: Ontology) -> None:
        """The answer as plain JSON, and the ontology for the names of kinds."""
        self._answer = answer
        self._ontology = ontology
        self._entities = {one["id"]: one for one in answer["subgraph"]["entities"]}
        self._links = {one["id"]: one for one in answer["subgraph"]["links"]}

    def lines(self) -> Iterator[str]:
        """The answer line by line."""
        tell: Mapping[str, Callable[[Json], Iterator[str]]] = {
            "find": self._find,
            "entity": self._entity,
            "expand": self._expand,
            "shortest-paths": self._paths,
            "components": lambda result: self._groups(result, "components", "part"),
            "communities": lambda result: self._groups(result, "communities", "group"),
            "degree": self._degree,
        }
        yield from tell[self._answer["question"]](self._answer["result"])
        yield from self._closing()

    def name(self, entity_id: str) -> str:
        """An entity as a person would name it: caption and kind."""
        entity = self._entities.get(entity_id)
        if entity is None:
            return entity_id
        return f"{visible(entity['caption'])} ({self._kind(entity['kind'])})"

    def step(self, link_id: str, start: str) -> str:
        """A link as it is walked from one of its ends: its label, date, amount, grade and sources."""
        link = self._links[link_id]
        kind = link["kind"]
        if kind in self._ontology.link_kinds:
            known = self._ontology.link_kinds[kind]
            label = known.label if link["source"] == start or not known.directed else known.reverse
        else:
            label = self._kind(kind) + (" to" if link["source"] == start else " from")
        return f"{label} {_bracket(facts(link))}".rstrip()

    def _paths(self, result: Json) -> Iterator[str]:
        if not result["paths"]:
            proof = result["proof"]
            known = _PROOFS.get(proof["reason"])
            if proof["reason"] == "bound":
                shortest = proof["shortest"]
                known = f"No path of {proof['max_hops']} links or fewer" + (
                    f"; the shortest has {shortest}." if shortest else "."
                )
            yield str(known)
            return
        many = len(result["paths"])
        yield f"{many} shortest path{'s' if many > 1 else ''} of {result['paths'][0]['length']} links:"
        for number, path in enumerate(result["paths"], 1):
            yield ""
            yield f"{number}. {self._told(path['entities'][0])}"
            for start, link, end in zip(path["entities"], path["links"], path["entities"][1:], strict=False):
                yield f"   — {self.step(link, start)} → {self._told(end)}"

    def _told(self, entity_id: str) -> str:
        """The name, and for an event its own date, amount and sources."""
        entity = self._entities.get(entity_id)
        event = entity and self._ontology.entity_kind(entity["kind"]).event
        return (
            f"{self.name(entity_id)} {_bracket(facts(entity))}".rstrip() if entity and event else self.name(entity_id)
        )

    def _find(self, result: Json) -> Iterator[str]:
        yield f"{result['total']} found" + (":" if result["hits"] else ".")
        for hit in result["hits"]:
            yield f"  {hit['score']:.2f}  {self.name(hit['id'])}  [{hit['id']}]"

    def _entity(self, result: Json) -> Iterator[str]:
        entity = self._entities[result["entity"]]
        yield f"{self.name(entity['id'])}  [{entity['id']}], probability {entity['probability']:.2f}"
        types = self._ontology.entity_kind(entity["kind"]).properties
        for name, values in entity["properties"].items():
            label = types[name].label if name in types else name
            yield f"  {label}: {', '.join(map(visible, values))}"
        yield "said by:"
        for record in entity["records"]:
            said = "; ".join(f"{name}: {', '.join(map(visible, v))}" for name, v in record["properties"].items())
            yield f"  {record['grade']} {visible(source_name(record['source']))} {visible(record['row'])} — {said or 'that it exists'}"
        yield f"{result['degree']} links:"
        for count in result["links"]:
            kind = self._ontology.link_kinds.get(count["kind"])
            label = count["kind"] if kind is None else kind.reverse if count["direction"] == "in" else kind.label
            yield f"  {count['links']} {label}"

    def _expand(self, result: Json) -> Iterator[str]:
        for distance, layer in enumerate(result["layers"]):
            if distance:
                yield f"{len(layer)} at {distance} link{'s' if distance > 1 else ''}:"
            for entity_id in layer:
                if not distance:
                    yield f"Around {self.name(entity_id)}:"
                    continue
                how = sorted(
                    {self._how(link) for link in self._links.values() if entity_id in (link["source"], link["target"])}
                )
                yield f"  {self.name(entity_id)} — {'; '.join(how[:3])}" + (" …" if len(how) > 3 else "")
        for left in result["left_out"]:
            yield f"not shown: {left['links']} {left['kind']} at {self.name(left['entity'])}"

    def _how(self, link: Json) -> str:
        kind = self._ontology.link_kinds.get(link["kind"])
        label = kind.label if kind else self._kind(link["kind"])
        return f"{visible(self._caption(link['source']))} {label} {visible(self._caption(link['target']))}"

    def _caption(self, entity_id: str) -> str:
        return str(self._entities[entity_id]["caption"]) if entity_id in self._entities else entity_id

    def _groups(self, result: Json, key: str, word: str) -> Iterator[str]:
        yield f"{result['total']} {word}s" + (
            f", modularity {result['modularity']:.3f} ({result['algorithm']})" if "modularity" in result else ""
        )
        for number, group in enumerate(result[key], 1):
            kinds: dict[str, int] = {}
            for member in group["members"]:
                if member in self._entities:
                    kind = self._ontology.entity_kind(self._entities[member]["kind"])
                    kinds[kind.label] = kinds.get(kind.label, 0) + 1
            counted = ", ".join(f"{many} {kind}" for kind, many in sorted(kinds.items(), key=lambda k: -k[1])[:6])
            yield f"{word.capitalize()} {number}: {group['size']} members" + (f" — {counted}" if counted else "")
            known = sorted(group["members"], key=self._is_event)
            names = [self.name(member) for member in known[:8]]
            yield "  " + "; ".join(names) + (" …" if group["size"] > len(names) else "")

    def _is_event(self, entity_id: str) -> bool:
        entity = self._entities.get(entity_id)
        return entity is not None and self._ontology.entity_kind(entity["kind"]).event

    def _degree(self, result: Json) -> Iterator[str]:
        for number, ranked in enumerate(result["ranking"], 1):
            kinds = ", ".join(f"{many} {kind}" for kind, many in ranked["by_kind"].items())
            yield f"{number}. {self.name(ranked['id'])}: {ranked['degree']} links to {ranked['neighbours']} others ({kinds})"

    def _closing(self) -> Iterator[str]:
        answer = self._answer
        yield ""
        if answer["truncated"]:
            yield "More exists than is shown here."
        yield (
            f"[{answer['engine']} on {answer['store']}, revision {answer['revision']}; {answer['explored']:,} links looked at]"
        )

    def _kind(self, name: str) -> str:
        kind = self._ontology.entity_kinds.get(name)
        return kind.label if kind else name


def facts(thing: Json) -> str:
    """Date, amount, grade and sources of an entity or link, as far as they are known."""
    properties = thing["properties"]
    parts = []
    dates = properties.get("date") or [d for d in (thing.get("valid_from"), thing.get("valid_to")) if d]
    if dates:
        parts.append("–".join(dict.fromkeys(dates)))
    if properties.get("amount"):
        parts.append(f"{' '.join(properties.get('currency', [])[:1])} {_thousands(properties['amount'][0])}".strip())
    sources = list(dict.fromkeys(f"{record['grade']} {source_name(record['source'])}" for record in thing["records"]))
    if sources:
        parts.append(visible(", ".join(sources[:3])) + (" …" if len(sources) > 3 else ""))
    return "; ".join(parts)


def source_name(source_id: str) -> str:
    """A source's id without the digits of its content that end it: what a person calls it."""
    return _CONTENT_DIGITS.sub("", source_id)


def visible(text: str) -> str:
    """Text for a terminal: control and direction characters are shown by their code points, never obeyed."""
    return "".join(c if c.isprintable() or c == " " else f"⟦U+{ord(c):04X}⟧" for c in str(text))


def _thousands(amount: str) -> str:
    whole, point, rest = amount.partition(".")
    return f"{int(whole):,}{point}{rest}"


def _bracket(text: str) -> str:
    return f"({text})" if text else ""
