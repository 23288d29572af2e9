"""Public agreements as their newest signed releases tell of them. A copy, made by `services.take_agreement` and by nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from saphan.core.origin import Provenance, in_language
from saphan.directory.models import Country
from saphan.portal.agreements.card_models import PublicScorecard  # noqa: F401  # a table of this room

FULL, MONTH = 10, 7  # letters of a date that names its day, its month


class Kind(models.TextChoices):
    """What sort of text it is, in the words of the register."""

    TREATY = "treaty", _("treaty or convention")
    DECLARATION = "declaration", _("joint declaration")
    MULTILATERAL_MOU = "multilateral_mou", _("multilateral MOU")
    BILATERAL_MOU = "bilateral_mou", _("bilateral MOU")
    BILATERAL_SOP = "bilateral_sop", _("bilateral SOP")
    ACTION_PLAN = "action_plan", _("action plan")
    NATIONAL_SOP = "national_sop", _("national SOP")
    DOMESTIC_MOU = "domestic_mou", _("domestic MOU")
    ORGANISATION_MOU = "organisation_mou", _("MOU with an organisation")
    HANDBOOK = "handbook", _("handbook")


HAPPENINGS = {
    "enters": _("enters into force"), "suspended": _("is suspended"), "resumed": _("is resumed"), "terminated": _("is terminated"),
    "replaced": _("is replaced by a newer version"), "expires": _("expires"),
}  # fmt: skip


@dataclass(frozen=True)
class Article:
    """One provision in the language that is shown."""

    number: str
    heading: str
    prose: str
    language: str

    @property
    def paragraphs(self) -> list[str]:
        """Its prose in pieces, as empty lines part it."""
        return [part for part in (part.strip() for part in self.prose.split("\n\n")) if part]


class PublicAgreementQuerySet(models.QuerySet["PublicAgreement"]):
    """Many public agreements."""

    def with_country(self, code: str) -> Self:
        return self.filter(countries__contains=f",{code},")


class PublicAgreement(models.Model):
    """One agreement that is public."""

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)
    titles = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    parties = models.JSONField(default=list)
    countries = models.CharField(max_length=300, blank=True)  # codes between commas, those in a group too: ",LA,TH,"
    parent = models.CharField(max_length=40, blank=True)
    dated = models.CharField(max_length=10, blank=True)
    expires_on = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True)
    provenance = models.CharField(max_length=8, choices=Provenance)
    events = models.JSONField(default=list)
    in_force = models.JSONField(default=list)
    versions = models.JSONField(default=list)
    provisions = models.JSONField(default=list)
    released_at = models.DateTimeField()

    objects = PublicAgreementQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.titles.get(self.title_language) or self.code)

    @property
    def title_language(self) -> str:
        """The language of the title that is shown: the reader's, else English."""
        own = get_language() or settings.LANGUAGE_CODE
        return own if self.titles.get(own) else "en"

    @property
    def note(self) -> str:
        return str(self.notes.get(get_language() or "en") or self.notes.get("en", ""))

    @property
    def note_language(self) -> str:
        return (get_language() or "en") if self.notes.get(get_language() or "en") else "en"

    @property
    def kind_name(self) -> str:
        """Its kind in the reader's words; empty for one that is not known on this side yet."""
        return str(dict(Kind.choices).get(self.kind, ""))

    @property
    def year(self) -> int | None:
        return int(self.dated[:4]) if self.dated else None

    @property
    def signed_on(self) -> date | None:
        """The day, where it is known to the day."""
        return date.fromisoformat(self.dated) if len(self.dated) == FULL else None

    @property
    def day(self) -> date | None:
        """The day that stands for it on a line of time."""
        if not self.dated:
            return None
        return self.signed_on or date.fromisoformat(f"{self.dated}-01" if len(self.dated) == MONTH else f"{self.dated}-01-01")

    @property
    def recalled(self) -> bool:
        """Whether its facts are not sourced in all their parts."""
        return self.provenance == Provenance.RECALLED

    @property
    def address(self) -> str:
        """Where it stands in the reader's language."""
        return f"/{get_language() or settings.LANGUAGE_CODE}/agreements/{self.pk}/"

    @property
    def released_on(self) -> datetime:
        return self.released_at

    def periods(self) -> list[tuple[date, date | None]]:
        """From which day to which it is in force, with any of its versions."""
        return [(date.fromisoformat(one["since"]), date.fromisoformat(one["until"]) if one["until"] else None) for one in self.in_force]

    def is_in_force(self, day: date | None = None) -> bool:
        """Whether it is in force on a day, by the events that the casework has written down; today where none is named."""
        at = day or timezone.localdate()
        return any(since <= at and (until is None or at < until) for since, until in self.periods())

    def party_names(self, known: Mapping[Any, Country] | None = None) -> list[str]:
        """Parties in the reader's language; a country by its name on this side. A list gives all countries at once in `known`."""
        known = Country.objects.in_bulk([party["country"] for party in self.parties if party["country"]]) if known is None else known
        return [str(known[p["country"]]) if p["country"] in known else in_language(p["name_en"], p["name_th"]) for p in self.parties]

    def languages(self) -> list[str]:
        """The languages in which its words are here, those that bind first."""
        binding = self.versions[0]["languages"] if self.versions else []
        present = list(dict.fromkeys(one["language"] for one in self.provisions))
        return sorted(present, key=lambda code: (code not in binding, present.index(code)))

    @property
    def newest_day(self) -> str:
        """The day of the last signature under the newest version; else the day that stands for the agreement, else that of its release."""
        signed = [one["on"] for one in self.versions[0]["signatures"]] if self.versions else []
        return str(max(signed)) if signed else (self.day or self.released_at.date()).isoformat()

    def holds_words(self, words: Sequence[str]) -> bool:
        """Whether each of these words, in small letters, stands in its titles, notes, parties or text, in any language."""
        told = [self.code, *self.titles.values(), *self.notes.values(), *(party[name] for party in self.parties for name in ("name_en", "name_th"))]
        told += [one[name] for one in self.provisions for name in ("heading", "prose")]
        text = "\n".join(told).casefold()
        return all(word in text for word in words)

    def articles(self, language: str) -> list[Article]:
        """Its words in one language."""
        return [Article(one["number"], one["heading"], one["prose"], language) for one in self.provisions if one["language"] == language]

    def history(self) -> list[dict[str, Any]]:
        """Signatures and events of force, newest first."""
        signed = [
            {"on": one["on"], "what": str(_("signed")), "who": one, "version": version["number"]}
            for version in self.versions
            for one in version["signatures"]
        ]
        force = [{**event, "what": str(HAPPENINGS.get(event["kind"], event["kind"]))} for event in self.events]
        found = [{**entry, "on": date.fromisoformat(entry["on"])} for entry in [*signed, *force]]
        return sorted(found, key=lambda entry: entry["on"], reverse=True)
