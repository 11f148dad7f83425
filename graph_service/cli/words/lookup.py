"""What was looked up, in words: hits, an entity by source, who is around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph_service.cli.facts import Json
from graph_service.cli.show import clean
from graph_service.cli.words.told import Tell, Told, many, some


def find(told: Told, result: Json) -> Iterator[str]:
    """The hits with their scores."""
    yield f"{result['total']:,} found" + (":" if result["hits"] else ".")
    for hit in result["hits"]:
        said = told.entities[hit["id"]]["properties"]
        place = ", ".join(dict.fromkeys([*said.get("country", []), *said.get("nationality", [])][:3]))
        yield f"  {hit['score']:.2f}  {told.name(hit['id'])}{', ' + place if place else ''}  [{clean(hit['id'])}]"


def entity(told: Told, result: Json) -> Iterator[str]:
    """All that is known of one, source by source."""
    one = told.entities[result["entity"]]
    yield f"{told.full(one['id'])}, probability {one['probability']:.2f}"
    if one["properties"]:
        yield f"  {told.names.properties(one['kind'], one['properties'])}"
    yield f"Said by {many(len(one['records']), 'record')}:"
    for record in one["records"]:
        marked = f", {' '.join(map(clean, record['markings']))}" if record["markings"] else ""
        yield f"  {record['grade']} {told.names.source(record['source'])}, {clean(record['row'])}{marked}"
        if record["properties"]:
            yield f"     {told.names.properties(record['kind'], record['properties'])}"
    yield many(result["degree"], "link") + (":" if result["links"] else ".")
    for count in result["links"]:
        yield f"  {count['links']:,} × {told.names.direction(count['kind'], count['direction'])}"


def expand(told: Told, result: Json) -> Iterator[str]:
    """Layer by layer, and what was not followed."""
    yield f"Around {told.full(result['entity'])}:"
    before: set[str] = set()
    for distance, layer in enumerate(result["layers"]):
        if distance:
            yield f"{many(len(layer), 'entity', 'entities')} {many(distance, 'link')} away:"
            yield from some([f"  {_reached(told, one, before)} {told.full(one)}" for one in layer])
        before |= set(layer)
    for left in result["left_out"]:
        kind = told.names.kind(left["kind"])
        yield f"Not followed: {many(left['links'], 'link')} “{kind}” at {told.name(left['entity'])}"


def _reached(told: Told, entity_id: str, before: set[str]) -> str:
    """How an entity is linked to those that were reached before it."""
    steps = []
    for link in told.links.values():
        ends = {link["source"], link["target"]}
        if entity_id in ends and (near := sorted(ends & before)):
            steps.append((near[0], told.step(link["id"], near[0])))
    start, step = min(steps) if steps else ("", "")
    more = f" (and {many(len(steps) - 1, 'link')} more)" if len(steps) > 1 else ""
    origin = f"{told.name(start)} " if start and start != told.answer["parameters"].get("entity") else ""
    return f"{origin}{step}{more}"


TELL: Mapping[str, Tell] = {"find": find, "entity": entity, "expand": expand}
