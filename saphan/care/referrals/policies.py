"""May this worker send, answer, take back or close this referral: and why not."""

from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import Verdict, role_is_enough, rule
from saphan.care.cases.models import Case
from saphan.care.persons.disclosure import is_involved
from saphan.care.referrals.models import Referral

rule(Action.REFERRAL_LIST)(role_is_enough)


@rule(Action.REFERRAL_READ)
def both_sides_read_their_side(user: User, referral: Referral) -> Verdict:
    """The sender's organisation, and once it was sent the receiver's; what each sees of the person is another question."""
    mine = referral.from_org_id == user.org_id
    theirs = referral.to_org_id == user.org_id and referral.sent_at is not None
    return Verdict(mine or theirs, _("This referral belongs to other organisations."))


@rule(Action.REFERRAL_DRAFT)
def those_who_work_on_the_case_refer(user: User, case: Case) -> Verdict:
    """A worker of the leading organisation who is involved with the person, while the case is open."""
    if case.org_id != user.org_id:
        return Verdict(False, _("Only the organisation that leads this case may refer."))
    if not case.is_open:
        return Verdict(False, _("The case is closed."))
    return Verdict(is_involved(user, case.person), _("This file is not among yours. Say why you need it first."))


@rule(Action.REFERRAL_SEND, Action.REFERRAL_WITHDRAW, Action.REFERRAL_FEEDBACK)
def the_sender_keeps_the_referral(user: User, referral: Referral) -> Verdict:
    """Whoever of the sending organisation is involved with the person; it does not wait for one named worker."""
    if referral.from_org_id != user.org_id:
        return Verdict(False, _("Only the organisation that refers may do this."))
    return Verdict(is_involved(user, referral.person), _("This file is not among yours. Say why you need it first."))


@rule(Action.REFERRAL_ACKNOWLEDGE, Action.REFERRAL_ACCEPT, Action.REFERRAL_DECLINE, Action.REFERRAL_START, Action.REFERRAL_COMPLETE)
def only_the_receiver_replies(user: User, referral: Referral) -> Verdict:
    """The care staff of the receiving organisation, any of them: a referral to one person waits for ever when she has left."""
    return Verdict(referral.to_org_id == user.org_id and referral.sent_at is not None, _("Only the receiving organisation may reply."))
