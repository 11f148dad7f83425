from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viz.boxes import Boxes, Floats, Ints, overlaps, packed, separated
from viz.layered import columns_of, layered_layout, parted, with_room
from viz.layout import clustered_layout, settled, side_by_side
from viz.radial import circle_layout, radial_layout
from viz.routing import curve_points, curves
from viz.stress import stress_layout


def boxes(count: int, width: float = 120.0) -> Boxes:
    return Boxes(np.full(count, width), np.full(count, 26.0), np.full(count, 60.0))


def pairs(*found: tuple[int, int]) -> Ints:
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def length(positions: Floats, one: int, other: int) -> float:
    return float(np.hypot(*(positions[one] - positions[other])))


graphs = st.integers(1, 24).flatmap(
    lambda count: st.tuples(
        st.just(count), st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=60)
    )
)


@given(graphs)
@settings(max_examples=60, deadline=None)
def test_force_layout_keeps_labels_apart_and_repeats_itself(graph: tuple[int, list[tuple[int, int]]]) -> None:
    count, found = graph
    placed = stress_layout(boxes(count), pairs(*found))
    assert np.isfinite(placed).all()
    assert len(overlaps(placed, boxes(count))) == 0
    assert np.array_equal(placed, stress_layout(boxes(count), pairs(*found)))


@given(graphs)
@settings(max_examples=40, deadline=None)
def test_rings_keep_labels_apart_and_repeat_themselves(graph: tuple[int, list[tuple[int, int]]]) -> None:
    count, found = graph
    order = [("Company", str(node)) for node in range(count)]
    placed = radial_layout(boxes(count), pairs(*found), 0, order)
    assert tuple(placed[0]) == (0.0, 0.0)
    assert len(overlaps(placed, boxes(count))) == 0
    assert np.array_equal(placed, radial_layout(boxes(count), pairs(*found), 0, order))


@given(graphs, st.integers(1, 5))
@settings(max_examples=40, deadline=None)
def test_clusters_do_not_lie_over_each_other(graph: tuple[int, list[tuple[int, int]]], groups: int) -> None:
    count, found = graph
    group_of = [node % groups for node in range(count)]
    placed = clustered_layout(boxes(count), pairs(*found), group_of)
    assert len(overlaps(placed, boxes(count))) == 0
    bounds = []
    for group in sorted(set(group_of)):
        members = np.flatnonzero(np.array(group_of) == group)
        bounds.append(boxes(count).take(members).bounds(placed[members]))
    for number, (left, top, right, bottom) in enumerate(bounds):
        for other in bounds[:number]:
            assert right < other[0] or other[2] < left or bottom < other[1] or other[3] < top


def test_force_layout_draws_a_chain_as_a_line() -> None:
    placed = stress_layout(boxes(6), pairs(*((node, node + 1) for node in range(5))))
    steps = [length(placed, node, node + 1) for node in range(5)]
    assert length(placed, 0, 5) > 0.95 * sum(steps)
    assert np.ptp(placed[:, 0]) > np.ptp(placed[:, 1])


def test_a_thousand_nodes_are_laid_out() -> None:
    rng = np.random.default_rng(7)
    ends = np.stack([np.arange(1, 1_000), rng.integers(0, np.arange(1, 1_000))], axis=1)
    assert len(overlaps(stress_layout(boxes(1_000), ends), boxes(1_000))) == 0


def test_nodes_in_one_place_are_parted() -> None:
    assert len(overlaps(separated(np.zeros((40, 2)), boxes(40)), boxes(40))) == 0


def test_boxes_are_packed_without_overlap() -> None:
    sizes = [(100.0, 30.0), (400.0, 200.0), (50.0, 90.0), (50.0, 90.0), (300.0, 20.0)]
    corners = packed(sizes, 10.0)
    for one, ((left, top), (width, height)) in enumerate(zip(corners, sizes, strict=True)):
        for (other_left, other_top), (other_width, other_height) in list(zip(corners, sizes, strict=True))[:one]:
            apart = left >= other_left + other_width or other_left >= left + width
            assert apart or top >= other_top + other_height or other_top >= top + height


def test_columns_follow_the_longest_way() -> None:
    assert columns_of(5, [[0, 1, 4], [0, 2, 3, 4]]) == [0, 1, 1, 2, 3]
    assert columns_of(4, [[0, 1]]) == [0, 1, -1, -1]


def test_walks_against_each_other_fall_back_to_the_shortest_way() -> None:
    assert columns_of(4, [[0, 1, 2, 3], [0, 2, 1, 3]]) == [0, 1, 1, 2]


def test_what_only_ends_walks_stands_behind_all_else() -> None:
    # 4 is reached by one step as well as by three; 1 and 2 are met in both orders.
    assert columns_of(5, [[0, 4], [0, 1, 2, 4], [0, 2, 1, 3, 4]]) == [0, 1, 1, 3, 4]


def test_paths_run_from_left_to_right_with_room_for_labels() -> None:
    columns = [0, 1, 1, 1, 2]
    placed = layered_layout(boxes(5), pairs((0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4)), columns, [80.0, 200.0])
    assert placed[0, 0] < placed[1, 0] == placed[2, 0] == placed[3, 0] < placed[4, 0]
    assert placed[4, 0] - placed[1, 0] == 120 + 200
    assert placed[0, 1] == placed[4, 1] == placed[2, 1]
    assert len(overlaps(placed, boxes(5))) == 0


def test_layers_are_ordered_so_that_links_do_not_cross() -> None:
    placed = layered_layout(
        boxes(6), pairs((0, 1), (0, 2), (1, 4), (2, 3), (3, 5), (4, 5)), [0, 1, 1, 2, 2, 3], [60.0] * 3
    )
    assert (placed[1, 1] < placed[2, 1]) == (placed[4, 1] < placed[3, 1])


def test_a_link_that_passes_a_column_has_room_there() -> None:
    drawing = (boxes(4), pairs((0, 1), (1, 3), (0, 2), (2, 3), (0, 3), (3, 0)), [0, 1, 1, 2])
    more, steps, columns = with_room(*drawing)
    assert columns == [0, 1, 1, 2, 1]
    assert steps.tolist() == [[0, 1], [0, 2], [0, 4], [1, 3], [2, 3], [4, 3]]
    placed = layered_layout(more, steps, columns, [60.0, 60.0])
    assert placed[4, 0] == placed[1, 0] == placed[2, 0]
    assert len(overlaps(placed, more)) == 0
    assert with_room(boxes(2), pairs((0, 1)), [0, 1])[2] == [0, 1]


def test_a_crowded_column_is_parted_and_keeps_its_place() -> None:
    columns = [0, *[1] * 50, -1, 2]
    found = parted(columns)
    assert found[0] == 0
    assert found[51] == -1
    assert set(found[1:51]) == set(range(1, found[52]))
    assert max(found.count(column) for column in found) <= 16
    assert parted([0, *[1] * 16, 2]) == [0, *[1] * 16, 2]


@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_a_cycle_is_a_circle_from_the_left_clockwise(count: int) -> None:
    order = list(range(count))[::-1]
    placed = circle_layout(boxes(count), order, [80.0] * count)
    radius = np.hypot(placed[:, 0], placed[:, 1])
    assert np.allclose(radius, radius[0], atol=1.0)
    assert placed[order[0]].tolist() == pytest.approx([-radius[0], 0.0], abs=1.0)
    if count > 2:
        assert placed[order[1], 1] < -1.0
    assert len(overlaps(placed, boxes(count))) == 0


def test_groups_side_by_side_are_columns_in_their_order() -> None:
    groups = [2, 2, 0, 0, 1]
    placed = side_by_side(boxes(5), pairs((0, 4), (4, 2), (1, 3)), groups)
    assert placed[2, 0] == placed[3, 0] < placed[4, 0] < placed[0, 0] == placed[1, 0]
    assert len(overlaps(placed, boxes(5))) == 0
    tall = side_by_side(boxes(13), pairs(*((0, n) for n in range(1, 13))), [0, *[1] * 12])
    assert tall[1, 0] - tall[0, 0] - 120 == 12 * 86 / 4
    crowd = side_by_side(boxes(61), pairs(*((0, n) for n in range(1, 61))), [0, *[1] * 60])
    assert len(set(crowd[1:, 0].tolist())) == 5
    assert crowd[0, 0] + 240 < crowd[1:, 0].min()


def test_the_first_group_is_left_of_the_second() -> None:
    ends = pairs((0, 1), (1, 2), (3, 4), (4, 5), (2, 3))
    for groups in ([0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0]):
        placed = clustered_layout(boxes(6), ends, groups)
        middle = [placed[[at for at in range(6) if groups[at] == number], 0].mean() for number in (0, 1)]
        assert middle[0] <= middle[1]


def test_a_full_ring_is_one_even_circle() -> None:
    placed = radial_layout(boxes(13), pairs(*((0, node) for node in range(1, 13))), 0, [("Company",)] * 13)
    assert np.allclose(np.hypot(placed[1:, 0], placed[1:, 1]), np.hypot(*placed[1]), rtol=0.05)


def test_positions_are_centred_whole_pixels() -> None:
    placed = settled(np.array([[10.2, 5.0], [20.7, 9.1]]))
    assert np.array_equal(placed, np.round(placed))
    assert np.abs(placed.mean(axis=0)).max() <= 0.5
    assert settled(np.zeros((0, 2))).shape == (0, 2)


def test_parallel_links_fan_out_whichever_way_they_run() -> None:
    placed = np.array([[0.0, 0.0], [300.0, 0.0]])
    ends = pairs((0, 1), (1, 0), (0, 1))
    bends = curves(placed, boxes(2), ends)
    middles = {
        round(float(curve_points(placed[source], placed[target], bend)[11, 1]))
        for (source, target), bend in zip(ends.tolist(), bends, strict=True)
    }
    assert len(middles) == 3


def test_loops_are_numbered() -> None:
    assert curves(np.zeros((1, 2)), boxes(1), pairs((0, 0), (0, 0))) == [0.0, 1.0]


def test_a_link_bends_around_a_third_node() -> None:
    placed = np.array([[0.0, 0.0], [700.0, 0.0], [350.0, 0.0]])
    (bend,) = curves(placed, boxes(3, 60.0), pairs((0, 1)))
    assert bend != 0.0
    assert curves(placed[:2], boxes(2, 60.0), pairs((0, 1))) == [0.0]


@pytest.mark.parametrize("bend", [0.0, 0.3, -0.3])
def test_curves_start_and_end_at_their_nodes(bend: float) -> None:
    points = curve_points(np.array([0.0, 0.0]), np.array([100.0, 0.0]), bend)
    assert points[0, 0] < 15
    assert points[-1, 0] > 85
    assert np.sign(round(float(points[11, 1]), 6)) == -np.sign(bend)


@given(
    st.lists(st.tuples(st.integers(-300, 300), st.integers(-300, 300), st.integers(4, 200)), min_size=1, max_size=25)
)
def test_overlaps_are_those_that_a_comparison_of_all_pairs_finds(placed: list[tuple[int, int, int]]) -> None:
    positions = np.array([(x, y) for x, y, _ in placed], dtype=np.float64)
    sized = Boxes(np.array([float(w) for _, _, w in placed]), np.full(len(placed), 20.0), np.full(len(placed), 50.0))
    expected = [
        [one, other]
        for one in range(len(placed))
        for other in range(one + 1, len(placed))
        if abs(placed[one][0] - placed[other][0]) < (placed[one][2] + placed[other][2]) / 2 + 5
        and abs(placed[one][1] - placed[other][1]) < 75
    ]
    assert overlaps(positions, sized, 5.0).tolist() == expected
