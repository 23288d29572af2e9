"""The inward door: a concern that was sealed on the public side becomes a report of the organisation that answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.audit.services import record
from saphan.care.persons.codes import Answer, Channel, Tie
from saphan.care.persons.models import Report
from saphan.care.persons.services import Told, alert_the_intake, given, new_report, save_sealed
from saphan.core.errors import NotFound
from saphan.directory.models import Country, Organisation
from saphan.releases.kinds import report_receiver

TIES = {"self": Tie.SELF, "other": Tie.OTHER}


@transaction.atomic
def receive_concern(payload: Mapping[str, Any], at: datetime) -> Report:
    """A concern from the public side; the clock starts when it was told, not when it was collected. Its shape was checked by the door."""
    country = Country.objects.filter(code=payload.get("country", "")).values_list("code", flat=True).first()
    told = Told(
        channel=Channel.SEALED,
        danger=payload.get("danger") or Answer.UNKNOWN,
        tie=TIES.get(payload.get("about", ""), Tie.UNKNOWN),
        country_id=country,
        narrative=payload["text"],
        callback="\n".join(filter(None, (payload.get("safe_contact"), payload.get("contact")))),
        place=payload.get("place", ""),
    )
    report = new_report(told, org=_answering_organisation(), at=at)
    save_sealed(report, told)
    record(by=None, action=Action.REPORT_RECORD, target=report, at=at, fields=given(told))
    alert_the_intake(report)
    return report


def _answering_organisation() -> Organisation:
    """The ministry of this installation's own country answers what comes from the public side, never a partner's. Of several, the first by name."""
    ours = Organisation.objects.filter(kind=Organisation.Kind.MINISTRY, state=Organisation.State.APPROVED, country_id=settings.COUNTRY)
    org = ours.order_by("name_en").first()
    if org is None:
        raise NotFound(_("No organisation here answers reports yet."))
    return org


report_receiver("concern")(receive_concern)
