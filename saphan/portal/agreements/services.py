"""Keeps the public agreements equal to what is signed and published."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from saphan.core.upkeep import chore
from saphan.portal.agreements.models import PublicAgreement
from saphan.portal.rendered.edition import renew
from saphan.portal.search.services import refresh_all
from saphan.releases.kinds import AGREEMENTS, release_taker
from saphan.releases.models import ReleaseHead
from saphan.releases.selectors import Published, current

COPIED = ("code", "kind", "parties", "parent", "dated", "source", "provenance", "events", "in_force", "versions", "provisions")


@release_taker(AGREEMENTS)
@transaction.atomic
def take_agreement(key: str) -> None:
    """A release of an agreement was published, taken back, or has arrived: what is shown follows in the same transaction."""
    release = current(AGREEMENTS, key)
    ids = set(PublicAgreement.objects.filter(code=key).values_list("pk", flat=True))
    PublicAgreement.objects.filter(code=key).delete()
    if release and release.body["code"] == key:
        ids.add(_kept(release).pk)
    _refresh_search(ids)
    renew()


def _kept(release: Published) -> PublicAgreement:
    body = release.body
    agreement = PublicAgreement(
        id=UUID(body["id"]), titles=_by_language(body["titles"]), notes=_by_language(body["notes"]), countries=_countries(body["parties"]),
        expires_on=date.fromisoformat(body["expires_on"]) if body["expires_on"] else None, released_at=release.published_at,
        **{name: body[name] for name in COPIED},
    )  # fmt: skip
    agreement.save()  # under another code before, it is the same agreement
    return agreement


@chore("public agreements")
def take_agreements_daily(_at: datetime) -> int:
    """Where both sides share only a database nobody calls at publication. And each day what is in force is another question: pages are made anew."""
    keys = list(ReleaseHead.objects.filter(kind=AGREEMENTS).values_list("key", flat=True))
    for key in keys:
        take_agreement(key)
    renew()
    return len(keys)


def _by_language(told: list[dict[str, str]]) -> dict[str, str]:
    return {one["language"]: one["text"] for one in told}


def _countries(parties: list[dict[str, Any]]) -> str:
    codes = sorted({code for party in parties for code in [party["country"], *party["members"].split()] if code})
    return f",{','.join(codes)},"[:300] if codes else ""


def _refresh_search(ids: set[UUID]) -> None:
    from saphan.portal.agreements.sources import agreement_row

    languages = [code for code, _name in settings.LANGUAGES]
    rows = [agreement_row(agreement, code) for agreement in PublicAgreement.objects.filter(pk__in=ids) for code in languages]
    refresh_all(rows, {f"agreement:{pk}:{code}" for pk in ids for code in languages})
