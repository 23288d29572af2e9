"""May this worker take up this report, open this file, read this part of it: and why not."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import Verdict, role_is_enough, rule
from saphan.care.persons.disclosure import is_involved
from saphan.care.persons.models import Person, Report

rule(Action.REPORT_LIST, Action.REPORT_RECORD)(role_is_enough)


@rule(Action.REPORT_READ, Action.REPORT_CONTACT, Action.REPORT_CLOSE)
def reports_belong_to_the_organisation_that_took_them(user: User, report: Report) -> Verdict:
    """Whoever answers the reports of an organisation answers all of them: the clock does not wait for one officer."""
    return Verdict(report.org_id == user.org_id, _("This report belongs to another organisation."))


@rule(Action.PERSON_OPEN)
def files_are_opened_from_own_reports(user: User, report: Report | None) -> Verdict:
    """A file opens from a report of the own organisation, or without one (a person who comes by herself)."""
    return Verdict(report is None or report.org_id == user.org_id, _("This report belongs to another organisation."))


@rule(Action.PERSON_READ, Action.PERSON_REVEAL)
def a_file_opens_to_those_involved(user: User, person: Person) -> Verdict:
    """Lead, co-worker, intake, team, receiver, supervisor, or a colleague who has stated a purpose."""
    return Verdict(is_involved(user, person), _("This file is not among yours. Say why you need it first."))


@rule(Action.PERSON_EDIT)
def the_leading_organisation_keeps_the_file(user: User, person: Person) -> Verdict:
    """Only workers of the person's organisation, involved with the person, change the file."""
    if person.org_id != user.org_id:
        return Verdict(False, _("Only the organisation that leads this file may change it."))
    return Verdict(is_involved(user, person), _("This file is not among yours. Say why you need it first."))


@rule(Action.PERSON_ASSIGN)
def supervisors_assign_within_their_organisation(user: User, person: Person) -> Verdict:
    """A supervisor names the lead of a file of the own organisation."""
    return Verdict(person.org_id == user.org_id, _("Only the organisation that leads this file may assign it."))


@rule(Action.PERSON_STATE_PURPOSE)
def colleagues_may_say_why(user: User, person: Any) -> Verdict:
    """A colleague of the same organisation may open a file for a stated purpose; the lead is told."""
    return Verdict(person.org_id == user.org_id, _("Only the organisation that leads this file may do this."))
