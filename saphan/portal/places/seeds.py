"""The countries of a new site with what is known of them, and the services of the demonstration, released through the wall."""

import csv
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import override

from saphan.core import clock
from saphan.core.origin import Provenance
from saphan.directory.models import Country, Service
from saphan.portal.library.models import DocumentPage
from saphan.portal.news.models import Topic
from saphan.portal.places.models import CountriesPage, CountryPage

if TYPE_CHECKING:
    from saphan.access.seeds import People

FRAME = Path(__file__).resolve().parent / "frame"
# The countries that have a page, with their names in addresses.
COUNTRIES = {"TH": "thailand", "LA": "lao-pdr", "KH": "cambodia", "MM": "myanmar", "VN": "viet-nam", "CN": "china"}
GROUPS = {"ASEAN": {"TH", "LA", "KH", "MM", "VN"}, "global": set(COUNTRIES)}
Rows = list[dict[str, str]]
Block = tuple[str, dict[str, Any]]
Writers = tuple[Any, Any]  # who writes, who publishes; None for both is the operator


def plant_countries(above: CountriesPage, keys: dict[str, Any], writers: Writers) -> None:
    """The six countries of the subregion in the language of the list above them. Texts of one language that we lack stay in English, marked so."""
    code = above.locale.language_code
    told, lines = frame_of(code).get("countries", {}), reference("country_hotlines")
    countries = Country.objects.in_bulk(list(COUNTRIES))
    for country in (countries[pk] for pk in COUNTRIES if pk in countries):
        with override(code):
            page = CountryPage(
                title=str(country),
                slug=COUNTRIES[country.pk],
                country=country,
                introduction=told.get(country.pk, ""),
                hotlines=[hotline(row, code) for row in lines if row["country"] == country.pk],
                locale=above.locale,
                live=False,
            )
        fill(page, code, {})
        _publish(above, page, f"country {country.pk}", keys, writers)


def link_documents(writers: Writers) -> None:
    """Entries whose text lies in the library lead to it; called when the library of the demonstration is in place."""
    slugs = {row["document"] for row in instruments() if row["document"]}
    writer, publisher = writers
    for page in CountryPage.objects.live().select_related("locale").order_by("path"):
        documents = {document.slug: document for document in DocumentPage.objects.live().filter(slug__in=slugs, locale=page.locale_id)}
        if documents:
            fill(page, page.locale.language_code, documents)
            page.save_revision(user=writer).publish(user=publisher)


def introduce_topics() -> None:
    """Two or three sentences on each topic; what editors have written stays."""
    for code, _name in settings.LANGUAGES:
        for slug, text in frame_of(code).get("topics", {}).items():
            for topic in Topic.objects.filter(slug=slug, locale__language_code=code, introduction=""):
                topic.introduction = text
                topic.save(update_fields=["introduction"])


def release_services(people: "People") -> None:
    """The demonstration's services pass the wall as real ones do: marked public, signed by an officer, taken by this room."""
    if settings.SURFACE != "all":
        return  # the public surface holds no signing key; there a release arrives from the casework
    from saphan.access.roles import Role
    from saphan.access.services import grant_role
    from saphan.releases.directory import publish_service_directory

    now = clock.now()
    Service.objects.filter(organisation__in=[people.ministry, people.ngo, people.hospital]).update(public=True)
    grant_role(user=people.dpo, role=Role.STATISTICS_OFFICER, by=people.org_admin, at=now)
    people.dpo.refresh_from_db()
    publish_service_directory(by=people.dpo, at=now)


def fill(page: CountryPage, code: str, documents: dict[str, Any]) -> None:
    """Writes laws, agreements and plans of a country from the tables. `documents` are those of the library by their slugs."""
    own = [row for row in instruments() if page.country_id in parties_of(row)]
    page.laws, page.agreements, page.plans = (entries(own, section, code, documents) for section in ("law", "agreement", "plan"))


def instruments() -> Rows:
    """Laws, agreements and plans."""
    return [*reference("country_laws_and_plans"), *reference("gms_agreements")]


def frame_of(code: str) -> dict[str, Any]:
    """The texts of one language, empty where nobody has written them yet."""
    path = FRAME / f"{code}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def reference(name: str) -> Rows:
    """A table of facts with their provenance."""
    path = Path(settings.PACKAGE).parent / "seeds" / "reference" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parties_of(row: dict[str, str]) -> set[str]:
    """The codes of the countries that a law, agreement or plan belongs to."""
    return {code for party in row["parties"].split(";") for code in GROUPS.get(party.strip(), {party.strip().split(" ")[0]})}


def entries(rows: Rows, section: str, code: str, documents: dict[str, Any]) -> list[Block]:
    """The rows of one section in order of time; those without a date stand last."""
    chosen = sorted((row for row in rows if row["section"] == section), key=lambda row: row["date"] or "9999")
    return [("entry", {**dict(_entry(row, code)), "document": documents.get(row["document"])}) for row in chosen]


def hotline(row: dict[str, str], code: str) -> Block:
    """A hotline. Its number is empty unless its provenance is sourced."""
    language, own = _spoken(row, "name", code)
    told = {"title": row[f"name_{own}"], "language": language, "hours": row[f"hours_{own}"], "note": row[f"note_{own}"]}
    return "line", {**told, "number": row["number"] if row["provenance"].startswith("sourced") else ""}


def _entry(row: dict[str, str], code: str) -> Iterator[tuple[str, Any]]:
    language, own = _spoken(row, "name", code)
    yield from {"title": row[f"name_{own}"], "language": language, "note": row[f"note_{own}"], "source": row["source"]}.items()
    yield "year", int(row["date"][:4]) if row["date"] else None
    yield "signed_on", date.fromisoformat(row["date"]) if len(row["date"]) == 10 else None
    recalled = "recalled" in row["provenance"] or row["provenance"] == "mixed"
    yield "origin", Provenance.RECALLED if recalled else Provenance.SOURCED


def _spoken(row: dict[str, str], name: str, code: str) -> tuple[str, str]:
    """The mark of the language for a block, and the language to read from: English where the row has no words in this one."""
    return ("", code) if row.get(f"{name}_{code}") else (settings.LANGUAGE_CODE, settings.LANGUAGE_CODE)


def _publish(parent: CountriesPage, page: CountryPage, name: str, keys: dict[str, Any], writers: Writers) -> None:
    """Adds a page as the translation of the page of the same name in the languages before it, and publishes it."""
    if name in keys:
        page.translation_key = keys[name]
    parent.refresh_from_db()
    parent.add_child(instance=page)
    keys[name] = page.translation_key
    writer, publisher = writers
    page.save_revision(user=writer).publish(user=publisher)
