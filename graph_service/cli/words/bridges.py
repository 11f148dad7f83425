"""What joins groups and countries, in words: ties, entities between, brokers, and how few it all hangs on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph_service.cli.facts import Json
from graph_service.cli.show import clean
from graph_service.cli.words.community import countries, in_a_row
from graph_service.cli.words.told import Tell, Told, many

_MEMBERS = 8
_ROLES = ("liaison", "gatekeeper", "representative", "itinerant", "coordinator")


def bridges_between(told: Told, result: Json) -> Iterator[str]:
    """Who and what joins two groups."""
    if not result["left_size"]:
        yield "The time was up before the groups were found; ask with more time, or name their members."
        return
    yield f"{_sides(result)}: {_joined(result)}"
    yield _least(told, result["cut"])
    if result["between"]:
        yield "Between them, by the pairs they join:"
    for number, one in enumerate(result["between"], 1):
        meets = f"{one['left']:,} of the left and {one['right']:,} of the right"
        known = f"{many(one['neighbours'], 'neighbour')} in all"
        yield f"{number:>3}. {told.name(one['id'])}: joins {meets}; {known} [{clean(one['id'])}]"
    if result["direct"]:
        yield "Direct ties:"
    for number, tie in enumerate(result["direct"], 1):
        yield f"{number:>3}. {told.name(tie['left'])} – {told.name(tie['right'])}: {many(tie['links'], 'link')}"
    if result["crossers"]:
        yield "Who reaches across:"
    for number, one in enumerate(result["crossers"], 1):
        reach = f"{many(one['across'], 'member')} of the other side by {many(one['links'], 'link')}"
        yield f"{number:>3}. {told.name(one['id'])} ({one['side']}): {reach}"


def _sides(result: Json) -> str:
    return f"Left {many(result['left_size'], 'member')}, right {many(result['right_size'], 'member')}"


def _joined(result: Json) -> str:
    if not result["ties"] and not result["intermediaries"]:
        return "nothing joins them directly or through one entity."
    between = many(result["intermediaries"], "entity", "entities")
    return f"{many(result['ties'], 'direct tie')}, and {between} between them."


def _least(told: Told, cut: Json | None) -> str:
    if cut is None:
        return "There are too many ways to say how few they hang on."
    if not cut["size"]:
        return ""
    named = in_a_row([told.name(one) for one in cut["members"]])
    more = f" and {cut['size'] - len(cut['members']):,} more" if cut["size"] > len(cut["members"]) else ""
    return f"All of it hangs on {many(cut['size'], 'entity', 'entities')}, and no fewer: {named}{more}."


def cross_border(told: Told, result: Json) -> Iterator[str]:
    """Groups by how they cross borders."""
    yield f"{many(result['total'], 'group')} of several countries ({result['algorithm']}); those that cross most first:"
    for number, group in enumerate(result["communities"], 1):
        yield f"Group {number}: {_extent(group)}, {_crossing(group)}"
        yield f"  {'; '.join(map(told.name, sorted(group['members'], key=told.rank)[:_MEMBERS]))}"
        yield from _attached(told, group)
        for broker in group["brokers"]:
            yield f"  between countries: {told.name(broker['id'])} of {clean(broker['country'])}, {_roles(broker)}"


def _extent(group: Json) -> str:
    parts = {part["country"]: part["members"] for part in group["countries"]}
    unplaced = f", {group['unplaced']:,} of no known country" if group["unplaced"] else ""
    where = many(len(parts), "country", "countries")
    return f"{many(group['size'], 'member')} in {where} ({countries(parts)}{unplaced})"


def _crossing(group: Json) -> str:
    index = group["external_internal"]
    if index is None:
        return "no tie between members of known countries"
    share = f"{group['crossing']:,} of {many(group['ties'], 'tie')} cross a border ({group['crossing_share']:.0%})"
    return f"{share}, E-I index {index:.2f}"


def _attached(told: Told, group: Json) -> Iterator[str]:
    parts = [
        f"{clean(part['country'])} {part['external_internal']:.2f}"
        for part in group["countries"]
        if part["external_internal"] is not None
    ]
    if parts:
        more = " …" if len(parts) > _MEMBERS else ""
        yield f"  E-I index by country (-1 inward, 1 outward): {'; '.join(parts[:_MEMBERS])}{more}"
    if group["secrecy"]:
        yield f"  secrecy jurisdictions: {', '.join(map(clean, group['secrecy']))}"
    for key, words in (("seizures", "seizures"), ("cases", "cases")):
        if group[key]:
            yield f"  {words}: {'; '.join(map(told.name, group[key]))}"


def _roles(broker: Json) -> str:
    played = [f"{role} {broker['roles'][role]:,}" for role in _ROLES if broker["roles"][role]]
    return f"{many(broker['across'], 'time')} between two others ({', '.join(played)})"


TELL: Mapping[str, Tell] = {"bridges-between": bridges_between, "cross-border-communities": cross_border}
