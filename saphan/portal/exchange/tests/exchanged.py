"""Needs and offers as they stand when they may be matched, for tests that are not about how they came there."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from saphan.core.ids import new_reference
from saphan.portal.exchange.models import Need, Offer

NOW = timezone.now()
TODAY = NOW.date()


def a_need(people: Any, **told: Any) -> Need:
    """Ten mattresses in Chiang Mai for the coordinator's house, open."""
    plain = {
        "reference": new_reference("N"), "org": people.ngo, "alias": "a house in the north", "kind": "goods", "item": "bedding", "title_en": "Mattresses",
        "quantity": Decimal(10), "unit": "piece", "urgency": 2, "province_id": "TH-50", "state": "open", "writers": [str(people.coordinator.pk)],
        "written_at": NOW, "opened_at": NOW, "needed_by": TODAY + timedelta(days=30),
    }  # fmt: skip
    return Need.objects.create(**plain | told)


def an_offer(people: Any, **told: Any) -> Offer:
    """Ten mattresses in Chiang Mai, looked at by two persons."""
    plain = {
        "reference": new_reference("O"), "donor_kind": "person", "kind": "goods", "item": "bedding", "quantity": Decimal(10), "unit": "piece",
        "from_on": TODAY, "province_id": "TH-50", "reach_km": 50, "state": "open", "asked_at": NOW, "confirmed_at": NOW,
        "vetted_by": people.coordinator, "opened_by": people.exchange_officer,
    }  # fmt: skip
    return Offer.objects.create(**plain | told)
