"""The matching finds the best whole: beside an exact solver of another make, beside every possibility where these can be counted."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from saphan.portal.exchange.matching import Edges, Needs, Offers, allocate, best_flow, edges_between, worth
from saphan.portal.exchange.matching.costs import UNMET
from saphan.portal.exchange.matching.flow import useful
from saphan.portal.exchange.matching.tables import NO_DAY
from saphan.portal.exchange.matching.words import reasons

TODAY = 740_000
KM = np.array([[0, 40, 120], [40, 0, 90], [120, 90, 0]])


def needs_of(*rows: dict[str, int]) -> Needs:
    plain = {"group": 0, "quantity": 10, "urgency": 1, "province": 0, "by_day": NO_DAY, "languages": 0, "tier": 0, "meets": 0}
    return Needs(**{name: np.array([(plain | row)[name] for row in rows], np.int64) for name in plain})


def offers_of(*rows: dict[str, int]) -> Offers:
    plain = {"group": 0, "quantity": 10, "province": 0, "from_day": TODAY, "until_day": NO_DAY, "languages": 0, "tier": 0, "cleared": 0, "reach": 50,
             "made_for": -1}  # fmt: skip
    return Offers(**{name: np.array([(plain | row)[name] for row in rows], np.int64) for name in plain}, km=KM, today=TODAY)


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ({"group": 1}, {"group": 2}),
        ({"province": 2}, {"reach": 119}),
        ({"by_day": TODAY + 3}, {"from_day": TODAY + 4}),
        ({}, {"until_day": TODAY - 1}),
        ({"by_day": TODAY - 1}, {"from_day": TODAY - 9}),
        ({"languages": 0b0110}, {"languages": 0b1001}),
        ({"tier": 2}, {"tier": 1}),
        ({"tier": 3, "meets": 1}, {"tier": 3, "cleared": 0}),
        ({"quantity": 0}, {}),
        ({}, {"quantity": 0}),
    ],
)
def test_a_hard_filter_parts_them(need: dict[str, int], offer: dict[str, int]) -> None:
    assert allocate(needs_of(need), offers_of(offer)) == []
    assert allocate(needs_of(need), offers_of(offer | {"made_for": 0})) == []


def test_nothing_is_needed_or_offered() -> None:
    assert allocate(needs_of(), offers_of({})) == []
    assert allocate(needs_of({}), offers_of()) == []


def test_one_offer_is_shared_and_the_urgent_need_gets_its_whole() -> None:
    got = allocate(needs_of({"quantity": 8, "urgency": 1}, {"quantity": 8, "urgency": 4}), offers_of({"quantity": 12}))
    assert {(a.need, a.quantity) for a in got} == {(0, 4), (1, 8)}


def test_an_urgent_need_gets_what_is_near() -> None:
    got = allocate(needs_of({"urgency": 1, "province": 0}, {"urgency": 4, "province": 0}), offers_of({"province": 0}, {"province": 1}))
    assert {(a.need, a.offer) for a in got} == {(0, 1), (1, 0)}


def test_a_donor_who_is_known_well_is_kept_for_who_needs_her() -> None:
    got = allocate(needs_of({}, {"tier": 3}), offers_of({"tier": 3}, {"tier": 0}))
    assert {(a.need, a.offer) for a in got} == {(0, 1), (1, 0)}


def test_the_need_that_a_donor_named_is_among_the_edges_however_many_fit_better() -> None:
    needs = needs_of({"province": 2}, *({"province": 0} for _ in range(5)))
    offers = offers_of({"reach": 200, "made_for": 0}, *({"province": 2} for _ in range(30)))
    edges = edges_between(needs, offers)
    assert (0, 0) in set(zip(edges.need.tolist(), edges.offer.tolist(), strict=True))


@st.composite
def small(draw: st.DrawFn) -> tuple[Needs, Offers]:
    def rows(size: int, **columns: st.SearchStrategy[int]) -> list[dict[str, int]]:
        return [{name: draw(values) for name, values in columns.items()} for _ in range(size)]

    a_few = st.integers(0, 2)
    needs = rows(
        draw(st.integers(1, 6)), group=st.integers(0, 1), quantity=st.integers(0, 5), urgency=st.integers(1, 4), province=a_few,
        by_day=st.sampled_from([TODAY - 1, TODAY, TODAY + 5, NO_DAY]), languages=st.integers(0, 3), tier=a_few,
    )  # fmt: skip
    offers = rows(
        draw(st.integers(1, 6)), group=st.integers(0, 1), quantity=st.integers(0, 5), province=a_few, from_day=st.integers(TODAY - 2, TODAY + 6),
        until_day=st.sampled_from([TODAY - 1, TODAY, NO_DAY]), languages=st.integers(0, 3), tier=a_few, reach=st.sampled_from([0, 50, 100, 150]),
        made_for=st.integers(-1, len(needs) - 1),
    )  # fmt: skip
    return needs_of(*needs), offers_of(*offers)


def fits(needs: Needs, offers: Offers, i: int, j: int) -> bool:
    """The hard filters once more, as a person would write them for one pair."""
    languages = int(needs.languages[i])
    return bool(
        needs.group[i] == offers.group[j]
        and KM[offers.province[j], needs.province[i]] <= offers.reach[j]
        and max(TODAY, offers.from_day[j]) <= min(needs.by_day[i], offers.until_day[j] if offers.until_day[j] < TODAY else NO_DAY)
        and offers.until_day[j] >= TODAY
        and (not languages or languages & int(offers.languages[j]))
        and offers.tier[j] >= needs.tier[i]
        and needs.quantity[i] and offers.quantity[j]
    )  # fmt: skip


@given(small())
@settings(max_examples=300)
def test_edges_are_exactly_the_pairs_that_fit(case: tuple[Needs, Offers]) -> None:
    edges = edges_between(*case)
    found = list(zip(edges.need.tolist(), edges.offer.tolist(), strict=True))
    assert found == [(i, j) for i, j in product(range(len(case[0])), range(len(case[1]))) if fits(*case, i, j)]
    assert (edges.cost < UNMET).all()


@st.composite
def networks(draw: st.DrawFn, nodes: int = 5, quantity: int = 6) -> tuple[Edges, np.ndarray, np.ndarray, np.ndarray]:
    wanted = np.array(draw(st.lists(st.integers(0, quantity), min_size=1, max_size=nodes)))
    held = np.array(draw(st.lists(st.integers(0, quantity), min_size=1, max_size=nodes)))
    urgency = np.array([draw(st.integers(1, 4)) for _ in wanted])
    pairs = sorted(draw(st.sets(st.tuples(st.integers(0, len(wanted) - 1), st.integers(0, len(held) - 1)))))
    need, offer = np.array(pairs, np.int64).reshape(-1, 2).T
    cost = np.array([draw(st.one_of(st.integers(1, 12), st.integers(1, UNMET - 1))) for _ in pairs], np.int64)
    return Edges(need, offer, cost, {}), wanted, held, urgency


def refuse_impossible(edges: Edges, flow: np.ndarray, wanted: np.ndarray, held: np.ndarray) -> None:
    assert (flow >= 0).all()
    assert (np.bincount(edges.need, flow, len(wanted)) <= wanted).all()
    assert (np.bincount(edges.offer, flow, len(held)) <= held).all()


@given(networks())
@settings(max_examples=300)
def test_no_flow_is_worth_less_says_another_solver(case: tuple[Edges, np.ndarray, np.ndarray, np.ndarray]) -> None:
    edges, wanted, held, urgency = case
    flow = best_flow(edges, wanted, held, urgency)
    refuse_impossible(edges, flow, wanted, held)
    if not len(edges):
        return
    rows = np.zeros((len(wanted) + len(held), len(edges)))
    rows[edges.need, np.arange(len(edges))] = rows[len(wanted) + edges.offer, np.arange(len(edges))] = 1
    best = linprog(edges.cost - UNMET * urgency[edges.need], A_ub=rows, b_ub=np.concatenate([wanted, held]), method="highs")
    assert worth(edges, flow, wanted, urgency) == round(best.fun) + UNMET * int((urgency * wanted).sum())


@given(networks(nodes=3, quantity=2))
@settings(max_examples=80)
def test_no_flow_is_worth_less_when_all_are_tried(case: tuple[Edges, np.ndarray, np.ndarray, np.ndarray]) -> None:
    edges, wanted, held, urgency = case
    if len(edges) > 6:
        return
    tried = (
        np.array(flow, np.int64) for flow in product(*(range(min(wanted[i], held[j]) + 1) for i, j in zip(edges.need, edges.offer, strict=True)))
    )
    possible = (
        flow for flow in tried
        if (np.bincount(edges.need, flow, len(wanted)) <= wanted).all() and (np.bincount(edges.offer, flow, len(held)) <= held).all()
    )  # fmt: skip
    best = min(worth(edges, flow, wanted, urgency) for flow in possible)
    assert worth(edges, best_flow(edges, wanted, held, urgency), wanted, urgency) == best


def many(size: int, seed: int) -> tuple[Edges, np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    need = np.repeat(np.arange(size), 4)
    offer = need // 50 * 50 + random.integers(0, 50, size * 4)
    pairs = np.unique(need * size + offer)
    cost = random.integers(1, 900, len(pairs))
    return Edges(pairs // size, pairs % size, cost, {}), random.integers(0, 900, size), random.integers(0, 900, size), random.integers(1, 5, size)


def test_dropping_edges_and_solving_apart_changes_nothing() -> None:
    edges, wanted, held, urgency = many(600, seed=3)
    flow = best_flow(edges, wanted, held, urgency)
    refuse_impossible(edges, flow, wanted, held)
    assert len(useful(edges, wanted, held, UNMET * urgency)) < len(edges)
    rows = np.zeros((1200, len(edges)))
    rows[edges.need, np.arange(len(edges))] = rows[600 + edges.offer, np.arange(len(edges))] = 1
    best = linprog(edges.cost - UNMET * urgency[edges.need], A_ub=rows, b_ub=np.concatenate([wanted, held]), method="highs")
    assert worth(edges, flow, wanted, urgency) == round(best.fun) + UNMET * int((urgency * wanted).sum())


def test_dropping_goes_on_while_it_finds_many_and_a_single_edge_among_few_is_many() -> None:
    # offer 0 is ample only when need 1 has left it for offer 1, which is cheaper and ample; then need 0 has left offer 2
    edges = Edges(np.array([0, 0, 1, 1]), np.array([0, 2, 0, 1]), np.array([1, 5, 9, 2]), {})
    assert useful(edges, np.array([4, 4]), np.array([4, 4, 3]), UNMET * np.array([1, 1])).tolist() == [0, 3]


def test_processes_find_the_same_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saphan.portal.exchange.matching.flow.WORTH_A_PROCESS", 10)
    edges, wanted, held, urgency = many(600, seed=4)
    alone, together = (best_flow(edges, wanted, held, urgency, processes=n) for n in (1, 2))
    assert (alone == together).all()


def test_tables_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        Edges(np.zeros(2, np.int64), np.zeros(3, np.int64), np.zeros(2, np.int64), {})
    with pytest.raises(ValueError, match="below zero"):
        best_flow(*(many(50, 1)[:1]), -np.ones(50, np.int64), np.ones(50, np.int64), np.ones(50, np.int64))


def test_a_proposal_says_why() -> None:
    only = allocate(needs_of({"urgency": 4, "quantity": 20}), offers_of({"province": 1, "made_for": 0}))[0]
    said = reasons(only.parts)
    assert said == [
        "About 40 km lie between the two provinces.",
        "The donor offered it for this very need.",
        "The need is urgent, so what is nearest goes to it first.",
        "It covers only a part of what is needed.",
    ]
    assert only.cost == 4 * (1 + 4) * (1 + 1)
