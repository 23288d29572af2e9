"""A subject follows a procedure: bound by digest, moved on by its articles, seen by whom its room says."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from saphan.access.seeds import People
from saphan.agreements.following import services
from saphan.agreements.following.deriving import standing_of, write
from saphan.agreements.following.kept import NotInForce, compiled, keep_shipped, keep_version
from saphan.agreements.following.models import Binding, CaseEvent, KeptProcedure, PromiseInstance
from saphan.agreements.following.services import NotYet, Subject
from saphan.agreements.following.tests.conftest import FACTS, LATER, recover
from saphan.agreements.procedures.canonical import canonical
from saphan.agreements.tests.making import agreed_version, an_agreement, bring_into_force, sign_for_all
from saphan.audit.models import AuditEvent
from saphan.core.errors import Refused
from tests.people import NOON

pytestmark = pytest.mark.django_db


def test_a_subject_stands_at_the_first_stage_and_owes_its_time(binding: Binding) -> None:
    assert binding.stage == compiled(binding.procedure).first == "recovery"
    assert binding.procedure.digest == compiled(binding.procedure).digest
    row = PromiseInstance.objects.get(binding=binding)
    assert (row.owed, row.rule, row.org_id) == ("stage", "recovery", binding.subject_id)


def test_why_not_is_said_with_its_article(binding: Binding) -> None:
    assert services.why_not(binding, "tracing", at=NOON)[0].startswith("Art. 2: Not done yet: rights explained")


def test_a_stage_opens_when_everything_is_done(people: People, binding: Binding) -> None:
    with pytest.raises(NotYet) as refused:
        services.enter(binding_id=binding.pk, stage="tracing", by=people.owner, at=NOON)
    assert refused.value.reasons
    assert "Art. 2" in refused.value.sentence
    assert binding.events.count() == 1
    recover(binding, people.owner)
    services.enter(binding_id=binding.pk, stage="tracing", by=people.owner, at=LATER)
    binding.refresh_from_db()
    assert binding.stage == "tracing"
    trace = PromiseInstance.objects.get(binding=binding, owed="promise")
    assert (trace.org_id, trace.reason["country"], trace.reason["length"]) == (people.hospital.pk, "LA", "30wd")


def test_a_message_crosses_only_with_its_fields_and_its_consent(people: People, binding: Binding) -> None:
    recover(binding, people.owner)
    services.enter(binding_id=binding.pk, stage="tracing", by=people.owner, at=LATER)
    with pytest.raises(NotYet, match="NotYet") as refused:
        services.send_message(binding_id=binding.pk, message="trace_request", fields=["given_name", "photo"], by=people.owner, at=LATER)
    assert refused.value.reasons == ("Art. 3: A field crossed that the agreement does not let cross: photo.",)
    services.withdraw_consent(binding_id=binding.pk, consent="c_trace", by=people.owner, at=LATER)
    with pytest.raises(NotYet):
        services.send_message(binding_id=binding.pk, message="trace_request", fields=["given_name"], by=people.owner, at=LATER)
    assert not CaseEvent.objects.filter(kind="message_sent").exists()


def test_rows_are_what_the_events_make_of_them(people: People, binding: Binding) -> None:
    recover(binding, people.owner)
    services.enter(binding_id=binding.pk, stage="tracing", by=people.owner, at=LATER)
    before = {row.key: row.as_promise() for row in PromiseInstance.objects.all()}
    assert {key: p._replace(evidence="") for key, p in standing_of(binding).promises.items()} == before
    PromiseInstance.objects.all().delete()
    fresh = Binding.objects.get(pk=binding.pk)
    write(fresh, standing_of(fresh), now=LATER)
    assert {row.key: row.as_promise() for row in PromiseInstance.objects.all()} == before


def test_a_due_date_stands_when_the_calendar_is_edited_later(people: People, binding: Binding) -> None:
    from saphan.agreements.following.calendars import edit_day

    recover(binding, people.owner)
    services.enter(binding_id=binding.pk, stage="tracing", by=people.owner, at=LATER)
    due = PromiseInstance.objects.get(binding=binding, owed="promise").due_at
    edit_day(country="LA", day=(LATER + timedelta(days=2)).date(), works=False, name="given", by=people.agreement_officer, at=LATER)
    fresh = Binding.objects.get(pk=binding.pk)
    assert standing_of(fresh).promises["promise:ob_trace:1"].due.at == due


def test_facts_of_the_room_forbid_a_stage(people: People, binding: Binding) -> None:
    FACTS[binding.subject_id] = frozenset({"child", "left_handed"})
    services.note_check(binding_id=binding.pk, check="rights_explained", by=people.owner, at=NOON)
    assert list(binding.events.filter(kind="fact_set").values_list("name", flat=True)) == ["child"]


def test_a_stranger_finds_nothing(people: People, binding: Binding) -> None:
    assert not Binding.objects.visible_to(people.stranger).exists()
    assert Binding.objects.visible_to(people.owner).get() == binding
    with pytest.raises(Refused):
        services.note_check(binding_id=binding.pk, check="rights_explained", by=people.stranger, at=NOON)
    assert PromiseInstance.objects.visible_to(people.stranger).count() == 0
    assert PromiseInstance.objects.visible_to(people.owner).count() == 1


def test_an_event_takes_names_only(people: People, binding: Binding) -> None:
    for text in ("Noi Keo", "noi@example.org", "ไม่ใช่ชื่อ", "x" * 60, "a b"):
        with pytest.raises(ValueError, match="names of the procedure"):
            services.note_check(binding_id=binding.pk, check=text, by=people.owner, at=NOON)
    assert CaseEvent.objects.count() == 1


@pytest.mark.parametrize("table", ["following_caseevent", "following_keptprocedure"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_keeps_what_happened(binding: Binding, table: str, act: str) -> None:
    column = "seq" if table.endswith("event") else "number"
    statement = act.format(table, column, "'7'" if column == "number" else "7")
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_words_that_were_tampered_with_do_not_run(binding: Binding) -> None:
    kept = binding.procedure
    with pytest.raises(RuntimeError, match="digest"):
        compiled(KeptProcedure(digest="sha256:" + "0" * 64, canonical=kept.canonical))


def test_one_act_is_one_line_of_the_audit(people: People, binding: Binding) -> None:
    before = AuditEvent.objects.count()
    recover(binding, people.owner)
    line = AuditEvent.objects.order_by("-id").first()
    assert line is not None
    assert AuditEvent.objects.count() == before + 1
    assert (line.action, line.target_id) == ("agreements:follow_procedure", str(binding.pk))


def test_a_subject_is_bound_only_to_a_version_in_force(people: People, subject: Subject) -> None:
    officer, colleague = people.agreement_officer, people.agreement_colleague
    text = canonical(compiled(keep_shipped("th-la-return", NOON)).procedure).decode()
    version = agreed_version(an_agreement(officer), officer, NOON, procedure="x", canonical=text.replace('"version":"3.0.0"', '"version":"9.0.0"'))
    with pytest.raises(NotInForce):
        keep_version(version, NOON)
    sign_for_all(version, officer, colleague, NOON)
    bring_into_force(version, officer, NOON.date() + timedelta(days=3), NOON)
    with pytest.raises(NotInForce):
        keep_version(version, NOON)
    kept = keep_version(version, NOON + timedelta(days=3))
    assert kept.version == version
    assert services.bind(subject=subject, procedure=kept, by=people.owner, at=NOON).procedure == kept


def test_a_subject_follows_a_procedure_once(people: People, subject: Subject, binding: Binding) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        services.bind(subject=subject, procedure=keep_shipped("th-la-return", NOON), by=people.owner, at=NOON)
