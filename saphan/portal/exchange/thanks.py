"""Names on the thank-you wall: asked for by the donor, looked at by a person, taken down whenever the donor says so."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound
from saphan.core.sealing import seal, unseal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.exchange.models import Offer, Pledge, Thanks
from saphan.portal.exchange.offers import locked_offer
from saphan.portal.exchange.states import RECEIVED, THANKS_LIFE, ThanksState
from saphan.portal.exchange.wording import faults_of

LONGEST = 80


@transaction.atomic
def ask_for_thanks(*, offer_id: UUID, name: str, at: datetime) -> Thanks:
    """The donor wants this name on the wall. Raises Invalid before something of her offer has arrived, and for a name that tells too much."""
    offer = locked_offer(offer_id)
    if not has_arrived(offer):
        raise Invalid(_("The wall thanks for what has arrived. Come back then."))
    if not name.strip() or len(name.strip()) > LONGEST or faults_of(name):
        raise Invalid(fields={"name": " ".join(faults_of(name)) or _("Write the name as it shall stand there, in 80 letters at most.")})
    Thanks.objects.filter(offer=offer).delete()
    thanks = Thanks(offer=offer, consented_at=at)
    seal(thanks, org=PORTAL, wanted=name.strip())
    thanks.save(force_insert=True)
    record(by=None, action="exchange:ask_for_thanks", target=thanks, at=at)
    return thanks


@transaction.atomic
def show(*, thanks_id: UUID, by: User, at: datetime) -> Thanks:
    """A person has read the name: it stands on the wall."""
    thanks = _locked(thanks_id)
    require(by, Action.THANKS_REVIEW, thanks)
    thanks.state = THANKS_LIFE.target("show", thanks.state)
    thanks.shown_as, thanks.shown_at, thanks.decided_by = unseal(thanks, "wanted", org=PORTAL)["wanted"] or "", at, by
    thanks.save(update_fields=["state", "shown_as", "shown_at", "decided_by"])
    record(by=by, action=Action.THANKS_REVIEW, target=thanks, at=at, purpose="show", fields=["wanted"])
    return thanks


@transaction.atomic
def refuse(*, thanks_id: UUID, by: User, at: datetime) -> Thanks:
    """The name cannot stand there."""
    thanks = _locked(thanks_id)
    require(by, Action.THANKS_REVIEW, thanks)
    thanks.state, thanks.decided_by = THANKS_LIFE.target("refuse", thanks.state), by
    thanks.save(update_fields=["state", "decided_by"])
    record(by=by, action=Action.THANKS_REVIEW, target=thanks, at=at, purpose="refuse")
    return thanks


@transaction.atomic
def take_down(*, thanks_id: UUID, by: User | None, at: datetime) -> Thanks:
    """The name leaves the wall: the donor says so by her link (`by=None`), or a coordinator."""
    thanks = _locked(thanks_id)
    if by is not None:
        require(by, Action.THANKS_REVIEW, thanks)
    thanks.state = THANKS_LIFE.target("take_down", thanks.state)
    thanks.shown_as, thanks.shown_at = "", None
    thanks.save(update_fields=["state", "shown_as", "shown_at"])
    record(by=by, action=Action.THANKS_REVIEW, target=thanks, at=at, purpose="take_down")
    return thanks


def has_arrived(offer: Offer) -> bool:
    """Whether something of this offer was counted at a hub."""
    return Pledge.objects.filter(offer=offer, state__in=RECEIVED).exists()


@transaction.atomic
def wanted_names(waiting: list[Thanks], *, by: User, at: datetime) -> list[tuple[Thanks, str]]:
    """The names that wait, opened for whoever decides; recorded at each."""
    for one in waiting:
        require(by, Action.THANKS_REVIEW, one)
        record(by=by, action=Action.THANKS_REVIEW, target=one, at=at, fields=["wanted"], purpose="look")
    return [(one, unseal(one, "wanted", org=PORTAL)["wanted"] or "") for one in waiting]


def waiting_thanks() -> list[Thanks]:
    """Names that wait to be looked at, oldest first."""
    return list(Thanks.objects.filter(state=ThanksState.ASKED).select_related("offer").order_by("consented_at"))


def _locked(thanks_id: UUID) -> Thanks:
    thanks = Thanks.objects.select_for_update(of=("self",)).select_related("offer").filter(pk=thanks_id).first()
    if thanks is None:
        raise NotFound
    return thanks
