"""Who may serve whom at all. Candidates come from shelves of group, province and reach, so that the work grows with the pairs that may fit and never
with needs x offers; each need keeps the best of them and some that are merely possible.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from saphan.portal.exchange.matching.costs import cost_of, parts_of
from saphan.portal.exchange.matching.tables import Edges, Ints, Needs, Offers

LOOKED_AT_IN_A_PROVINCE = 40  # offers that one need looks at; which ones goes round, so that needs do not crowd upon the first
LOOKED_AT = 160  # and in all provinces together, the nearest first
BEST_KEPT = 6  # edges that one need keeps because they are the cheapest
ANY_KEPT = 4  # and of all others that fit, so that a need finds something where everybody wants the same few
PAIRS_AT_ONCE = 1 << 19  # what is held in memory while pairs are looked at
FARTHEST = 1 << 16  # km; no reach is longer


@dataclass(frozen=True)
class Runs:
    """For every cell (a group and province in which something is needed): the runs of offers within reach, the nearest province first."""

    order: Ints  # offers as they stand on the shelves
    cell_of: Ints  # of each need
    begins: Ints  # of each run, on the shelves
    sizes: Ints
    looked: Ints  # how many of it one need looks at
    first: Ints  # the first run of each cell, and the end of the last


def edges_between(needs: Needs, offers: Offers, barred: Ints | None = None) -> Edges:
    """The edges of all needs, sorted by need. Every hard filter holds on each of them; `barred` are pairs (need x offers + offer) that stay apart."""
    kept = [_made_for(needs, offers)]
    if len(needs) and len(offers):
        runs = _runs(needs, offers)
        kept += [_best(needs, offers, *_fitting(needs, offers, *pairs)) for pairs in _candidates(needs, runs)]
    pairs = np.sort(np.concatenate(kept))
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    if barred is not None:
        pairs = pairs[~np.isin(pairs, barred)]
    need, offer = pairs // max(1, len(offers)), pairs % max(1, len(offers))
    parts = parts_of(needs, offers, need, offer)
    return Edges(need, offer, cost_of(parts), parts)


def _runs(needs: Needs, offers: Offers) -> Runs:
    provinces = len(offers.km)
    shelf = (offers.group * provinces + offers.province) * FARTHEST + (FARTHEST - 1 - offers.reach)
    order = np.argsort(shelf, kind="stable")
    cells, cell_of = np.unique(needs.group * provinces + needs.province, return_inverse=True)
    nearest = np.argsort(offers.km, axis=0, kind="stable").T[cells % provinces]
    km = np.take_along_axis(offers.km.T[cells % provinces], nearest, axis=1)
    begin_keys = ((cells // provinces)[:, None] * provinces + nearest) * FARTHEST
    begins = np.searchsorted(shelf[order], begin_keys)
    sizes = np.searchsorted(shelf[order], begin_keys + FARTHEST - 1 - km, side="right") - begins
    looked = np.minimum(sizes, LOOKED_AT_IN_A_PROVINCE)
    looked = np.clip(LOOKED_AT - (np.cumsum(looked, axis=1) - looked), 0, looked)
    used = looked > 0
    first = np.concatenate([[0], np.cumsum(used.sum(axis=1))])
    return Runs(order, cell_of.astype(np.int64), begins[used], sizes[used], looked[used], first)


def _candidates(needs: Needs, runs: Runs) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of need and offer of the same group within the offer's reach; all pairs of one need come together."""
    ends = np.concatenate([[0], np.cumsum(runs.looked)])
    cell_begins = ends[runs.first]
    pairs_of = np.diff(cell_begins)[runs.cell_of]
    turn = _turns(runs.cell_of)
    portions = np.cumsum(pairs_of) // PAIRS_AT_ONCE
    for some in np.split(np.arange(len(needs)), np.nonzero(np.diff(portions))[0] + 1):
        need = np.repeat(some, pairs_of[some])
        within = _place_within(need)
        place = cell_begins[runs.cell_of[need]] + within
        run = np.searchsorted(ends, place, side="right") - 1
        step = (place - ends[run] + turn[need] * (LOOKED_AT_IN_A_PROVINCE // 2)) % runs.sizes[run]
        yield need, runs.order[runs.begins[run] + step]


def _turns(cell_of: Ints) -> Ints:
    """The how-manieth a need is in its cell."""
    order = np.argsort(cell_of, kind="stable")
    turns = np.empty(len(cell_of), np.int64)
    turns[order] = _place_within(cell_of[order])
    return turns


def _fitting(needs: Needs, offers: Offers, need: Ints, offer: Ints) -> tuple[Ints, Ints]:
    """The hard filters: distance, dates, language, how well the donor is known, valid checks where survivors are met."""
    wanted = needs.languages[need]
    fits = offers.km[offers.province[offer], needs.province[need]] <= offers.reach[offer]
    fits &= (offers.from_day[offer] <= needs.by_day[need]) & (offers.until_day[offer] >= offers.today) & (needs.by_day[need] >= offers.today)
    fits &= (wanted == 0) | ((offers.languages[offer] & wanted) != 0)
    fits &= (offers.tier[offer] >= needs.tier[need]) & (offers.cleared[offer] >= needs.meets[need])
    fits &= (needs.quantity[need] > 0) & (offers.quantity[offer] > 0)
    return need[fits], offer[fits]


def _best(needs: Needs, offers: Offers, need: Ints, offer: Ints) -> Ints:
    """The cheapest of each need, and some of its others; among equals the pick is scattered, so that no offer is everybody's first."""
    cost = np.minimum(cost_of(parts_of(needs, offers, need, offer)), (1 << 14) - 1)
    rank = np.cumsum(np.diff(need, prepend=need[:1]) != 0)
    scattered = (need * 2_654_435_761 + offer * 40_503 >> 4) & 0xFF
    order = _sorted_by(rank << 22 | cost << 8 | scattered)
    cheapest = _place_within(need[order]) < BEST_KEPT
    others = np.sort(order[~cheapest])
    others = others[_sorted_by(rank[others] << 8 | scattered[others])]
    kept = np.concatenate([order[cheapest], others[_place_within(need[others]) < ANY_KEPT]])
    return np.asarray(need[kept] * len(offers) + offer[kept])


def _sorted_by(key: Ints) -> Ints:
    """The order of keys below 2**42. Sorting key and place as one number is several times faster than asking for the order."""
    return np.asarray(np.sort(key << 20 | np.arange(len(key))) & 0xFFFFF)


def _place_within(sorted_keys: Ints) -> Ints:
    """The how-manieth of its key each position is."""
    begins = np.nonzero(np.diff(sorted_keys, prepend=-1))[0]
    return np.arange(len(sorted_keys)) - np.repeat(begins, np.diff(begins, append=len(sorted_keys)))


def _made_for(needs: Needs, offers: Offers) -> Ints:
    """Pairs in which the donor herself has named the need: they are edges however many others fit better."""
    offer = np.nonzero(offers.made_for >= 0)[0]
    need = offers.made_for[offer]
    same = needs.group[need] == offers.group[offer]
    need, offer = _fitting(needs, offers, need[same], offer[same])
    return need * len(offers) + offer
