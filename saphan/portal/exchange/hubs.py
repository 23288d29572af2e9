"""Hubs and campaigns: their making, and the one way in which a hub's place is told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound
from saphan.core.sealing import seal, unseal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.exchange.models import Hub, Need, Pledge
from saphan.portal.exchange.states import ON_ITS_WAY, RECEIVING
from saphan.portal.exchange.trust import doubt_about
from saphan.portal.exchange.wording import faults_of


@dataclass(frozen=True)
class HubFacts:
    """What is known of a hub. Place and hours left empty at a change stay as they are: nobody reads them to change the alias."""

    alias: str
    province_id: str
    place: str = ""
    hours: str = ""


@dataclass(frozen=True)
class ToldPlace:
    """A hub's place as it is told to one donor by telephone."""

    place: str
    hours: str


@transaction.atomic
def make_hub(*, facts: HubFacts, by: User, at: datetime) -> Hub:
    """Writes down a hub of the coordinator's organisation; its place is sealed at once."""
    require(by, Action.HUB_WRITE)
    if not facts.place.strip():
        raise Invalid(fields={"place": _("Say where it is: it is sealed at once.")})
    hub = Hub(org=by.org, made_at=at)
    _fill(hub, facts)
    _saved(hub, new=True)
    record(by=by, action=Action.HUB_WRITE, target=hub, at=at, fields=["alias", "place", "hours"])
    return hub


@transaction.atomic
def change_hub(*, hub_id: UUID, facts: HubFacts, by: User, at: datetime) -> Hub:
    """Changes a hub; a new place replaces the old one unseen."""
    hub = _locked(hub_id)
    require(by, Action.HUB_WRITE, hub)
    _fill(hub, facts)
    hub.version += 1
    _saved(hub, new=False)
    told = [name for name in ("place", "hours") if getattr(facts, name).strip()]
    record(by=by, action=Action.HUB_WRITE, target=hub, at=at, fields=["alias", *told])
    return hub


@transaction.atomic
def end_hub(*, hub_id: UUID, by: User, at: datetime) -> Hub:
    """Gives a hub up. Raises Invalid while a need still sends donors there, or a pledge is on its way to it."""
    hub = _locked(hub_id)
    require(by, Action.HUB_WRITE, hub)
    if Need.objects.filter(hub=hub, state__in=RECEIVING).exists():
        raise Invalid(_("A need still sends donors here. Close it or give it another hub first."))
    if Pledge.objects.filter(hub=hub, state__in=ON_ITS_WAY).exists():
        raise Invalid(_("Something is still on its way here. Settle those pledges, or agree their days anew at another hub first."))
    hub.ended_at = at
    hub.save(update_fields=["ended_at"])
    record(by=by, action=Action.HUB_WRITE, target=hub, at=at, purpose="end")
    return hub


@transaction.atomic
def tell_place(*, pledge_id: UUID, by: User, at: datetime) -> ToldPlace:
    """Opens the hub's place so that a coordinator tells it to the donor by telephone. One event in the audit each time.

    Raises Invalid for a donor who may not come any more: a check has run out or failed, or the offer is paused.
    """
    pledge = Pledge.objects.select_for_update(of=("self",)).select_related("need", "hub", "offer").filter(pk=pledge_id).first()
    if pledge is None or pledge.hub is None:
        raise NotFound
    require(by, Action.HUB_TELL, pledge)
    if doubt := doubt_about(pledge.need, pledge.offer, max(at.date(), pledge.scheduled_on or at.date())):
        raise Invalid(doubt)
    opened = unseal(pledge.hub, "place", "hours", org=PORTAL)
    pledge.told_at = at
    pledge.save(update_fields=["told_at"])
    record(by=by, action=Action.HUB_TELL, target=pledge, at=at, fields=["place", "hours"])
    return ToldPlace(opened["place"] or "", opened["hours"] or "")


def _fill(hub: Hub, facts: HubFacts) -> None:
    if faults := faults_of(facts.alias):
        raise Invalid(fields={"alias": " ".join(faults)})
    hub.alias, hub.province_id = facts.alias.strip(), facts.province_id
    new = {name: text.strip() for name in ("place", "hours") if (text := getattr(facts, name)).strip()}
    if new:
        seal(hub, org=PORTAL, **new)


def _saved(hub: Hub, *, new: bool) -> None:
    try:
        with transaction.atomic():
            hub.save(force_insert=new)
    except IntegrityError:
        raise Invalid(fields={"alias": _("Your organisation has a hub of this name.")}) from None


def _locked(hub_id: UUID) -> Hub:
    hub = Hub.objects.select_for_update(of=("self",)).filter(pk=hub_id).first()
    if hub is None:
        raise NotFound
    return hub
