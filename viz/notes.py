"""What an answer says about its own limits: what was cut, held back or not found, and what its claim hangs on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from graph_service.model.answer import Answer
from viz.text import shortened, visible

_NAMED = 3
Name = Callable[[str], str]


def notes_of(answer: Answer[Any], captions: Mapping[str, str]) -> tuple[str, ...]:
    """The notes beside a chart, entities called by their captions."""

    def name(entity: str) -> str:
        return shortened(visible(captions.get(entity, entity)), 60)

    return tuple(_notes(answer, name))


def _notes(answer: Answer[Any], name: Name) -> Iterator[str]:
    result = answer.result
    if answer.truncated:
        yield "Truncated: more exists than is shown; the answer met one of its limits."
    if not answer.subgraph.entities:
        yield "Nothing to draw: the answer holds no entities."
    if (proof := getattr(result, "proof", None)) is not None:
        yield _none(proof, "cycle" if hasattr(result, "cycles") else "path")
    if (hubs := getattr(result, "tamed", None)) is not None:
        yield _tamed(hubs, name)
    if left_out := getattr(result, "left_out", ()):
        links = sum(part.links for part in left_out)
        yield f"{links:,} links of {len({part.entity for part in left_out}):,} entities were not followed (marked +)."
    yield from _of_ways(answer, name)
    yield from _of_reach(result)
    yield from _of_groups(result)
    yield from _of_rankings(result)


def _none(proof: Any, what: str) -> str:
    """Why there is no path or cycle, and how sure that is."""
    match proof.reason:
        case "exhausted":
            return (
                f"No {what}: everything that can be reached was looked at, and there is none of any length in this"
                " scope."
            )
        case "bound":
            longer = f" the shortest has {proof.shortest} links" if proof.shortest else " there may be longer ones"
            return f"No {what} of at most {proof.max_hops} links;{longer}."
        case "conditions":
            unmet = ", ".join(visible(condition) for condition in proof.unmet)
            each = f"none fulfils: {unmet}" if unmet else "none fulfils all conditions, though each can be met alone"
            return f"No {what} as asked: there are ways of at most {proof.max_hops} links, but {each}."
        case _:
            return f"No {what} was found before the work limit was met; there may be one."


def _tamed(hubs: Any, name: Name) -> str:
    counted = f"{_counted(hubs.total, 'hub')} ({_some(hubs.hubs, name, hubs.total)})"
    if hubs.passed:
        return f"No way leads around the {counted}, so ways were let through."
    return f"{counted} held back: no way was led through, because a hub connects without meaning."


def _of_ways(answer: Answer[Any], name: Name) -> Iterator[str]:
    result = answer.result
    strengths = getattr(result, "strengths", ()) or filter(None, [getattr(result, "strength", None)])
    for strength in list(strengths)[:1]:
        sources = _counted(strength.weakest_sources, "source")
        yield (
            f"The first path holds with {strength.probability:.2f}; its weakest link, drawn bold, with "
            f"{strength.weakest_probability:.2f} by {sources}: one more source of grade B2 for it would make "
            f"{strength.strengthened:.2f}."
        )
    if getattr(result, "routes", ()):
        what = str(answer.parameters.get("share_no", "part"))
        yield _hangs_on(result.cut, what, int(str(answer.parameters.get("cut_most", 0))), name)
    if undated := getattr(result, "undated", 0):
        takes = (
            "links without a date are in every window" if hasattr(result, "periods") else "undated links take no part"
        )
        yield f"{undated:,} {takes}."
    if len(groups := [one for one in getattr(result, "groups", ()) if hasattr(one, "tree")]) > 1:
        told = "; ".join(_some(group.entities, name) for group in groups)
        yield f"They fall into {len(groups)} groups that no way joins: {told}."


def _hangs_on(cut: Iterable[str] | None, what: str, most: int, name: Name) -> str:
    if cut is None:
        return f"No {_counted(most, what)} break every way." if most != 1 else f"No {what} alone breaks every way."
    parts = tuple(cut)
    named = f": {_some(parts, name)}" if what != "link" else ""
    return f"Every way breaks without {_counted(len(parts), what)}{named}."


def _counted(count: int, what: str) -> str:
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{count:,} {what if count == 1 else plural}"


def _of_reach(result: Any) -> Iterator[str]:
    total, reached = getattr(result, "total", 0), getattr(result, "reached", ())
    if total > len(reached) > 0:
        yield f"{total:,} entities are reached; the {len(reached):,} nearest are drawn."
    if boundary := getattr(result, "boundary_total", 0):
        yield f"From {boundary:,} of the entities reached links lead on (marked +)."


def _of_groups(result: Any) -> Iterator[str]:
    if periods := getattr(result, "periods", ()):
        yield f"Outlined: the groups of the last window, {visible(periods[-1].start)} to {visible(periods[-1].end)}."
    if hasattr(result, "crossers") and not result.ties and not result.intermediaries and result.left_size:
        yield "Nothing joins the two sides, neither a link nor an entity that both are linked to."
    if getattr(result, "crossers", None) is not None and (cut := result.cut) is not None and cut.size:
        lone = cut.size == 1
        yield f"All of it hangs on {cut.size:,} {'entity, ringed' if lone else 'entities, ringed'} in the chart."
    if getattr(result, "shells", None) is not None:
        yield f"Drawn: the core at {result.k}; the deepest that anybody is in is {result.deepest}."


def _of_rankings(result: Any) -> Iterator[str]:
    if getattr(result, "similar", None) == ():
        yield f"Nobody alike among the {result.compared:,} compared."
    if never := getattr(result, "never", 0):
        yield f"{never:,} {'victim is' if never == 1 else 'victims are'} in this network, who are never ranked."
    if (error := getattr(result, "error", None)) is not None:
        yield f"Scores are estimated from {result.samples:,} samples: each is within {error:.3g} of the truth at 95 %."
    if draws := getattr(result, "draws", 0):
        yield f"Ranks are those in {draws:,} plausible networks around the one reported."
    if getattr(result, "curves", ()):
        yield "A what-if on incomplete data: the network is drawn as it is, before anybody is taken out."
    if hubs := getattr(result, "hubs", ()):
        yield f"{len(hubs):,} of its neighbours have too many links to be followed."


def _some(names: Iterable[str], name: Name, total: int = 0) -> str:
    told = list(names)
    more = max(total, len(told)) - len(told[:_NAMED])
    return ", ".join(map(name, told[:_NAMED])) + (f" and {more:,} more" if more else "")
