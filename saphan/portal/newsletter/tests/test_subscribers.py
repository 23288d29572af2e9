"""The desk of subscribers: numbers without addresses, a list in, a list out."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from saphan.access.actions import Action
from saphan.access.roles import Role
from saphan.audit.models import AuditEvent
from saphan.core import clock, outbox
from saphan.core.errors import Invalid, Refused, WrongState
from saphan.core.models import OutboxMessage
from saphan.directory.models import Country
from saphan.portal.mailroom import refusals
from saphan.portal.newsletter import exporting, importing, subscribers, subscribing
from saphan.portal.newsletter.models import Departed, Export, Subscriber
from saphan.portal.newsletter.states import ExportState, State
from saphan.portal.newsletter.subscriber_seeds import READERS, plant_subscribers
from saphan.portal.newsletter.tests.readers import plant_readers
from tests.people import NOON, client_of

pytestmark = pytest.mark.django_db
CANARY = "nightingale4711"
HOME = "/desk/newsletter/subscribers/"
HEAD = "address,language,countries,topics,discreet,consent,consent_on\n"
GOOD = f"{CANARY}@example.org,th,TH MM,,yes,Signed sheet at the training,2026-03-31\n"
ASKED = "second@example.org,en,,,,,\n"


@pytest.fixture
def second_publisher(people):
    """Another person who may publish."""
    people.editor.grants.update(role=Role.PORTAL_PUBLISHER)
    return type(people.editor).objects.get(pk=people.editor.pk)


def asked_for_by(user):
    return exporting.ask_for(reason="Moving to the new office's server", by=user, at=NOON)


def file_of(text):
    return {"file": SimpleUploadedFile("list.csv", text.encode("utf-8-sig"), "text/csv")}


def whys(found):
    return [(note.number, note.column) for note in found.faults]


def test_the_numbers_show_no_address(publisher):
    plant_readers(3, at=NOON, languages=("en", "th", "th"), countries=["TH"])
    body = client_of(publisher).get(HOME).content.decode()
    assert "reader-" not in body
    assert "example.net" not in body
    found = subscribers.counts(at=NOON, language="en")
    assert dict(found.languages) == {"ไทย": 2, "English": 1}
    assert dict(found.states)[str(State.CONFIRMED.label)] == 3
    assert found.months[0].confirmed == 3


def test_an_editor_sees_numbers_and_looks_nobody_up(editor):
    client = client_of(editor)
    assert client.get(HOME).status_code == 200
    assert client.post(HOME + "find/", {"email": "a@example.org"}).status_code == 403
    assert client.get(HOME + "import/").status_code == 403
    assert client.get(HOME + "exports/").status_code == 403


def test_one_address_is_looked_up_without_standing_in_a_page_or_an_address_and_the_look_is_recorded(publisher):
    plant_readers(1, at=NOON)
    client = client_of(publisher)
    answer = client.post(HOME + "find/", {"email": "Reader-0@example.net"}, follow=True)
    assert "reader-0" not in answer.content.decode().lower()
    assert "reader-0" not in str(answer.redirect_chain).lower()
    assert AuditEvent.objects.filter(action=Action.NEWSLETTER_FIND, actor=str(publisher.pk)).count() == 2


def test_an_address_that_is_not_there_is_said_to_be_absent_and_the_look_is_recorded(publisher):
    answer = client_of(publisher).post(HOME + "find/", {"email": "a@example.org"}, follow=True)
    assert "not among the subscribers" in answer.content.decode()
    assert AuditEvent.objects.filter(action=Action.NEWSLETTER_FIND).count() == 1


def test_who_asks_by_telephone_is_taken_off_after_a_second_question(publisher):
    plant_readers(1, at=NOON)
    client, pk = client_of(publisher), Subscriber.objects.get().pk
    assert "Take this address off" in client.get(f"{HOME}{pk}/erase/").content.decode()
    assert Subscriber.objects.exists()
    client.post(f"{HOME}{pk}/erase/")
    assert not Subscriber.objects.exists()
    assert Departed.objects.count() == 1


def test_a_look_at_a_list_changes_nothing(publisher):
    answer = client_of(publisher).post(HOME + "import/", file_of(HEAD + GOOD + ASKED))
    assert answer.status_code == 200
    assert "Bring in 2 addresses" in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_who_agreed_on_paper_receives_at_once_and_who_did_not_is_asked_by_letter(publisher):
    importing.bring_in(HEAD + GOOD + ASKED, by=publisher, at=NOON)
    first, second = Subscriber.objects.get(language="th"), Subscriber.objects.get(language="en")
    assert (first.state, first.countries, first.discreet, first.source) == (State.CONFIRMED, ["MM", "TH"], True, "import")
    assert first.consented_at.date().isoformat() == "2026-03-31"
    assert second.state == State.ASKED
    assert OutboxMessage.objects.filter(topic="letter").count() == 1


def test_who_leaves_while_a_list_is_looked_at_is_not_brought_in_again(publisher, monkeypatch):
    importing.bring_in(HEAD + GOOD, by=publisher, at=NOON)
    asked: list[object] = []
    held = importing._held

    def left_between(rows, marks):
        if asked:
            subscribing.leave(subscriber_id=Subscriber.objects.get().pk, at=NOON)
        asked.append(rows)
        return held(rows, marks)

    monkeypatch.setattr(importing, "_held", left_between)
    found = importing.review(HEAD + GOOD, at=NOON)
    assert (len(asked), found.rows, len(found.left_out)) == (2, [], 1)


def test_what_was_brought_in_lies_sealed(publisher):
    importing.bring_in(HEAD + GOOD, by=publisher, at=NOON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM portal_newsletter_subscriber")
        row = str(cursor.fetchall())
    assert CANARY not in row
    assert "Signed sheet" not in row


def test_one_bad_cell_and_nothing_is_brought_in(publisher):
    text = HEAD + GOOD + "no address,xx,ZZ,nothing,perhaps,short,31.3.2026\n"
    assert whys(importing.review(text, at=NOON)) == [
        (3, column) for column in ("address", "language", "countries", "topics", "discreet", "consent_on", "consent")
    ]
    with pytest.raises(Invalid):
        importing.bring_in(text, by=publisher, at=NOON)
    assert not Subscriber.objects.exists()
    answer = client_of(publisher).post(HOME + "import/", file_of(text))
    assert answer.status_code == 422
    assert "Bring in" not in answer.content.decode().replace("Bring a list in", "").replace("Nothing is brought in", "")


@pytest.mark.parametrize(
    ("consent", "day", "column"),
    [
        ("Signed sheet at the training", "", "consent_on"),
        ("", "2026-03-31", "consent"),
        ("Signed sheet at the training", "2027-01-01", "consent_on"),
        ("Signed sheet at the training", "2020-01-01", "consent_on"),
    ],
)
def test_half_a_consent_one_of_tomorrow_and_one_of_long_ago_are_none(consent, day, column):
    assert whys(importing.review(f"{HEAD}a@example.org,,,,,{consent},{day}\n", at=NOON)) == [(2, column)]


def test_who_left_bounced_is_there_or_stands_twice_is_left_out(publisher):
    plant_readers(2, at=NOON)
    subscribing.leave(subscriber_id=Subscriber.objects.get(mark=subscribing.mark_for("reader-1@example.net")).pk, at=NOON)
    refusals.note("gone@example.org", "hard", clock.now())
    names = ("reader-0@example.net", "READER-1@example.net", "gone@example.org", "new@example.org", "New@example.org")
    found = importing.review("address\n" + "\n".join(names), at=NOON)
    assert [note.number for note in found.left_out] == [2, 3, 4, 6]
    assert [row.number for row in found.rows] == [5]


@pytest.mark.parametrize(
    "text", ["", "name\nx\n", "address,colour\na@example.org,red\n", "address,address\n", "address\n" + "a@example.org\n" * 2001, 'address\n"a']
)
def test_a_file_that_is_no_such_list_is_refused_with_a_sentence(publisher, text):
    with pytest.raises(Invalid) as refused:
        importing.review(text, at=NOON)
    assert refused.value.fields["file"]


def test_a_list_from_a_spreadsheet_with_semicolons_and_a_file_of_another_coding(publisher):
    assert len(importing.review("address;language\na@example.org;th\n", at=NOON).rows) == 1
    answer = client_of(publisher).post(HOME + "import/", {"file": SimpleUploadedFile("list.csv", "address\né".encode("latin-1"))})
    assert answer.status_code == 422
    assert "UTF-8" in answer.content.decode()


@given(st.text(max_size=200))
def test_whatever_a_file_holds_it_is_read_or_refused(text):
    for content in (text, "address,language,consent,consent_on\n" + text):
        try:
            found = importing.review(content, at=NOON)
        except Invalid:
            continue
        assert all("@" in row.address for row in found.rows)


def test_an_editor_brings_nothing_in(editor):
    with pytest.raises(Refused):
        importing.bring_in(HEAD + GOOD, by=editor, at=NOON)


def test_the_list_leaves_by_two_persons_once_within_a_day(publisher, second_publisher):
    importing.bring_in(HEAD + GOOD + "=cmd@example.org,,,,,,\n", by=publisher, at=NOON)
    export = asked_for_by(publisher)
    with pytest.raises(Refused):
        exporting.approve(export_id=export.pk, by=publisher, at=NOON)
    with pytest.raises(WrongState):
        exporting.take(export_id=export.pk, by=publisher, at=NOON)
    exporting.approve(export_id=export.pk, by=second_publisher, at=NOON)
    with pytest.raises(Refused):
        exporting.take(export_id=export.pk, by=second_publisher, at=NOON)
    table = list(csv.DictReader(io.StringIO(exporting.take(export_id=export.pk, by=publisher, at=NOON))))
    assert {row["address"] for row in table} == {f"{CANARY}@example.org", "'=cmd@example.org"}
    assert {row["consent"] for row in table if row["state"] == "confirmed"} == {"Signed sheet at the training"}
    with pytest.raises(WrongState):
        exporting.take(export_id=export.pk, by=publisher, at=NOON)
    assert AuditEvent.objects.filter(action=Action.NEWSLETTER_EXPORT, purpose="taken").count() == 1


def test_an_approval_is_over_after_a_day_and_a_request_after_a_week(publisher, second_publisher):
    first, second = asked_for_by(publisher), asked_for_by(publisher)
    exporting.approve(export_id=first.pk, by=second_publisher, at=NOON)
    with pytest.raises(WrongState):
        exporting.take(export_id=first.pk, by=publisher, at=NOON + timedelta(hours=25))
    with pytest.raises(WrongState):
        exporting.approve(export_id=second.pk, by=second_publisher, at=NOON + timedelta(days=8))
    assert exporting.lapse(NOON + timedelta(days=8)) == 2
    assert set(Export.objects.values_list("state", flat=True)) == {ExportState.LAPSED}


def test_a_third_list_within_thirty_days_is_refused(publisher, second_publisher):
    for late in range(3):
        export = exporting.ask_for(reason="A list for the archive", by=publisher, at=NOON)
        exporting.approve(export_id=export.pk, by=second_publisher, at=NOON)
        if late < 2:
            exporting.take(export_id=export.pk, by=publisher, at=NOON)
    with pytest.raises(WrongState):
        exporting.take(export_id=export.pk, by=publisher, at=NOON)


def test_the_database_itself_keeps_one_pair_of_hands_from_both(publisher):
    export = asked_for_by(publisher)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(approved_by=publisher, approved_at=NOON, state=ExportState.APPROVED)


def test_the_screens_of_a_list_going_out(publisher, second_publisher):
    asker, other = client_of(publisher), client_of(second_publisher)
    assert asker.post(HOME + "exports/", {"reason": "short"}).status_code == 422
    assert asker.post(HOME + "exports/", {"reason": "A list for the archive"}).status_code == 302
    pk = Export.objects.get().pk
    assert "Agree" not in asker.get(HOME + "exports/").content.decode().replace("has to agree", "")
    assert asker.post(f"{HOME}exports/{pk}/approve/").status_code == 403
    assert other.post(f"{HOME}exports/{pk}/approve/").status_code == 302
    answer = asker.post(f"{HOME}exports/{pk}/take/")
    assert answer["Content-Type"].startswith("text/csv")
    assert "no-store" in answer["Cache-Control"]
    assert asker.post(f"{HOME}exports/{pk}/take/").status_code == 409


def test_what_was_asked_by_letter_is_asked_once_however_often_the_worker_comes(publisher):
    importing.bring_in(HEAD + ASKED, by=publisher, at=NOON)
    while outbox.run_once():
        pass
    from django.core import mail

    assert len([message for message in mail.outbox if "second@example.org" in message.to]) == 1


def test_the_demonstration_plants_its_subscribers_once(people):
    for code in ("MM", "KH", "LA", "VN"):
        Country.objects.get_or_create(code=code, defaults={"name_en": code, "name_th": code})
    plant_subscribers(people)
    plant_subscribers(people)
    assert Subscriber.objects.receiving().count() == READERS
    assert Departed.objects.count() == 1


def test_a_list_names_several_languages_and_the_first_is_that_of_the_letters():
    found = importing.review("address,language\na@example.org,th en\nb@example.org,xx th\nc@example.org,\n", at=NOON)
    assert [(row.wish.language, list(row.wish.more_languages)) for row in found.rows] == [("th", ["en"]), ("en", [])]
    assert [note.column for note in found.faults] == ["language"]
