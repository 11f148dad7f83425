"""What is reached, shared and joined, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from graph_service.cli.facts import Json
from graph_service.cli.show import clean
from graph_service.cli.words.paths import reason, tamed
from graph_service.cli.words.told import Tell, Told, many, some

_KINDS, _NAMED, _SHOWN = 6, 6, 10


def reach(told: Told, result: Json) -> Iterator[str]:
    """How much by distance and kind, what is nearest, and where it goes on."""
    asked = told.answer["parameters"]
    sources = _several(told, result["sources"])
    within = many(asked["max_hops"], "link")
    if not result["total"]:
        yield f"Nothing is reached from {sources}."
        yield from tamed(result["tamed"], found=False)
        return
    total = many(result["total"], "entity", "entities")
    yield f"{total} within {within} of {sources}: {_kinds(told, result['by_kind'])}."
    for layer in result["layers"]:
        yield f"  {many(layer['distance'], 'link')} away: {layer['total']:,} ({_kinds(told, layer['by_kind'])})"
    yield "The nearest:"
    yield from some([f"  {_far(row, asked)}: {_came(told, row)}" for row in result["reached"]])
    if result["boundary_total"]:
        yield f"It goes on from {many(result['boundary_total'], 'entity', 'entities')}, most of all from:"
        for row in result["boundary"][:_SHOWN]:
            yield f"  {told.name(row['id'])}, {many(row['links'], 'link')} on"
    else:
        yield "It ends there: no link leads on."
    yield from tamed(result["tamed"], found=True)


def common(told: Told, result: Json) -> Iterator[str]:
    """What is shared, the rarest first, and whom it ties how strongly."""
    asked = told.answer["parameters"]
    holders = many(len(set(asked["entities"])), "entity", "entities")
    within = many(asked["max_hops"], "link")
    if not result["shared"]:
        yield f"The {holders} share nothing within {within} of each."
        yield from tamed(result["tamed"], found=False)
        return
    yield f"The {holders} share {many(result['total'], 'thing')} within {within} of each, the rarest first:"
    for number, one in enumerate(result["shared"], 1):
        parties = many(one["parties"], "entity", "entities")
        yield f"{number}. {told.full(one['id'])} — linked to {parties}, weight {one['weight']:.3f}"
        shown = (f"{told.name(each['id'])} ({many(each['distance'], 'link')})" for each in one["holders"][:_SHOWN])
        yield f"   shared by {len(one['holders'])}: {'; '.join(shown)}{' …' if len(one['holders']) > _SHOWN else ''}"
    if result["pairs"]:
        yield "So these are tied, by what both are linked to:"
        rows = (
            f"  {pair['weight']:.3f}  {told.name(pair['source'])} and {told.name(pair['target'])} "
            f"({many(pair['shared'], 'thing')})"
            for pair in result["pairs"]
        )
        yield from some(list(rows))
    yield from tamed(result["tamed"], found=True)


def connecting(told: Told, result: Json) -> Iterator[str]:
    """Who hangs together and by how much, who lies between, who is how far from whom, and who stays apart."""
    entities, groups = result["entities"], result["groups"]
    pairs = len(entities) * (len(entities) - 1) // 2
    within = many(told.answer["parameters"]["max_hops"], "link")
    named = many(len(entities), "entity", "entities")
    joined = f"({result['joined']:,} of {many(pairs, 'pair')} within {within})"
    if len(groups) == 1:
        yield f"All {named} hang together {joined}."
    else:
        yield f"The {named} fall into {many(len(groups), 'group')} {joined}."
    for number, group in enumerate(groups, 1):
        yield f"{number}. {_several(told, group['entities'])}"
        if group["tree"]:
            yield f"   joined by {_tree(group['tree'], told.answer['parameters']['cost'] == 'links')}"
        if group["apart"]:
            yield f"   apart from all others: {reason(group['apart'])}"
    if result["connectors"]:
        yield "Who lies between most of them:"
        for row in result["connectors"][:_SHOWN]:
            yield f"  {told.name(row['id'])}: on the ways of {many(row['pairs'], 'pair')}"
    if result["ways"]:
        yield "The ways between two, the shortest first:"
        yield from some([f"  {_way(told, row)}" for row in result["ways"]])
    yield from tamed(result["tamed"], found=bool(result["ways"]))


def _tree(tree: Json, by_links: bool) -> str:
    """How large a tree is, and how much smaller any could be."""
    between = many(len(tree["entities"]), "entity", "entities")
    size = f"{many(len(tree['links']), 'link')} among {between}"
    if not by_links:
        size += f" (cost {tree['cost']:.3f})"
    if tree["at_least"] is None:
        return f"{size}, hubs among them"
    if tree["at_least"] >= tree["cost"]:
        return f"{size}; none is smaller"
    over = 100 * (tree["cost"] / tree["at_least"] - 1)
    return f"{size}; at most {over:.0f} % above the least there is"


def _way(told: Told, row: Json) -> str:
    between = row["path"]["entities"][1:-1]
    past = f" past {', '.join(map(told.name, between))}" if between else ""
    hub = " (only through a hub)" if row["hubs"] else ""
    return f"{told.name(row['source'])} to {told.name(row['target'])}: {many(row['path']['length'], 'link')}{past}{hub}"


def _far(row: Json, asked: Json) -> str:
    """How far, at what cost, or when."""
    links = many(row["distance"], "link")
    match asked["cost"]:
        case "evidence":
            return f"cost {row['cost']:.3f}, {links}"
        case "time":
            return f"{'by' if asked['backwards'] else 'from'} {clean(row['day'])}, {links}"
    return links


def _came(told: Told, row: Json) -> str:
    return f"{told.name(row['before'])} {told.step(row['link'], row['before'])} {told.full(row['id'])}"


def _kinds(told: Told, by_kind: Mapping[str, int]) -> str:
    ranked = sorted(by_kind.items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(f"{count:,} {told.names.kind(kind)}" for kind, count in ranked[:_KINDS])
    return named + (" …" if len(ranked) > _KINDS else "")


def _several(told: Told, ids: Sequence[str]) -> str:
    return ", ".join(map(told.name, ids[:_NAMED])) + (f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else "")


TELL: Mapping[str, Tell] = {"reach": reach, "common": common, "connecting-network": connecting}
