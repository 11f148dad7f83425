"""The plots of answers: which questions have one, and what it shows. Answers come as the plain JSON of the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from viz.plots import Interval, Line, Panel, curves, intervals

Json = Mapping[str, Any]


def plot_of(answer: Json) -> str:
    """The plot of an answer to one of the questions PLOTTED, as an SVG document."""
    return _PLOTS[answer["question"]](answer)


def _disruption(answer: Json) -> str:
    result = answer["result"]
    found = [curve for curve in result["curves"] if curve["points"]]
    largest = max([1.0, *(curve["points"][0]["largest"] for curve in found)])

    def panel(title: str, measure: str, most: float) -> Panel:
        lines = []
        for curve in found:
            values = [point[measure] for point in curve["points"]]
            band = measure == "fragmentation"
            low, high = (curve["low"], curve["high"]) if band else ((), ())
            lines.append(Line(curve["strategy"], values, low, high))
        return Panel(title, lines, most)

    panels = [
        panel("Fragmentation (pairs that no longer reach each other)", "fragmentation", 1.0),
        panel("Entities in the largest part", "largest", largest),
        panel("Efficiency (mean of 1 / distance)", "efficiency", _above(found, "efficiency")),
    ]
    if any(point["money"] is not None for curve in found for point in curve["points"]):
        panels.append(panel("Share of the amounts that still move", "money", 1.0))
    told = "; ".join(_ending(curve) for curve in found)
    title = f"What is left of {result['entities']:,} entities when some are taken out"
    return curves(title, f"A what-if on incomplete data. {told}.", panels, "removed")


def _above(found: Sequence[Json], measure: str) -> float:
    return 1.05 * max([1e-9, *(float(point[measure]) for curve in found for point in curve["points"])])


def _ending(curve: Json) -> str:
    first, last = curve["points"][0], curve["points"][-1]
    return (
        f"{curve['strategy']}: fragmentation from {first['fragmentation']:.3f} to {last['fragmentation']:.3f},"
        f" largest part from {first['largest']:g} to {last['largest']:g} after {len(curve['points']) - 1}"
    )


def _ranks(answer: Json) -> str:
    result, asked = answer["result"], answer["parameters"]
    captions = {one["id"]: one["caption"] or one["id"] for one in answer["subgraph"]["entities"]}
    top = asked["top"]
    rows = [
        Interval(
            captions.get(row["id"], row["id"]),
            row["low"],
            row["median"],
            row["high"],
            row["reported"],
            f"{100 * row['in_top']:.0f} % in the top {top}",
        )
        for row in result["ranks"]
    ]
    title = f"Ranks by {asked['measure']} in {result['draws']:,} plausible networks"
    told = "; ".join(
        f"{row.name}: rank {row.low:g} to {row.high:g}, median {row.middle:g}, {row.words}" for row in rows
    )
    level = f"{100 * asked['level']:g} %"
    key = f"bar: {level} of the networks · dot: median · ring: rank as reported"
    return intervals(title, f"{told}.", rows, "rank", key)


_PLOTS: Mapping[str, Callable[[Json], str]] = {"disruption": _disruption, "rank-uncertainty": _ranks}
PLOTTED = tuple(_PLOTS)
"""The questions whose answers have a plot."""
