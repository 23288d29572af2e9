"""What the screens share: how a record is loaded, how an act is answered."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest
from saphan.access.policy import check, require
from saphan.agreements.models import Agreement, AgreementVersion, Meeting
from saphan.core.errors import DomainError, Invalid, Refused


def loaded(found: "QuerySet[Any]", pk: UUID) -> Any:
    """The record, or 404: what is not among the visible ones does not exist."""
    record: Model | None = found.filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def visible_agreement(request: StaffRequest, agreement_id: UUID) -> Agreement:
    """An agreement that this user may read."""
    agreement: Agreement = loaded(Agreement.objects.visible_to(request.user).select_related("kept_by", "parent"), agreement_id)
    return agreement


def visible_version(request: StaffRequest, version_id: UUID) -> AgreementVersion:
    """A version that this user may read."""
    found = AgreementVersion.objects.visible_to(request.user).select_related("agreement__kept_by", "based_on", "drafted_by")
    version: AgreementVersion = loaded(found, version_id)
    return version


def visible_meeting(request: StaffRequest, meeting_id: UUID) -> Meeting:
    """A meeting of an agreement whose inside this user may read."""
    found = Meeting.objects.filter(agreement__in=Agreement.objects.visible_to(request.user)).select_related("agreement__kept_by")
    meeting: Meeting = loaded(found, meeting_id)
    if not check(request.user, Action.AGREEMENT_READ_INSIDE, meeting.agreement):
        raise Http404
    return meeting


def own(request: StaffRequest, action: Action, agreement: Agreement) -> None:
    """Raises Refused before a form is shown that could not be sent."""
    require(request.user, action, agreement)


def done(request: StaffRequest, sentence: str, where: str, *args: Any) -> HttpResponse:
    """Says what was done and leads on."""
    messages.success(request, sentence)
    return redirect(where, *args)


def attempted(form: BaseForm, act: Callable[[], Any]) -> Any:
    """What the act gives, or None with its sentences at the fields of the form."""
    try:
        return act()
    except Refused:
        raise
    except Invalid as error:
        put_errors(form, error)
    except DomainError as error:
        form.add_error(None, error.sentence)
    return None


def put_errors(form: BaseForm, error: Invalid) -> None:
    """The sentences of a refusal at their fields, or above the form."""
    for name, sentence in error.fields.items():
        form.add_error(name if name in form.fields else None, sentence)
    if not error.fields:
        form.add_error(None, error.sentence)


def pressed(request: StaffRequest, act: Callable[[], Any], sentence: str, where: str, *args: Any) -> HttpResponse:
    """An act of one button: done, or back to where it stood with the reason why not."""
    try:
        act()
    except Refused:
        raise
    except DomainError as error:
        messages.error(request, error.sentence or " ".join(getattr(error, "fields", {}).values()) or _("This could not be done."))
        return redirect(where, *args)
    return done(request, sentence, where, *args)


def once_sent(request: StaffRequest) -> Any:
    """What a form gets: the answers, or nothing on the first sight."""
    return request.POST if request.method == "POST" else None


def status_of(*forms: Any) -> int:
    """422 for a form that came back with errors."""
    return 422 if any(form.is_bound for form in forms) else 200
