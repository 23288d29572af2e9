"""A run of the matching: it proposes, a person decides. What an earlier run proposed and this one does not is superseded."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import numpy as np
from django.db import transaction

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.ids import new_id
from saphan.portal.exchange.codes import Why
from saphan.portal.exchange.loading import Held, Loaded, amount, load
from saphan.portal.exchange.matching import allocate
from saphan.portal.exchange.matching.tables import Ints
from saphan.portal.exchange.matching.words import reasons
from saphan.portal.exchange.models import Match
from saphan.portal.exchange.states import MATCH_LIFE, MatchState
from saphan.portal.exchange.units import at_least, at_most

Pair = tuple[UUID, UUID]


@dataclass(frozen=True)
class Proposal:
    """So much of an offer for a need, in the need's unit."""

    need_id: UUID
    offer_id: UUID
    quantity: Decimal
    cost: int
    parts: dict[str, int]


@transaction.atomic
def propose(*, by: User, at: datetime) -> int:
    """Proposes the best allocation of everything that is open. Answers how many proposals of the matching wait now.

    What people have proposed themselves keeps its amounts; a pair that a person has declined is not proposed again.
    """
    require(by, Action.MATCH_PROPOSE)
    loaded = load(at.date(), _held())
    found = {(p.need_id, p.offer_id): p for p in proposals(loaded, _declined(loaded))}
    run = new_id()
    _supersede(found, run, at)
    Match.objects.bulk_create(
        [
            Match(need_id=p.need_id, offer_id=p.offer_id, quantity=p.quantity, cost=p.cost, parts=p.parts, run=run, proposed_at=at)
            for p in found.values()
        ],
        batch_size=1000,
        ignore_conflicts=True,  # a colleague's run may have proposed a pair a moment ago: hers stands
    )
    record(by=by, action=Action.MATCH_PROPOSE, target=("portal_exchange.run", str(run)), at=at)
    return Match.objects.waiting().filter(run=run).count()


def reasons_of(match: Match) -> Sequence[str]:
    """Why it was proposed, as sentences."""
    return reasons(match.parts)


def _held() -> Held:
    """What proposals that people have made by hand would take, of the need and of the offer."""
    held: Held = defaultdict(Decimal)
    for match in Match.objects.waiting().filter(run=None).select_related("need", "offer"):
        held[match.need_id] += match.quantity
        held[match.offer_id] += at_least(match.quantity, match.need.unit, match.offer.unit)
    return held


def _declined(loaded: Loaded) -> Ints:
    """Pairs that stay apart: a person said no to them, or has proposed them herself and waits for the answer."""
    needs = {row.id: at for at, row in enumerate(loaded.need_rows)}
    offers = {row.id: at for at, row in enumerate(loaded.offer_rows)}
    said = Match.objects.filter(state=MatchState.DECLINED) | Match.objects.waiting().filter(run=None)
    pairs = [(needs[n], offers[o]) for n, o in said.values_list("need_id", "offer_id") if n in needs and o in offers]
    return np.array([n * len(offers) + o for n, o in pairs], np.int64)


def proposals(loaded: Loaded, barred: Ints) -> Iterator[Proposal]:
    """The best allocation in the units of the needs. Where units differ, whole ones are taken: of a dozen that is opened nothing is left for another."""
    left = {row.id: row.left for row in loaded.offer_rows}
    for found in allocate(loaded.needs, loaded.offers, barred=barred):
        need, offer = loaded.need_rows[found.need], loaded.offer_rows[found.offer]
        wanted = at_most(amount(found.quantity, need.unit), need.unit, need.unit)
        quantity = min(wanted, at_most(left[offer.id], offer.unit, need.unit))
        if quantity > 0:
            left[offer.id] -= at_least(quantity, need.unit, offer.unit)
            yield Proposal(need.id, offer.id, quantity, found.cost, found.parts)


def _supersede(found: dict[Pair, Proposal], run: UUID, at: datetime) -> None:
    """Earlier proposals that stand in this run as they were go on waiting under its name; the others end. What goes on is taken out of `found`."""
    waiting = Match.objects.select_for_update(of=("self",)).waiting().exclude(run=None)
    over, on = [], []
    for match in waiting:
        again = found.get((match.need_id, match.offer_id))
        if again and (again.quantity, again.cost, again.parts) == (match.quantity, match.cost, match.parts):
            del found[match.need_id, match.offer_id]
            on.append(match.pk)
        else:
            over.append(match.pk)
    Match.objects.filter(pk__in=on).update(run=run)
    ended = MATCH_LIFE.target("expire", MatchState.PROPOSED)
    Match.objects.filter(pk__in=over).update(state=ended, decided_at=at, why=Why.TIME)
