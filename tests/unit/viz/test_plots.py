"""Plots: well-formed, the same for the same values, to scale, told in words, and deaf to hostile captions."""

from __future__ import annotations

import copy
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from graph_service.api.wire import answer_json
from graph_service.model.scope import EVERYTHING, Caller
from tests.e2e.hostile import hostile_strings
from tests.unit.api import served
from viz.figures import PLOTTED, plot_of
from viz.plots import Interval, Line, Panel, curves, intervals, ticks
from viz.svg import element, written

SVG = "{http://www.w3.org/2000/svg}"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def answers() -> dict[str, Json]:
    service = served.service()
    asked: dict[str, Json] = {
        "disruption": {"strategies": "degree,random", "count": 2, "runs": 4},
        "rank-uncertainty": {"draws": 20, "top": 2, "measure": "degree"},
    }
    found = {name: answer_json(service.ask(name, given, EVERYTHING, Caller())) for name, given in asked.items()}
    service.close()
    return found


def parsed(text: str) -> ET.Element:
    root = ET.fromstring(text)
    assert root.tag == SVG + "svg"
    return root


def words(root: ET.Element) -> list[str]:
    return ["".join(each.itertext()) for each in root.iter(SVG + "text")]


def places(line: ET.Element) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in line.attrib["points"].split())]


def panel() -> Panel:
    rising, falling = Line("rising", [0, 5, 10]), Line("falling", [10, 10, 0], [10, 8, 0], [10, 10, 4])
    return Panel("Height", [rising, falling], 10)


def test_every_plotted_question_has_a_plot_that_is_the_same_each_time(answers: dict[str, Json]) -> None:
    assert set(answers) == set(PLOTTED)
    for answer in answers.values():
        assert plot_of(answer) == plot_of(copy.deepcopy(answer))
        parsed(plot_of(answer))


def test_lines_are_to_scale_and_told_apart_without_colour() -> None:
    root = parsed(curves("Title", "What it shows", [panel()], "removed"))
    *legend, rising, falling = root.iter(SVG + "polyline")
    (x0, low), (x1, middle), (x2, high) = places(rising)
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)
    assert low - middle == pytest.approx(middle - high, abs=0.2)
    assert places(falling)[0] == (x0, high)
    assert places(falling)[2] == (x2, low)
    looks = [(line.attrib["stroke"], line.attrib["stroke-dasharray"]) for line in (rising, falling)]
    assert looks[0][1] != looks[1][1]
    assert [(line.attrib["stroke"], line.attrib["stroke-dasharray"]) for line in legend] == looks
    (band,) = root.iter(SVG + "polygon")
    assert len(places(band)) == 6
    assert {"rising", "falling", "Height", "removed", "Title"} <= set(words(root))


def test_intervals_run_from_low_to_high_with_both_marks() -> None:
    rows = [Interval("Ann", 1, 2, 5, 3, "often"), Interval("Ben", 2, 9, 9, 9, "never")]
    root = parsed(intervals("Title", "What it shows", rows, "rank", "key"))
    _, ann, ben = root.iter(SVG + "rect")
    ends = [(float(bar.attrib["x"]) + 5, float(bar.attrib["x"]) + float(bar.attrib["width"]) - 5) for bar in (ann, ben)]
    one = (ends[0][1] - ends[0][0]) / 4
    assert ends[1][0] - ends[0][0] == pytest.approx(one, abs=0.2)
    assert ends[1][1] - ends[0][1] == pytest.approx(4 * one, abs=0.4)
    ring, dot, *_ = root.iter(SVG + "circle")
    assert float(dot.attrib["cx"]) == pytest.approx(ends[0][0] + one, abs=0.2)
    assert float(ring.attrib["cx"]) == pytest.approx(ends[0][0] + 2 * one, abs=0.2)
    assert {"Ann", "Ben", "often", "never", "rank", "key"} <= set(words(root))


@pytest.mark.parametrize(
    ("most", "wanted"),
    [
        (1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (0.155, [0, 0.05, 0.1, 0.15]),
        (2_031, [0, 500, 1_000, 1_500, 2_000]),
        (0, [0]),
    ],
)
def test_ticks_are_round_numbers(most: float, wanted: list[float]) -> None:
    assert ticks(most) == wanted


def test_a_plot_says_by_title_and_description_what_it_shows(answers: dict[str, Json]) -> None:
    for answer, said in (
        (answers["disruption"], "degree: fragmentation from"),
        (answers["rank-uncertainty"], "median"),
    ):
        root = parsed(plot_of(answer))
        assert root.attrib["role"] == "img"
        told = {each.attrib["id"]: each.text or "" for each in root if "id" in each.attrib}
        assert root.attrib["aria-labelledby"].split() == list(told) == ["plot-title", "plot-words"]
        assert said in told["plot-words"]


def test_money_is_plotted_where_amounts_are_known(answers: dict[str, Json]) -> None:
    known = answers["disruption"]
    unknown = copy.deepcopy(known)
    for curve in unknown["result"]["curves"]:
        for point in curve["points"]:
            point["money"] = None
    title = "Share of the amounts that still move"
    assert title in words(parsed(plot_of(known)))
    assert title not in words(parsed(plot_of(unknown)))


def test_nothing_found_is_still_a_plot(answers: dict[str, Json]) -> None:
    for name, part in (("disruption", "curves"), ("rank-uncertainty", "ranks")):
        empty = copy.deepcopy(answers[name])
        empty["result"][part] = []
        parsed(plot_of(empty))


def test_a_hostile_caption_is_text_and_nothing_else(answers: dict[str, Json]) -> None:
    answer = copy.deepcopy(answers["rank-uncertainty"])
    harmless = sorted(each.tag for each in parsed(plot_of(answer)).iter())
    strings = list(hostile_strings(120))
    for text in strings:
        for one in answer["subgraph"]["entities"]:
            one["caption"] = text
        root = parsed(plot_of(answer))
        assert sorted(each.tag for each in root.iter()) == harmless
        assert not [key for each in root.iter() for key in each.attrib if key.startswith("on") or "href" in key]


@pytest.mark.parametrize("text", ["\x00", "\x1b[31m", "\u202e", "\ufffe", "\uffff", "\ud800", "<&>\"'", "a\nb"])
def test_characters_that_xml_or_eyes_do_not_bear_are_shown(text: str) -> None:
    root = ET.fromstring(element("g", written(text), title=text))
    shown = root.text or ""
    assert "\u202e" not in shown
    assert "\x1b" not in shown
    assert shown.encode()


@pytest.mark.parametrize(("value", "wanted"), [(1, "1"), (1.25, "1.2"), (-0.01, "0"), (-3.44, "-3.4"), (10, "10")])
def test_numbers_have_one_decimal_at_the_most(value: float, wanted: str) -> None:
    assert written(value) == wanted
