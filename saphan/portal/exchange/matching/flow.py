"""The best whole: quantities on edges so that no need gets more than it asks for and no offer gives more than it has.

The objective, exactly: minimise the sum over edges of cost x quantity, plus the sum over needs of UNMET x urgency x what stays unmet. It is a
minimum-cost flow and is solved exactly. Three things make it fast, none of which changes the optimum: edges that another one makes useless are dropped;
what is not connected is solved apart; and the parts are spread over processes. Tables sorted by group and province are solved a fifth faster.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from saphan.portal.exchange.matching.costs import UNMET
from saphan.portal.exchange.matching.tables import Edges, Ints

SMALL = 300  # edges; smaller parts are solved together, because a call costs more than they do
WORTH_A_PROCESS = 50_000  # edges below which starting processes takes longer than they save


@dataclass(frozen=True)
class Part:
    """Edges that are connected with no others, numbered from 0, and their places in the whole."""

    at: Ints
    need: Ints
    offer: Ints
    cost: Ints
    wanted: Ints
    held: Ints
    unmet: Ints  # what a step that stays unmet costs, of each need


def worth(edges: Edges, flow: Ints, wanted: Ints, urgency: Ints) -> int:
    """The objective of a flow: the lower, the better."""
    unmet = wanted.copy()
    np.subtract.at(unmet, edges.need, flow)
    return int((edges.cost * flow).sum() + UNMET * (urgency * unmet).sum())


def best_flow(edges: Edges, wanted: Ints, held: Ints, urgency: Ints, *, processes: int = 1) -> Ints:
    """The quantity on each edge: no other flow is worth less. Raises ValueError when a quantity is negative."""
    if (wanted < 0).any() or (held < 0).any():
        raise ValueError("a quantity below zero")
    unmet = UNMET * urgency
    parts = list(_parts(edges, useful(edges, wanted, held, unmet), wanted, held, unmet))
    flow = np.zeros(len(edges), np.int64)
    for part, found in zip(parts, _solved(parts, processes), strict=True):
        flow[part.at] = found
    return flow


def useful(edges: Edges, wanted: Ints, held: Ints, unmet: Ints) -> Ints:
    """The places of edges that some optimum may use.

    An offer that holds enough for all who could ask it never runs short: whoever may ask it needs no dearer edge. A need that can never be filled
    takes all that is given to it: an offer that may serve it needs no edge that gains less. Dropping edges makes more of both. It ends with the round
    that finds less than one in a hundred: what stays does no harm, and looking for it takes longer than solving with it.
    """
    kept = np.arange(len(edges))
    gain = unmet[edges.need] - edges.cost
    while True:
        need, offer = edges.need[kept], edges.offer[kept]
        ample = _summed(offer, wanted[need], len(held)) <= held
        hungry = _summed(need, held[offer], len(wanted)) <= wanted
        sure = np.full(len(wanted), np.iinfo(np.int64).max)
        np.minimum.at(sure, need[ample[offer]], edges.cost[kept][ample[offer]])
        least = np.zeros(len(held), np.int64)
        np.maximum.at(least, offer[hungry[need]], gain[kept][hungry[need]])
        stays = (edges.cost[kept] <= sure[need]) & (gain[kept] >= least[offer])
        before, kept = len(kept), kept[stays]
        if before - len(kept) <= before // 100:
            return kept


def _summed(key: Ints, value: Ints, size: int) -> Ints:
    total = np.zeros(size, np.int64)
    np.add.at(total, key, value)
    return total


def _parts(edges: Edges, kept: Ints, wanted: Ints, held: Ints, unmet: Ints) -> Iterator[Part]:
    """Connected parts, the largest first, and the small ones put together."""
    if not len(kept):
        return
    label = _labels(edges.need[kept], edges.offer[kept], len(wanted), len(held))
    _, label, size = np.unique(label, return_inverse=True, return_counts=True)
    rank = np.empty(len(size), np.int64)
    rank[np.argsort(-size, kind="stable")] = np.arange(len(size))
    together = np.sort(size)[::-1] < SMALL
    bundle = np.where(together, np.cumsum(np.where(together, np.sort(size)[::-1], 0)) // SMALL + (~together).sum(), np.arange(len(size)))
    key = bundle[rank[label]]
    order = np.argsort(key, kind="stable")
    for at in np.split(kept[order], np.nonzero(np.diff(key[order]))[0] + 1):
        needs, need = np.unique(edges.need[at], return_inverse=True)
        offers, offer = np.unique(edges.offer[at], return_inverse=True)
        yield Part(at, need, offer, edges.cost[at], wanted[needs], held[offers], unmet[needs])


def _labels(need: Ints, offer: Ints, needs: int, offers: int) -> Ints:
    """For each edge the smallest node of its connected part."""
    label, other = np.arange(needs + offers), offer + needs
    while True:
        lower = np.minimum(label[need], label[other])
        before = label.copy()
        np.minimum.at(label, need, lower)
        np.minimum.at(label, other, lower)
        label = label[label]
        if (label == before).all():
            return np.asarray(label[need])


_PARTS: Sequence[Part] = ()  # what forked processes see without anything being copied to them


def _solved(parts: Sequence[Part], processes: int) -> Iterator[Ints]:
    if processes < 2 or len(parts) < 2 or sum(len(part.at) for part in parts) < WORTH_A_PROCESS:
        yield from map(solve, parts)
        return
    global _PARTS
    _PARTS = parts
    try:
        with get_context("fork").Pool(processes) as pool:
            yield from pool.imap(_solve_at, range(len(parts)))
    finally:
        _PARTS = ()


def _solve_at(at: int) -> Ints:
    return solve(_PARTS[at])


def solve(part: Part) -> Ints:
    """The best quantities on the edges of one part, by OR-Tools: needs supply, offers take, and one node more takes and gives what is left on either side."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # late: it takes half a second to load

    step = int(np.gcd.reduce(np.concatenate([part.wanted, part.held]))) or 1
    wanted, held = part.wanted // step, part.held // step
    needs, offers = len(wanted), len(held)
    rest, every_need, every_offer = needs + offers, np.arange(needs), needs + np.arange(offers)
    graph = SimpleMinCostFlow()
    graph.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([part.need, every_need, np.full(offers, rest)]).astype(np.int32),
        np.concatenate([needs + part.offer, np.full(needs, rest), every_offer]).astype(np.int32),
        np.concatenate([np.minimum(wanted[part.need], held[part.offer]), wanted, held]),
        np.concatenate([part.cost, part.unmet, np.zeros(offers, np.int64)]),
    )
    supply = np.concatenate([wanted, -held, [held.sum() - wanted.sum()]])
    graph.set_nodes_supplies(np.arange(rest + 1, dtype=np.int32), supply)
    if graph.solve() != graph.OPTIMAL:
        raise ValueError("quantities too large for the solver")
    return np.asarray(graph.flows(np.arange(len(part.at), dtype=np.int32)), dtype=np.int64) * step
