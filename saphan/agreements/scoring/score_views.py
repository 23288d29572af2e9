"""The scorecard of an agreement: page, print, table, paper; and its way to the public."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.agreements.models import Agreement, AgreementVersion
from saphan.agreements.procedures.scoring import Every, Period
from saphan.agreements.scoring import paper, periods, publishing
from saphan.agreements.scoring.commitment_views import signed_versions, visible_agreement
from saphan.agreements.scoring.figures import terms_of
from saphan.agreements.scoring.forms import CardFilter
from saphan.agreements.scoring.models import PublicationConsent, ScoreSnapshot
from saphan.agreements.scoring.selectors import Sheet, choices_of, parties_of, sheet_of, version_to_score
from saphan.agreements.scoring.states import ConsentState
from saphan.agreements.scoring.tables import rows_of
from saphan.agreements.screens.frame import pressed
from saphan.agreements.workspace.parties import party_of
from saphan.audit.services import record
from saphan.core import clock
from saphan.core.once import once
from saphan.core.paper import NoPrinter
from saphan.core.spreadsheet import table_text

PAPERS = ("en", "th")


@dataclass(frozen=True)
class Asked:
    """Which card somebody asks for."""

    agreement: Agreement
    version: AgreementVersion
    every: Every
    period: Period
    today: bool

    @property
    def query(self) -> str:
        """The same card at another address."""
        seen = "&seen=today" if self.today else ""
        return f"?version={self.version.pk}&period={periods.name_of(self.every, self.period.since)}{seen}"


def _asked(request: StaffRequest, agreement_id: UUID) -> Asked | None:
    """The card that the address names; the newest frozen one where it names none, else the running one. None where nothing is signed."""
    agreement = visible_agreement(request, agreement_id, Action.SCORE_READ)
    versions = list(signed_versions(agreement))
    chosen = next((one for one in versions if str(one.pk) == request.GET.get("version")), None) or version_to_score(versions)
    if chosen is None:
        return None
    every, now = terms_of(chosen).every, clock.now()
    period = periods.period_named(every, request.GET.get("period", "")) or _first(chosen, every, now)
    if period.since > now:
        raise Http404
    return Asked(agreement, chosen, every, period, request.GET.get("seen") == "today")


def _first(version: AgreementVersion, every: Every, now: Any) -> Period:
    newest = ScoreSnapshot.objects.filter(version=version, every=every).first()
    return Period(newest.since, newest.until) if newest else periods.latest(every, now, 1)[0]


def _sheet(request: StaffRequest, asked: Asked) -> Sheet:
    return sheet_of(asked.version, asked.period, every=asked.every, at=clock.now(), user=request.user, today=asked.today)


@page_for(Action.SCORE_READ)
@require_GET
def scorecard(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """How the agreement was kept in a period."""
    asked = _asked(request, agreement_id)
    if asked is None:
        return render(request, "scoring/scorecard.html", {"agreement": visible_agreement(request, agreement_id, Action.SCORE_READ)})
    sheet = _sheet(request, asked)
    initial = {"version": asked.version.pk, "period": sheet.name, "seen": "today" if asked.today else ""}
    filters = CardFilter(initial=initial, versions=signed_versions(asked.agreement), choices=choices_of(asked.version, asked.every, clock.now()))
    context = {
        "agreement": asked.agreement, "version": asked.version, "sheet": sheet, "filters": filters, "query": asked.query, "terms": terms_of(asked.version),
        "may_list": check(request.user, Action.COMMITMENT_LIST, asked.agreement), **_public(request, sheet, asked),
    }  # fmt: skip
    return render(request, "scoring/scorecard.html", context)


def _public(request: StaffRequest, sheet: Sheet, asked: Asked) -> dict[str, Any]:
    """How far the frozen card is on its way to the public."""
    if sheet.snapshot is None or asked.today or asked.agreement.confidentiality != "public":
        return {}
    snapshot, mine = sheet.snapshot, party_of(request.user, asked.agreement)
    given = {one.party_id: one for one in snapshot.consents.filter(state=ConsentState.GIVEN).select_related("given_by")}
    consent = given.get(mine.pk) if mine else None
    release = publishing.published(snapshot)
    may_publish = bool(check(request.user, Action.SCORE_PUBLISH, snapshot))
    return {
        "consents": [(party, given.get(party.pk)) for party in parties_of(asked.agreement)], "own_consent": consent,
        "may_allow": consent is None and bool(check(request.user, Action.SCORE_CONSENT, snapshot)), "seen_digest": publishing.public_digest(snapshot),
        "may_disallow": consent is not None and bool(check(request.user, Action.SCORE_CONSENT, consent)), "release": release,
        "may_publish": may_publish, "hindrances": publishing.hindrances(snapshot) if may_publish and release is None else [],
    }  # fmt: skip


@page_for(Action.SCORE_READ)
@require_GET
def print_card(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """The card as one sheet."""
    asked = _required(request, agreement_id)
    context = {
        "agreement": asked.agreement,
        "version": asked.version,
        "sheet": _sheet(request, asked),
        "query": asked.query,
        "terms": terms_of(asked.version),
    }
    return render(request, "scoring/print.html", context)


@page_for(Action.SCORE_READ)
@require_GET
def as_csv(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """The card as a table for a spreadsheet."""
    asked = _required(request, agreement_id)
    sheet = _sheet(request, asked)
    record(by=request.user, action=Action.SCORE_READ, target=asked.version, at=clock.now(), fields=["csv"])
    return _file(table_text(rows_of(sheet)), "text/csv; charset=utf-8", asked, sheet, "csv")


@page_for(Action.SCORE_READ)
@require_GET
def as_pdf(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """The report as PDF, in the language that the address names, else in the reader's."""
    asked = _required(request, agreement_id)
    language = request.GET.get("language", "")
    with override(language if language in PAPERS else request.LANGUAGE_CODE):
        sheet = _sheet(request, asked)
        try:
            content = paper.report(sheet)
        except NoPrinter as error:
            messages.error(request, error.sentence)
            return redirect(reverse("scoring:scorecard", args=[asked.agreement.pk]) + asked.query)
    record(by=request.user, action=Action.SCORE_READ, target=asked.version, at=clock.now(), fields=["pdf"])
    return _file(content, "application/pdf", asked, sheet, f"{language}.pdf" if language in PAPERS else "pdf")


def _required(request: StaffRequest, agreement_id: UUID) -> Asked:
    asked = _asked(request, agreement_id)
    if asked is None:
        raise Http404
    return asked


def _file(content: str | bytes, kind: str, asked: Asked, sheet: Sheet, ending: str) -> HttpResponse:
    name = f"{asked.agreement.code}-{asked.version.semver}-{sheet.name}.{ending}".replace("/", "-").replace('"', "")
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _snapshot(request: StaffRequest, snapshot_id: UUID) -> ScoreSnapshot:
    snapshot = ScoreSnapshot.objects.visible_to(request.user).select_related("version__agreement").filter(pk=snapshot_id).first()
    if snapshot is None:
        raise Http404
    return snapshot


def _pressed(request: StaffRequest, snapshot: ScoreSnapshot, act: Any, sentence: str) -> HttpResponse:
    answer = pressed(request, act, sentence, "scoring:scorecard", snapshot.version.agreement_id)
    name = periods.name_of(snapshot.every, snapshot.since)  # type: ignore[arg-type]  # the constraint holds the list
    answer["Location"] += f"?version={snapshot.version_id}&period={name}"
    return answer


@page_for(Action.SCORE_CONSENT)
@require_POST
@once
def allow(request: StaffRequest, snapshot_id: UUID) -> HttpResponse:
    """The user's party allows that this card is public."""
    snapshot, seen = _snapshot(request, snapshot_id), request.POST.get("seen", "")
    act = lambda: publishing.allow(snapshot_id=snapshot.pk, seen=seen, by=request.user, at=clock.now())  # noqa: E731  # one act, named by its use
    return _pressed(request, snapshot, act, _("Allowed. The card is public when all parties have allowed it and the keeping office lets it out."))


@page_for(Action.SCORE_CONSENT)
@require_POST
@once
def disallow(request: StaffRequest, consent_id: UUID) -> HttpResponse:
    """The user's party takes its consent back."""
    consent = PublicationConsent.objects.filter(snapshot__in=ScoreSnapshot.objects.visible_to(request.user), pk=consent_id).first()
    if consent is None:
        raise Http404
    snapshot = _snapshot(request, consent.snapshot_id)
    act = lambda: publishing.disallow(consent_id=consent.pk, by=request.user, at=clock.now())  # noqa: E731  # one act, named by its use
    return _pressed(request, snapshot, act, _("Taken back. The card is not public, or not any more."))


@page_for(Action.SCORE_PUBLISH)
@require_POST
@once
def publish(request: StaffRequest, snapshot_id: UUID) -> HttpResponse:
    """Lets the card out."""
    snapshot = _snapshot(request, snapshot_id)
    act = lambda: publishing.publish_card(snapshot_id=snapshot.pk, by=request.user, at=clock.now())  # noqa: E731  # one act, named by its use
    return _pressed(request, snapshot, act, _("Published. The public pages show it as the parties have seen it."))


@page_for(Action.SCORE_PUBLISH)
@require_POST
@once
def withdraw(request: StaffRequest, snapshot_id: UUID) -> HttpResponse:
    """Takes the card back from the public pages."""
    snapshot = _snapshot(request, snapshot_id)
    act = lambda: publishing.take_back_card(snapshot_id=snapshot.pk, by=request.user, at=clock.now())  # noqa: E731  # one act, named by its use
    return _pressed(request, snapshot, act, _("Taken back. The public pages do not show it any more."))
