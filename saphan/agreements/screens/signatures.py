"""Signatures: entered by one person of the office, confirmed by another; and the print on which the parties sign."""

from collections.abc import Callable
from uuid import UUID

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.agreements import signing
from saphan.agreements.act_forms import SignatureForm
from saphan.agreements.models import AgreementVersion, Signature
from saphan.agreements.screens.frame import attempted, done, loaded, once_sent, own, pressed, status_of, visible_version
from saphan.core import clock
from saphan.core.once import once


@page_for(Action.AGREEMENT_SIGN)
@require_http_methods(["GET", "POST"])
@once
def enter(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """The signature of one party."""
    version = visible_version(request, version_id)
    own(request, Action.AGREEMENT_SIGN, version.agreement)
    form = SignatureForm(once_sent(request), version=version)
    if form.is_valid():
        given, by, at = form.given(), request.user, clock.now()
        if attempted(form, lambda: signing.enter_signature(version_id=version.pk, given=given, by=by, at=at)):
            return done(request, _("Entered. Another person of your office compares it and confirms."), "agreements:version", version.pk)
    context = {"form": form, "version": version, "agreement": version.agreement, "missing": signing.still_missing(version)}
    return render(request, "agreements/sign.html", context, status=status_of(form))


def _settling(service: Callable[..., Signature], action: Action, sentence: Callable[[], str]) -> Callable[..., HttpResponse]:
    def press(request: StaffRequest, signature_id: UUID) -> HttpResponse:
        found = Signature.objects.filter(version__in=AgreementVersion.objects.visible_to(request.user))
        signature: Signature = loaded(found, signature_id)
        return pressed(
            request,
            lambda: service(signature_id=signature.pk, by=request.user, at=clock.now()),
            sentence(),
            "agreements:version",
            signature.version_id,
        )

    return page_for(action)(require_POST(once(press)))


confirm = _settling(signing.confirm_signature, Action.AGREEMENT_CONFIRM, lambda: _("Confirmed."))
reject = _settling(signing.reject_signature, Action.AGREEMENT_CONFIRM, lambda: _("Rejected. It never counts."))
withdraw = _settling(signing.withdraw_signature, Action.AGREEMENT_SIGN, lambda: _("Taken back."))


@page_for(Action.AGREEMENT_READ)
@require_GET
def print_version(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """The text as it is signed: all binding languages, the digest as QR and digits, a line for each party."""
    version = visible_version(request, version_id)
    return render(request, "agreements/print.html", print_context(version))


def print_context(version: AgreementVersion) -> dict[str, object]:
    """What print and PDF show."""
    code = segno.make(version.digest, micro=False, error="m").svg_inline(scale=3, svgclass="qr", lineclass=None) if version.digest else ""
    parts = [(language, [text for text in version.texts.all() if text.language == language]) for language in version.languages]
    return {
        "version": version, "agreement": version.agreement, "code": code, "parts": [(language, texts) for language, texts in parts if texts],
        "digits": signing.short_digest(version), "parties": version.agreement.parties.filter(role="party").select_related("country", "organisation"),
        "confirmed": version.signatures.filter(state="confirmed"),
    }  # fmt: skip


@page_for(Action.AGREEMENT_SIGN)
@require_GET
def to_sign(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """The bytes that a key signs, as a file for the party's own program."""
    version = visible_version(request, version_id)
    headers = {"Content-Disposition": f'attachment; filename="{signing.short_digest(version) or "nothing"}.bin"'}
    return HttpResponse(signing.to_be_signed(version), content_type="application/octet-stream", headers=headers)
