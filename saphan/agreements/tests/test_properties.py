"""Whatever the office does in whatever order, a signed version stays as it was signed, and its state is what its events say."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from saphan.access.seeds import People, plant_people
from saphan.agreements import drafting, enforcing, signing
from saphan.agreements.codes import ForceKind
from saphan.agreements.enforcing import Happened, derived_state
from saphan.agreements.force import AFTER, first_misfit, periods, standing_on
from saphan.agreements.models import Agreement, AgreementVersion, ForceEvent, ProvisionText, Signature
from saphan.agreements.running import Words
from saphan.agreements.states import SIGNED_STATES
from saphan.agreements.tests.making import agreed_version, an_agreement, sign_for_all
from saphan.agreements.version_models import MOVING
from saphan.core.errors import DomainError
from tests.people import NOON, PASSWORD

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
KINDS = [kind for kind in ForceKind.values if kind != ForceKind.REPLACED]
ACTS = [
    "negotiate",
    "redraft",
    "agree",
    "reopen",
    "discard",
    "notify",
    "words",
    "procedure",
    "sign",
    "begin",
    "newer",
    "newer",
    "raw",
    *KINDS,
    "back",
    "chore",
]
steps = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(-40, 40), st.sampled_from(["", "1"])), max_size=14)


def frozen(version: AgreementVersion) -> Any:
    """All of a version that must not change, with its words and signatures."""
    names = [field.attname for field in AgreementVersion._meta.concrete_fields if field.name not in MOVING]
    row = AgreementVersion.objects.filter(pk=version.pk).values_list(*names).get()
    texts = sorted(ProvisionText.objects.filter(version=version).values_list("number", "language", "prose", "heading"))
    return row, texts, sorted(map(str, Signature.objects.filter(version=version).values_list()))


class EveryOrder(TestCase):
    """A register with one signed version, to which anything happens."""

    people: People
    agreement: Agreement
    signed: AgreementVersion

    @classmethod
    def setUpTestData(cls) -> None:
        cls.people = plant_people(password=PASSWORD, at=NOON, second_step=False)
        officer = cls.people.agreement_officer
        cls.agreement = an_agreement(officer)
        draft = agreed_version(cls.agreement, officer, NOON)
        ProvisionText.objects.create(version=draft, number="1", place=0, language="th", prose="ข้อหนึ่ง")
        ProvisionText.objects.create(version=draft, number="1", place=0, language="lo", prose="ຂໍ້ໜຶ່ງ")
        cls.signed = sign_for_all(draft, officer, cls.people.agreement_colleague, NOON)

    @settings(max_examples=25)
    @given(steps)
    def test_a_signed_version_never_changes(self, told: list[tuple[str, int, int, str]]) -> None:
        before = {self.signed.pk: frozen(self.signed)}
        for act, which, days, provision in told:
            versions = list(AgreementVersion.objects.order_by("major", "minor"))
            version = versions[min(which, len(versions) - 1)]
            try:
                with transaction.atomic():
                    self.done(act, version, days, provision)
            except (DomainError, DatabaseError):
                pass
            for one in AgreementVersion.objects.signed():
                before.setdefault(one.pk, frozen(one))
                assert frozen(one) == before[one.pk], (act, told)
                assert one.state in SIGNED_STATES
                assert one.state == derived_state(one, TODAY), (act, told)
            in_sql = set(AgreementVersion.objects.in_force_on(TODAY).values_list("pk", flat=True))
            assert in_sql == {one.pk for one in AgreementVersion.objects.signed() if standing_on(enforcing.events_of(one), TODAY).holds}
            assert len(in_sql) <= 1

    def done(self, act: str, version: AgreementVersion, days: int, provision: str) -> None:
        officer = self.people.agreement_officer
        if act in KINDS:
            happened = Happened(act, TODAY + timedelta(days=days), provision)
            enforcing.record_force(agreement_id=self.agreement.pk, version_id=version.pk, happened=happened, by=officer, at=NOON)
        elif act == "back":
            events = list(ForceEvent.objects.standing())
            enforcing.take_back(event_id=events[days % len(events)].pk if events else version.pk, reason="x", by=officer, at=NOON)
        elif act == "chore":
            enforcing.follow_the_calendar(NOON)
        elif act in ("sign", "newer"):
            self.sign(self.agreed(version) if act == "newer" else version)
        elif act == "raw":
            raw(version, days)
        else:
            self.drafted(act, version)

    def agreed(self, version: AgreementVersion) -> AgreementVersion:
        """A newer version, agreed."""
        newest = AgreementVersion.objects.newest_first()[0]
        self.drafted("begin", newest)
        newer = AgreementVersion.objects.newest_first()[0]
        self.drafted("negotiate", newer)
        self.drafted("agree", newer)
        newer.refresh_from_db()
        return newer

    def drafted(self, act: str, version: AgreementVersion) -> None:
        officer, words = self.people.agreement_officer, [Words("1", "th", "ก"), Words("1", "lo", "ກ")]
        if act == "words":
            drafting.write_words(version_id=version.pk, languages=["th", "lo"], words=words, by=officer, at=NOON)
        elif act == "procedure":
            drafting.write_procedure(version_id=version.pk, source="saphan_sop: 1", by=officer, at=NOON)
        elif act == "begin":
            number = (version.major, version.minor + 1, 0)
            drafting.begin_version(agreement_id=self.agreement.pk, number=number, based_on_id=version.pk, by=officer, at=NOON)
        elif act == "notify":
            signing.notify(version_id=version.pk, on=TODAY, by=officer, at=NOON)
        else:
            getattr(drafting, act)(version_id=version.pk, by=officer, at=NOON)

    def sign(self, version: AgreementVersion) -> None:
        for party in version.agreement.parties.all():
            given = signing.Given(party.pk, "Minister", "A. B.", "wet", TODAY, seen=signing.short_digest(version))
            one = signing.enter_signature(version_id=version.pk, given=given, by=self.people.agreement_officer, at=NOON)
            signing.confirm_signature(signature_id=one.pk, by=self.people.agreement_colleague, at=NOON)


RAW = [
    "UPDATE agreements_agreementversion SET canonical = canonical || 'x' WHERE signed_at IS NOT NULL",
    "UPDATE agreements_agreementversion SET digest = 'sha256:0' WHERE signed_at IS NOT NULL",
    "UPDATE agreements_provisiontext SET prose = prose || 'x'",
    "DELETE FROM agreements_provisiontext",
    "UPDATE agreements_signature SET signatory = 'x'",
    "DELETE FROM agreements_agreementversion",
    "UPDATE agreements_agreementversion SET state = 'drafting', signed_at = NULL, agreed_at = NULL",
]


def raw(_version: AgreementVersion, which: int) -> None:
    """Somebody with the rights of the database's owner, without a mind for the rules."""
    with connection.cursor() as cursor:
        cursor.execute(RAW[which % len(RAW)])


events = st.lists(st.tuples(st.integers(0, 60), st.sampled_from(ForceKind.values), st.sampled_from(["", "1", "2"])), max_size=12)


class Told:
    """An event as the fold sees it."""

    def __init__(self, day: int, kind: str, provision: str) -> None:
        self.on, self.kind, self.provision = TODAY + timedelta(days=day), kind, provision


@given(events, st.integers(0, 70))
def test_periods_say_the_same_as_the_fold_on_every_day(drawn: list[tuple[int, str, str]], day: int) -> None:
    told = [Told(*one) for one in sorted(drawn, key=lambda one: one[0])]
    at = TODAY + timedelta(days=day)
    inside = any(since <= at and (until is None or at < until) for since, until in periods(told))
    assert inside == standing_on(told, at).holds


@given(events)
def test_a_history_without_misfit_ends_as_its_last_event_says(drawn: list[tuple[int, str, str]]) -> None:
    told = [Told(*one) for one in sorted(drawn, key=lambda one: one[0])]
    whole = [one for one in told if not one.provision]
    if first_misfit(told) is None and whole:
        assert standing_on(told, TODAY + timedelta(days=99)).force in {after for (_before, kind), after in AFTER.items() if kind == whole[-1].kind}


@given(events, st.integers(0, 70))
def test_a_provision_binds_only_while_the_whole_does_or_before_it(drawn: list[tuple[int, str, str]], day: int) -> None:
    told = [Told(*one) for one in sorted(drawn, key=lambda one: one[0])]
    at = TODAY + timedelta(days=day)
    if standing_on(told, at, "1").holds:
        assert standing_on(told, at).force in ("in_force", "not_yet")
