"""Public scorecards: shown as all parties allowed them, never a figure that is too small, and gone when one takes its consent back."""

from typing import Any

import pytest
from django.test import Client

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.core.errors import Invalid, Refused
from saphan.portal.agreements.card_models import PublicScorecard
from saphan.portal.agreements.cards import take_cards_daily
from saphan.portal.agreements.tests.test_pages import PK
from saphan.portal.agreements.tests.test_pages import body as agreement
from saphan.releases.services import publish, withdraw
from tests.people import NOON

pytestmark = pytest.mark.django_db
KEY, PAGE = "TH-LA-SOP/3.0.0/2026-Q3", f"/agreements/{PK}/scorecards/3.0.0/2026-Q3/"
LAO = {"party_en": "Laos", "party_th": "ลาว"}
COUNTS = {"kept": 8, "late": 4, "not_kept": 1, "excused": 2, "pending": 0, "overdue": 0, "rate": 615, "low": 355, "high": 823}


def body(**other: Any) -> dict[str, Any]:
    return {
        "id": "7d3a2f0e-0000-4000-8000-0000000000aa", "agreement": PK, "code": "TH-LA-SOP", "version": "3.0.0", "every": "quarter", "period": "2026-Q3",
        "until": "2026-09-30", "target": 900, "publish_min": 5, "inputs": "a" * 64,
        "lines": [{"name": "trace_report", "article": "5", **LAO, **COUNTS}], "withheld": [{"name": "follow_up", "article": "11", **LAO}], "total": [COUNTS],
        "commitments": [{"words": [{"language": "en", "text": "The yearly meeting"}, {"language": "th", "text": "การประชุมประจำปี"}], "article": "9", **LAO, "due_on": "2026-08-20", "happened_on": "2026-08-31", "became": "late"}],
        **other,
    }  # fmt: skip


@pytest.fixture
def officer(people: People) -> User:
    return people.agreement_officer


@pytest.fixture
def released(officer: User) -> PublicScorecard:
    publish(kind="agreements", key="TH-LA-SOP", body=agreement(), by=officer, at=NOON)
    publish(kind="scorecards", key=KEY, body=body(), by=officer, at=NOON)
    return PublicScorecard.objects.get()


@pytest.mark.parametrize("language", ["en", "th", "lo", "km", "my", "vi"])
def test_the_page_opens_in_each_language_beside_its_agreement(released: PublicScorecard, client: Client, language: str) -> None:
    answer = client.get(f"/{language}{PAGE}")
    assert answer.status_code == 200
    assert len(answer.content) < 60_000
    assert PAGE in client.get(f"/{language}/agreements/{PK}/").content.decode()


def test_it_shows_what_was_let_out(released: PublicScorecard, client: Client) -> None:
    page = client.get(f"/en{PAGE}").content.decode()
    for words in ("Trace report", "62 %", "withheld: fewer than 5", "The yearly meeting", "kept late", "quarter 3 of 2026"):
        assert words in page, words
    thai = client.get(f"/th{PAGE}").content.decode()
    assert "การประชุมประจำปี" in thai
    assert "2569" in thai


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": [{"name": "trace_report", "article": "5", **LAO, **COUNTS, "kept": 0, "late": 3}]},
        {"total": [COUNTS | {"kept": 9}]},
        {"withheld": [{"name": "follow_up", "article": "11", **LAO, "kept": 1}]},
        {"findings": []},
        {"publish_min": 1},
    ],
)
def test_the_door_refuses_what_would_tell_too_much(officer: User, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        publish(kind="scorecards", key=KEY, body=body(**wrong), by=officer, at=NOON)
    assert not PublicScorecard.objects.exists()


def test_only_who_may_lets_it_out(people: People) -> None:
    for user in (people.owner, people.stranger, people.editor):
        with pytest.raises(Refused):
            publish(kind="scorecards", key=KEY, body=body(), by=user, at=NOON)


def test_it_is_gone_when_it_or_its_agreement_is_taken_back(released: PublicScorecard, officer: User, client: Client) -> None:
    withdraw(kind="agreements", key="TH-LA-SOP", by=officer, at=NOON)
    assert client.get(f"/en{PAGE}").status_code == 404
    publish(kind="agreements", key="TH-LA-SOP", body=agreement(), by=officer, at=NOON)
    assert client.get(f"/en{PAGE}").status_code == 200
    withdraw(kind="scorecards", key=KEY, by=officer, at=NOON)
    assert client.get(f"/en{PAGE}").status_code == 404
    assert take_cards_daily(NOON) == 1
    assert not PublicScorecard.objects.exists()


def test_other_addresses_find_nothing(released: PublicScorecard, client: Client) -> None:
    for path in (PAGE.replace("Q3", "Q2"), PAGE.replace("3.0.0", "3.1.0"), PAGE.replace("0001/", "0002/")):
        assert client.get(f"/en{path}").status_code == 404
