"""What offices owe by the calendar: stated by the owner, confirmed by the other party and never by the owner."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.agreements.models import AgreementVersion
from saphan.agreements.scoring import committing, keeping
from saphan.agreements.scoring.chores import look_at_commitments
from saphan.agreements.scoring.committing import Owed
from saphan.agreements.scoring.models import Commitment, Occurrence, OccurrenceStep
from saphan.agreements.scoring.occurring import OccurrenceState, Rhythm, Seen, closes_on, counted, due_on
from saphan.agreements.scoring.stepping import Said
from saphan.agreements.scoring.tests.conftest import SIGNED, a_commitment
from saphan.audit.models import AuditEvent
from saphan.core.attachments import inspect_upload
from saphan.core.errors import Invalid, Refused, WrongState
from tests.people import NOON

DUE = date(2026, 6, 30)
TODAY = NOON.date()


@pytest.fixture
def meeting(version: AgreementVersion, officer: User, other: User) -> Commitment:
    return a_commitment(version, officer, other, DUE)


@pytest.fixture
def first(meeting: Commitment) -> Occurrence:
    return meeting.occurrences.get(number=1)


def stated(occurrence: Occurrence, by: User, on: date = DUE) -> Occurrence:
    return keeping.state(occurrence_id=occurrence.pk, said=Said("minutes signed by both", on), by=by, at=NOON)


@pytest.mark.django_db
def test_a_commitment_counts_when_the_other_party_accepts_it(version: AgreementVersion, officer: User, other: User, outsider: User) -> None:
    owed = Owed("9", version.agreement.parties.get(side="H").pk, {"en": "A yearly meeting"}, Rhythm.YEARLY, DUE)
    commitment = committing.propose(version_id=version.pk, owed=owed, by=officer, at=SIGNED)
    assert not commitment.occurrences.exists()
    for user in (officer, outsider):
        with pytest.raises(Refused):
            committing.accept(commitment_id=commitment.pk, by=user, at=SIGNED)
    committing.accept(commitment_id=commitment.pk, by=other, at=SIGNED)
    assert list(commitment.occurrences.values_list("due_on", flat=True)) == [DUE]  # the next one is more than a year ahead
    with pytest.raises(WrongState):
        committing.accept(commitment_id=commitment.pk, by=other, at=SIGNED)


@pytest.mark.django_db
def test_a_stranger_sees_and_does_nothing(meeting: Commitment, first: Occurrence, outsider: User, people: People) -> None:
    for user in (outsider, people.stranger):
        assert not Commitment.objects.visible_to(user).exists()
        assert not Occurrence.objects.visible_to(user).exists()
        with pytest.raises(Refused):
            stated(first, user)
    with pytest.raises(Refused):
        committing.release(commitment_id=meeting.pk, on=TODAY, by=outsider, at=NOON)


@pytest.mark.django_db
def test_the_owner_never_confirms_and_the_other_party_never_states(first: Occurrence, officer: User, other: User, people: People) -> None:
    with pytest.raises(Refused):
        stated(first, other)
    stated(first, officer)
    for own in (officer, people.agreement_colleague):
        with pytest.raises(Refused):
            keeping.confirm(occurrence_id=first.pk, by=own, at=NOON)
    assert keeping.confirm(occurrence_id=first.pk, by=other, at=NOON).seen.became(TODAY) == "kept"


@pytest.mark.django_db
def test_the_database_knows_that_the_owner_never_confirms(first: Occurrence, officer: User, people: People) -> None:
    stated(first, officer)
    wrong = {"state": "confirmed", "settled_at": NOON, "settled_by": people.agreement_colleague, "settled_party": first.party}
    with pytest.raises(IntegrityError), transaction.atomic():
        Occurrence.objects.filter(pk=first.pk).update(**wrong)


@pytest.mark.django_db
def test_a_disputed_one_is_stated_again(first: Occurrence, officer: User, other: User) -> None:
    stated(first, officer, date(2026, 6, 1))
    with pytest.raises(Invalid):
        keeping.dispute(occurrence_id=first.pk, reason=" ", by=other, at=NOON)
    keeping.dispute(occurrence_id=first.pk, reason="It was in July", by=other, at=NOON)
    stated(first, officer, date(2026, 7, 4))
    assert keeping.confirm(occurrence_id=first.pk, by=other, at=NOON).seen.became(TODAY) == "late"
    assert list(first.steps.values_list("verb", flat=True)) == ["state", "dispute", "state", "confirm"]


@pytest.mark.django_db
def test_both_excuse(first: Occurrence, officer: User, other: User) -> None:
    keeping.ask_to_excuse(occurrence_id=first.pk, reason="flood", by=officer, at=NOON)
    with pytest.raises(Refused):
        keeping.excuse(occurrence_id=first.pk, by=officer, at=NOON)
    keeping.refuse_to_excuse(occurrence_id=first.pk, reason="by telephone", by=other, at=NOON)
    keeping.ask_to_excuse(occurrence_id=first.pk, reason="flood", by=other, at=NOON)
    assert keeping.excuse(occurrence_id=first.pk, by=officer, at=NOON).seen.became(TODAY) == "excused"


@pytest.mark.django_db
def test_evidence_is_kept_sealed_and_read_by_the_other_party(first: Occurrence, officer: User, other: User, outsider: User) -> None:
    file = inspect_upload(SimpleUploadedFile("minutes.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"))
    keeping.state(occurrence_id=first.pk, said=Said("", DUE), upload=file, by=officer, at=NOON)
    given_step = first.steps.get()
    attachment, content = keeping.open_evidence(given=given_step, by=other, at=NOON)
    assert content.startswith(b"%PDF")
    assert attachment.scope == first.commitment.version.agreement_id
    with pytest.raises(Refused):
        keeping.open_evidence(given=given_step, by=outsider, at=NOON)
    assert AuditEvent.objects.filter(target_id=str(given_step.pk), fields="attachment").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"happened_on": TODAY + timedelta(days=1)}, {"happened_on": None}, {"note": ""}])
def test_a_statement_has_a_past_day_and_evidence(first: Occurrence, officer: User, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        keeping.state(occurrence_id=first.pk, said=Said(**({"note": "minutes", "happened_on": DUE} | wrong)), by=officer, at=NOON)  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"article": "99"}, {"words": {"th": "x"}}])
def test_a_commitment_stands_on_an_article(version: AgreementVersion, officer: User, wrong: dict[str, object]) -> None:
    owed = {"article": "9", "party_id": version.agreement.parties.get(side="H").pk, "words": {"en": "x"}, "rhythm": "once", "first_due_on": DUE}
    with pytest.raises(Invalid):
        committing.propose(version_id=version.pk, owed=Owed(**(owed | wrong)), by=officer, at=NOON)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_the_chore_writes_down_the_next_days_once(meeting: Commitment) -> None:
    assert look_at_commitments(NOON) == 1
    assert look_at_commitments(NOON) == 0
    assert list(meeting.occurrences.values_list("due_on", "closes_on")) == [
        (DUE, date(2027, 6, 30)), (date(2027, 6, 30), date(2028, 6, 30)),
    ]  # fmt: skip


@pytest.mark.django_db
def test_whoever_is_owed_lets_it_end_and_the_past_stays_owed(meeting: Commitment, first: Occurrence, officer: User, other: User) -> None:
    look_at_commitments(NOON)
    with pytest.raises(Refused):
        committing.release(commitment_id=meeting.pk, on=TODAY, by=officer, at=NOON)
    committing.release(commitment_id=meeting.pk, on=TODAY, by=other, at=NOON)
    assert list(meeting.occurrences.values_list("state", flat=True)) == ["open", "void"]


@pytest.mark.django_db
def test_it_ends_with_its_version(meeting: Commitment, version: AgreementVersion) -> None:
    AgreementVersion.objects.filter(pk=version.pk).update(state="superseded")
    look_at_commitments(NOON)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.ended_on) == ("ended", TODAY)


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["UPDATE {} SET note = 'x'", "DELETE FROM {}"])
def test_what_was_said_never_changes(first: Occurrence, officer: User, act: str) -> None:
    stated(first, officer)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format("agreements_scoring_occurrencestep"))
    assert OccurrenceStep.objects.count() == 1


DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@given(first=DAYS, rhythm=st.sampled_from(Rhythm.values), number=st.integers(1, 60))
@settings(max_examples=200)
def test_days_follow_the_first_one(first: date, rhythm: str, number: int) -> None:
    day = due_on(first, rhythm, number)
    months = {"once": 0, "yearly": 12, "half_yearly": 6, "quarterly": 3}[rhythm] * (number - 1)
    assert (day.year * 12 + day.month) - (first.year * 12 + first.month) == months
    assert day.day == first.day or (day.day < first.day and (day + timedelta(days=1)).day == 1)
    closes = closes_on(first, rhythm, number)
    assert closes is None if rhythm == "once" else closes is not None and closes > day


@given(state=st.sampled_from(OccurrenceState.values), due=DAYS, happened=st.none() | DAYS, closes=st.none() | DAYS, day=DAYS)
@settings(max_examples=400)
def test_only_what_is_confirmed_counts_as_kept(state: str, due: date, happened: date | None, closes: date | None, day: date) -> None:
    became = Seen(state, due, happened, closes).became(day)
    if became in ("kept", "late"):
        assert state == "confirmed"
    assert counted(became).n == (0 if state == "void" else 1)
    assert counted(became).kept == (became == "kept")
