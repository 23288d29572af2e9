"""What referrals bring to a case: their part of the timeline, and the tab of services."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.care.cases import tabs, timeline
from saphan.care.cases.timeline import Entry
from saphan.care.referrals.models import Referral


def register() -> None:
    """Brings both; called once, when the room is ready."""
    timeline.register(from_referrals)
    tabs.register(tabs.Tab(gettext_lazy("Services"), "referrals:of_case", 30))


def from_referrals(person_id: UUID) -> Iterable[Entry]:
    """Each step of each referral; the receiving organisation sees its own ones from the moment they were sent."""
    for referral in Referral.objects.filter(person=person_id).select_related("to_org"):
        url = reverse("referrals:detail", args=[referral.pk])
        detail = f"{referral.reference}: {referral.get_need_display()}, {referral.to_org}"
        sides = frozenset({referral.to_org_id}) if referral.sent_at else frozenset()
        for at, label, tone in steps_of(referral):
            yield Entry(at, label, tone, detail, url, sides)


def steps_of(referral: Referral) -> list[tuple[datetime, str, str]]:
    """When what happened, with its tone; in the order of the life of a referral."""
    reply = (_("Referral declined"), "bad") if referral.decline_reason else (_("Referral accepted: the consented parts of the file opened"), "good")
    steps = [
        (referral.sent_at, _("Referral sent"), ""), (referral.acknowledged_at, _("Referral acknowledged"), ""), (referral.replied_at, *reply),
        (referral.started_at, _("Service started"), "good"), (referral.completed_at, _("Service completed"), "good"),
        (referral.closed_at, _("Feedback on the service closed"), ""), (referral.withdrawn_at, _("Referral withdrawn"), "warm"),
        (referral.escalated_at, _("A clock of the referral was missed"), "bad"),
        (referral.scope_closed_at if referral.closed_at != referral.scope_closed_at else None, _("Sharing ended: their view of the file closed"), "warm"),
    ]  # fmt: skip
    return [(at, label, tone) for at, label, tone in steps if at is not None]
