"""A version: its words side by side, its running part, its way from a draft to agreement."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.agreements import drafting, signing
from saphan.agreements.act_forms import DayForm
from saphan.agreements.forms import BeginForm, LanguagesForm, ProcedureForm, provision_forms
from saphan.agreements.models import AgreementVersion
from saphan.agreements.running import in_words
from saphan.agreements.screens.frame import attempted, done, once_sent, own, pressed, status_of, visible_agreement, visible_version
from saphan.core import clock
from saphan.core.once import once

NAMES = dict(settings.LANGUAGES)


@page_for(Action.AGREEMENT_DRAFT)
@require_http_methods(["GET", "POST"])
@once
def begin(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """A new version of an agreement."""
    agreement = visible_agreement(request, agreement_id)
    own(request, Action.AGREEMENT_DRAFT, agreement)
    among = AgreementVersion.objects.visible_to(request.user).filter(agreement=agreement).newest_first()
    newest = among.first()
    proposed = (newest.major, newest.minor + 1, 0) if newest else (1, 0, 0)
    form = BeginForm(once_sent(request), among=among, initial={"number": proposed, "based_on": newest})
    if form.is_valid():
        chosen = form.cleaned_data
        based_on_id, by, at = chosen["based_on"].pk if chosen["based_on"] else None, request.user, clock.now()
        made = attempted(
            form,
            lambda: drafting.begin_version(
                agreement_id=agreement.pk, number=form.wanted(), changes=chosen["changes"], based_on_id=based_on_id, by=by, at=at
            ),
        )
        if made:
            return redirect("agreements:version", made.pk)
    return render(request, "agreements/begin.html", {"form": form, "agreement": agreement}, status=status_of(form))


@page_for(Action.AGREEMENT_READ)
@require_GET
def version_page(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """The words in two languages side by side, digest, signatures, and what comes next."""
    return shown(request, visible_version(request, version_id))


def shown(request: StaffRequest, version: AgreementVersion, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a version."""
    signatures = version.signatures.select_related("party__country", "party__organisation", "entered_by", "settled_by")
    context = {
        "version": version, "agreement": version.agreement, **side_by_side(request, version),
        "findings": [(finding, in_words(finding)) for finding in version.findings],
        "signatures": [(one, check(request.user, Action.AGREEMENT_CONFIRM, one)) for one in signatures],
        "missing": signing.still_missing(version) if version.state == "agreed_ad_referendum" else [],
        "may_draft": check(request.user, Action.AGREEMENT_DRAFT, version.agreement), "day_form": DayForm(auto_id="notify_%s"), **more,
    }  # fmt: skip
    return render(request, "agreements/version.html", context, status=status)


def side_by_side(request: StaffRequest, version: AgreementVersion) -> dict[str, Any]:
    """Two languages of the words, chosen in the address; the first two that bind where nothing is chosen."""
    texts = list(version.texts.select_related("type"))
    languages = sorted(
        {text.language for text in texts}, key=lambda code: (code not in version.languages, list(NAMES).index(code) if code in NAMES else 9)
    )
    left = _chosen(request.GET.get("left", ""), languages, 0)
    right = _chosen(request.GET.get("right", ""), [code for code in languages if code != left], 0)
    rows: dict[str, dict[str, Any]] = {}
    for text in texts:
        row = rows.setdefault(text.number, {"number": text.number, "type": text.type})
        row |= {side: text for side, code in (("left", left), ("right", right)) if code == text.language}
    named = [(code, NAMES.get(code, code)) for code in languages]
    return {
        "rows": list(rows.values()),
        "text_languages": named,
        "left": left,
        "right": right,
        "left_name": NAMES.get(left, left),
        "right_name": NAMES.get(right, right),
    }


def _chosen(asked: str, languages: list[str], otherwise: int) -> str:
    return asked if asked in languages else languages[otherwise] if len(languages) > otherwise else ""


@page_for(Action.AGREEMENT_DRAFT)
@require_http_methods(["GET", "POST"])
@once
def write_procedure(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """The running part as text."""
    version = visible_version(request, version_id)
    own(request, Action.AGREEMENT_DRAFT, version.agreement)
    form = ProcedureForm(once_sent(request), request.FILES or None, initial={"source": version.procedure})
    if form.is_valid():
        source, by, at = form.cleaned_data["source"], request.user, clock.now()
        kept = attempted(form, lambda: drafting.write_procedure(version_id=version.pk, source=source, by=by, at=at))
        if kept:
            sentence = _("Kept. It has errors; they stand on this page.") if kept.errors else _("Kept. It has no errors.")
            return done(request, sentence, "agreements:version", version.pk)
    return render(request, "agreements/procedure.html", {"form": form, "version": version, "agreement": version.agreement}, status=status_of(form))


@page_for(Action.AGREEMENT_DRAFT)
@require_http_methods(["GET", "POST"])
@once
def write_words(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """The provisions of a version without a running part, in the languages that bind."""
    version = visible_version(request, version_id)
    own(request, Action.AGREEMENT_DRAFT, version.agreement)
    answers = once_sent(request)
    asked = LanguagesForm(answers or request.GET or None, initial={"languages": version.languages or ["th", "en"]})
    languages = asked.cleaned_data["languages"] if asked.is_bound and asked.is_valid() else version.languages or ["th", "en"]
    forms = provision_forms(answers, version, languages)
    if answers and asked.is_valid() and forms.is_valid():
        by, at = request.user, clock.now()
        words = forms.words()
        if attempted(asked, lambda: drafting.write_words(version_id=version.pk, languages=languages, words=words, by=by, at=at)):
            return done(request, _("Saved."), "agreements:version", version.pk)
    context = {"asked": asked, "forms": forms, "version": version, "agreement": version.agreement}
    return render(request, "agreements/words.html", context, status=422 if answers else 200)


Service = Callable[..., Any]


def _moving(service: Service, sentence: Any) -> Callable[..., HttpResponse]:
    """A button of the page of a version."""

    def press(request: StaffRequest, version_id: UUID) -> HttpResponse:
        version = visible_version(request, version_id)
        return pressed(request, lambda: service(version_id=version.pk, by=request.user, at=clock.now()), sentence(), "agreements:version", version.pk)

    return page_for(Action.AGREEMENT_NEGOTIATE)(require_POST(once(press)))


negotiate = _moving(drafting.negotiate, lambda: _("The draft is open to the other parties."))
redraft = _moving(drafting.redraft, lambda: _("It is a draft of your office again."))
agree = _moving(drafting.agree, lambda: _("Agreed ad referendum: the words are closed, and the digest stands."))
reopen = _moving(drafting.reopen, lambda: _("The words are open again."))


@page_for(Action.AGREEMENT_DRAFT)
@require_POST
@once
def discard(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """Throws a draft away."""
    version = visible_version(request, version_id)
    agreement_id = version.agreement_id
    drafting.discard(version_id=version.pk, by=request.user, at=clock.now())
    return done(request, _("The draft is thrown away."), "agreements:detail", agreement_id)


@page_for(Action.AGREEMENT_NOTIFY)
@require_POST
@once
def notify(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """The other side was told."""
    version = visible_version(request, version_id)
    form = DayForm(request.POST, auto_id="notify_%s")
    if form.is_valid():
        on, by, at = form.cleaned_data["on"], request.user, clock.now()
        if attempted(form, lambda: signing.notify(version_id=version.pk, on=on, by=by, at=at)):
            return done(request, _("Written down."), "agreements:version", version.pk)
    return shown(request, version, status=422, day_form=form)
