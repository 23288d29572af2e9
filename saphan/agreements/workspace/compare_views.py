"""Two versions beside each other, article by article, and what the change would have meant for cases already closed."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.agreements.following.calendars import calendars
from saphan.agreements.models import AgreementVersion
from saphan.agreements.workspace.frame import page, require_inside, visible_version
from saphan.agreements.workspace.histories import closed_cases
from saphan.agreements.workspace.impact import replayed
from saphan.agreements.workspace.redline import head_changed, procedures_changed
from saphan.core import clock


@page_for(Action.AGREEMENT_READ)
@require_GET
def compare(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """Which articles differ, and how: words that went and came, rows before and after."""
    version = visible_version(request, version_id)
    others = _others(request, version)
    other = _chosen(request, version, others)
    changes, heads = [], []
    if other is not None:
        before, after = other.plain(), version.plain()
        changes, heads = procedures_changed(before, after), head_changed(before, after)
    same = [change.key for change in changes if change.status == "same"]
    return page(request, version, "compare", other=other, others=others, changes=[c for c in changes if c.status != "same"], heads=heads, same=same)


@page_for(Action.AGREEMENT_READ_INSIDE)
@require_GET
def impact(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """The closed cases of the earlier version replayed under this one."""
    version = visible_version(request, version_id)
    require_inside(request, version)
    others = _others(request, version)
    other = _chosen(request, version, others)
    found = None
    if other is not None and version.canonical:
        found = replayed(other.plain(), version.plain(), closed_cases(other, request.user), now=clock.now(), calendars=calendars())
    changed = [c for c in procedures_changed(other.plain(), version.plain()) if c.changed_rows] if other is not None else []
    return page(request, version, "impact", other=other, others=others, replay=found, changed=changed)


def _others(request: StaffRequest, version: AgreementVersion) -> list[AgreementVersion]:
    """The other versions of the agreement with a running part that this user may read."""
    if not version.runs:
        return []
    found = AgreementVersion.objects.visible_to(request.user).filter(agreement=version.agreement).exclude(pk=version.pk).exclude(procedure="")
    return list(found.exclude(canonical="").newest_first())


def _chosen(request: StaffRequest, version: AgreementVersion, others: list[AgreementVersion]) -> AgreementVersion | None:
    """The one asked for; else the one this version is based on; else the one before it."""
    asked = request.GET.get("with", "")
    number = (version.major, version.minor, version.patch)
    earlier = [other for other in others if (other.major, other.minor, other.patch) < number]
    wanted = [other for other in others if str(other.pk) == asked] or [other for other in others if other.pk == version.based_on_id]
    return next(iter([*wanted, *earlier]), None)
