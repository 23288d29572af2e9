"""The list of agreements, as a page, as a picture and as a table for a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.agreements.force_models import agreement_in_force_on
from saphan.agreements.forms import Filter
from saphan.agreements.models import Agreement, AgreementVersion, ProvisionText
from saphan.agreements.register_models import AgreementQuerySet
from saphan.agreements.selectors import register_picture
from saphan.core.paging import paginate
from saphan.core.spreadsheet import table_text, workbook

NAME = "agreements"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = list[Any]


@page_for(Action.AGREEMENT_LIST)
@require_GET
def list_agreements(request: StaffRequest) -> HttpResponse:
    """What this user may read of the register, narrowed."""
    filters = Filter(request.GET or None)
    found = _asked_for(request, filters)
    page = paginate(_with_parts(request, found), request, order=("code", "id"))
    today = timezone.localdate()
    in_force = set(Agreement.objects.filter(agreement_in_force_on(today), pk__in=[row.pk for row in page.rows]).values_list("pk", flat=True))
    context = {
        "page": page, "filters": filters, "in_force": in_force, "picture": register_picture(page.rows, today), "query": request.GET.urlencode(),
        "may_write": check(request.user, Action.AGREEMENT_WRITE, None),
    }  # fmt: skip
    return render(request, "agreements/list.html", context, status=422 if filters.is_bound and not filters.is_valid() else 200)


@page_for(Action.AGREEMENT_LIST)
@require_GET
def export_csv(request: StaffRequest) -> HttpResponse:
    """The same rows, all of them, as CSV."""
    return _file(table_text(_rows(request)), "text/csv; charset=utf-8", "csv")


@page_for(Action.AGREEMENT_LIST)
@require_GET
def export_xlsx(request: StaffRequest) -> HttpResponse:
    """The same rows as an Excel workbook."""
    return _file(workbook(NAME, _rows(request)), XLSX, "xlsx")


def _file(content: str | bytes, kind: str, ending: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{NAME}.{ending}"'})


def _asked_for(request: StaffRequest, filters: Filter) -> AgreementQuerySet:
    found = Agreement.objects.visible_to(request.user)
    chosen: dict[str, Any] = filters.cleaned_data if filters.is_bound and filters.is_valid() else {}
    if words := chosen.get("q", "").casefold().split():
        found = _with_words(request, found, words)
    if kind := chosen.get("kind"):
        found = found.filter(kind=kind)
    if country := chosen.get("country"):
        found = found.with_country(country.pk)
    if state := chosen.get("state"):
        visible = AgreementVersion.objects.visible_to(request.user).filter(state=state, agreement=OuterRef("pk"))
        found = found.filter(Exists(visible))
    if chosen.get("ours"):
        found = found.filter(kept_by=request.user.org_id)
    if day := chosen.get("on"):
        found = found.filter(agreement_in_force_on(day))
    return found


def _with_words(request: StaffRequest, found: AgreementQuerySet, words: list[str]) -> AgreementQuerySet:
    """Every word stands in the facts, or in the words of a version that this user may read."""
    for word in words:
        versions = AgreementVersion.objects.visible_to(request.user).filter(agreement=OuterRef(OuterRef("pk")))
        texts = ProvisionText.objects.filter(Q(prose__icontains=word) | Q(heading__icontains=word), version__in=versions.values("pk"))
        found = found.filter(Q(words__contains=word) | Exists(texts))
    return found


def _with_parts(request: StaffRequest, found: AgreementQuerySet) -> AgreementQuerySet:
    versions = AgreementVersion.objects.visible_to(request.user).newest_first()
    return found.prefetch_related("parties__country", "parties__organisation", Prefetch("versions", versions))


def _rows(request: StaffRequest) -> Iterator[Row]:
    yield [
        _("Code"), _("Kind"), _("Title in English"), _("Title in Thai"), _("Parties"), _("Dated"), _("Newest version"), _("State"), _("In force today"),
        _("Runs until"), _("To be reviewed on"), _("Who may read it"), _("Source"), _("How sure"),
    ]  # fmt: skip
    found = _with_parts(request, _asked_for(request, Filter(request.GET or None))).order_by("code")
    in_force = set(Agreement.objects.filter(agreement_in_force_on(timezone.localdate())).values_list("pk", flat=True))
    for agreement in found:
        yield _row(agreement, agreement.pk in in_force)


def _row(agreement: Agreement, in_force: bool) -> Row:
    newest = next(iter(agreement.versions.all()), None)
    return [
        agreement.code, agreement.get_kind_display(), agreement.titles.get("en", ""), agreement.titles.get("th", ""),
        "; ".join(str(party) for party in agreement.parties.all()), agreement.dated, newest.semver if newest else "",
        newest.get_state_display() if newest else "", _("yes") if in_force else _("no"), agreement.expires_on, agreement.review_on,
        agreement.get_confidentiality_display(), agreement.source, agreement.get_provenance_display(),
    ]  # fmt: skip
