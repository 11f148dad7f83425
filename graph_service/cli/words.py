"""Answers in words: what a person would say, with dates, amounts, grades and sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from graph_service.cli.facts import Json, Names
from graph_service.cli.show import clean

_SHOWN = 60
_MEMBERS = 8
_SCOPE = {"as": "holding", "from": "from", "to": "to", "known": "as known", "kinds": "only", "min_grade": "graded"}


class Teller:
    """Tells one answer."""

    def __init__(self, answer: Json, ontology: Json, sources: Iterable[Json]) -> None:
        """The answer, the ontology and the sources as plain JSON."""
        self._answer = answer
        self._names = Names(ontology, sources)
        self._entities: Mapping[str, Json] = {one["id"]: one for one in answer["subgraph"]["entities"]}
        self._links: Mapping[str, Json] = {one["id"]: one for one in answer["subgraph"]["links"]}

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
        yield from tell.get(self._answer["question"], self._evidence)(self._answer["result"])
        yield from self._closing()

    def name(self, entity_id: str) -> str:
        """An entity as a person would name it: caption and kind."""
        entity = self._entities.get(entity_id)
        return f"{named(entity)} ({self._names.kind(entity['kind'])})" if entity else clean(entity_id)

    def _told(self, entity_id: str) -> str:
        """The name with the id; for an event its own date, amount and sources too."""
        entity = self._entities.get(entity_id)
        facts = f" {self._names.facts(entity)}" if entity and self._names.is_event(entity["kind"]) else ""
        return f"{self.name(entity_id)}{facts} [{clean(entity_id)}]"

    def _step(self, link_id: str, start: str) -> str:
        """A link as it is walked from one of its ends: in words, with date, amount, grade and sources."""
        link = self._links[link_id]
        return f"—{self._names.link(link, start)} {self._names.facts(link)}".rstrip() + "→"

    def _paths(self, result: Json) -> Iterator[str]:
        asked = self._answer["parameters"]
        ends = f"from {self.name(asked['source'])} to {self.name(asked['target'])}"
        if not result["paths"]:
            yield f"No path {ends}. {_reason(result['proof'])}"
            return
        length = result["paths"][0]["length"]
        yield f"{_many(len(result['paths']), 'path')} of {_many(length, 'link')} {ends}:"
        for number, path in enumerate(result["paths"], 1):
            yield ""
            yield f"{number}. {self._told(path['entities'][0])}"
            for start, link, end in zip(path["entities"], path["links"], path["entities"][1:], strict=False):
                yield f"   {self._step(link, start)} {self._told(end)}"

    def _find(self, result: Json) -> Iterator[str]:
        yield f"{result['total']:,} found" + (":" if result["hits"] else ".")
        for hit in result["hits"]:
            said = self._entities[hit["id"]]["properties"]
            place = ", ".join(dict.fromkeys([*said.get("country", []), *said.get("nationality", [])][:3]))
            yield f"  {hit['score']:.2f}  {self.name(hit['id'])}{', ' + place if place else ''}  [{clean(hit['id'])}]"

    def _entity(self, result: Json) -> Iterator[str]:
        entity = self._entities[result["entity"]]
        yield f"{self._told(entity['id'])}, probability {entity['probability']:.2f}"
        if entity["properties"]:
            yield f"  {self._names.properties(entity['kind'], entity['properties'])}"
        yield f"Said by {_many(len(entity['records']), 'record')}:"
        for record in entity["records"]:
            marked = f", {' '.join(map(clean, record['markings']))}" if record["markings"] else ""
            yield f"  {record['grade']} {self._names.source(record['source'])}, {clean(record['row'])}{marked}"
            if record["properties"]:
                yield f"     {self._names.properties(record['kind'], record['properties'])}"
        yield _many(result["degree"], "link") + (":" if result["links"] else ".")
        for count in result["links"]:
            yield f"  {count['links']:,} × {self._names.direction(count['kind'], count['direction'])}"

    def _expand(self, result: Json) -> Iterator[str]:
        yield f"Around {self._told(result['entity'])}:"
        before: set[str] = set()
        for distance, layer in enumerate(result["layers"]):
            if distance:
                yield f"{_many(len(layer), 'entity', 'entities')} {_many(distance, 'link')} away:"
                yield from _some([f"  {self._reached(one, before)} {self._told(one)}" for one in layer])
            before |= set(layer)
        for left in result["left_out"]:
            kind = self._names.kind(left["kind"])
            yield f"Not followed: {_many(left['links'], 'link')} “{kind}” at {self.name(left['entity'])}"

    def _reached(self, entity_id: str, before: set[str]) -> str:
        """How an entity is linked to those that were reached before it."""
        steps = []
        for link in self._links.values():
            ends = {link["source"], link["target"]}
            if entity_id in ends and (near := sorted(ends & before)):
                steps.append((near[0], self._step(link["id"], near[0])))
        start, step = min(steps) if steps else ("", "")
        more = f" (and {_many(len(steps) - 1, 'link')} more)" if len(steps) > 1 else ""
        origin = f"{self.name(start)} " if start and start != self._answer["parameters"].get("entity") else ""
        return f"{origin}{step}{more}"

    def _groups(self, result: Json, key: str, word: str) -> Iterator[str]:
        quality = f", modularity {result['modularity']:.3f} ({result['algorithm']})" if "modularity" in result else ""
        yield f"{_many(result['total'], word)}{quality}"
        for number, group in enumerate(result[key], 1):
            kinds = Counter(
                self._names.kind(self._entities[m]["kind"]) for m in group["members"] if m in self._entities
            )
            counted = ", ".join(f"{many:,} {kind}" for kind, many in kinds.most_common(6))
            yield f"{word.capitalize()} {number}: {group['size']:,} members" + (f" — {counted}" if counted else "")
            shown = sorted(group["members"], key=self._rank)[:_MEMBERS]
            yield f"  {'; '.join(map(self.name, shown))}{' …' if group['size'] > len(shown) else ''}"

    def _rank(self, entity_id: str) -> tuple[bool, bool]:
        """Those that are known by a name come first, then numbers, then events."""
        entity = self._entities.get(entity_id)
        if entity is None:
            return True, True
        return self._names.is_event(entity["kind"]), not named(entity)[:1].isalpha()

    def _degree(self, result: Json) -> Iterator[str]:
        yield "The most connected:"
        for number, ranked in enumerate(result["ranking"], 1):
            kinds = ", ".join(f"{many:,} {self._names.kind(kind)}" for kind, many in ranked["by_kind"].items())
            counted = f"{_many(ranked['degree'], 'link')} with {_many(ranked['neighbours'], 'other')}"
            yield f"{number:>3}. {self.name(ranked['id'])}: {counted} ({kinds}) [{clean(ranked['id'])}]"

    def _evidence(self, _result: Json) -> Iterator[str]:
        """A question that has no words of its own yet: what its answer stands on."""
        for link in self._links.values():
            yield f"  {self.name(link['source'])} {self._step(link['id'], link['source'])} {self.name(link['target'])}"

    def _closing(self) -> Iterator[str]:
        answer, scope = self._answer, self._answer["scope"]
        yield ""
        if answer["truncated"]:
            yield "More exists than is told here: a limit was met."
        told = [f"{words} {_listed(scope[name])}" for name, words in _SCOPE.items() if scope.get(name) is not None]
        told += ["events collapsed"] if scope["events"] == "collapsed" else []
        if told:
            yield f"Scope: {'; '.join(told)}."
        looked = f"{_many(answer['explored'], 'link')} looked at"
        yield f"Answered by {answer['engine']} on {answer['store']}, revision {answer['revision']}; {looked}."


def named(entity: Json) -> str:
    """What an entity is called."""
    return clean(entity["caption"] or entity["id"])


def _reason(proof: Json) -> str:
    """Why there is no path, and how sure that is."""
    match proof["reason"]:
        case "exhausted":
            return "Everything that one of the two can reach was seen: there is none of any length."
        case "bound":
            shortest = proof["shortest"]
            longer = f"the shortest has {shortest}" if shortest else "a longer one was not looked for"
            return f"None has {_many(proof['max_hops'], 'link')} or fewer; {longer}."
        case _:
            return "The search met its limit before it was known whether there is one."


def _listed(value: object) -> str:
    return ", ".join(map(clean, value)) or "no marking" if isinstance(value, list) else clean(value)


def _some(lines: list[str]) -> Iterator[str]:
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield f"  … and {len(lines) - _SHOWN:,} more (--json tells all)"


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"
