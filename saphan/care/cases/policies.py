"""May this worker open, read, change or share this case: and why not."""

from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import Verdict, role_is_enough, rule
from saphan.care.cases.models import Case, Consent
from saphan.care.persons.disclosure import SUPERVISOR, is_involved, relations
from saphan.care.persons.models import Involvement, Person

NOT_LEADING = _("Only the organisation that leads this case may do this.")
NOT_YOURS = _("This file is not among yours. Say why you need it first.")
KEEPERS = frozenset({Involvement.Relation.LEAD.value, Involvement.Relation.CO_WORKER.value, SUPERVISOR})

rule(Action.CASE_LIST)(role_is_enough)


@rule(Action.CASE_OPEN)
def the_lead_opens_the_case(user: User, person: Person) -> Verdict:
    """Who leads the file, a co-worker or the supervisor opens its case."""
    if person.org_id != user.org_id:
        return Verdict(False, NOT_LEADING)
    return Verdict(bool(relations(user, person) & KEEPERS), _("The lead worker of this file opens its case."))


@rule(Action.CASE_READ, Action.DOCUMENT_READ)
def a_case_opens_to_those_involved(user: User, case: Case) -> Verdict:
    """Lead, co-worker, supervisor, receiver of a referral, or a colleague who has stated a purpose."""
    return Verdict(is_involved(user, case.person), NOT_YOURS)


@rule(Action.CASE_READ_INSIDE)
def plan_sharing_and_audit_stay_inside(user: User, case: Case) -> Verdict:
    """The plan, who else takes part and the record of access are read by the leading organisation's involved workers only."""
    if case.org_id != user.org_id:
        return Verdict(False, NOT_LEADING)
    return Verdict(is_involved(user, case.person), NOT_YOURS)


@rule(Action.CASE_EDIT, Action.NOTE_ADD, Action.DOCUMENT_ADD)
def the_leading_organisation_keeps_the_case(user: User, case: Case) -> Verdict:
    """Workers of the leading organisation who are involved write into an open case."""
    if case.org_id != user.org_id:
        return Verdict(False, NOT_LEADING)
    if not case.is_open:
        return Verdict(False, _("This case is closed."))
    return Verdict(is_involved(user, case.person), NOT_YOURS)


@rule(Action.CASE_TRANSFER, Action.CASE_CLOSE)
def supervisors_transfer_and_close(user: User, case: Case) -> Verdict:
    """A supervisor of the leading organisation hands a case over or ends it."""
    return Verdict(case.org_id == user.org_id, NOT_LEADING)


@rule(Action.CONSENT_RECORD)
def those_involved_record_consent(user: User, person: Person) -> Verdict:
    """Who works with the person in the leading organisation writes down what the person agreed to."""
    if person.org_id != user.org_id:
        return Verdict(False, NOT_LEADING)
    return Verdict(is_involved(user, person), NOT_YOURS)


@rule(Action.CONSENT_WITHDRAW)
def anybody_of_the_house_takes_a_withdrawal(user: User, consent: Consent) -> Verdict:
    """A person may withdraw at any time and by any way: every care worker of the leading organisation takes it, involved or not."""
    return Verdict(consent.owner_org_id == user.org_id, NOT_LEADING)
