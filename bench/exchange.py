"""The matching of needs with offers, measured in one run, each way in a process of its own; then many donors upon the last ten.

`saphan bench exchange [--needs N] [--offers N] [--cap SECONDS] [--json] [--only matching|pledges]`. All ways get the same edges. “Worth” is the objective
of `saphan/portal/exchange/matching/flow.py` (the lower, the better); ways without quantities are judged by what their pairs would carry.
"""

import argparse
import dataclasses
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saphan.settings.all")

from saphan.portal.exchange.matching import Edges, Needs, Offers, best_flow, edges_between, worth
from saphan.portal.exchange.matching.costs import UNMET
from saphan.portal.exchange.matching.tables import NO_DAY, Ints

GROUPS = 90  # kinds, items and families of units that occur together
TODAY = 740_000


def main() -> None:
    arguments = parser().parse_args()
    if arguments.inside:
        print(json.dumps(measured(arguments.inside, Path(arguments.case)) if arguments.case else pledged_inside(arguments.donors)))
        return
    figures: dict[str, Any] = {}
    if arguments.only != "pledges":
        figures["matching"] = compared(arguments.needs, arguments.offers, arguments.cap)
    if arguments.only != "matching":
        figures["pledges"] = pledged(arguments.donors)
    print(json.dumps(figures, indent=1) if arguments.json else table(figures))


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="saphan bench exchange")
    made.add_argument("--needs", type=int, default=100_000)
    made.add_argument("--offers", type=int, default=100_000)
    made.add_argument("--cap", type=int, default=300, help="seconds after which a way is given up")
    made.add_argument("--donors", type=int, default=1_000, help="who all want to give the last ten")
    made.add_argument("--only", choices=["matching", "pledges"], default="")
    made.add_argument("--json", action="store_true")
    made.add_argument("--inside", help=argparse.SUPPRESS)
    made.add_argument("--case", help=argparse.SUPPRESS)
    return made


def invented(needs: int, offers: int) -> tuple[Needs, Offers]:
    """Needs and offers of a country: some things and provinces are asked for often; as much is offered as is needed."""
    import django

    django.setup()
    from saphan.portal.exchange.distances import between, towns

    random = np.random.default_rng(4)
    km = between(list(towns().values()))
    often = 1 / np.arange(1, GROUPS + 1) ** 0.7
    crowded = np.ones(len(km))
    crowded[0], crowded[[10, 17, 37, 39]] = 12, 4
    where, what = crowded / crowded.sum(), often / often.sum()
    tier = random.choice(4, needs, p=[0.6, 0.2, 0.1, 0.1])
    asked = Needs(
        random.choice(GROUPS, needs, p=what), random.integers(1, 40, needs) * 100, random.choice([1, 2, 3, 4], needs, p=[0.3, 0.4, 0.2, 0.1]),
        random.choice(len(km), needs, p=where), np.where(random.random(needs) < 0.2, NO_DAY, TODAY + random.integers(1, 120, needs)),
        np.where(random.random(needs) < 0.8, 0, 1 << random.integers(0, 6, needs)), tier, ((tier == 3) & (random.random(needs) < 0.7)).astype(np.int64),
    )  # fmt: skip
    asked = ordered(asked)
    group, named = random.choice(GROUPS, offers, p=what), random.random(offers) < 0.05
    made_for = np.where(named, random.integers(0, needs, offers), -1)
    group[named] = asked.group[made_for[named]]
    known = random.choice(4, offers, p=[0.4, 0.25, 0.15, 0.2])
    given = Offers(
        group, random.integers(1, 40, offers) * 100, random.choice(len(km), offers, p=where), TODAY + random.integers(-30, 60, offers),
        np.where(random.random(offers) < 0.5, NO_DAY, TODAY + random.integers(60, 200, offers)),
        1 | 1 << random.integers(0, 6, offers) | 1 << random.integers(0, 6, offers), known, ((known == 3) & (random.random(offers) < 0.8)).astype(np.int64),
        random.choice([30, 50, 100, 200, 400], offers, p=[0.3, 0.3, 0.2, 0.15, 0.05]), made_for, km, TODAY,
    )  # fmt: skip
    return asked, ordered(given)


def ordered(rows: Any) -> Any:
    """By group and province, as the loader of the exchange has them."""
    order = np.lexsort((rows.province, rows.group))
    columns = {f.name: getattr(rows, f.name) for f in dataclasses.fields(rows)}
    return dataclasses.replace(rows, **{name: c[order] for name, c in columns.items() if isinstance(c, np.ndarray) and c.ndim == 1})


def compared(needs: int, offers: int, cap: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="saphan-bench-") as folder:
        case = Path(folder) / "case.npz"
        asked, given = invented(needs, offers)
        began = time.perf_counter()
        edges = edges_between(asked, given)
        figures: dict[str, Any] = {"needs": needs, "offers": offers, "edges": len(edges), "seconds_for_edges": round(time.perf_counter() - began, 2)}
        np.savez(case, need=edges.need, offer=edges.offer, cost=edges.cost, wanted=asked.quantity, held=given.quantity, urgency=asked.urgency)
        for name in WAYS:
            figures[name] = run(name, case, cap)
    return figures


def run(name: str, case: Path, cap: int) -> dict[str, Any]:
    """One way in a process of its own."""
    try:
        done = subprocess.run(
            [sys.executable, __file__, "--inside", name, "--case", str(case)], check=True, stdout=subprocess.PIPE, text=True, timeout=cap
        )
    except subprocess.TimeoutExpired:
        return {"seconds": f"more than {cap}"}
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def measured(name: str, case: Path) -> dict[str, Any]:
    with np.load(case) as held:
        columns = {key: held[key] for key in held.files}
    edges = Edges(columns["need"], columns["offer"], columns["cost"], {})
    warm()
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    flow = WAYS[name](edges, columns["wanted"], columns["held"], columns["urgency"])
    seconds = time.perf_counter() - began
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    assert (np.bincount(edges.offer, flow, len(columns["held"])) <= columns["held"]).all()
    return {
        "seconds": round(seconds, 2),
        "megabytes": round((own + children) / 1024),
        "megabytes_before": round(idle / 1024),
        "worth": worth(edges, flow, columns["wanted"], columns["urgency"]),
        "unmet_percent": round(100 - 100 * float(flow.sum() / columns["wanted"].sum()), 2),
    }


def warm() -> None:
    """Loads the solvers before the clock starts."""
    for module in ("ortools.graph.python.linear_sum_assignment", "ortools.graph.python.min_cost_flow", "scipy.sparse.csgraph"):
        import_module(module)


def ours(edges: Edges, wanted: Ints, held: Ints, urgency: Ints) -> Ints:
    return best_flow(edges, wanted, held, urgency, processes=2)


def ours_in_one_process(edges: Edges, wanted: Ints, held: Ints, urgency: Ints) -> Ints:
    return best_flow(edges, wanted, held, urgency)


def plain_flow(edges: Edges, wanted: Ints, held: Ints, urgency: Ints) -> Ints:
    """OR-Tools min-cost flow over the whole graph, source and sink as in its manual."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    needs, offers = len(wanted), len(held)
    rest = needs + offers
    graph = SimpleMinCostFlow()
    graph.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([edges.need, np.arange(needs), needs + np.arange(offers)]).astype(np.int32),
        np.concatenate([needs + edges.offer, np.full(needs + offers, rest)]).astype(np.int32),
        np.concatenate([np.minimum(wanted[edges.need], held[edges.offer]), wanted, held]),
        np.concatenate([edges.cost, UNMET * urgency, np.zeros(offers, np.int64)]),
    )
    supply = np.concatenate([wanted, np.zeros(offers, np.int64), [-wanted.sum()]])
    graph.set_nodes_supplies(np.arange(rest + 1, dtype=np.int32), supply)
    assert graph.solve() == graph.OPTIMAL
    return np.asarray(graph.flows(np.arange(len(edges), dtype=np.int32)), np.int64)


def plain_assignment(edges: Edges, wanted: Ints, held: Ints, urgency: Ints) -> Ints:
    """OR-Tools assignment: one need, one offer. A mirrored copy lets either side stay alone."""
    from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment

    needs, offers = len(wanted), len(held)
    every_need, every_offer = np.arange(needs), np.arange(offers)
    solver = SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(
        np.concatenate([edges.need, needs + edges.offer, every_need, needs + every_offer]).astype(np.int32),
        np.concatenate([edges.offer, offers + edges.need, offers + every_need, every_offer]).astype(np.int32),
        np.concatenate([edges.cost, np.zeros(len(edges), np.int64), UNMET * urgency, np.zeros(offers, np.int64)]),
    )
    assert solver.solve() == solver.OPTIMAL
    mate = np.array([solver.right_mate(i) for i in range(needs)])
    return carried(edges, wanted, held, mate[edges.need] == edges.offer)


def scipy_matching(edges: Edges, wanted: Ints, held: Ints, urgency: Ints) -> Ints:
    """SciPy's sparse matching: one need, one offer, and for each need a place to stay alone."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    needs, offers = len(wanted), len(held)
    rows, columns = np.concatenate([edges.need, np.arange(needs)]), np.concatenate([edges.offer, offers + np.arange(needs)])
    graph = coo_array((np.concatenate([edges.cost, UNMET * urgency]), (rows, columns)), shape=(needs, offers + needs)).tocsr()
    mate = min_weight_full_bipartite_matching(graph)[1]
    return carried(edges, wanted, held, mate[edges.need] == edges.offer)


def carried(edges: Edges, wanted: Ints, held: Ints, chosen: np.ndarray) -> Ints:
    return np.where(chosen, np.minimum(wanted[edges.need], held[edges.offer]), 0)


def greedy(edges: Edges, wanted: Ints, held: Ints, urgency: Ints) -> Ints:
    """The most urgent first, the cheapest first, as much as there is."""
    order = np.lexsort((edges.cost, -urgency[edges.need]))
    wants, holds, flow = wanted.tolist(), held.tolist(), [0] * len(edges)
    for at, need, offer in zip(order.tolist(), edges.need[order].tolist(), edges.offer[order].tolist(), strict=True):
        some = min(wants[need], holds[offer])
        if some:
            flow[at] = some
            wants[need] -= some
            holds[offer] -= some
    return np.array(flow, np.int64)


WAYS: dict[str, Callable[[Edges, Ints, Ints, Ints], Ints]] = {
    "ours, two processes": ours,
    "ours, one process": ours_in_one_process,
    "OR-Tools min-cost flow": plain_flow,
    "OR-Tools assignment, no quantities": plain_assignment,
    "SciPy sparse matching, no quantities": scipy_matching,
    "greedy": greedy,
}


def pledged(donors: int) -> dict[str, Any]:
    """Both engines, each with a fresh data directory."""
    figures = {"sqlite": run_pledges("", donors)}
    from tests.postgres import postgres

    with postgres() as address:
        figures["postgresql"] = run_pledges(address, donors)
    return figures


def run_pledges(address: str, donors: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="saphan-bench-") as folder:
        environment = os.environ | {"SAPHAN_DATA": folder, "SAPHAN_DATABASE": address, "SAPHAN_DEMO": "1"}
        migrate = "import django; django.setup(); from saphan.core.migrating import migrate; migrate()"
        subprocess.run(
            [sys.executable, "-c", migrate],
            env=environment | {"DJANGO_SETTINGS_MODULE": "saphan.settings.all"},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        done = subprocess.run(
            [sys.executable, __file__, "--inside", "pledges", "--donors", str(donors)], env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def pledged_inside(donors: int) -> dict[str, Any]:
    """Donors in eight processes promise one mattress each to a need that lacks ten. Rows are counted, not the counter."""
    import django

    django.setup()
    from django.db import connections
    from django.db.models import Sum

    from saphan.portal.exchange.models import Need, Offer, Pledge

    need, offers = planted(donors)
    connections.close_all()
    began = time.perf_counter()
    with get_context("fork").Pool(8) as pool:
        answers = pool.starmap(promise, [(offer, need) for offer in offers], chunksize=1)
    seconds = time.perf_counter() - began
    found = Need.objects.get(pk=need)
    return {
        "donors": donors,
        "seconds": round(seconds, 2),
        "answers": {answer: answers.count(answer) for answer in sorted(set(answers))},
        "pledges": Pledge.objects.filter(need=need).count(),
        "promised": str(Pledge.objects.filter(need=need).aggregate(sum=Sum("quantity"))["sum"]),
        "counter_of_need": str(found.promised),
        "counters_of_offers": str(Offer.objects.aggregate(sum=Sum("promised"))["sum"]),
        "state": found.state,
    }


def planted(donors: int) -> tuple[Any, list[Any]]:
    from datetime import timedelta

    from saphan.core import clock
    from saphan.core.ids import new_reference
    from saphan.directory.models import Organisation
    from saphan.directory.seeds import load_reference
    from saphan.portal.exchange.models import Need, Offer

    load_reference()
    at = clock.now()
    org = Organisation.objects.create(name_en="A house (bench)", kind=Organisation.Kind.NGO, country_id="TH", state=Organisation.State.APPROVED)
    need = Need.objects.create(
        reference=new_reference("N"), org=org, alias="a house", kind="goods", item="bedding", title_en="Mattresses", quantity=10, unit="piece",
        province_id="TH-50", state="open", written_at=at, opened_at=at, needed_by=at.date() + timedelta(days=30),
    )  # fmt: skip
    offers = Offer.objects.bulk_create(
        Offer(reference=new_reference("O"), donor_kind="person", kind="goods", item="bedding", quantity=1, unit="piece", from_on=at.date(),
              province_id="TH-50", state="confirmed", asked_at=at, confirmed_at=at) for _ in range(donors)
    )  # fmt: skip
    return need.pk, [offer.pk for offer in offers]


def promise(offer: Any, need: Any) -> str:
    from saphan.core import clock
    from saphan.portal.exchange.pledging import NothingLeft, pledge_from_offer

    try:
        pledge_from_offer(offer_id=offer, need_id=need, at=clock.now())
    except NothingLeft:
        return "others were faster"
    return "promised"


def table(figures: dict[str, Any]) -> str:
    lines = []
    if found := figures.get("matching"):
        lines += [f"{found['needs']:,} needs, {found['offers']:,} offers, {found['edges']:,} edges (made in {found['seconds_for_edges']} s)", ""]
        lines += ["| way | seconds | MB | worth | unmet % |", "|---|---|---|---|---|"]
        lines += [row(name, found[name]) for name in WAYS]
        exact = found["OR-Tools min-cost flow"].get("worth")
        lines += [
            "",
            "ours is the optimum" if exact == found["ours, two processes"]["worth"] == found["ours, one process"]["worth"] else "NOT COMPARED",
        ]
    if found := figures.get("pledges"):
        lines += ["", "| engine | donors upon the last ten | seconds | answers | rows | promised | counter |", "|---|---|---|---|---|---|---|"]
        lines += [
            f"| {engine} | {p['donors']} | {p['seconds']} | {p['answers']} | {p['pledges']} | {p['promised']} | {p['counter_of_need']} |"
            for engine, p in found.items()
        ]
    return "\n".join(lines)


def row(name: str, way: dict[str, Any]) -> str:
    if "worth" not in way:
        return f"| {name} | {way['seconds']} | | | |"
    return f"| {name} | {way['seconds']} | {way['megabytes']} | {way['worth']:,} | {way['unmet_percent']} |"


if __name__ == "__main__":
    main()
