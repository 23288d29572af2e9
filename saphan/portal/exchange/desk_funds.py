"""The ledger's screens: what each fund holds, how it came there, receipts, and how a fund ends."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Sum
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.once import once
from saphan.core.paging import paginate
from saphan.core.paper import NoPrinter
from saphan.core.spreadsheet import safe_cell
from saphan.portal.exchange import closing, ledger, receipts
from saphan.portal.exchange.desk_frame import attempted, done, loaded, opened, page, refused
from saphan.portal.exchange.desk_fund_forms import DecisionForm, NoteForm, OpenForm, PostForm, ReceiptForm
from saphan.portal.exchange.ledger_models import INCOMING, Decision, Fund, Posting, Pot, Receipt, Verb
from saphan.portal.exchange.ledger_states import FundState, PostingState


@page_for(Action.FUND_READ)
@require_GET
def list_funds(request: StaffRequest) -> HttpResponse:
    """Funds of the organisation, and those of others in which something waits for a second person."""
    found = Fund.objects.visible_to(request.user).select_related("need", "campaign", "org")
    shown = paginate(found, request, order=("-state", "-opened_at", "id"))
    return page(request, "funds", "funds", {"page": shown, "may_open": check(request.user, Action.FUND_OPEN)})


@page_for(Action.FUND_OPEN)
@require_http_methods(["GET", "POST"])
@once
def open_fund(request: StaffRequest) -> HttpResponse:
    """Opens a fund for a need for money or for a campaign."""
    form = OpenForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        fund = attempted(form, lambda: ledger.open_fund(**form.chosen(), by=request.user, at=clock.now()))
        if fund:
            return done(request, _("The fund is open."), "exchange_desk:fund", fund.pk)
    return page(request, "fund_form", "funds", {"form": form}, status=422 if form.is_bound else 200)


@page_for(Action.FUND_READ)
@require_GET
def detail(request: StaffRequest, fund_id: UUID) -> HttpResponse:
    """One fund: what it holds, its statement, what waits, and what comes next."""
    return _page(request, _visible(request, fund_id))


@page_for(Action.FUND_POST)
@require_POST
@once
def post(request: StaffRequest, fund_id: UUID) -> HttpResponse:
    """Writes down what happened."""
    fund = _visible(request, fund_id)
    form = PostForm(request.POST, fund=fund)
    if form.is_valid():
        posting = attempted(form, lambda: ledger.post(fund_id=fund.pk, facts=form.facts(), by=request.user, at=clock.now()))
        if posting:
            return done(request, _said(posting), "exchange_desk:fund", fund.pk)
    return _page(request, fund, post_form=form, status=422)


def _said(posting: Posting) -> str:
    return _("Booked.") if posting.state == PostingState.BOOKED else _("Written down. It counts when a second person has confirmed it.")


@page_for(Action.FUND_POST)
@require_POST
@once
def reverse(request: StaffRequest, posting_id: UUID) -> HttpResponse:
    """Takes a posting back by its mirror image."""
    posting = _posting(request, posting_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return refused(request, Invalid(_("The note is too long.")), "exchange_desk:fund", posting.fund_id)
    note = form.cleaned_data["note"]
    return _acted(request, posting.fund_id, lambda: _said(ledger.reverse(posting_id=posting.pk, note=note, by=request.user, at=clock.now())))


@page_for(Action.POSTING_CONFIRM)
@require_POST
@once
def confirm(request: StaffRequest, posting_id: UUID) -> HttpResponse:
    """A second person says yes."""
    posting = _posting(request, posting_id)
    return _acted(request, posting.fund_id, lambda: _said(ledger.confirm(posting_id=posting.pk, by=request.user, at=clock.now())))


@page_for(Action.POSTING_CONFIRM)
@require_POST
@once
def refuse(request: StaffRequest, posting_id: UUID) -> HttpResponse:
    """A second person says no."""
    posting = _posting(request, posting_id)

    def act() -> str:
        ledger.refuse(posting_id=posting.pk, by=request.user, at=clock.now())
        return _("Refused. It never counts.")

    return _acted(request, posting.fund_id, act)


@page_for(Action.FUND_DECIDE)
@require_POST
@once
def decide(request: StaffRequest, fund_id: UUID) -> HttpResponse:
    """Writes down what a donor wants done with what is left."""
    fund = _visible(request, fund_id)
    form = DecisionForm(request.POST, fund=fund)
    if form.is_valid() and attempted(form, lambda: closing.record_decision(fund_id=fund.pk, facts=form.facts(), by=request.user, at=clock.now())):
        return done(request, _("Written down. Another person carries it out when the fund is closed."), "exchange_desk:fund", fund.pk)
    return _page(request, fund, decision_form=form, status=422)


@page_for(Action.FUND_DECIDE)
@require_POST
@once
def drop(request: StaffRequest, decision_id: UUID) -> HttpResponse:
    """Takes back a decision that was not carried out."""
    decision: Decision = loaded(Decision.objects.filter(fund__in=Fund.objects.visible_to(request.user)), decision_id)

    def act() -> str:
        closing.drop_decision(decision_id=decision.pk, by=request.user, at=clock.now())
        return _("Taken back.")

    return _acted(request, decision.fund_id, act)


@page_for(Action.FUND_CLOSE)
@require_POST
@once
def close(request: StaffRequest, fund_id: UUID) -> HttpResponse:
    """Carries out what donors decided, and closes."""
    fund = _visible(request, fund_id)
    try:
        closing.close_fund(fund_id=fund.pk, by=request.user, at=clock.now())
    except Invalid as error:
        return refused(request, error, "exchange_desk:fund", fund.pk)
    return done(request, _("The fund is closed."), "exchange_desk:funds")  # whoever only helped to close it no longer sees it


@page_for(Action.RECEIPT_ISSUE)
@require_http_methods(["GET", "POST"])
@once
def receipt(request: StaffRequest, posting_id: UUID) -> HttpResponse:
    """Gives a receipt for money that came in."""
    posting = _posting(request, posting_id)
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = form.cleaned_data
        given = attempted(form, lambda: receipts.issue(posting_id=posting.pk, **told, by=request.user, at=clock.now()))
        if given:
            return done(request, _("Receipt %(number)s is given.") % {"number": given}, "exchange_desk:fund", posting.fund_id)
    return page(request, "receipt_form", "funds", {"form": form, "posting": posting, "fund": posting.fund}, status=422 if form.is_bound else 200)


@page_for(Action.RECEIPT_PRINT)
@require_POST
def print_receipt(request: StaffRequest, receipt_id: UUID) -> HttpResponse:
    """The receipt as a PDF. The name is opened for this once and stands in no file of ours."""
    found: Receipt = loaded(Receipt.objects.visible_to(request.user), receipt_id)
    try:
        content = receipts.printed(receipt_id=found.pk, by=request.user, at=clock.now())
    except NoPrinter as error:
        return refused(request, Invalid(error.sentence), "exchange_desk:fund", found.posting.fund_id)
    name = f"receipt-{found.year}-{found.number:05d}.pdf"
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@page_for(Action.FUND_READ)
@require_GET
def statement(request: StaffRequest, fund_id: UUID) -> HttpResponse:
    """Everything that was booked, as a table. No donor, no note."""
    fund = _visible(request, fund_id)
    answer = HttpResponse("".join(_lines(_rows(fund))), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{fund.reference}.csv"'
    return answer


def _rows(fund: Fund) -> Iterator[list[Any]]:
    yield ["reference", "on", "verb", "amount", "currency", "balance", "pledge", "reverses"]
    balance = Decimal(0)
    booked = Posting.objects.booked().filter(lines__account__fund=fund).distinct().order_by("decided_at", "id")
    for p in booked.select_related("pledge", "reverses").prefetch_related("lines__account"):
        balance += sum((line.amount for line in p.lines.all() if line.account.pot == Pot.FUND and line.account.fund_id == fund.pk), Decimal(0))
        pledge, reverses = (str(other.reference) if other else "" for other in (p.pledge, p.reverses))
        yield [p.reference, p.happened_on, p.verb, p.amount, fund.currency, balance, pledge, reverses]


def _lines(rows: Iterator[list[Any]]) -> Iterator[str]:
    yield "\ufeff"  # spreadsheets then read the Thai letters
    for row in rows:
        yield ",".join('"' + safe_cell(cell).replace('"', '""') + '"' for cell in row) + "\r\n"


def _acted(request: StaffRequest, fund_id: UUID, act: Callable[[], str]) -> HttpResponse:
    """An act of one button: what it says, or why not; back to the fund, or to the list when it is no longer to be seen."""
    try:
        sentence = act()
    except Invalid as error:
        return refused(request, error, "exchange_desk:fund", fund_id)
    if Fund.objects.visible_to(request.user).filter(pk=fund_id).exists():
        return done(request, sentence, "exchange_desk:fund", fund_id)
    return done(request, sentence, "exchange_desk:funds")


def _visible(request: StaffRequest, fund_id: UUID) -> Fund:
    found: Fund = loaded(Fund.objects.visible_to(request.user).select_related("need", "campaign", "org"), fund_id)
    return found


def _posting(request: StaffRequest, posting_id: UUID) -> Posting:
    mine = Posting.objects.filter(fund__in=Fund.objects.visible_to(request.user)).select_related("fund__need", "fund__campaign")
    found: Posting = loaded(mine, posting_id)
    return found


def _page(request: StaffRequest, fund: Fund, status: int = 200, **shown: object) -> HttpResponse:
    """Notes are opened for the fund's own organisation, and of what waits for a second person also for her."""
    own = fund.org_id == request.user.org_id
    booked = Posting.objects.filter(lines__account__fund=fund).distinct().select_related("reversal", "receipt", "written_by", "pledge", "to_fund")
    rows = paginate(booked, request, order=("-decided_at", "id"), size=30)
    waiting = list(fund.postings.filter(state=PostingState.WAITING).select_related("written_by", "reverses").order_by("written_at"))
    noted = opened(request, [*(rows.rows if own else []), *waiting], "note", of=fund, action=Action.FUND_READ)
    decisions = list(fund.decisions.select_related("to_fund__need", "to_fund__campaign", "recorded_by", "posting"))
    context = {
        "fund": fund, "own": own, "page": rows if own else None, "pots": _pots(fund), "limit": settings.LEDGER_LIMIT,
        "statement": noted[: len(noted) - len(waiting)], "waiting": [(p, note, check(request.user, Action.POSTING_CONFIRM, p)) for p, note in noted[len(noted) - len(waiting) :]],
        "decisions": opened(request, decisions, "note", of=fund, action=Action.FUND_READ), "undecided": closing.undecided(fund), "may_close": check(request.user, Action.FUND_CLOSE, fund),
        "may_post": own and fund.state == FundState.OPEN and check(request.user, Action.FUND_POST, fund), "incoming": INCOMING, "reversal": Verb.REVERSE,
        "post_form": PostForm(fund=fund), "decision_form": DecisionForm(fund=fund), "note_form": NoteForm(auto_id=False), **shown,
    }  # fmt: skip
    return page(request, "fund", "funds", context, status=status)


def _pots(fund: Fund) -> list[tuple[str, Decimal]]:
    """What is in each account; what donors gave stands below zero in the books and is shown as what it is."""
    sums = dict(fund.accounts.annotate(sum=Sum("lines__amount")).values_list("pot", "sum"))
    exact = {pot: (found or Decimal(0)).quantize(Decimal("0.01")) for pot, found in sums.items()}  # SQLite adds decimals as floats
    return [(str(Pot(pot).label), abs(exact.get(pot, Decimal(0)))) for pot in Pot]
