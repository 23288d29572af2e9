"""A random walk through every act by every hand: the table of states, the scope and the instants always agree."""

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from saphan.access.seeds import People
from saphan.care.cases.consents import withdraw_consent
from saphan.care.cases.models import Case
from saphan.care.persons.disclosure import readable_classes
from saphan.care.referrals import services
from saphan.care.referrals.models import Referral
from saphan.care.referrals.states import LIFE, SCOPE_OPEN, WAITING, State
from saphan.care.referrals.tests.conftest import SHARED, consent_to
from saphan.core import clock
from saphan.core.errors import DomainError
from saphan.core.models import DataKey
from saphan.directory.models import Service
from tests.people import NOON

ACTS: dict[str, dict[str, Any]] = {
    "send": {"classes": SHARED}, "acknowledge": {}, "accept": {}, "decline": {"reason": "full"}, "withdraw": {"reason": "wish"},
    "start": {}, "complete": {"outcome": "delivered"}, "close_feedback": {"feedback": "helped"},
}  # fmt: skip
OWN = {"send": "owner", "withdraw": "owner", "close_feedback": "owner"}  # whose act it is; the receiver's where not named


class Life(RuleBasedStateMachine):
    """One referral in many hands. Time goes on from one walk to the next, so that no tie of an earlier walk lies in the future."""

    latest = NOON
    people: ClassVar[People]
    case: ClassVar[Case]
    service: ClassVar[Service]

    @initialize()
    def drafted(self) -> None:
        self.at = Life.latest + timedelta(minutes=1)
        for other in Referral.objects.filter(state__in=SCOPE_OPEN, scope_closed_at=None):
            services._close_scope(other, self.at)
        self.consent = consent_to(self.people.hospital, self.case, self.people)
        self.withdrawn = False
        self.referral = services.draft(case_id=self.case.pk, request=services.Request(self.service.pk, "high"), by=self.people.owner, at=self.at)

    @rule(verb=st.sampled_from(sorted(ACTS)), who=st.sampled_from(["owner", "receiver", "stranger", "dpo"]))
    def somebody_acts(self, verb: str, who: str) -> None:
        self.at += timedelta(minutes=1)
        before = self._fresh()
        more = {"consent_id": self.consent.pk} if verb == "send" else {}
        consent_is_missing = self.withdrawn and verb in {"send", "accept"}
        right = OWN.get(verb, "receiver") == who and verb in before.verbs() and (before.sent_at or verb in {"send", "withdraw"})
        try:
            with clock.stopped_at(self.at):
                getattr(services, verb)(referral_id=before.pk, by=getattr(self.people, who), at=self.at, **ACTS[verb], **more)
        except DomainError:
            assert not right or consent_is_missing
            assert self._fresh().state == before.state
        else:
            assert right
            assert self._fresh().state == LIFE.moves[verb].target

    @rule()
    def the_person_takes_consent_back(self) -> None:
        self.at += timedelta(minutes=1)
        if not self.withdrawn:
            with clock.stopped_at(self.at):
                withdraw_consent(consent_id=self.consent.pk, by=self.people.owner, at=self.at)
            self.withdrawn = True

    @invariant()
    def the_scope_is_open_exactly_while_accepted_and_consented(self) -> None:
        if not hasattr(self, "referral"):
            return
        referral = self._fresh()
        should = set(SHARED) if referral.state in SCOPE_OPEN and not self.withdrawn else set()
        with clock.stopped_at(self.at + timedelta(seconds=1)):
            assert readable_classes(self.people.receiver, self.case.person) == should
        assert set(DataKey.objects.filter(scope=self.case.person_id, org=self.people.hospital.pk).values_list("sensitivity", flat=True)) == should
        assert (referral.due_at is not None) == (referral.state in WAITING)

    def _fresh(self) -> Referral:
        return Referral.objects.get(pk=self.referral.pk)

    def teardown(self) -> None:
        Life.latest = getattr(self, "at", NOON)
        if hasattr(self, "consent") and not self.withdrawn:
            withdraw_consent(consent_id=self.consent.pk, by=self.people.owner, at=self.at)


@pytest.mark.django_db
def test_any_walk_keeps_state_scope_and_keys_together(people: People, case: Case, trauma_care: Service) -> None:
    Life.people, Life.case, Life.service, Life.latest = people, case, trauma_care, NOON
    slow = settings(max_examples=12, stateful_step_count=14)
    run_state_machine_as_test(Life, settings=slow)
    assert State.DRAFT in State.values
