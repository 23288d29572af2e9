"""Screens of referrals: the queues, the composer, the two sides of one referral, its print."""

from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check, require
from saphan.agreements.following.models import Binding
from saphan.agreements.following.sitting import NotYet
from saphan.audit.services import record
from saphan.care.cases.consents import class_labels
from saphan.care.cases.models import Case
from saphan.care.cases.views import case_page, visible_case
from saphan.care.persons.forms import PurposeForm
from saphan.care.referrals import services
from saphan.care.referrals.forms import CompleteForm, ComposeForm, DeclineForm, FeedbackForm, NeedForm, ReferralFilter, SendForm, WithdrawForm
from saphan.care.referrals.models import Referral, ReferralQuerySet
from saphan.care.referrals.procedure import ACTS, beyond, follows_none, glance, limit_for, limit_of
from saphan.care.referrals.selectors import choices, province_of, usable_consents, why_not_yet
from saphan.care.referrals.states import OVER, RUNNING, State
from saphan.care.referrals.story import steps_of
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.once import once
from saphan.core.paging import paginate

DUE_FIRST, NEWEST_FIRST = ("due_at", "id"), ("-drafted_at", "-id")
SHOWN = {"running": RUNNING, "over": OVER}


@page_for(Action.REFERRAL_LIST)
@require_GET
def list_referrals(request: StaffRequest) -> HttpResponse:
    """The queues of the organisation: what waits for an answer stands in the order of its clocks, late first."""
    filters = ReferralFilter({"box": "in", "show": "waiting", **request.GET.dict()})
    filters.is_valid()
    chosen = filters.cleaned_data
    outgoing = chosen.get("box") == "out"
    found = Referral.objects.outgoing(request.user) if outgoing else Referral.objects.incoming(request.user)
    waiting = chosen.get("show", "waiting") in ("", "waiting")
    page = paginate(_filtered(request, found, chosen).select_related("from_org", "to_org"), request, order=DUE_FIRST if waiting else NEWEST_FIRST)
    return render(
        request, "referrals/list.html", {"page": page, "filters": filters, "outgoing": outgoing, "waiting": waiting, "show": chosen.get("show")}
    )


def _filtered(request: StaffRequest, found: ReferralQuerySet, chosen: dict[str, Any]) -> ReferralQuerySet:
    show = chosen.get("show") or "waiting"
    if chosen.get("late"):
        found = found.late(clock.now())
    if show == "waiting":
        found = found.waiting()
    elif show in SHOWN:
        found = found.filter(state__in=SHOWN[show])
    if risk := chosen.get("risk"):
        found = found.filter(risk=risk)
    return found.filter(drafted_by=request.user) if chosen.get("mine") else found


@page_for(Action.REFERRAL_LIST)
@require_GET
def of_case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The services of a case: every referral of it, and the way to a new one. For the leading organisation."""
    case = _own_case(request, case_id)
    page = paginate(case.referrals.select_related("to_org"), request, order=NEWEST_FIRST)
    return case_page(request, case, "referrals:of_case", page=page, may_refer=check(request.user, Action.REFERRAL_DRAFT, case))


@page_for(Action.REFERRAL_DRAFT)
@require_http_methods(["GET", "POST"])
@once
def compose(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Need, then the services that could meet it, then the draft."""
    case = _own_case(request, case_id)
    require(request.user, Action.REFERRAL_DRAFT, case)
    asked = NeedForm(request.POST if request.method == "POST" else request.GET or None)
    if not asked.is_valid():
        return render(
            request, "referrals/compose.html", {"case": case, "need_form": asked}, status=422 if asked.is_bound and request.method == "POST" else 200
        )
    need, risk = asked.cleaned_data["need"], asked.cleaned_data["risk"]
    found = choices(need=need, language=case.person.language, province=province_of(case), from_org=case.org_id, at=clock.now())
    form = ComposeForm(request.POST if request.method == "POST" else None, found=found, initial={"service": request.GET.get("service", "")})
    if form.is_valid():
        wanted = services.Request(service_id=form.service_id(), risk=risk, note=form.cleaned_data["note"])
        referral = services.draft(case_id=case.pk, request=wanted, by=request.user, at=clock.now())
        messages.success(request, _("Draft %(reference)s is kept. Nobody else sees it until you send it.") % {"reference": referral.reference})
        return redirect("referrals:detail", referral.pk)
    context = {"case": case, "need_form": asked, "form": form, "found": found, "need": need, "risk": risk, "limit": limit_for(risk, State.DRAFT)}
    return render(request, "referrals/compose.html", context, status=422 if form.is_bound else 200)


@page_for(Action.REFERRAL_READ)
@require_GET
def detail(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """One referral, as its sender or as its receiver sees it."""
    referral = _visible(request, referral_id)
    _record_reading(request, referral)
    return _page(request, referral)


@page_for(Action.REFERRAL_READ)
@require_GET
def print_referral(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """The referral on one sheet: for the receiver never more than the minimal notice, with its reference."""
    referral = _visible(request, referral_id)
    _record_reading(request, referral, purpose="print")
    code = segno.make(referral.reference, micro=False).svg_inline(scale=3, svgclass="qr", lineclass=None)
    return render(request, "referrals/print.html", {"referral": referral, "code": code, "steps": steps_of(referral)})


@page_for(Action.REFERRAL_READ)
@require_POST
def read_note(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Opens the sender's note for a stated purpose, where the worker's tie opens the plan."""
    referral = _visible(request, referral_id)
    require(request.user, Action.REFERRAL_READ, referral)
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return _page(request, referral, purpose_form=form, status=422)
    note = services.read_note(referral=referral, purpose=form.cleaned_data["purpose"], by=request.user, at=clock.now())
    return _page(request, referral, note=note)


@page_for(Action.REFERRAL_SEND)
@require_POST
@once
def send(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Sends the minimal notice."""
    referral = _visible(request, referral_id)
    form = SendForm(request.POST, consents=_consents(request, referral))
    if not form.is_valid():
        return _page(request, referral, send_form=form, status=422)
    chosen = form.cleaned_data
    try:
        services.send(referral_id=referral.pk, consent_id=UUID(chosen["consent"]), classes=chosen["classes"], by=request.user, at=clock.now())
    except Invalid as error:
        _put_errors(form, error)
        return _page(request, referral, send_form=form, status=422)
    except NotYet as error:  # the procedure's own words, with the article; what was chosen stays chosen
        form.add_error(None, error.sentence)
        return _page(request, referral, send_form=form, status=422)
    return _done(request, referral, _("%(reference)s is sent. It waits in the queue of the receiving organisation."))


@page_for(Action.REFERRAL_ACKNOWLEDGE)
@require_POST
@once
def acknowledge(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Says that it was seen."""
    referral = _visible(request, referral_id)
    services.acknowledge(referral_id=referral.pk, by=request.user, at=clock.now())
    return _done(request, referral, _("%(reference)s is acknowledged."))


@page_for(Action.REFERRAL_ACCEPT)
@require_POST
@once
def accept(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Takes the referral; the consented scope opens."""
    referral = _visible(request, referral_id)
    services.accept(referral_id=referral.pk, by=request.user, at=clock.now())
    return _done(request, referral, _("%(reference)s is accepted. The parts of the file that the person agreed to are open to you now."))


@page_for(Action.REFERRAL_DECLINE)
@require_POST
@once
def decline(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Says why not, and who else."""
    referral = _visible(request, referral_id)
    form = DeclineForm(request.POST, need=referral.need, own=referral.to_org_id)
    if not form.is_valid():
        return _page(request, referral, decline_form=form, status=422)
    other = form.cleaned_data["alternative"]
    alternative_id = other.pk if other else None
    services.decline(referral_id=referral.pk, reason=form.cleaned_data["reason"], alternative_id=alternative_id, by=request.user, at=clock.now())
    return _done(request, referral, _("%(reference)s is declined, and the sender is told where else to ask."))


@page_for(Action.REFERRAL_WITHDRAW)
@require_POST
@once
def withdraw(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Takes back what was not answered."""
    referral = _visible(request, referral_id)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, referral, withdraw_form=form, status=422)
    services.withdraw(referral_id=referral.pk, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
    return _done(request, referral, _("%(reference)s is taken back."))


@page_for(Action.REFERRAL_START)
@require_POST
@once
def start(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Says that the service has begun."""
    referral = _visible(request, referral_id)
    services.start(referral_id=referral.pk, by=request.user, at=clock.now())
    return _done(request, referral, _("%(reference)s: the service has started."))


@page_for(Action.REFERRAL_COMPLETE)
@require_POST
@once
def complete(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Says what came of it."""
    referral = _visible(request, referral_id)
    form = CompleteForm(request.POST)
    if not form.is_valid():
        return _page(request, referral, complete_form=form, status=422)
    services.complete(referral_id=referral.pk, outcome=form.cleaned_data["outcome"], by=request.user, at=clock.now())
    return _done(request, referral, _("%(reference)s is completed. The sender asks the person whether it helped."))


@page_for(Action.REFERRAL_FEEDBACK)
@require_POST
@once
def close_feedback(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Writes down what the person says; the receiver's view of the file ends."""
    referral = _visible(request, referral_id)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return _page(request, referral, feedback_form=form, status=422)
    services.close_feedback(referral_id=referral.pk, feedback=form.cleaned_data["feedback"], by=request.user, at=clock.now())
    return _done(request, referral, _("%(reference)s is closed."))


def _own_case(request: StaffRequest, case_id: UUID) -> Case:
    case = visible_case(request, case_id)
    if case.org_id != request.user.org_id:
        raise Http404
    return case


def _visible(request: StaffRequest, referral_id: UUID) -> Referral:
    found = Referral.objects.visible_to(request.user).select_related(
        "from_org", "to_org", "service", "alternative", "alternative__organisation", "sent_by", "replied_by"
    )
    referral = found.filter(pk=referral_id).first()
    if referral is None:
        raise Http404
    return referral


def _record_reading(request: StaffRequest, referral: Referral, purpose: str = "") -> None:
    record(by=request.user, action=Action.REFERRAL_READ, target=referral, subject=referral.person_id, at=clock.now(), purpose=purpose)


def _consents(request: StaffRequest, referral: Referral) -> list[Any]:
    return list(usable_consents(referral, clock.now())) if referral.from_org_id == request.user.org_id else []


def _put_errors(form: SendForm, error: Invalid) -> None:
    for name, sentence in error.fields.items():
        form.add_error(name, sentence)
    if not error.fields:
        form.add_error(None, error.sentence)


def _done(request: StaffRequest, referral: Referral, sentence: str) -> HttpResponse:
    messages.success(request, sentence % {"reference": referral.reference})
    return redirect("referrals:detail", referral.pk)


def _page(request: StaffRequest, referral: Referral, status: int = 200, **shown: Any) -> HttpResponse:
    """The sender's or the receiver's page; the receiver's holds nothing of the person before acceptance."""
    side = "sender" if referral.from_org_id == request.user.org_id else "receiver"
    binding, not_yet = _glance(request, referral)
    more = _for_sender(request, referral, binding) if side == "sender" else _for_receiver(referral)
    context = {
        "referral": referral, "verbs": referral.verbs(), "steps": steps_of(referral), "limit": limit_of(referral, binding), "binding": binding,
        "follows_none": follows_none(referral, binding), "not_yet": not_yet, "parts": class_labels(referral.classes),
        "note_closed": referral.note is not None, "purpose_form": PurposeForm(), **more, **shown,
    }  # fmt: skip
    return render(request, f"referrals/{side}.html", context, status=status)


def _glance(request: StaffRequest, referral: Referral) -> tuple[Binding | None, list[str]]:
    """What the procedure has against the acts that the table of states would allow this side now."""
    mine = {"close_feedback"} if referral.from_org_id == request.user.org_id else set(ACTS) - {"close_feedback"}
    return glance(referral, [ACTS[verb] for verb in referral.verbs() if verb in mine], at=clock.now())


def _for_sender(request: StaffRequest, referral: Referral, followed: Binding | None) -> dict[str, Any]:
    may = check(request.user, Action.REFERRAL_WITHDRAW, referral)
    context: dict[str, Any] = {"may": may, "withdraw_form": WithdrawForm(), "feedback_form": FeedbackForm()}
    if referral.state == State.DRAFT:
        consents = _consents(request, referral)
        parts = beyond(followed, sorted({c for consent in consents for c in consent.classes}))
        record_one = reverse("cases:sharing", args=[referral.case_id]) + f"?receiver={referral.to_org_id}"
        context |= {
            "reasons": why_not_yet(referral, consents),
            "send_form": SendForm(consents=consents),
            "consents": consents,
            "record_url": record_one,
            "beyond": parts,
            "beyond_parts": class_labels(parts.classes) if parts else [],
        }
    return context


def _for_receiver(referral: Referral) -> dict[str, Any]:
    return {"decline_form": DeclineForm(need=referral.need, own=referral.to_org_id), "complete_form": CompleteForm()}
