"""Agreements and standards: the list in time, and the page of each agreement with its words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from saphan.core.ids import permanent_name
from saphan.core.lanes import Bar, Lane, Mark, Picture, drawn
from saphan.core.paper import can_print
from saphan.directory.models import Country
from saphan.portal.agreements.card_models import PublicScorecard
from saphan.portal.agreements.models import Kind, PublicAgreement
from saphan.portal.agreements.sources import summary_of
from saphan.portal.delivery import deliver, tail
from saphan.portal.framing import framed
from saphan.portal.heads import permanent_url

PER_PAGE = 20
LONGEST = 100  # letters of a search
NAMES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class Filters:
    """What may be chosen, and what was."""

    kinds: list[tuple[str, str]]
    countries: list[Country]
    chosen: dict[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        return urlencode(self.chosen)


@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """All public agreements, narrowed by words, kind, country and force."""
    words = _words(request.GET.get("q", ""))
    everything = list(PublicAgreement.objects.all() if words else PublicAgreement.objects.defer("provisions"))
    filters = _asked_for(request.GET, everything)
    found = _narrowed(everything, filters.chosen)
    listing = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    known = Country.objects.in_bulk()
    title, summary = (
        _("Agreements and standards"),
        _("What countries and organisations have promised each other against human trafficking, with where each fact comes from."),
    )
    context = {
        **framed(request, title, summary, "agreements/"), "filters": filters, "listing": listing, "picture": picture_of(listing.object_list),
        "rows": [(one, one.party_names(known)) for one in listing],
    }  # fmt: skip
    return deliver(
        request, render(request, "public_agreements/list.html", context), query=tail(**_without_words(filters.chosen), page=listing.number)
    )


def _words(asked: str) -> str:
    return " ".join(asked.replace("\x00", " ").split())[:LONGEST]


def _without_words(chosen: dict[str, str]) -> dict[str, str]:
    """What a stored address may say: a page with words of a reader is made each time and not kept."""
    return {name: value for name, value in chosen.items() if name != "q"}


def _asked_for(asked: Mapping[str, str], everything: list[PublicAgreement]) -> Filters:
    present = {one.kind for one in everything}
    kinds = [(code, str(label)) for code, label in Kind.choices if code in present]
    codes = {code for one in everything for code in one.countries.split(",") if code}
    countries = sorted(Country.objects.filter(pk__in=codes), key=str)
    allowed = {"kind": [code for code, _label in kinds], "country": [country.pk for country in countries], "force": ["now"]}
    chosen = {name: asked[name] for name, values in allowed.items() if asked.get(name) in values}
    words = _words(asked.get("q", ""))
    return Filters(kinds, countries, chosen | ({"q": words} if words else {}))


def _narrowed(everything: list[PublicAgreement], chosen: dict[str, str]) -> list[PublicAgreement]:
    """Newest first; those without a date last."""
    kind, country, words = chosen.get("kind"), chosen.get("country"), chosen.get("q", "").casefold().split()
    found = [
        one
        for one in everything
        if (not kind or one.kind == kind)
        and (not country or f",{country}," in one.countries)
        and ("force" not in chosen or one.is_in_force())
        and (not words or one.holds_words(words))
    ]
    return sorted(found, key=lambda one: (one.dated or "0", one.code), reverse=True)


def picture_of(shown: Any) -> Picture | None:
    """The agreements in time: the day of signature, and when they were in force or for which term."""
    lanes = [_lane(one) for one in shown]
    return drawn(lanes, timezone.localdate())


def _lane(agreement: PublicAgreement) -> Lane:
    bars = [Bar(since, until) for since, until in agreement.periods()]
    if not bars and agreement.day and agreement.expires_on:
        bars = [Bar(agreement.day, agreement.expires_on, "term")]
    return Lane(agreement.code, bars, [Mark(agreement.day, "signed")] if agreement.day else [])


@require_safe
def agreement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One agreement with its words. What is not, or no longer, released is 404."""
    found = PublicAgreement.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    names = found.party_names()
    told = found.languages()
    own = get_language() or settings.LANGUAGE_CODE
    first = own if own in told else told[0] if told else ""
    asked = request.GET.get("text", "")
    language = asked if asked in told else first
    context = framed(request, str(found), summary_of(found, names), f"agreements/{pk}/", (_("Agreements and standards"), "agreements/"))
    context |= {
        "agreement": found, "names": names, "articles": found.articles(language) if language else [], "text_language": language,
        "texts": [(code, NAMES.get(code, code), code in found.versions[0]["languages"]) for code in told], "picture": drawn([_lane(found)], timezone.localdate()),
        "above": PublicAgreement.objects.filter(code=found.parent).first() if found.parent else None, "below": PublicAgreement.objects.filter(parent=found.code),
        "permanent": permanent_url(permanent_name(found.pk)), "newest": found.versions[0] if found.versions else None,
        "may_print": can_print(), "cards": PublicScorecard.objects.filter(agreement=found.pk),
    }  # fmt: skip
    answer = render(request, "public_agreements/agreement.html", context)
    return deliver(request, answer, query=tail(text=language if asked and language != first else ""))
