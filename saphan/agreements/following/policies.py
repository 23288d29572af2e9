"""Who may move a subject on, shorten a rule, answer for a finding, bind anew, edit a calendar: and why not. Who sees a subject is its room's to say."""

from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import Verdict, role_is_enough, rule
from saphan.agreements.following.models import Binding, Departure, DriftFinding, Rebinding
from saphan.agreements.following.subjects import kind_of
from saphan.core.sensitivity import Sensitivity
from saphan.directory.models import Organisation

A = Action
rule(A.PROMISE_LIST, A.DRIFT_LIST)(role_is_enough)


def _seen(user: User, binding: Binding) -> bool:
    return kind_of(binding.subject_kind).visible_to(user).filter(pk=binding.subject_id).exists()


@rule(A.PROCEDURE_READ, A.PROCEDURE_FOLLOW, A.PROCEDURE_DEPART, A.REBIND_ASK)
def whoever_sees_the_subject(user: User, binding: Binding) -> Verdict:
    """The owning room decides who sees a subject; its own rules stand before its own acts."""
    return Verdict(_seen(user, binding), _("This belongs to other organisations."))


@rule(A.DEPARTURE_READ)
def whoever_reads_the_file_reads_the_reason(user: User, departure: Departure) -> Verdict:
    """The owning room decides who may have this class of the subject's file opened."""
    binding = departure.binding
    opened = kind_of(binding.subject_kind).opens(user, binding.subject_id) if _seen(user, binding) else frozenset()
    return Verdict(Sensitivity.PLAN in opened, _("Only those who may read this part of the file read why."))


@rule(A.DRIFT_CLOSE)
def the_organisation_answers(user: User, finding: DriftFinding) -> Verdict:
    """Whoever sees the subject, of the organisation that owed it; where that is not known, of any party."""
    if not _seen(user, finding.binding):
        return Verdict(False, _("This belongs to other organisations."))
    return Verdict(finding.org_id in (None, user.org_id), _("Another organisation answers for this."))


@rule(A.REBIND_APPROVE)
def another_person_approves(user: User, rebinding: Rebinding) -> Verdict:
    """Neither whoever asked nor whoever approved before."""
    if not _seen(user, rebinding.binding):
        return Verdict(False, _("This belongs to other organisations."))
    return Verdict(user.pk not in (rebinding.asked_by_id, rebinding.first_by_id), _("Somebody else approves: you have asked or approved already."))


@rule(A.CALENDAR_EDIT)
def a_ministry_edits_the_calendar(user: User, org: Organisation | None) -> Verdict:
    """Only a ministry; a day that another ministry entered is that one's."""
    mine = user.org.kind == Organisation.Kind.MINISTRY and (org is None or org.pk == user.org_id)
    return Verdict(mine, _("Only the ministry edits the calendar."))
