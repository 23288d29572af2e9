"""Who may read, write, sign and settle: and why not."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import Verdict, role_is_enough, rule
from saphan.agreements.models import Agreement, Signature
from saphan.agreements.register_models import of_party
from saphan.directory.models import Organisation

A = Action
rule(A.AGREEMENT_LIST)(role_is_enough)


@rule(A.AGREEMENT_READ)
def what_is_visible_is_read(user: User, agreement: Agreement) -> Verdict:
    """Public ones by all who read the register, others by the parties or by the office that keeps them."""
    return Verdict(Agreement.objects.visible_to(user).filter(pk=agreement.pk).exists(), _("This agreement is kept by another office."))


@rule(A.AGREEMENT_READ_INSIDE)
def parties_read_what_is_inside(user: User, agreement: Agreement) -> Verdict:
    """Drafts, meetings and files: for the keeping office, and where it is not confidential to that office for the parties too."""
    mine = agreement.kept_by_id == user.org_id
    theirs = agreement.confidentiality != "office" and Agreement.objects.filter(of_party(user.org), pk=agreement.pk).exists()
    return Verdict(mine or theirs, _("Drafts, meetings and files are for the parties."))


@rule(
    A.AGREEMENT_WRITE, A.AGREEMENT_DRAFT, A.AGREEMENT_NEGOTIATE, A.AGREEMENT_NOTIFY, A.AGREEMENT_FORCE, A.AGREEMENT_MEET, A.AGREEMENT_FILE,
    A.AGREEMENT_SETTLE, A.AGREEMENT_SIGN,
)  # fmt: skip
def the_keeping_office_writes(user: User, agreement: Agreement | None) -> Verdict:
    """The office that keeps the agreement; one that nobody keeps may be taken up by a ministry."""
    if agreement is None or agreement.kept_by_id is None:
        return Verdict(user.org.kind == Organisation.Kind.MINISTRY, _("Only a ministry keeps agreements."))
    return Verdict(agreement.kept_by_id == user.org_id, _("Another office keeps this agreement."))


@rule(A.AGREEMENT_CONFIRM)
def a_second_person_confirms(user: User, signature: Signature) -> Verdict:
    """Somebody of the keeping office other than whoever entered it."""
    if signature.version.agreement.kept_by_id != user.org_id:
        return Verdict(False, _("Another office keeps this agreement."))
    return Verdict(
        signature.entered_by_id != user.pk, _("You entered this signature. Another person of your office compares it with the paper and confirms.")
    )


@rule(A.AGREEMENT_PUBLISH)
def the_keeping_office_publishes(user: User, agreement: Any) -> Verdict:
    """The office that keeps it. The door itself asks without an agreement: there the role decides."""
    if agreement is None:
        return Verdict(True, "")
    return Verdict(agreement.kept_by_id in (None, user.org_id), _("Another office keeps this agreement."))
