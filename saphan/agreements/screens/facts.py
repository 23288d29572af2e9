"""One agreement: its page, its facts and parties when they are written, its way to the public."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.agreements import publishing, registering
from saphan.agreements.act_forms import DocumentForm
from saphan.agreements.codes import Confidentiality, NoticeKind
from saphan.agreements.force import standing_on
from saphan.agreements.forms import AgreementForm, parties_typed, party_forms
from saphan.agreements.models import Agreement, AgreementVersion, ForceEvent, Signature
from saphan.agreements.notices import AHEAD
from saphan.agreements.screens.frame import attempted, done, once_sent, own, pressed, status_of, visible_agreement
from saphan.agreements.selectors import force_by_provision, history, picture_of
from saphan.core import clock
from saphan.core.once import once

SHOWN_MEETINGS = 5


@page_for(Action.AGREEMENT_READ)
@require_GET
def detail(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """Facts, parties, versions, timeline, force by provision; for the parties also meetings and files."""
    return agreement_page(request, visible_agreement(request, agreement_id))


def agreement_page(request: StaffRequest, agreement: Agreement, status: int = 200, **more: Any) -> HttpResponse:
    """The page of one agreement."""
    if agreement.parent and not check(request.user, Action.AGREEMENT_READ, agreement.parent):
        agreement.parent = None  # whoever may not read it does not learn of it here; this object is never saved
    signatures = Prefetch("signatures", Signature.objects.select_related("party__country", "party__organisation"))
    found = AgreementVersion.objects.visible_to(request.user).filter(agreement=agreement).newest_first().prefetch_related(signatures)
    versions = list(found)
    events = list(ForceEvent.objects.standing().filter(agreement=agreement).select_related("version", "replaced_by"))
    today = timezone.localdate()
    context = {
        "agreement": agreement, "parties": agreement.parties.select_related("country", "organisation"), "versions": versions,
        "children": Agreement.objects.visible_to(request.user).filter(parent=agreement), "entries": history(agreement, versions, events),
        "picture": picture_of(agreement, versions, events, today), "may_write": check(request.user, Action.AGREEMENT_WRITE, agreement),
        "ends_soon": _ends_soon(agreement, today), **_force(versions, events, today), **_inside(request, agreement), **_public(request, agreement), **more,
    }  # fmt: skip
    return render(request, "agreements/detail.html", context, status=status)


def _ends_soon(agreement: Agreement, today: date) -> bool:
    return agreement.expires_on is not None and today <= agreement.expires_on <= today + AHEAD[NoticeKind.EXPIRY]


def _force(versions: list[AgreementVersion], events: list[ForceEvent], today: Any) -> dict[str, Any]:
    """What binds today: the version in force, its provisions; or the agreement itself where no text is kept. Else what ended last."""
    over = []
    for version in versions:
        own_events = [event for event in events if event.version_id == version.pk]
        standing = standing_on(own_events, today)
        if standing.force in ("in_force", "suspended"):
            provisions = force_by_provision(version, events, today)
            same = standing if all(one.standing == standing for one in provisions) else None
            return {"binding": version, "standing": standing, "provisions": provisions, "same_force": same}
        if standing.force == "ended":
            over.append(standing)
    bare = standing_on([event for event in events if event.version_id is None], today)
    return {"standing": over[0] if over and bare.force == "not_yet" else bare}


def _inside(request: StaffRequest, agreement: Agreement) -> dict[str, Any]:
    if not check(request.user, Action.AGREEMENT_READ_INSIDE, agreement):
        return {}
    return {
        "inside": True, "meetings": agreement.meetings.all()[:SHOWN_MEETINGS], "notices": agreement.notices.filter(state="open"),
        "documents": agreement.documents.select_related("attachment", "version", "meeting"), "document_form": DocumentForm(agreement=agreement),
    }  # fmt: skip


def _public(request: StaffRequest, agreement: Agreement) -> dict[str, Any]:
    if not check(request.user, Action.AGREEMENT_PUBLISH, agreement) or agreement.confidentiality != Confidentiality.PUBLIC:
        return {}
    release, same = publishing.published(agreement)
    return {"may_publish": True, "release": release, "release_is_same": same}


@page_for(Action.AGREEMENT_WRITE)
@require_http_methods(["GET", "POST"])
@once
def register(request: StaffRequest) -> HttpResponse:
    """A new agreement."""
    own(request, Action.AGREEMENT_WRITE, None)  # type: ignore[arg-type]  # there is none yet
    answers = once_sent(request)
    form, parties = AgreementForm(answers, agreement=None, among=Agreement.objects.visible_to(request.user)), party_forms(answers, None)
    if form.is_valid() and parties.is_valid():
        made = attempted(form, lambda: registering.register(facts=form.facts(), parties=parties_typed(parties), by=request.user, at=clock.now()))
        if made:
            return done(request, _("%(code)s is in the register.") % {"code": made.code}, "agreements:detail", made.pk)
    return render(request, "agreements/form.html", {"form": form, "parties": parties}, status=status_of(form))


@page_for(Action.AGREEMENT_WRITE)
@require_http_methods(["GET", "POST"])
@once
def edit(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """Facts and parties of an agreement."""
    agreement = visible_agreement(request, agreement_id)
    own(request, Action.AGREEMENT_WRITE, agreement)
    answers = once_sent(request)
    others = Agreement.objects.visible_to(request.user).exclude(pk=agreement.pk)
    form, parties = AgreementForm(answers, agreement=agreement, among=others), party_forms(answers, agreement)
    if form.is_valid() and parties.is_valid():
        facts, seen = form.facts(), form.cleaned_data["version"] or 0
        by, at = request.user, clock.now()
        if attempted(form, lambda: registering.edit(agreement_id=agreement.pk, facts=facts, parties=parties_typed(parties), seen=seen, by=by, at=at)):
            return done(request, _("Saved."), "agreements:detail", agreement.pk)
    return render(request, "agreements/form.html", {"form": form, "parties": parties, "agreement": agreement}, status=status_of(form))


@page_for(Action.AGREEMENT_PUBLISH)
@require_POST
@once
def publish(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """Signs what is public of it and lets it out."""
    agreement = visible_agreement(request, agreement_id)
    sentence = _("Published. The public pages show it as it stands now.")
    return pressed(
        request,
        lambda: publishing.publish_agreement(agreement_id=agreement.pk, by=request.user, at=clock.now()),
        sentence,
        "agreements:detail",
        agreement.pk,
    )


@page_for(Action.AGREEMENT_PUBLISH)
@require_POST
@once
def withdraw(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """Takes it back from the public pages."""
    agreement = visible_agreement(request, agreement_id)
    sentence = _("Taken back. The public pages do not show it any more.")
    return pressed(
        request,
        lambda: publishing.withdraw_agreement(agreement_id=agreement.pk, by=request.user, at=clock.now()),
        sentence,
        "agreements:detail",
        agreement.pk,
    )
