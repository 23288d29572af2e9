"""May this coordinator write, review, vet, decide, receive: and why not. Two persons always stand behind what becomes public or meets survivors."""

from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import Verdict, role_is_enough, rule
from saphan.directory.models import Organisation
from saphan.portal.exchange.models import Campaign, Fund, Hub, Match, Need, Offer, Pledge, Posting, Receipt, Safeguarding
from saphan.portal.exchange.states import LIVE_OFFER, PledgeState

NOT_YOURS = _("This belongs to another organisation.")
TWO_PERSONS = _("Somebody else must look at this: you have had a hand in it already.")
NOT_VETTED = _("Your organisation does not take part at the moment.")

rule(Action.EXCHANGE_OPEN, Action.THANKS_REVIEW, Action.FUND_READ)(role_is_enough)


def takes_part(user: User) -> bool:
    """Whether the user's organisation was approved by two persons and not suspended since."""
    return user.org is not None and user.org.state == Organisation.State.APPROVED


@rule(Action.NEED_WRITE, Action.NEED_SUBMIT, Action.NEED_STEER, Action.NEED_READ_NOTE, Action.CAMPAIGN_WRITE, Action.HUB_WRITE)
def each_for_her_own_house(user: User, target: Need | Campaign | Hub | None) -> Verdict:
    """Coordinators of an organisation that takes part write and steer what their own organisation needs."""
    if not takes_part(user):
        return Verdict(False, NOT_VETTED)
    return Verdict(target is None or target.org_id == user.org_id, NOT_YOURS)


@rule(Action.NEED_REVIEW, Action.CAMPAIGN_REVIEW)
def another_person_reviews(user: User, target: Need | Campaign | None) -> Verdict:
    """Whoever wrote a word of it does not judge whether it is safe."""
    if not takes_part(user):
        return Verdict(False, NOT_VETTED)
    return Verdict(target is None or str(user.pk) not in target.writers, TWO_PERSONS)


@rule(Action.OFFER_RECORD, Action.OFFER_STEER, Action.SAFEGUARD_RECORD)
def coordinators_look_after_offers(user: User, offer: Offer | None) -> Verdict:  # noqa: ARG001  # the shape of a rule
    """Offers belong to no organisation: any coordinator whose organisation takes part looks after them."""
    return Verdict(takes_part(user), NOT_VETTED)


@rule(Action.OFFER_VET)
def two_persons_open_an_offer(user: User, offer: Offer | None) -> Verdict:
    """One vets, another opens; a coordinator never opens what she has vetted."""
    if not takes_part(user):
        return Verdict(False, NOT_VETTED)
    return Verdict(offer is None or offer.state != "vetted" or offer.vetted_by_id != user.pk, TWO_PERSONS)


@rule(Action.SAFEGUARD_CONFIRM)
def another_person_confirms_a_check(user: User, found: Safeguarding | None) -> Verdict:
    """A check counts once a second person has seen the paper."""
    if not takes_part(user):
        return Verdict(False, NOT_VETTED)
    return Verdict(found is None or found.recorded_by_id != user.pk, TWO_PERSONS)


@rule(Action.OFFER_CONTACT)
def contact_while_there_is_work(user: User, offer: Offer | None) -> Verdict:
    """Name and contact open while the offer lives, later only to the organisation that received something from it."""
    if not takes_part(user):
        return Verdict(False, NOT_VETTED)
    if offer is None or offer.state in LIVE_OFFER:
        return Verdict(True, "")
    mine = Pledge.objects.filter(offer=offer, need__org=user.org_id).exists()
    return Verdict(mine, _("This offer is over. Its contact opens only to an organisation that received something from it."))


@rule(Action.MATCH_PROPOSE)
def any_coordinator_proposes(user: User, target: object) -> Verdict:  # noqa: ARG001  # the shape of a rule
    """A proposal promises nothing."""
    return Verdict(takes_part(user), NOT_VETTED)


@rule(Action.MATCH_DECIDE)
def another_person_decides(user: User, match: Match | None) -> Verdict:
    """Neither who proposed the match nor who wrote the need decides upon it."""
    if not takes_part(user):
        return Verdict(False, NOT_VETTED)
    if match is None:
        return Verdict(True, "")
    mine = match.proposed_by_id == user.pk or str(user.pk) in match.need.writers
    return Verdict(not mine, TWO_PERSONS)


@rule(Action.PLEDGE_STEER, Action.PLEDGE_RECEIVE)
def who_needs_it_receives_it(user: User, pledge: Pledge | None) -> Verdict:
    """The organisation of the need agrees the day, counts what arrives and thanks."""
    if not takes_part(user):
        return Verdict(False, NOT_VETTED)
    return Verdict(pledge is None or pledge.need.org_id == user.org_id, NOT_YOURS)


@rule(Action.HUB_TELL)
def the_place_is_told_when_a_day_is_agreed(user: User, pledge: Pledge | None) -> Verdict:
    """The hub's place opens to its own coordinators while a donor with an agreed day has to be told, and at no other time."""
    if not takes_part(user):
        return Verdict(False, NOT_VETTED)
    if pledge is None:
        return Verdict(True, "")
    if pledge.need.org_id != user.org_id or pledge.hub is None or pledge.hub.org_id != user.org_id:
        return Verdict(False, NOT_YOURS)
    return Verdict(pledge.state == PledgeState.SCHEDULED, _("The place is told once a day is agreed, and until the delivery has arrived."))


@rule(Action.FUND_OPEN, Action.FUND_POST, Action.FUND_DECIDE, Action.RECEIPT_ISSUE, Action.RECEIPT_PRINT)
def each_for_her_own_money(user: User, target: Fund | Receipt | None) -> Verdict:
    """Coordinators write down the money of their own organisation."""
    if not takes_part(user):
        return Verdict(False, NOT_VETTED)
    return Verdict(target is None or target.org_id == user.org_id, NOT_YOURS)


@rule(Action.POSTING_CONFIRM)
def another_person_confirms_a_posting(user: User, posting: Posting | None) -> Verdict:
    """A large posting counts once a second person has looked at it: any coordinator, also of another organisation, but never who wrote it."""
    if not takes_part(user):
        return Verdict(False, NOT_VETTED)
    return Verdict(posting is None or posting.written_by_id != user.pk, TWO_PERSONS)


@rule(Action.FUND_CLOSE)
def another_person_carries_out_what_donors_decided(user: User, fund: Fund | None) -> Verdict:
    """Who wrote down what a donor wants does not close the fund upon it, unless nothing was left to decide."""
    if not takes_part(user):
        return Verdict(False, NOT_VETTED)
    if fund is None:
        return Verdict(True, "")
    if fund.decisions.filter(dropped_at=None, posting=None, recorded_by=user).exists():
        return Verdict(False, TWO_PERSONS)
    return Verdict(fund.org_id == user.org_id or fund.decisions.filter(dropped_at=None, posting=None).exists(), NOT_YOURS)
