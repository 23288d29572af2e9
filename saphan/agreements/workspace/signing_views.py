"""Signing with the key of one's organisation: one person prepares, another signs; and why it cannot be signed yet."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.agreements.models import AgreementVersion
from saphan.agreements.signing import short_digest, still_missing
from saphan.agreements.states import VersionState
from saphan.agreements.workspace import keys
from saphan.agreements.workspace.checking import standing_before_signing
from saphan.agreements.workspace.frame import page, require_inside, visible_version
from saphan.agreements.workspace.models import PartyKey, PreparedSignature
from saphan.agreements.workspace.parties import party_of
from saphan.agreements.workspace.states import PreparedState
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.once import once


class PrepareForm(forms.Form):
    """Who signs in public."""

    office = forms.CharField(label=gettext_lazy("Office"), max_length=160, help_text=gettext_lazy("For example: Minister of Social Development."))
    signatory = forms.CharField(label=gettext_lazy("Who signs"), max_length=160, help_text=gettext_lazy("The public signatory, as the text names her."))


@page_for(Action.AGREEMENT_READ_INSIDE)
@require_GET
def signing(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """What is signed, what waits, and what stands in the way."""
    return _page(request, visible_version(request, version_id))


def _page(request: StaffRequest, version: AgreementVersion, form: PrepareForm | None = None) -> HttpResponse:
    require_inside(request, version)
    party = party_of(request.user, version.agreement)
    agreed = version.state == VersionState.AGREED
    waiting = keys.waiting(version, request.user.org_id)
    missing = still_missing(version) if version.digest else []
    own_missing = party is not None and party in missing and not waiting
    context = {
        "party": party, "agreed": agreed, "missing": missing, "short": short_digest(version) if version.digest else "",
        "signatures": version.signatures.select_related("party__country", "party__organisation", "settled_by", "entered_by"),
        "waiting": [(one, bool(check(request.user, Action.AGREEMENT_SIGN_BY_KEY, one))) for one in waiting],
        "reasons": standing_before_signing(version) if version.is_open else [], "key": keys.key_of(request.user),
        "may_prepare": agreed and own_missing and bool(check(request.user, Action.AGREEMENT_SIGN_BY_KEY, version.agreement)),
        "may_agree": version.state == VersionState.NEGOTIATING and bool(check(request.user, Action.AGREEMENT_NEGOTIATE, version.agreement)),
        "may_keep": bool(check(request.user, Action.AGREEMENT_KEEP_KEY, request.user.org_id)) and party is not None,
        "form": form or PrepareForm(),
    }  # fmt: skip
    return page(request, version, "signing", status=422 if form is not None else 200, **context)


@page_for(Action.AGREEMENT_SIGN_BY_KEY)
@require_POST
@once
def prepare(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """The first person."""
    version = visible_version(request, version_id)
    form = PrepareForm(request.POST)
    if not form.is_valid():
        return _page(request, version, form)
    try:
        keys.prepare(version_id=version.pk, by=request.user, at=clock.now(), **form.cleaned_data)
    except Invalid as error:
        form.add_error(None, error.sentence)
        return _page(request, version, form)
    messages.success(request, _("The signature is prepared. Another person of your organisation signs."))
    return redirect("workspace:signing", version.pk)


@page_for(Action.AGREEMENT_SIGN_BY_KEY)
@require_POST
@once
def sign(request: StaffRequest, prepared_id: UUID) -> HttpResponse:
    """The second person."""
    prepared = _visible(request, prepared_id)
    keys.sign(prepared_id=prepared.pk, by=request.user, at=clock.now())
    prepared.version.refresh_from_db()
    if prepared.version.is_signed:
        messages.success(request, _("All parties have signed the same words. This version never changes any more."))
    else:
        messages.success(request, _("Signed. The other parties have not signed yet."))
    return redirect("workspace:signing", prepared.version_id)


@page_for(Action.AGREEMENT_SIGN_BY_KEY)
@require_POST
@once
def drop(request: StaffRequest, prepared_id: UUID) -> HttpResponse:
    """Takes back what was prepared."""
    prepared = _visible(request, prepared_id)
    keys.drop(prepared_id=prepared.pk, by=request.user, at=clock.now())
    messages.success(request, _("The prepared signature is dropped."))
    return redirect("workspace:signing", prepared.version_id)


@page_for(Action.AGREEMENT_KEEP_KEY)
@require_POST
@once
def make_key(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """A key for one's organisation."""
    version = visible_version(request, version_id)
    keys.make_key(by=request.user, at=clock.now())
    messages.success(request, _("The key is made. Tell its public digits to the other side by voice."))
    return redirect("workspace:signing", version.pk)


@page_for(Action.AGREEMENT_KEEP_KEY)
@require_POST
@once
def retire_key(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """Retires the key in use."""
    version = visible_version(request, version_id)
    key = PartyKey.objects.filter(org=request.user.org_id, state="active").first()
    if key is None:
        raise Http404
    keys.retire_key(key_id=key.pk, by=request.user, at=clock.now())
    messages.success(request, _("The key is retired. What it signed stays verifiable."))
    return redirect("workspace:signing", version.pk)


def _visible(request: StaffRequest, prepared_id: UUID) -> PreparedSignature:
    found = PreparedSignature.objects.filter(pk=prepared_id, org=request.user.org_id, version__in=AgreementVersion.objects.visible_to(request.user))
    prepared = found.select_related("version").first()
    if prepared is None or prepared.state != PreparedState.PREPARED:
        raise Http404
    return prepared
