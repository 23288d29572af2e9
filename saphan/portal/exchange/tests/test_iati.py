"""What is told to the International Aid Transparency Initiative: its shape by the standard's own order, and nothing about a person or a place."""

from datetime import UTC, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from typer.testing import CliRunner

from saphan.directory.seeds import load_reference
from saphan.portal.exchange import ledger, receipts
from saphan.portal.exchange.commands import exchange
from saphan.portal.exchange.iati import exported
from saphan.portal.exchange.ledger import PostingFacts
from saphan.portal.exchange.ledger_models import Verb
from saphan.portal.exchange.tests.exchanged import a_need

APRIL = datetime(2026, 4, 20, 9, tzinfo=UTC)
XML = "{http://www.w3.org/XML/1998/namespace}lang"
# Each element with its children in the order of the standard (2.03), `*` any number, `+` at least one, `?` at most one; and its attributes, `!` required.
ORDER = {
    "iati-activities": ["iati-activity*"],
    "iati-activity": [
        "iati-identifier", "reporting-org", "title", "description+", "participating-org+", "other-identifier*", "activity-status", "activity-date+",
        "contact-info*", "activity-scope?", "recipient-country*", "recipient-region*", "location*", "sector*", "tag*", "country-budget-items*",
        "humanitarian-scope*", "policy-marker*", "collaboration-type?", "default-flow-type?", "default-finance-type?", "default-aid-type*",
        "default-tied-status?", "budget*", "planned-disbursement*", "capital-spend?", "transaction*", "document-link*", "related-activity*",
    ],
    "reporting-org": ["narrative+"], "title": ["narrative+"], "description": ["narrative+"], "participating-org": ["narrative*"], "name": ["narrative+"],
    "location": ["location-reach?", "location-id*", "name?", "description?", "activity-description?", "administrative*", "point?", "exactness?",
                 "location-class?", "feature-designation?"],
    "transaction": ["transaction-type", "transaction-date", "value", "description?", "provider-org?", "receiver-org?"],
}  # fmt: skip
ATTRIBUTES = {
    "iati-activities": {"version!", "generated-datetime"}, "iati-activity": {"default-currency", "last-updated-datetime", XML, "humanitarian"},
    "reporting-org": {"ref!", "type!", "secondary-reporter"}, "description": {"type"}, "participating-org": {"role!", "ref", "type"},
    "narrative": {XML}, "activity-status": {"code!"}, "activity-date": {"type!", "iso-date!"}, "recipient-country": {"code!", "percentage"},
    "location-reach": {"code!"}, "administrative": {"vocabulary!", "level", "code!"}, "exactness": {"code!"}, "location-class": {"code!"},
    "sector": {"vocabulary", "code!", "percentage"}, "transaction-type": {"code!"}, "transaction-date": {"iso-date!"},
    "value": {"currency", "value-date!"},
}  # fmt: skip
CODES = {
    "activity-status": {"1", "2", "3", "4", "5", "6"}, "activity-date": {"1", "2", "3", "4"}, "location-reach": {"1", "2"}, "exactness": {"1", "2"},
    "location-class": {"1", "2", "3", "4"}, "transaction-type": {str(n) for n in range(1, 14)},
}  # fmt: skip


def refuse_wrong_shape(element: ElementTree.Element) -> None:
    """The structure of the standard, one element after the other."""
    told = [child.tag for child in element]
    for rule in ORDER.get(element.tag, []):
        name, how = rule.rstrip("*+?"), rule[-1]
        count = 0
        while told and told[0] == name:
            told.pop(0)
            count += 1
        least, most = {"*": (0, 999), "+": (1, 999), "?": (0, 1)}.get(how, (1, 1))
        assert least <= count <= most, f"{element.tag}: {count} of {name}"
    assert not told, f"{element.tag}: {told} in the wrong place"
    known = {name.rstrip("!") for name in ATTRIBUTES.get(element.tag, set())}
    assert set(element.attrib) <= known, element.tag
    assert {name[:-1] for name in ATTRIBUTES.get(element.tag, set()) if name.endswith("!")} <= set(element.attrib), element.tag
    if element.tag in CODES:
        assert (element.get("code") or element.get("type")) in CODES[element.tag]
    for child in element:
        refuse_wrong_shape(child)


@pytest.fixture(autouse=True)
def named(settings):
    settings.IATI_ORG = "XM-EXAMPLE-1"
    settings.IATI_NAME = "An invented ministry"


@pytest.fixture
def fund(people):
    load_reference()
    need = a_need(
        people,
        kind="cash",
        item="fund",
        unit="thb",
        quantity=Decimal(90_000),
        title_en="Sewing machines",
        title_th="จักรเย็บผ้า",
        text_en="For a workshop.",
    )
    return ledger.open_fund(need_id=need.pk, by=people.coordinator, at=datetime(2026, 1, 5, tzinfo=UTC))


@pytest.fixture
def post(people, fund):
    def act(verb, amount, month, day=9, note="canary-note"):
        facts = PostingFacts(verb, Decimal(amount), datetime(2026, month, day, tzinfo=UTC).date(), note)
        return ledger.post(fund_id=fund.pk, facts=facts, by=people.coordinator, at=APRIL)

    return act


def read(content):
    """The file as a tree of the right shape."""
    root = ElementTree.fromstring(content)  # noqa: S314  # our own file
    refuse_wrong_shape(root)
    return root


def activity_of(fund, at=APRIL):
    root = read(exported(at))
    return next((a for a in root if a.findtext("iati-identifier") == f"XM-EXAMPLE-1-{fund.reference}"), None)


def money(activity):
    return [
        (t.find("transaction-type").get("code"), t.find("transaction-date").get("iso-date"), t.findtext("value"))
        for t in activity.iter("transaction")
    ]


def test_it_has_the_shape_of_the_standard(fund, post):
    post(Verb.RECEIVE, 100, 1)
    post(Verb.RECEIVE, 250, 1)
    post(Verb.SPEND, 40, 2)
    activity = activity_of(fund)
    assert activity.find("title/narrative").text == "Sewing machines"
    assert activity.find(f"title/narrative[@{XML}='th']").text == "จักรเย็บผ้า"
    assert money(activity) == [("1", "2026-01-31", "350.00"), ("4", "2026-02-28", "40.00")]


def test_a_single_gift_is_told_only_together_with_another(fund, post):
    post(Verb.RECEIVE, 100, 1)
    assert money(activity_of(fund)) == []
    post(Verb.RECEIVE, 70, 3)
    assert money(activity_of(fund)) == [("1", "2026-03-31", "170.00")]


def test_a_month_is_told_when_it_is_over(fund, post):
    post(Verb.RECEIVE, 100, 4)
    post(Verb.RECEIVE, 70, 4)
    assert money(activity_of(fund)) == []
    assert money(activity_of(fund, datetime(2026, 5, 1, 9, tzinfo=UTC))) == [("1", "2026-04-30", "170.00")]


def test_a_promise_and_its_payment_are_two_things_and_a_reversal_takes_its_own_back(people, fund, post):
    post(Verb.PROMISE, 100, 1)
    post(Verb.PROMISE, 50, 1)
    post(Verb.COLLECT, 100, 2)
    wrong = post(Verb.RECEIVE, 7, 2)
    ledger.reverse(posting_id=wrong.pk, note="", by=people.coordinator, at=datetime(2026, 2, 20, tzinfo=UTC))
    assert money(activity_of(fund)) == [("11", "2026-01-31", "150.00")]  # one gift of February stands: it is not told alone
    post(Verb.COLLECT, 50, 3)
    assert money(activity_of(fund)) == [("1", "2026-03-31", "150.00"), ("11", "2026-01-31", "150.00")]


def test_neither_a_typing_error_nor_what_is_given_back_uncovers_a_single_gift(people, fund, post):
    wrong = post(Verb.RECEIVE, 5000, 1)
    ledger.reverse(posting_id=wrong.pk, note="", by=people.coordinator, at=datetime(2026, 1, 20, tzinfo=UTC))
    post(Verb.RECEIVE, 500, 1)
    post(Verb.GIVE_BACK, 20, 2)
    post(Verb.PROMISE, 300, 1)
    post(Verb.RELEASE, 60, 2)
    assert money(activity_of(fund)) == []


def test_nothing_about_a_person_or_a_place_is_in_it(people, fund, post):
    gift = post(Verb.RECEIVE, 100, 1)
    post(Verb.RECEIVE, 11, 1)
    receipts.issue(posting_id=gift.pk, name="Canary Donor", language="en", by=people.coordinator, at=APRIL)
    text = exported(APRIL).decode()
    for word in ("Canary", "canary", people.coordinator.name, gift.reference, "<point", "contact-info", fund.need.alias):
        assert word not in text


def test_what_was_never_public_is_not_in_it(people, fund):
    fund.need.state = "draft"
    fund.need.save()
    assert activity_of(fund) is None


def test_the_public_address_gives_it_and_nothing_without_an_organisation(client, fund, settings):
    answer = client.get(reverse("exchange:iati"))
    assert answer["Content-Type"].startswith("application/xml")
    read(answer.content)
    settings.IATI_ORG = ""
    assert client.get(reverse("exchange:iati")).status_code == 404


def test_the_command_writes_a_file_or_says_why_not(fund, settings, tmp_path):
    done = CliRunner().invoke(exchange, ["iati", str(tmp_path / "a.xml")])
    assert done.exit_code == 0, done.output
    read((tmp_path / "a.xml").read_bytes())
    settings.IATI_ORG = ""
    done = CliRunner().invoke(exchange, ["iati", str(tmp_path / "b.xml")])
    assert done.exit_code == 2
    assert not (tmp_path / "b.xml").exists()
