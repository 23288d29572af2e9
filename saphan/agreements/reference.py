"""Reference data of the register: the agreements of the region with where each fact comes from, and the types of articles. Loaded again without harm."""

import csv
import re
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from babel import Locale
from django.conf import settings
from django.db import transaction

from saphan.agreements.codes import Confidentiality, ForceKind, Kind
from saphan.agreements.models import Agreement, AgreementParty, ArticleType, ForceEvent
from saphan.agreements.registering import words_of
from saphan.core import clock
from saphan.core.origin import Provenance
from saphan.directory.models import Country

Row = dict[str, str]
KINDS = {
    "multilateral": Kind.MULTILATERAL_MOU, "bilateral": Kind.BILATERAL_MOU, "bilateral SOP": Kind.BILATERAL_SOP, "handbook": Kind.HANDBOOK,
    "ministry-organization": Kind.ORGANISATION_MOU, "domestic": Kind.DOMESTIC_MOU,
}  # fmt: skip
OTHERWISE = {"GMS-03": Kind.DECLARATION, "GMS-06": Kind.DECLARATION, "GMS-07": Kind.DECLARATION, "GMS-10": Kind.TREATY, "GMS-11": Kind.TREATY}
# Parties that are no single country; for the filter by country, the countries among them.
GROUPS = {
    "ASEAN": ("Member states of ASEAN", "BN ID KH LA MM MY PH SG TH VN"),
    "global": ("States parties to the United Nations protocol", "CN KH LA MM TH VN"),
    "TH ministry": ("Ministry of Social Development and Human Security of Thailand", "TH"),
    "IOM": ("International Organization for Migration", ""),
}
IN_FORCE = {"GMS-11": (date(2003, 12, 25), Provenance.RECALLED)}
PERIOD = re.compile(r"(\d{4})-(\d{4})")


def table(name: str) -> list[Row]:
    """A table of the project's seeds."""
    path = Path(settings.PACKAGE).parent / "seeds" / "reference" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def identity_of(code: str) -> UUID:
    """The same in every installation, so that a link to an agreement leads there everywhere."""
    return uuid5(NAMESPACE_URL, f"agreement:{code}")


@transaction.atomic
def load_agreements() -> None:
    """Loads both tables. An agreement that an office keeps by now is left as that office wrote it."""
    ArticleType.objects.bulk_create(
        [ArticleType(**row) for row in table("agreement_article_types")],
        update_conflicts=True, unique_fields=["code"], update_fields=["name_en", "name_th", "commitment", "trackable_as", "indicator"],
    )  # fmt: skip
    kept = set(Agreement.objects.exclude(kept_by=None).values_list("code", flat=True))
    countries = Country.objects.in_bulk()
    for row in table("gms_agreements"):
        if row["code"] not in kept:
            _load(row, countries)


def _load(row: Row, countries: dict[Any, Country]) -> None:
    agreement, _made = Agreement.objects.update_or_create(
        code=row["code"], defaults=facts_of(row), create_defaults={"id": identity_of(row["code"])} | facts_of(row)
    )
    agreement.parties.all().delete()
    for place, code in enumerate(row["parties"].split(";")):
        AgreementParty.objects.create(agreement=agreement, place=place, **_party(code.strip(), countries))
    agreement.words = words_of(agreement)
    agreement.save(update_fields=["words"])
    if row["code"] in IN_FORCE and not agreement.events.exists():
        on, provenance = IN_FORCE[row["code"]]
        ForceEvent.objects.create(agreement=agreement, kind=ForceKind.ENTERS, on=on, provenance=provenance, entered_at=clock.now())


def facts_of(row: Row) -> dict[str, Any]:
    """The facts of one row. What is only recalled says so, wherever it is shown."""
    plan = row["section"] == "plan"
    period = PERIOD.search(row["note"]) if plan else None
    recalled = "recalled" in row["provenance"] or row["provenance"] == "mixed"
    return {
        "kind": Kind.ACTION_PLAN if plan else OTHERWISE.get(row["code"], KINDS[row["kind"]]),
        "titles": _told(row, "name"), "notes": _told(row, "note"), "confidentiality": Confidentiality.PUBLIC, "dated": row["date"],
        "expires_on": date(int(period[2]), 12, 31) if period else None, "source": row["source"] or row["provenance"],
        "provenance": Provenance.RECALLED if recalled else Provenance.SOURCED,
    }  # fmt: skip


def _told(row: Row, name: str) -> dict[str, str]:
    return {language: row[f"{name}_{language}"] for language in ("en", "th") if row[f"{name}_{language}"]}


def _party(code: str, countries: dict[Any, Country]) -> dict[str, Any]:
    if code in countries:
        return {"country": countries[code]}
    name, members = GROUPS.get(code) or (Locale.parse("en").territories[code], code)
    return {"name": name, "members": members}
