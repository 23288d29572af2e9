"""The screens: the officer of a party, the colleague of the other party, the stranger."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saphan.access.models import User
from saphan.access.seeds import People, plant_people
from saphan.agreements.following.models import Binding
from saphan.agreements.models import Agreement, AgreementVersion
from saphan.agreements.registering import Facts, PartyFacts, edit
from saphan.agreements.scoring.models import Commitment, Occurrence, OccurrenceStep, PublicationConsent, ScoreSnapshot
from saphan.agreements.scoring.seeds import plant
from saphan.agreements.scoring.tests.test_counting import Q3
from saphan.agreements.seeds import _sop
from saphan.core import clock
from saphan.releases.kinds import SCORECARDS
from saphan.releases.selectors import current
from tests.people import NOON, PASSWORD, client_of
from tests.planting import planted_once, read_afresh

pytestmark = pytest.mark.django_db


def plant_scorecards() -> None:
    with clock.stopped_at(NOON):
        cast = plant_people(password=PASSWORD, at=NOON)
        _sop(cast, NOON)  # the one agreement of the demonstration that this room speaks of
        plant(cast)


scorecards = planted_once("scorecards", plant_scorecards)


@pytest.fixture
def people(scorecards: People, db: Any) -> People:
    return read_afresh(scorecards)


@pytest.fixture
def told(people: People) -> People:
    return people


def url(name: str, *args: object) -> str:
    return reverse(f"scoring:{name}", args=args)


def sop() -> Agreement:
    return Agreement.objects.get(code="TH-LA-SOP")


def card(name: str = "scorecard", query: str = "?period=2026-Q3") -> str:
    return url(name, sop().pk) + query


def at_noon(client: Client, method: str, address: str, data: dict[str, str] | None = None) -> Any:
    with clock.stopped_at(NOON):
        return getattr(client, method)(address, data or {})


def every_page() -> list[str]:
    return [
        url("all"), url("all") + "?show=answer", url("all") + "?show=proposed", url("commitments", sop().pk), url("propose", sop().pk),
        *(url("commitments", sop().pk) + f"?show={show}" for show in ("open", "past", "answer")), card(), card(query="?period=2026-Q2"),
        card(query="?period=2026-Q4"), card(query="?period=2026-Q3&seen=today"), card(query=""), card("print"), card("csv"), card("pdf"),
        card("pdf", "?period=2026-Q3&language=th"), *(url("occurrence", one.pk) for one in Occurrence.objects.all()), "/desk/",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "th"])
def test_every_page_opens_for_the_parties(told: People, language: str) -> None:
    for user in (told.agreement_officer, told.partner_officer):
        client = client_of(user)
        client.cookies["django_language"] = language
        wrong = [(page, code) for page in every_page() if (code := at_noon(client, "get", page).status_code) != 200]
        assert wrong == []


def test_a_stranger_finds_none_of_it(told: People, outsider: User) -> None:
    for user in (told.stranger, outsider):
        client = client_of(user)
        for page in every_page():
            if page.startswith((url("all"), "/desk/?")) or page == "/desk/":
                continue
            assert at_noon(client, "get", page).status_code in (403, 404), page
    client = client_of(outsider)
    assert at_noon(client, "get", card()).status_code == 404
    assert "focal points" not in at_noon(client, "get", url("all")).content.decode()
    row, snapshot = Occurrence.objects.all()[0], ScoreSnapshot.objects.all()[0]
    for name in ("state", "take_back", "confirm", "dispute", "ask", "excuse", "refuse", "admit"):
        assert at_noon(client, "post", url(name, row.pk)).status_code == 404, name
    for name in ("allow", "publish", "withdraw_card"):
        assert at_noon(client, "post", url(name, snapshot.pk)).status_code == 404, name
    for name in ("accept", "decline", "withdraw", "release"):
        assert at_noon(client, "post", url(name, Commitment.objects.all()[0].pk)).status_code == 404, name
    assert at_noon(client, "post", url("disallow", PublicationConsent.objects.all()[0].pk)).status_code == 404


def test_the_card_shows_what_was_counted_and_withholds_what_is_small(told: People) -> None:
    page = at_noon(client_of(told.agreement_officer), "get", card()).content.decode()
    assert "withheld: fewer than 5" in page
    assert "<svg" in page
    rows = list(csv.reader(io.StringIO(at_noon(client_of(told.partner_officer), "get", card("csv")).content.decode("utf-8-sig"))))
    by_name = {row[0]: row for row in rows}
    assert by_name["trace report"][3:10] == ["13", "8", "4", "1", "0", "0", "0"]
    assert by_name["confirmation of reception"][3:10] == ["6", "5", "1", "0", "0", "0", "0"]
    assert set(by_name["follow up"][3:14]) == {""}
    assert by_name["The yearly meeting of focal points takes place."][4:6] == ["1", "0"]
    assert by_name["A joint training of reception officers is held."][4:6] == ["0", "1"]


def test_the_frozen_card_stays_and_is_named_so(told: People) -> None:
    client = client_of(told.agreement_officer)
    assert "frozen as of the end of" in at_noon(client, "get", card()).content.decode()
    running = at_noon(client, "get", card(query="?period=2026-Q4")).content.decode()
    assert "as it stands on" in running
    assert at_noon(client, "get", card(query="?period=2027-Q1")).status_code == 404


def test_a_commitment_goes_from_proposal_to_confirmation_by_the_screens(told: People) -> None:
    thai, lao = client_of(told.agreement_officer), client_of(told.partner_officer)
    typed = {
        "article": "9", "party": str(sop().parties.get(side="H").pk), "words_en": "Statistics are exchanged.", "words_th": "", "rhythm": "yearly",
        "first_due_on": "1/11/2569",
    }  # fmt: skip
    wrong = at_noon(thai, "post", url("propose", sop().pk), typed | {"first_due_on": "soon"})
    assert wrong.status_code == 422
    assert "Statistics are exchanged." in wrong.content.decode()
    assert at_noon(thai, "post", url("propose", sop().pk), typed).status_code == 302
    commitment = Commitment.objects.get(words__en="Statistics are exchanged.")
    assert at_noon(thai, "post", url("accept", commitment.pk)).status_code == 403
    assert at_noon(lao, "post", url("accept", commitment.pk)).status_code == 302
    row = commitment.occurrences.get(number=1)
    assert row.due_on == date(2026, 11, 1)
    assert "Statistics" in at_noon(thai, "get", "/desk/").content.decode()
    assert at_noon(thai, "post", url("state", row.pk), {"happened_on": "2/11/2026", "note": ""}).status_code == 422
    assert at_noon(thai, "post", url("state", row.pk), {"happened_on": "2/11/2026", "note": "minutes"}).status_code == 302
    assert "Statistics" in at_noon(lao, "get", "/desk/").content.decode()
    assert at_noon(thai, "post", url("confirm", row.pk)).status_code == 403
    assert at_noon(lao, "post", url("dispute", row.pk), {"reason": ""}).status_code == 422
    assert at_noon(lao, "post", url("confirm", row.pk)).status_code == 302
    assert list(OccurrenceStep.objects.filter(occurrence=row).values_list("verb", flat=True)) == ["state", "confirm"]


def test_a_card_is_public_only_with_the_consent_of_both(told: People) -> None:
    snapshot = ScoreSnapshot.objects.get(version=AgreementVersion.objects.get(agreement=sop(), minor=0), since=Q3.since)
    thai, lao = client_of(told.agreement_officer), client_of(told.partner_officer)
    key = "TH-LA-SOP/3.0.0/2026-Q3"
    at_noon(thai, "post", url("publish", snapshot.pk))
    assert current(SCORECARDS, key) is None  # the other party has allowed it, ours has not
    page = at_noon(thai, "get", card()).content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    at_noon(thai, "post", url("allow", snapshot.pk), {"seen": "0" * 64})
    assert not snapshot.consents.filter(party__side="H").exists()
    at_noon(thai, "post", url("allow", snapshot.pk), {"seen": seen})
    assert at_noon(lao, "post", url("publish", snapshot.pk)).status_code == 403
    at_noon(thai, "post", url("publish", snapshot.pk))
    release = current(SCORECARDS, key)
    assert release is not None
    assert [line["name"] for line in release.body["withheld"]] == ["follow_up"]
    assert snapshot.content_digest not in str(release.body)  # of few numbers it could be guessed back
    consent = snapshot.consents.get(party__side="O")
    assert at_noon(thai, "post", url("disallow", consent.pk)).status_code == 403
    at_noon(lao, "post", url("disallow", consent.pk))
    assert current(SCORECARDS, key) is None


@pytest.mark.parametrize("change", [{"code": "TH-LA-SOP-2"}, {"confidentiality": "parties"}], ids=["another code", "not public"])
def test_a_public_card_leaves_with_its_agreement(told: People, change: dict[str, str]) -> None:
    snapshot = ScoreSnapshot.objects.get(version=AgreementVersion.objects.get(agreement=sop(), minor=0), since=Q3.since)
    thai = client_of(told.agreement_officer)
    seen = at_noon(thai, "get", card()).content.decode().split('name="seen" value="')[1].split('"')[0]
    at_noon(thai, "post", url("allow", snapshot.pk), {"seen": seen})
    at_noon(thai, "post", url("publish", snapshot.pk))
    assert current(SCORECARDS, "TH-LA-SOP/3.0.0/2026-Q3") is not None
    facts = Facts(**{"code": sop().code, "kind": sop().kind, "titles": sop().titles, "confidentiality": "public"} | change)
    parties = [PartyFacts(country_id=party.country_id, side=party.side, id=party.pk) for party in sop().parties.all()]
    edit(agreement_id=sop().pk, facts=facts, parties=parties, seen=sop().version, by=told.agreement_officer, at=NOON)
    assert current(SCORECARDS, "TH-LA-SOP/3.0.0/2026-Q3") is None


def test_the_report_is_made_in_two_languages(told: People) -> None:
    client = client_of(told.partner_officer)
    for language in ("en", "th"):
        reply = at_noon(client, "get", card("pdf", f"?period=2026-Q3&language={language}"))
        assert reply["Content-Type"] == "application/pdf"
        assert reply["Content-Disposition"].endswith(f'2026-Q3.{language}.pdf"')
        assert reply.content.startswith(b"%PDF")


def test_the_impact_of_the_next_version_is_counted_from_closed_cases_of_the_demonstration(told: People) -> None:
    closed = Binding.objects.filter(state="over")
    assert (closed.count(), Binding.objects.filter(state="running").count()) == (12, 8)
    assert set(closed.values_list("stage", flat=True)) == {"closed"}
    newer = AgreementVersion.objects.get(agreement__code="TH-LA-SOP", major=3, minor=1)
    address = reverse("workspace:impact", args=[newer.pk])
    shown = at_noon(client_of(told.agreement_officer), "get", address).content.decode()
    assert "12 closed cases." in shown
    assert "Art. 5, “ob trace”: kept would go from 75 % to 42 %." in shown
    assert at_noon(client_of(told.partner_officer), "get", address).status_code == 404  # a draft is its office's
