"""An organisation stands for a subject: this room knows no case. Its facts are what a test says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.agreements.following import services
from saphan.agreements.following.kept import keep_shipped
from saphan.agreements.following.models import Binding
from saphan.agreements.following.services import Subject
from saphan.agreements.following.subjects import SUBJECTS, Shown, SubjectKind
from saphan.directory.models import Organisation
from tests.people import *  # noqa: F403  # the same people for every room
from tests.people import NOON

LATER = NOON + timedelta(hours=1)
FACTS: dict[UUID, frozenset[str]] = {}


@pytest.fixture(autouse=True)
def office() -> Iterator[SubjectKind]:
    kind = SubjectKind(
        "office", "Office", lambda user: Organisation.objects.filter(pk=user.org_id), lambda ids: {pk: Shown(f"O-{str(pk)[:4]}", "/desk/") for pk in ids},
        lambda pk: FACTS.get(pk, frozenset()),
    )  # fmt: skip
    SUBJECTS["office"] = kind
    yield kind
    SUBJECTS.pop("office")
    FACTS.clear()


@pytest.fixture
def subject(people: People) -> Subject:
    return Subject("office", people.ministry.pk, people.ministry.pk, {"H": people.ministry.pk, "O": people.hospital.pk})


@pytest.fixture
def binding(people: People, subject: Subject) -> Binding:
    return services.bind(subject=subject, procedure=keep_shipped("th-la-return", NOON), by=people.owner, at=NOON)


def recover(binding: Binding, by: User, at: datetime = NOON) -> None:
    """All that the first stage of the return asks."""
    with services.sitting_on(binding.pk, by=by, at=at) as sitting:
        for check in sitting.standing.compiled.stages["recovery"].checks:
            sitting.note("checked", check.id, role="case_officer")
        for consent in sitting.standing.compiled.stages["recovery"].consents:
            sitting.note("consent_given", consent.id, form="written", guardian=True)
        for document in sitting.standing.compiled.stages["recovery"].documents:
            sitting.note("document_filed", document.id, role=document.by)
            for role in document.signed_by:
                sitting.note("signed", document.id, role=role)
