"""Room for texts: long paths in lanes, rings turned and widened so that labels are read, gaps that fit their labels."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.model.graph import Path
from graph_service.model.ontology import load_ontology
from tests.unit.viz.answers import AT, Paths, answer, entity, link
from viz.boxes import Boxes, Floats, Ints, overlaps, roomy
from viz.elements import Scene
from viz.layered import folded, layered_layout
from viz.placing import LINK_FONT
from viz.radial import radial_layout
from viz.scene import scene_of
from viz.text import text_size

ONTOLOGY = load_ontology()
NAME = "Importadora Valle Claro SAS"


def boxes(count: int, width: float = 120.0) -> Boxes:
    return Boxes(np.full(count, width), np.full(count, 26.0), np.full(count, 60.0))


def chain(count: int) -> Ints:
    return np.array([(node, node + 1) for node in range(count - 1)], dtype=np.int64).reshape(-1, 2)


def straight(count: int) -> Floats:
    return layered_layout(boxes(count), chain(count), list(range(count)), [100.0] * (count - 1))


def path_scene(length: int) -> Scene:
    """A chart of one path of so many links."""
    names = [f"e:{number:02}" for number in range(length + 1)]
    links = [link(f"l:{number:02}", one, other) for number, (one, other) in enumerate(itertools.pairwise(names))]
    found = Paths((Path(tuple(names), tuple(each.id for each in links), float(length)),))
    entities = [entity(name, caption=f"{NAME} {name}") for name in names]
    return scene_of(
        answer(entities, links, found, "shortest-paths", source=names[0], target=names[-1]), ONTOLOGY, drawn_at=AT
    )


def size_of(scene: Scene) -> tuple[float, float]:
    """Width and height between the outermost centres."""
    xs, ys = [node.x for node in scene.nodes], [node.y for node in scene.nodes]
    return max(xs) - min(xs), max(ys) - min(ys)


@pytest.mark.parametrize("count", range(1, 7))
def test_a_short_path_is_one_line(count: int) -> None:
    placed = straight(count)
    assert np.array_equal(folded(placed, boxes(count), list(range(count))), placed)


@pytest.mark.parametrize("count", range(7, 40))
def test_a_long_path_is_folded_and_no_box_touches_another(count: int) -> None:
    placed = folded(straight(count), boxes(count), list(range(count)))
    left, top, right, bottom = boxes(count).bounds(placed)
    whole_left, _, whole_right, _ = boxes(count).bounds(straight(count))
    assert right - left < 0.75 * (whole_right - whole_left)
    assert right - left < 4.5 * (bottom - top)
    assert len(overlaps(placed, boxes(count))) == 0


@pytest.mark.parametrize("count", range(7, 40))
def test_a_fold_keeps_the_distance_of_columns_and_goes_down_only(count: int) -> None:
    placed = folded(straight(count), boxes(count), list(range(count)))
    assert np.allclose(np.abs(np.diff(placed[:, 0])), 220.0)
    assert (np.diff(placed[:, 1]) >= 0).all()


def test_a_path_of_eight_is_read_to_the_right_and_back() -> None:
    placed = folded(straight(8), boxes(8), list(range(8)))
    assert np.sign(np.diff(placed[:, 0])).tolist() == [1, 1, 1, 1, -1, -1, -1]
    lanes = placed[:, 1].round(3).tolist()
    assert len(set(lanes[:4])) == len(set(lanes[5:])) == 1
    assert lanes[4] == (lanes[0] + lanes[7]) / 2


def test_a_high_drawing_is_not_folded() -> None:
    columns = [0, *(column for column in range(1, 7) for _ in range(12)), 7]
    ends = chain(len(columns))
    placed = layered_layout(boxes(len(columns)), ends, columns, [60.0] * 7)
    assert np.array_equal(folded(placed, boxes(len(columns)), columns), placed)


def test_nodes_of_one_column_stay_over_each_other_in_a_fold() -> None:
    columns = [0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9]
    ends = np.array([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (4, 6), (5, 7), (6, 7), (7, 8), (8, 9), (9, 10)])
    placed = layered_layout(boxes(11), ends, columns, [100.0] * 9)
    made = folded(placed, boxes(11), columns)
    assert made[5, 0] == made[6, 0]
    assert made[6, 1] - made[5, 1] == pytest.approx(placed[6, 1] - placed[5, 1])
    assert len(overlaps(made, boxes(11))) == 0


@pytest.mark.parametrize("length", [1, 2, 5, 6, 7, 9, 14, 20])
def test_the_texts_of_a_path_are_large_enough_on_a_page(length: int) -> None:
    """What is drawn must fit 1,100 by 600 pixels with letters of 7 pixels, of 9 up to nine links."""
    scene = path_scene(length)
    across, down = size_of(scene)
    scale = min(1.15, 1_100 / (across + 180), 600 / (down + 120))
    assert 14 * scale >= (9 if length <= 9 else 7)


@pytest.mark.parametrize("length", [1, 3, 6, 8, 13])
def test_labels_of_links_touch_no_node_of_a_path(length: int) -> None:
    scene = path_scene(length)
    at = {node.id: node for node in scene.nodes}
    for one in scene.links:
        width, height = text_size(one.label, LINK_FONT)
        middle = (at[one.source].x + at[one.target].x) / 2, (at[one.source].y + at[one.target].y) / 2
        for node in scene.nodes:
            clear = abs(middle[0] - node.x) >= width / 2 + node.size
            assert clear or abs(middle[1] - node.y) >= height / 2 + node.size


def test_a_gap_holds_its_label_where_columns_differ() -> None:
    wide = Boxes(np.array([240.0, 60.0]), np.full(2, 20.0), np.full(2, 40.0))
    placed = layered_layout(wide, chain(2), [0, 1], [100.0])
    middle = placed[:, 0].mean()
    assert middle - (placed[0, 0] + 120) >= 50
    assert (placed[1, 0] - 30) - middle >= 50


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 7, 10, 14])
def test_nothing_stands_right_above_or_below_the_start(count: int) -> None:
    ends = np.array([(0, node) for node in range(1, count + 1)], dtype=np.int64)
    placed = radial_layout(boxes(count + 1), ends, 0, [("Company",)] * (count + 1))
    angles = [abs(math.degrees(math.atan2(y, x))) for x, y in placed[1:].tolist()]
    assert min(abs(angle - 90) for angle in angles) > 8


stars = st.integers(1, 14).flatmap(
    lambda count: st.tuples(st.just(count), st.lists(st.integers(0, 120), min_size=count, max_size=count))
)


@given(stars)
@settings(max_examples=60, deadline=None)
def test_room_is_only_ever_added_and_at_most_doubles(star: tuple[int, list[int]]) -> None:
    count, widths = star
    ends = np.array([(0, node) for node in range(1, count + 1)], dtype=np.int64)
    placed = radial_layout(boxes(count + 1), ends, 0, [("Company",)] * (count + 1))
    labels = np.array([(float(width), 14.0 if width else 0.0) for width in widths])
    wider = roomy(placed, boxes(count + 1), ends, labels)
    factor = np.hypot(*wider[1]) / np.hypot(*placed[1])
    assert 1.0 <= round(float(factor), 9) < 2.05
    assert np.allclose(wider, placed * factor)
    assert len(overlaps(wider, boxes(count + 1))) == 0


def test_room_is_made_until_a_label_is_free() -> None:
    placed = np.array([[0.0, 0.0], [0.0, 130.0]])
    ends, labels = chain(2), np.array([[60.0, 14.0]])
    wider = roomy(placed, boxes(2), ends, labels)
    middle = wider[1, 1] / 2
    assert middle - 7 >= 60
    assert middle + 7 <= wider[1, 1] - 26


@pytest.mark.parametrize(
    ("ends", "label"),
    [([(0, 0)], (60.0, 14.0)), ([(0, 1)], (0.0, 0.0)), ([], None)],
    ids=["loop", "no label", "no link"],
)
def test_no_room_is_made_where_none_is_needed(ends: list[tuple[int, int]], label: tuple[float, float] | None) -> None:
    placed = np.array([[0.0, 0.0], [0.0, 130.0]])
    labels = np.array([label] if label else []).reshape(-1, 2)
    assert np.array_equal(roomy(placed, boxes(2), np.array(ends, dtype=np.int64).reshape(-1, 2), labels), placed)
