"""The corridor between two sets of nodes: all nodes on some walk of at most so many links, with how far they are.

Both sides grow, the smaller frontier first, until their depths add up to the bound: every node on such a walk is then
within one of the two balls. Each ball is then carried on, only into nodes from which the walk is still short enough.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from graph_service.network.adjacency import Offsets
from graph_service.network.budget import STRIDE
from graph_service.network.columns import Ints, Mask
from graph_service.network.kernels.paths import APART, BOUND, MET, STOPPED

Hops = npt.NDArray[np.int16]
FAR = np.int16(32_000)
NO_WAY = np.int64(2**62)
"""The cost where there is no way."""


@njit(nogil=True, cache=True)
def _level(
    first: Offsets,
    last: Offsets,
    neighbour: Ints,
    link: Ints,
    queue: Ints,
    begin: int,
    end: int,
    mine: Hops,
    other: Hops,
    depth: int,
    most: int,
    through: Mask,
    open_: Mask,
    state: Offsets,
    budget: int,
) -> tuple[int, bool, bool]:
    """One level further; ``most`` >= 0 keeps to nodes of the other side at most so far. (new end, met, stopped)."""
    tail, met, looked = end, False, 0
    some_nodes, some_links = len(through) > 0, len(open_) > 0
    for place in range(begin, end):
        v = queue[place]
        if depth > 1 and other[v] == 0:
            continue
        for entry in range(first[v], last[v]):
            w = neighbour[entry]
            if mine[w] >= 0 or (some_links and not open_[link[entry]]):
                continue
            if some_nodes and not through[w] and other[w] != 0:
                continue
            if most >= 0 and (other[w] < 0 or other[w] > most):
                continue
            mine[w] = depth
            queue[tail] = w
            tail += 1
            if other[w] >= 0:
                met = True
        looked += last[v] - first[v]
        if looked >= STRIDE:
            state[1] += looked
            looked = 0
            if state[0] != 0 or state[1] >= budget:
                return tail, met, True
    state[1] += looked
    return tail, met, state[0] != 0 or state[1] >= budget


@njit(nogil=True, cache=True)
def _carry_on(
    first: Offsets,
    last: Offsets,
    neighbour: Ints,
    link: Ints,
    queue: Ints,
    begin: int,
    end: int,
    mine: Hops,
    other: Hops,
    depth: int,
    max_hops: int,
    through: Mask,
    open_: Mask,
    state: Offsets,
    budget: int,
) -> tuple[int, bool]:
    """Every further level of one side, into nodes of the other from which the walk is still short enough."""
    stopped = False
    while depth < max_hops and end > begin and not stopped:
        depth += 1
        tail, _, stopped = _level(
            first, last, neighbour, link, queue, begin, end, mine, other, depth, max_hops - depth, through, open_,
            state, budget
        )  # fmt: skip
        begin, end = end, tail
    return end, stopped


@njit(nogil=True, cache=True)
def _members(reached: Ints, out: Hops, back: Hops, max_hops: int) -> Ints:
    """Those reached that lie on a walk of at most ``max_hops`` links."""
    members, count = np.empty(len(reached), dtype=np.int32), 0
    for v in reached:
        if back[v] >= 0 and out[v] + back[v] <= max_hops:
            members[count] = v
            count += 1
    return members[:count].copy()


@njit(nogil=True, cache=True)
def corridor(
    first: Offsets,
    last: Offsets,
    back_first: Offsets,
    back_last: Offsets,
    neighbour: Ints,
    link: Ints,
    sources: Ints,
    targets: Ints,
    through: Mask,
    open_: Mask,
    max_hops: int,
    state: Offsets,
    budget: int,
) -> tuple[int, Hops, Hops, Ints]:
    """(outcome, links from a source, links to a target, the nodes of the corridor); -1 where not known.

    Arguments as in ``two_sided``; no walk passes another source or target. O(links looked at).
    """
    nodes = len(first)
    out, back = np.full(nodes, -1, dtype=np.int16), np.full(nodes, -1, dtype=np.int16)
    queue0, queue1 = np.empty(nodes, dtype=np.int32), np.empty(nodes, dtype=np.int32)
    for place in range(len(sources)):
        out[sources[place]], queue0[place] = 0, sources[place]
    for place in range(len(targets)):
        back[targets[place]], queue1[place] = 0, targets[place]
    begin0, end0, depth0 = 0, len(sources), 0
    begin1, end1, depth1 = 0, len(targets), 0
    met = False
    nothing = np.empty(0, dtype=np.int32)
    while depth0 + depth1 < max_hops and end0 > begin0 and end1 > begin1:
        if end0 - begin0 <= end1 - begin1:
            depth0 += 1
            tail, now, stopped = _level(
                first, last, neighbour, link, queue0, begin0, end0, out, back, depth0, -1, through, open_, state, budget
            )
            begin0, end0 = end0, tail
        else:
            depth1 += 1
            tail, now, stopped = _level(
                back_first, back_last, neighbour, link, queue1, begin1, end1, back, out, depth1, -1, through, open_,
                state, budget
            )  # fmt: skip
            begin1, end1 = end1, tail
        met = met or now
        if stopped:
            return STOPPED, out, back, nothing
    if not met:
        return (APART if end0 == begin0 or end1 == begin1 else BOUND), out, back, nothing
    _, stopped = _carry_on(
        back_first, back_last, neighbour, link, queue1, begin1, end1, back, out, depth1, max_hops, through, open_,
        state, budget
    )  # fmt: skip
    if stopped:
        return STOPPED, out, back, nothing
    end0, stopped = _carry_on(
        first, last, neighbour, link, queue0, begin0, end0, out, back, depth0, max_hops, through, open_, state, budget
    )
    if stopped:
        return STOPPED, out, back, nothing
    return MET, out, back, _members(queue0[:end0], out, back, max_hops)


@njit(nogil=True, cache=True)
def relay(
    first: Offsets,
    last: Offsets,
    neighbour: Ints,
    link: Ints,
    members: Ints,
    out: Hops,
    back: Hops,
    meets: Mask,
    open_: Mask,
    max_hops: int,
) -> Hops:
    """For each node the links of the shortest walk on to an end that meets a node of ``meets`` (bool[n]) on its way.

    FAR where there is none of at most ``max_hops``. O(max_hops * links of the corridor).
    """
    reach = np.full(len(out), FAR, dtype=np.int16)
    for v in members:
        if meets[v]:
            reach[v] = back[v]
    some_links = len(open_) > 0
    for _ in range(max_hops):
        changed = False
        for v in members:
            if back[v] == 0 and out[v] != 0:
                continue
            best = reach[v]
            for entry in range(first[v], last[v]):
                w = neighbour[entry]
                if reach[w] + 1 < best and (not some_links or open_[link[entry]]):
                    best = reach[w] + 1
            if best < reach[v]:
                reach[v] = best
                changed = True
        if not changed:
            break
    return reach


@njit(nogil=True, cache=True)
def least_costs(
    first: Offsets,
    last: Offsets,
    neighbour: Ints,
    link: Ints,
    members: Ints,
    place: Ints,
    back: Hops,
    open_: Mask,
    cost: Offsets,
    toll: Offsets,
    max_hops: int,
    state: Offsets,
) -> Offsets:
    """int64[max_hops + 1, members]: the least cost on to an end in at most so many links, NO_WAY where there is none.

    ``place`` int32[n] gives each member's column, -1 for all others and for those not to be entered; ``cost``
    int64[links] and ``toll`` int64[n], what passing a node costs (empty for nothing), are not negative. Bellman (1958),
    a layer a link: O(max_hops * links of the corridor).
    """
    least = np.full((max_hops + 1, len(members)), NO_WAY, dtype=np.int64)
    some_links, some_tolls = len(open_) > 0, len(toll) > 0
    for column in range(len(members)):
        if back[members[column]] == 0:
            least[:, column] = 0
    for left in range(1, max_hops + 1):
        if state[0] != 0:
            break
        for column in range(len(members)):
            v = members[column]
            if back[v] == 0 or back[v] > left:
                continue
            best = least[left - 1, column]
            for entry in range(first[v], last[v]):
                at = place[neighbour[entry]]
                if at < 0 or (some_links and not open_[link[entry]]):
                    continue
                total = least[left - 1, at]
                if total >= NO_WAY:
                    continue
                total += cost[link[entry]]
                if some_tolls and back[neighbour[entry]] != 0:
                    total += toll[neighbour[entry]]
                best = min(best, total)
            least[left, column] = best
    return least
