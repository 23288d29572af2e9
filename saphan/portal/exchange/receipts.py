"""Receipts for money: numbered without a gap in each year, the name sealed, made into a PDF only when somebody asks for it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound
from saphan.core.ids import new_reference
from saphan.core.paper import FONTS, printer, spaced
from saphan.core.sealing import seal, unseal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.exchange.ledger import locked_funds
from saphan.portal.exchange.ledger_models import INCOMING, Posting, Receipt, ReceiptSequence
from saphan.portal.exchange.ledger_states import PostingState

LONGEST_NAME = 200


@transaction.atomic
def issue(*, posting_id: UUID, name: str, language: str, by: User, at: datetime) -> Receipt:
    """Gives a receipt for money that came in, with the next number of the year. Raises Invalid for anything else and for a second one."""
    fund_id = Posting.objects.filter(pk=posting_id).values_list("fund", flat=True).first()
    if fund_id is None:
        raise NotFound
    fund = locked_funds([fund_id])[fund_id]
    require(by, Action.RECEIPT_ISSUE, fund)
    posting = Posting.objects.select_related("pledge__offer").get(pk=posting_id)
    _refuse(posting, name)
    year = timezone.localdate(at).year
    receipt = Receipt(
        org_id=fund.org_id, year=year, number=_next_number(fund.org_id, year), reference=new_reference("R"), posting=posting, language=language,
        issued_by=by, issued_at=at,
    )  # fmt: skip
    seal(receipt, org=PORTAL, name=name.strip())
    receipt.save(force_insert=True)
    record(by=by, action=Action.RECEIPT_ISSUE, target=receipt, at=at, fields=["name"])
    return receipt


def _refuse(posting: Posting, name: str) -> None:
    if posting.state != PostingState.BOOKED or posting.verb not in INCOMING:
        raise Invalid(_("A receipt is given for money that came in and is booked."))
    if Posting.objects.filter(reverses=posting).exclude(state=PostingState.REFUSED).exists():
        raise Invalid(_("This posting was reversed."))
    if Receipt.objects.filter(posting=posting).exists():
        raise Invalid(_("There is a receipt for this already."))
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise Invalid(fields={"name": _("Write the name as the donor wants it, in at most %(n)s letters.") % {"n": LONGEST_NAME}})


def _next_number(org_id: UUID, year: int) -> int:
    """The next number. The row is held until the transaction ends: what is rolled back gives its number back, so that none is missing."""
    ReceiptSequence.objects.get_or_create(org_id=org_id, year=year)
    sequence = ReceiptSequence.objects.select_for_update().get(org_id=org_id, year=year)
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return sequence.last


@transaction.atomic
def printed(*, receipt_id: UUID, by: User, at: datetime) -> bytes:
    """The receipt as a PDF, with the name opened for this once; recorded. Raises NoPrinter where PDF files cannot be made."""
    receipt = Receipt.objects.select_related("org", "posting__fund__need", "posting__fund__campaign").filter(pk=receipt_id).first()
    if receipt is None:
        raise NotFound
    require(by, Action.RECEIPT_PRINT, receipt)
    draw = printer()
    name = unseal(receipt, "name", org=PORTAL)["name"]
    record(by=by, action=Action.RECEIPT_PRINT, target=receipt, at=at, fields=["name"])
    return draw(sheet(receipt, name or ""))


def sheet(receipt: Receipt, name: str) -> str:
    """The page of which the PDF is made, in the language of the receipt."""
    with override(receipt.language):
        page = render_to_string(
            "exchange/receipt.html",
            {"receipt": receipt, "name": name, "posting": receipt.posting, "fund": receipt.posting.fund, "fonts": FONTS.as_uri()},
        )
    return spaced(page)
