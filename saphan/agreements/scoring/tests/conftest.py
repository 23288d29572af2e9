"""A signed SOP between Thailand and Laos that is in force, with three people: its officer, the colleague of the other party, the stranger."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from saphan.access.models import RoleGrant, User
from saphan.access.roles import Role
from saphan.access.seeds import People
from saphan.agreements.following import services
from saphan.agreements.following.kept import keep_version
from saphan.agreements.following.models import Binding
from saphan.agreements.following.services import Subject
from saphan.agreements.following.subjects import SUBJECTS, Shown, SubjectKind
from saphan.agreements.models import Agreement, AgreementVersion, ProvisionText
from saphan.agreements.procedures.canonical import canonical
from saphan.agreements.procedures.compiling import compile_procedure
from saphan.agreements.procedures.tests.stories import example
from saphan.agreements.scoring import committing
from saphan.agreements.scoring.committing import Owed
from saphan.agreements.scoring.models import Commitment
from saphan.agreements.tests.making import agreed_version, an_agreement, bring_into_force, sign_for_all
from saphan.directory.models import Organisation
from tests.people import *  # noqa: F403  # the same people for every room
from tests.people import NOON

SIGNED = datetime(2026, 1, 10, 5, tzinfo=UTC)
QUARTER = datetime(2026, 7, 15, 5, tzinfo=UTC)  # in the third quarter of 2026


@pytest.fixture
def officer(people: People) -> User:
    return people.agreement_officer


@pytest.fixture
def other(people: People) -> User:
    """The colleague of the other party."""
    return people.partner_officer


@pytest.fixture
def outsider(people: People) -> User:
    """An agreement officer of an organisation that is no party."""
    RoleGrant.objects.create(user=people.coordinator, role=Role.AGREEMENT_OFFICER, granted_at=NOON)
    return User.objects.get(pk=people.coordinator.pk)


@pytest.fixture
def agreement(officer: User) -> Agreement:
    return an_agreement(officer, "TH-LA-SOP")


def a_running_version(agreement: Agreement, people: People) -> AgreementVersion:
    """Signed in January, in force from then on, with the example as its running part."""
    procedure = example().procedure
    version = agreed_version(
        agreement, people.agreement_officer, SIGNED, (3, 0, 0), procedure="x", canonical=canonical(procedure).decode(),
        digest=compile_procedure(procedure).digest,
    )  # fmt: skip
    for place, article in enumerate(procedure.articles):
        ProvisionText.objects.create(version=version, number=article.art, place=place, language="en", prose=article.prose["en"])
    sign_for_all(version, people.agreement_officer, people.agreement_colleague, SIGNED)
    return bring_into_force(version, people.agreement_officer, SIGNED.date(), SIGNED)


@pytest.fixture
def version(agreement: Agreement, people: People) -> AgreementVersion:
    return a_running_version(agreement, people)


@pytest.fixture
def kind() -> Iterator[SubjectKind]:
    """An organisation stands for a case; whoever works there sees it."""
    shown = SubjectKind(
        "case_of_test", "Case", lambda user: Organisation.objects.filter(pk=user.org_id), lambda ids: {pk: Shown("C-1", "/desk/") for pk in ids},
        lambda pk: frozenset(),
    )  # fmt: skip
    SUBJECTS[shown.name] = shown
    yield shown
    SUBJECTS.pop(shown.name)


def a_case(people: People, version: AgreementVersion, begun: datetime, answered: datetime | None = None, subject: UUID | None = None) -> Binding:
    """A case that comes to tracing at `begun`; the other party owes its report within thirty working days, and sends it at `answered`."""
    parties = {"H": people.ministry.pk, "O": people.partner.pk}
    binding = services.bind(
        subject=Subject("case_of_test", subject or uuid4(), uuid4(), parties), procedure=keep_version(version, begun), by=None, at=begun
    )
    with services.sitting_on(binding.pk, by=None, at=begun) as sitting:
        for check in ("rights_explained", "interpreter_offered", "immediate_needs_met"):
            sitting.note("checked", check, role="case_officer")
        sitting.note("consent_given", "c_trace", form="written")
        sitting.note("document_filed", "identification_record", role="case_officer")
        sitting.enter("tracing", role="focal_H")
        sitting.send("trace_request", role="focal_H", fields=["given_name"])
    if answered:
        services.send_message(binding_id=binding.pk, message="trace_report", role="tracing_officer", fields=[], by=None, at=answered)
    return binding


def a_commitment(version: AgreementVersion, officer: User, other: User, first: date, *, owner: str = "H", rhythm: str = "yearly") -> Commitment:
    """Proposed by the officer, accepted by the other party."""
    party = version.agreement.parties.get(side=owner)
    owed = Owed("9", party.pk, {"en": "The yearly meeting takes place.", "th": "จัดการประชุมประจำปี"}, rhythm, first)
    commitment = committing.propose(version_id=version.pk, owed=owed, by=officer, at=SIGNED)
    return committing.accept(commitment_id=commitment.pk, by=other, at=SIGNED + timedelta(days=1))
