"""A publisher answers for a passage that the check asked about."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid
from saphan.portal.editors.checking import report_on
from saphan.portal.editors.models import PassedFinding
from saphan.portal.pages import PublicPage

SHORTEST, LONGEST = 10, 300


@transaction.atomic
def pass_findings(*, page: PublicPage, reasons: Mapping[str, str], by: User, at: datetime) -> int:
    """Keeps a written reason for passages of the newest draft, by the passages' keys; answers how many.

    Raises Refused unless `by` may publish this draft, Invalid when a reason is too short or its passage stands no longer on the page.
    What stops publication cannot be passed by anybody. The audit gets page and rule, never the passage.
    """
    revision = page.get_latest_revision()
    require(by, Action.PAGE_PASS_FINDING, revision)
    asking = {finding.key: finding for finding in report_on(revision.as_object()).asking}
    given = {key: " ".join(reason.split()) for key, reason in reasons.items() if reason.strip()}
    faults = {key: _("Write a reason of at least %(n)s letters.") % {"n": SHORTEST} for key, reason in given.items() if len(reason) < SHORTEST}
    faults |= {key: _("This passage has changed since. Read the check again.") for key in given.keys() - asking.keys()}
    if faults:
        raise Invalid(_("Not all reasons could be kept."), fields=faults)
    PassedFinding.objects.bulk_create(
        [PassedFinding(page_id=page.pk, key=key, rule=asking[key].rule, reason=reason[:LONGEST], by=by, at=at) for key, reason in given.items()]
    )
    if given:
        rules = sorted({asking[key].rule for key in given})
        record(by=by, action=Action.PAGE_PASS_FINDING, target=("wagtailcore.page", str(page.pk)), at=at, fields=rules)
    return len(given)
