"""Key players, cores and cliques in words: who it is in a sentence, then the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph_service.cli.facts import Json
from graph_service.cli.show import clean
from graph_service.cli.words.told import Tell, Told, many, some

_BY = {
    "degree": "ties with {score:,.0f} others",
    "weighted-degree": "{score:,.0f} links with others",
    "closeness": "closeness {score:.4f}",
    "harmonic": "sum of nearness {score:,.3f}",
    "betweenness": "on {score:.2%} of the shortest paths between others",
    "eigenvector": "eigenvector score {score:.4f}",
    "pagerank": "PageRank {score:.6f}",
    "katz": "Katz score {score:.4f}",
    "constraint": "constraint {score:.4f}",
    "brokerage": "between {score:,.0f} pairs who have no tie",
    "clustering": "{score:.2%} of the pairs around have a tie",
    "articulation": "{score:,.0f} pairs reach each other only through it",
}
_MEMBERS = 8


def key_players(told: Told, result: Json) -> Iterator[str]:
    """The ranking or the set, what it rests on, and what it is not."""
    measure = result["measure"]
    yield from _set(told, result) if result["best_set"] else _ranking(told, result)
    if result["error"] is not None:
        drawn = f"Estimated from {many(result['samples'], 'sample')}"
        yield f"{drawn}: at 95 %, no score is off by more than {result['error']:.2%}."
    if measure == "articulation":
        yield f"{many(result['bridges_total'], 'tie')} would part the network" + (":" if result["bridges"] else ".")
        yield from some([f"  {told.name(one)} — {told.name(other)}" for one, other in result["bridges"]])
    if result["never"]:
        yield f"Never ranked: {many(result['never'], 'victim')}."
    yield "Position in what was recorded measures attention as well as role."


def _ranking(told: Told, result: Json) -> Iterator[str]:
    if not result["ranking"]:
        yield "Nobody to rank."
        return
    first = result["ranking"][0]
    among = f"of {result['candidates']:,}"
    equals = f", with {many(first['ties'] - 1, 'equal')}" if first["ties"] > 1 else ""
    least = " (the least is the best placed)" if result["measure"] == "constraint" else ""
    yield f"First by {result['measure']}{least} {among}: {told.name(first['id'])}{equals}."
    for player in result["ranking"]:
        score = _BY[result["measure"]].format(score=player["score"])
        yield f"{player['rank']:>3}. {told.name(player['id'])}: {score} [{clean(player['id'])}]"


def _set(told: Told, result: Json) -> Iterator[str]:
    best, parts = result["best_set"], result["measure"] == "kpp-neg"
    names = ", ".join(map(told.name, best["members"]))
    if parts:
        parted = f"{best['score']:.1%} of the pairs left do not reach each other ({best['before']:.1%} before)"
        yield f"Without {names}, {parted}."
    else:
        yield f"{names}: nobody reaches the others better; mean nearness {best['score']:.3f} of 1."
    yield from (f"  {told.name(member)} [{clean(member)}]" for member in best["members"])
    if best["exact"]:
        others = many(best["equals"] - 1, "other set")
        yield "No set is better" + (f"; {others} as good." if best["equals"] > 1 else ", and none is as good.")
    else:
        yield f"The best set found; not all sets of {many(best['considered'], 'candidate')} could be tried."
    score = f"{best['single_score']:.1%}" if parts else f"{best['single_score']:.3f}"
    yield f"The best one alone: {told.name(best['single'])}, {score}."


def cores(told: Told, result: Json) -> Iterator[str]:
    """The core in its parts, and how many are how deep."""
    rule = "truss" if told.answer["parameters"]["truss"] else "core"
    deepest = f"; the deepest is {result['deepest']}" if result["deepest"] != result["k"] else ", the deepest there is"
    yield f"{many(result['total'], 'part')} in the {result['k']}-{rule}{deepest}."
    for number, part in enumerate(result["parts"], 1):
        yield f"Part {number}: {many(part['size'], 'member')}"
        yield f"  {_some_names(told, part['members'], part['size'])}"
    for shell in reversed(result["shells"]):
        yield f"{shell['entities']:>9,} in the {shell['k']}-{rule} and no deeper"


def cliques(told: Told, result: Json) -> Iterator[str]:
    """The cliques, the largest first."""
    found = many(result["total"], "group")
    yield f"{found} in which everybody is tied to everybody" + (":" if result["cliques"] else ".")
    yield from some([f"{len(one):>4}: {_some_names(told, one, len(one))}" for one in result["cliques"]])


def _some_names(told: Told, members: list[str], size: int) -> str:
    shown = sorted(members, key=told.rank)[:_MEMBERS]
    return f"{'; '.join(map(told.name, shown))}{' …' if size > len(shown) else ''}"


TELL: Mapping[str, Tell] = {"key-players": key_players, "cores": cores, "cliques": cliques}
