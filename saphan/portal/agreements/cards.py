"""Scorecards: taken from their releases, and their page."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from saphan.core.bars import PARTS, Bar, bars
from saphan.core.origin import in_language
from saphan.core.upkeep import chore
from saphan.portal.agreements.card_models import PublicScorecard
from saphan.portal.agreements.models import PublicAgreement
from saphan.portal.delivery import deliver
from saphan.portal.framing import framed
from saphan.portal.rendered.edition import renew
from saphan.releases.kinds import SCORECARDS, release_taker
from saphan.releases.models import ReleaseHead
from saphan.releases.selectors import current

BECAME = {
    "kept": ("good", gettext_lazy("kept")), "late": ("warm", gettext_lazy("kept late")), "not_kept": ("bad", gettext_lazy("not kept")), "excused": ("still", gettext_lazy("excused")),
    "pending": ("", gettext_lazy("pending")), "overdue": ("bad", gettext_lazy("pending, past its day")),
}  # fmt: skip


@release_taker(SCORECARDS)
@transaction.atomic
def take_card(key: str) -> None:
    """A scorecard was published, taken back, or has arrived: what is shown follows in the same transaction."""
    release = current(SCORECARDS, key)
    PublicScorecard.objects.filter(key=key).delete()
    if release is not None:
        body = release.body
        PublicScorecard.objects.create(
            id=UUID(body["id"]), key=key, agreement=UUID(body["agreement"]), version=body["version"], period=body["period"],
            until=date.fromisoformat(body["until"]), body=body, released_at=release.published_at,
        )  # fmt: skip
    renew()


@chore("public scorecards")
def take_cards_daily(_at: datetime) -> int:
    """Where both sides share only a database nobody calls at publication. Answers how many were looked at."""
    keys = list(ReleaseHead.objects.filter(kind=SCORECARDS).values_list("key", flat=True))
    for key in keys:
        take_card(key)
    return len(keys)


@require_safe
def scorecard(request: HttpRequest, pk: UUID, version: str, period: str) -> HttpResponse:
    """One scorecard. Where the agreement or the card is not, or no longer, public: 404."""
    agreement = PublicAgreement.objects.filter(pk=pk).first()
    card = PublicScorecard.objects.filter(agreement=pk, version=version, period=period).first()
    if agreement is None or card is None:
        raise Http404
    title = _("%(agreement)s: how it was kept, %(period)s") % {"agreement": agreement, "period": card.period_said}
    summary = _("How many promises the parties kept in time, and which commitments, as all parties allow it to be known.")
    above = (str(agreement), f"agreements/{pk}/")
    lines = [_worded(line) for line in card.lines]
    total = _worded(card.body["total"][0]) if card.body["total"] else None
    context = framed(
        request, title, summary, f"agreements/{pk}/scorecards/{version}/{period}/", (_("Agreements and standards"), "agreements/"), above
    )
    context |= {
        "agreement": agreement, "card": card, "lines": lines, "total": total, "total_shown": sum(line["shown"] for line in lines) > 1, "svg": _drawn(lines, card.body["target"]), "target": card.body["target"] // 10,
        "commitments": [_commitment(one) for one in card.body["commitments"]], "least": card.body["publish_min"],
    }  # fmt: skip
    return deliver(request, render(request, "public_agreements/scorecard.html", context))


def _worded(line: dict[str, Any]) -> dict[str, Any]:
    named = {"label": line["name"].replace("_", " ").capitalize(), "party": in_language(line["party_en"], line["party_th"])} if "name" in line else {}
    if "kept" not in line:
        return {**line, **named}
    n = sum(line[part] for part in ("kept", "late", "not_kept", "excused", "pending"))
    share = f"{round(line['rate'] / 10)} % ({round(line['low'] / 10)}–{round(line['high'] / 10)} %)"
    return {**line, **named, "n": n, "share": share}


def _drawn(lines: list[dict[str, Any]], target: int) -> SafeString:
    drawn = [
        Bar(
            line["label"],
            [line[part] for part in PARTS] if line["shown"] else None,
            (line["low"] / 1000, line["high"] / 1000) if line["shown"] else None,
        )
        for line in lines
    ]
    return bars(drawn, target=target / 1000 if target else None, title=_("Share of promises kept in time; the table under it says the same"))


def _commitment(one: dict[str, Any]) -> dict[str, Any]:
    words = {told["language"]: told["text"] for told in one["words"]}
    own = get_language() or "en"
    language = own if own in words else "en" if "en" in words else next(iter(words), "en")
    tone, became = BECAME[one["became"]]
    return {
        **one, "text": words.get(language, ""), "text_language": language, "party": in_language(one["party_en"], one["party_th"]), "tone": tone,
        "said": str(became), "due": date.fromisoformat(one["due_on"]), "happened": date.fromisoformat(one["happened_on"]) if one["happened_on"] else None,
    }  # fmt: skip
