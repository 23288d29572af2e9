"""What all screens of the coordinators share: their tabs, how one is loaded, how an act is answered."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest
from saphan.audit.services import record as record_event
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.sealing import unseal_many
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.exchange.desk_forms import put_errors

# Labels and addresses of the tabs.
TABS: list[tuple[Any, str]] = [
    (gettext_lazy("Needs"), "exchange_desk:needs"),
    (gettext_lazy("Safety review"), "exchange_desk:reviews"),
    (gettext_lazy("Offers"), "exchange_desk:offers"),
    (gettext_lazy("Matches"), "exchange_desk:matches"),
    (gettext_lazy("Pledges"), "exchange_desk:pledges"),
    (gettext_lazy("Funds"), "exchange_desk:funds"),
    (gettext_lazy("Campaigns"), "exchange_desk:campaigns"),
    (gettext_lazy("Hubs"), "exchange_desk:hubs"),
    (gettext_lazy("Thank-you wall"), "exchange_desk:thanks"),
]


def page(request: StaffRequest, template: str, tab: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A screen of this room with its tabs."""
    tabs = [{"label": label, "url": reverse(name), "current": name == f"exchange_desk:{tab}"} for label, name in TABS]
    return render(request, f"exchange/desk/{template}.html", {"tabs": tabs, "tab": tab, **context}, status=status)


def opened(request: StaffRequest, records: Sequence[Any], field: str, *, of: Model, action: Action) -> list[tuple[Any, str]]:
    """Each record with its sealed words, for a screen; that they were opened is written down at what they belong to."""
    sealed = [record for record in records if getattr(record, field) is not None]
    told = {found.pk: words[field] or "" for found, words in zip(sealed, unseal_many(sealed, field, org=PORTAL), strict=True)}
    if sealed:
        record_event(by=request.user, action=action, target=of, at=clock.now(), fields=[field])
    return [(record, told.get(record.pk, "")) for record in records]


def loaded(found: "QuerySet[Any]", pk: UUID) -> Any:
    """The record, or 404: what is not among the visible ones does not exist."""
    record: Model | None = found.filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def done(request: StaffRequest, sentence: str, where: str, *args: Any) -> HttpResponse:
    """Says what was done and leads on."""
    messages.success(request, sentence)
    return redirect(where, *args)


def attempted(form: BaseForm, act: Callable[[], Any]) -> Any:
    """What the act gives, or None with its sentences at the fields of the form."""
    try:
        return act()
    except Invalid as error:
        put_errors(form, error)
        return None


def refused(request: StaffRequest, error: Invalid, where: str, *args: Any) -> HttpResponse:
    """An act of one button was refused: back to where it stood, with the reason."""
    messages.error(request, error.sentence or " ".join(error.fields.values()) or _("This could not be done."))
    return redirect(where, *args)
