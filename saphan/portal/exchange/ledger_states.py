"""The lives of funds, postings and receipts, as tables without dead ends."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move


class FundState(TextChoices):
    """Whether money may still come and go."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


FUND_LIFE = LifeCycle(
    "fund",
    FundState,
    initial=FundState.OPEN,
    final={FundState.CLOSED},
    moves={"close": Move({FundState.OPEN}, FundState.CLOSED, Action.FUND_CLOSE)},
)


class PostingState(TextChoices):
    """Whether a posting counts."""

    WAITING = "waiting", _("waits for a second person")
    BOOKED = "booked", _("booked")
    REFUSED = "refused", _("refused")


POSTING_LIFE = LifeCycle(
    "posting",
    PostingState,
    initial=PostingState.WAITING,
    final={PostingState.BOOKED, PostingState.REFUSED},
    moves={
        "book": Move({PostingState.WAITING}, PostingState.BOOKED, Action.FUND_POST),
        "confirm": Move({PostingState.WAITING}, PostingState.BOOKED, Action.POSTING_CONFIRM),
        "refuse": Move({PostingState.WAITING}, PostingState.REFUSED, Action.POSTING_CONFIRM),
    },
)


class ReceiptState(TextChoices):
    """Whether a receipt still says what is true."""

    VALID = "valid", _("valid")
    VOID = "void", _("void")


RECEIPT_LIFE = LifeCycle(
    "receipt",
    ReceiptState,
    initial=ReceiptState.VALID,
    final={ReceiptState.VALID, ReceiptState.VOID},
    moves={"void": Move({ReceiptState.VALID}, ReceiptState.VOID, None)},
)

LEDGER_TONES: dict[str, str] = {
    "open": "good",
    "closed": "still",
    "waiting": "warm",
    "booked": "good",
    "refused": "bad",
    "valid": "good",
    "void": "bad",
}
