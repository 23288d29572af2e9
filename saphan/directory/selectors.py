"""Reads of the directory."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from saphan.directory.models import Province, Service

STALE_AFTER = timedelta(days=90)  # proposal of the field notes, section 3: an older entry is shown, and marked
NEARNESS = (_("same province"), _("same region"), _("another region"))


@dataclass(frozen=True)
class Offer:
    """A service as a referral's composer shows it: how near, how fresh, how many places."""

    service: Service
    nearness: int  # 0 same province, 1 same region, 2 elsewhere or everywhere
    stale: bool
    free_places: int | None  # None: not counted

    @property
    def nearness_label(self) -> str:
        """The distance in words."""
        return str(NEARNESS[self.nearness])


def services_for(need: str, province: Province | None, at: datetime) -> list[Offer]:
    """Services of approved organisations for a need: nearest first, then fresh before stale, then by name."""
    services: QuerySet[Service] = Service.objects.offered().filter(kind=need).select_related("organisation", "province")
    ranked = services.annotate(nearness=_distance_from(province))
    offers = [Offer(s, s.nearness, is_stale(s, at), free_places(s)) for s in ranked]
    return sorted(offers, key=lambda o: (o.nearness, o.free_places == 0, o.stale, o.service.name_en))


def _distance_from(province: Province | None) -> Case:
    near = [When(province=province, then=Value(0)), When(province__region=province.region, then=Value(1))] if province and province.region else []
    if province and not province.region:
        near = [When(province=province, then=Value(0))]
    return Case(*near, default=Value(2), output_field=IntegerField())


def is_stale(service: Service, at: datetime) -> bool:
    """Not verified within the last 90 days."""
    return service.last_verified_on is None or at.date() - service.last_verified_on > STALE_AFTER


def stale_since(at: datetime) -> Q:
    """The services that `is_stale` marks, as a filter."""
    return Q(last_verified_on=None) | Q(last_verified_on__lt=at.date() - STALE_AFTER)


def free_places(service: Service) -> int | None:
    """Places not taken or held today; None where the service does not count places."""
    return None if service.capacity_today is None else service.capacity_today - service.places_held


def search(words: str = "", need: str = "", province: str = "") -> "Q":
    """The filter of the staff's list of services: words of its or its organisation's names, a need, a province."""
    found = Q()
    for word in words.split()[:8]:
        found &= (
            Q(name_en__icontains=word)
            | Q(name_th__icontains=word)
            | Q(organisation__name_en__icontains=word)
            | Q(organisation__name_th__icontains=word)
        )
    if need:
        found &= Q(kind=need)
    if province:
        found &= Q(province=province)
    return found
