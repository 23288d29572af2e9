"""An issue is sent to a real mail server on loopback; senders die, stand still, are held; nobody gets a letter twice."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from saphan.core import clock
from saphan.core.errors import WrongState
from saphan.core.ids import new_id
from saphan.portal.mailroom import refusals
from saphan.portal.mailroom.addresses import read_address
from saphan.portal.newsletter import addressing, journal, scheduling, sending
from saphan.portal.newsletter.begin import begin, forget_old, look_after
from saphan.portal.newsletter.carrying import Lines
from saphan.portal.newsletter.digest import as_html
from saphan.portal.newsletter.issue_states import Fate, IssueState, Why
from saphan.portal.newsletter.issues import Delivery, Issue, Item, Run
from saphan.portal.newsletter.models import Subscriber
from saphan.portal.newsletter.queueing import queue_letters
from saphan.portal.newsletter.sending import LEASE, Left, Sender, send_slice, settle_by_journal, settle_the_dead, settled
from saphan.portal.newsletter.tests.made import THAI, an_edition, on_its_way
from saphan.portal.newsletter.tests.readers import plant_readers
from saphan.portal.newsletter.withdrawing import withdraw
from tests.people import NOON
from tests.postbox import Postbox, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings, tmp_path):
    box = Postbox()
    box.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.DATA = "127.0.0.1", box.port, tmp_path
    yield box
    box.stop()


@pytest.fixture
def issue(people, box):
    issue = on_its_way(people, clock.now())
    an_edition(issue, "en", topics=("children",))
    an_edition(issue, "th")
    return issue


def fates(issue):
    return dict(scheduling.fates_of(issue))


def in_flight(issue, count=3):
    """A run that has claimed some letters and whose sender is gone."""
    run_id = new_id()
    with journal.Journal(run_id) as book:
        run = Run.objects.create(pk=run_id, issue=issue, begun_at=clock.now(), beat_at=clock.now())
        sender = Sender(issue, run, book, Lines)

        queue_letters(issue, at=clock.now())
        return run, sender._claim()[:count]


def test_everybody_gets_the_letter_of_the_language_once(issue, box):
    plant_readers(60, at=NOON, languages=("en", "th"))
    assert send_slice(issue.pk) is Left.NOTHING
    issue.refresh_from_db()
    assert issue.state == IssueState.SENT
    assert fates(issue) == {Fate.SENT: 60}
    assert sorted(to for _sender, to, _content in box.raw) == sorted(f"reader-{n}@example.net" for n in range(60))
    english, thai = box.letters_to("reader-0@example.net")[0], box.letters_to("reader-1@example.net")[0]
    assert english["Subject"] == "Saphan · Newsletter, October 2026"
    assert "News en0" in text_of(english)
    assert f"{THAI} 0" in text_of(thai)
    assert f"{THAI} 0" in text_of(thai, "html")
    assert not journal.folder().exists() or not list(journal.folder().iterdir())


def test_a_letter_tells_programs_how_to_leave_and_whose_bounce_it_is(issue, box):
    plant_readers(1, at=NOON)
    send_slice(issue.pk)
    sender, to, content = box.raw[0]
    letter = message_from_bytes(content, policy=default)
    assert letter["List-Id"].startswith("<letters.")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<https?://\S+/en/newsletter/leave/\S+/>", letter["List-Unsubscribe"])
    assert letter["List-Unsubscribe"].strip("<>") in text_of(letter)
    assert letter["To"] == to == "reader-0@example.net"
    bounced = read_address(sender)
    assert bounced
    assert bounced.token == refusals.mark_of_address(to)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "src=" not in text_of(letter, "html")


def test_a_discreet_letter_says_nothing_by_its_sender_and_subject(issue, box):
    plant_readers(1, at=NOON, discreet=True)
    send_slice(issue.pk)
    letter = box.letters_to("reader-0@example.net")[0]
    assert letter["Subject"] == "Your monthly reading, October 2026"
    assert "saphan" not in f"{letter['Subject']}{letter['From'].addresses[0].display_name}{letter['List-Id']}".lower()


def test_who_left_after_queueing_or_is_refused_gets_nothing(issue, box):
    plant_readers(6, at=NOON)
    in_flight(issue)
    settle_the_dead(issue)
    gone, refused = Subscriber.objects.order_by("pk")[:2]
    refusals.note_mark(refused.mail_mark, "hard", clock.now())
    gone.delete()
    send_slice(issue.pk)
    assert fates(issue) == {Fate.SENT: 4, Fate.SKIPPED: 2}
    assert set(Delivery.objects.filter(state=Fate.SKIPPED).values_list("why", flat=True)) == {Why.LEFT, Why.SUPPRESSED}
    assert len(box.raw) == 4


def test_an_address_that_cannot_be_opened_holds_up_nobody(issue, box):
    plant_readers(4, at=NOON)
    one, other = Subscriber.objects.order_by("pk")[:2]
    Subscriber.objects.filter(pk=one.pk).update(email=other.email)
    send_slice(issue.pk)
    assert fates(issue) == {Fate.SENT: 3, Fate.SKIPPED: 1}


def test_what_a_dead_sender_left_is_settled_by_its_journal(issue, box):
    plant_readers(5, at=NOON)
    run, rows = in_flight(issue, 5)
    answered, refused, begun, put_off, untouched = rows
    with open(journal.path_of(run.pk), "a") as file:
        file.write(
            f"S {answered.pk}\nD {answered.pk} 250\nS {refused.pk}\nD {refused.pk} 554\nS {begun.pk}\nS {put_off.pk}\nD {put_off.pk} 451\nS {untouched.pk}"[
                :-2
            ]
        )
    assert settle_the_dead(issue)
    assert {row.pk: Delivery.objects.get(pk=row.pk).state for row in rows} == {
        answered.pk: Fate.SENT, refused.pk: Fate.REFUSED, begun.pk: Fate.UNCERTAIN, put_off.pk: Fate.DEFERRED, untouched.pk: Fate.QUEUED,
    }  # fmt: skip
    assert not journal.path_of(run.pk).exists()
    send_slice(issue.pk)
    assert len(box.raw) == 1, "only the untouched one leaves; the uncertain one is never sent again by itself"


def test_without_its_journal_everything_in_flight_is_uncertain(issue, box):
    plant_readers(3, at=NOON)
    run, _rows = in_flight(issue, 3)
    journal.forget(run.pk)
    assert not settle_the_dead(issue), "the sender may live on another machine"
    Run.objects.update(beat_at=clock.now() - 2 * LEASE)
    assert settle_the_dead(issue)
    assert fates(issue) == {Fate.UNCERTAIN: 3}


def test_after_another_boot_a_journal_proves_only_its_answers(issue, box):
    plant_readers(3, at=NOON)
    run, rows = in_flight(issue, 3)
    told = journal.read(f"B some-other-boot\nS {rows[0].pk}\nD {rows[0].pk} 250\n".encode())
    settle_by_journal(run, told, clock.now())
    assert fates(issue) == {Fate.SENT: 1, Fate.UNCERTAIN: 2}


def test_a_sender_that_only_stands_still_is_not_replaced(issue, box):
    plant_readers(3, at=NOON)
    run_id = new_id()
    with journal.Journal(run_id):
        Run.objects.create(pk=run_id, issue=issue, begun_at=NOON, beat_at=NOON - timedelta(days=1))
        assert send_slice(issue.pk) is Left.BUSY
    assert box.raw == []
    send_slice(issue.pk)
    assert len(box.raw) == 3


def test_a_sender_shows_that_it_lives_while_a_handful_leaves_and_stops_once_another_has_its_run(issue, box, monkeypatch):
    plant_readers(6, at=NOON)
    monkeypatch.setattr(sending, "LOOK", 0)
    beats = []

    class Watched(Lines):
        def send(self, pieces, before):
            Run.objects.update(beat_at=NOON)
            for outcome in super().send(pieces, before):
                beats.append(Run.objects.get().beat_at)
                yield outcome

    send_slice(issue.pk, carry=Watched)
    assert beats[-1] > NOON, "another machine takes a sender without a sign of life for dead"
    run = Run.objects.create(pk=new_id(), issue=issue, begun_at=NOON, beat_at=NOON, ended_at=NOON)
    Issue.objects.update(state=IssueState.SENDING)
    with journal.Journal(run.pk) as book:
        sender = Sender(issue, run, book, Lines)
        sender._look()
    assert sender.halted


def test_a_held_issue_sends_nothing_and_goes_on_where_it_stopped(issue, box, people, settings):
    plant_readers(40, at=NOON)
    settings.NEWSLETTER_PER_SECOND, settings.NEWSLETTER_LINES = 20, 1

    class Held(Lines):
        def send(self, pieces, before):
            for n, outcome in enumerate(super().send(pieces, before)):
                if n == 3:
                    scheduling.pause(issue_id=issue.pk, by=people.publisher, at=clock.now())
                yield outcome

    assert send_slice(issue.pk, carry=Held) is Left.NOTHING
    at_first = len(box.raw)
    assert 4 <= at_first < 20
    assert fates(issue) == {Fate.SENT: at_first, Fate.QUEUED: 40 - at_first}
    assert send_slice(issue.pk) is Left.NOTHING
    assert len(box.raw) == at_first
    settings.NEWSLETTER_PER_SECOND = 0
    scheduling.resume(issue_id=issue.pk, by=people.publisher, at=clock.now())
    send_slice(issue.pk)
    assert len({to for _s, to, _c in box.raw}) == len(box.raw) == 40


def test_a_cancelled_issue_leaves_the_rest_out(issue, box, people):
    plant_readers(5, at=NOON)
    in_flight(issue)
    settle_the_dead(issue)
    scheduling.cancel(issue_id=issue.pk, by=people.publisher, at=clock.now())
    assert fates(issue) == {Fate.SKIPPED: 5}
    assert send_slice(issue.pk) is Left.NOTHING
    assert box.raw == []


def test_a_cancelled_issue_whose_sender_died_leaves_no_letter_on_its_way(issue, box, people):
    plant_readers(5, at=NOON)
    in_flight(issue)
    scheduling.cancel(issue_id=issue.pk, by=people.publisher, at=clock.now())
    assert fates(issue) == {Fate.IN_FLIGHT: 5}
    look_after(clock.now())
    assert fates(issue) == {Fate.SKIPPED: 5}


def test_an_issue_cancelled_while_the_server_is_away_leaves_the_rest_out(issue, box, people, settings):
    plant_readers(4, at=NOON)

    class Cancelled(Lines):
        def send(self, pieces, before):
            scheduling.cancel(issue_id=issue.pk, by=people.publisher, at=clock.now())
            yield from super().send(pieces, before)

    settings.EMAIL_PORT = 1
    assert send_slice(issue.pk, carry=Cancelled) is Left.NOTHING
    assert fates(issue) == {Fate.SKIPPED: 4}


def test_a_letter_on_which_the_server_hangs_up_is_put_off_and_given_up_in_the_end(issue):
    issue.begun_at = NOON
    assert [settled(0, attempts, issue, NOON).fate for attempts in (1, 2, 3, 40)] == [Fate.QUEUED, Fate.QUEUED, Fate.DEFERRED, Fate.DEFERRED]
    assert settled(0, 40, issue, NOON + timedelta(hours=24)).fate == Fate.REFUSED


def test_a_slice_ends_in_time_and_the_next_one_goes_on(issue, box, settings):
    plant_readers(30, at=NOON)
    settings.NEWSLETTER_PER_SECOND = 1000
    assert send_slice(issue.pk, seconds=0) is Left.MORE
    assert send_slice(issue.pk) is Left.NOTHING
    assert len(box.raw) == 30


def test_a_server_that_is_away_costs_nobody_a_letter(issue, box, settings):
    plant_readers(4, at=NOON)
    settings.EMAIL_PORT = 1
    assert send_slice(issue.pk) is Left.NOTHING
    assert fates(issue) == {Fate.QUEUED: 4}
    settings.EMAIL_PORT = box.port
    send_slice(issue.pk)
    assert len(box.raw) == 4


def test_uncertain_ones_are_sent_again_only_when_a_person_says_so(issue, box, people):
    plant_readers(3, at=NOON)
    run, _rows = in_flight(issue, 3)
    settle_by_journal(run, journal.Told(), clock.now())
    send_slice(issue.pk)
    issue.refresh_from_db()
    assert (issue.state, len(box.raw)) == (IssueState.SENT, 0)
    assert scheduling.ask_again(issue_id=issue.pk, by=people.publisher, at=clock.now()) == 3
    send_slice(issue.pk)
    assert len(box.raw) == 3


def test_the_clock_begins_what_is_due_and_wakes_a_sender_for_what_waits(issue, box, people):
    Issue.objects.filter(pk=issue.pk).update(state="scheduled", begun_at=None, scheduled_at=clock.now())
    begin(issue_id=issue.pk, at=clock.now() - timedelta(hours=1))
    assert Issue.objects.get().state == IssueState.SCHEDULED
    plant_readers(2, at=NOON)
    assert look_after(clock.now()) == 1
    assert Issue.objects.get().state == IssueState.SENDING
    from saphan.core.outbox import run_once

    while run_once():
        pass
    assert len(box.raw) == 2
    assert look_after(clock.now()) == 0


def test_two_months_later_only_the_numbers_are_known(issue, box):
    plant_readers(5, at=NOON)
    send_slice(issue.pk)
    assert forget_old(clock.now()) == 0
    assert forget_old(clock.now() + timedelta(days=61)) == 5
    assert not Delivery.objects.exists()
    issue.refresh_from_db()
    assert fates(issue) == {Fate.SENT: 5}


def test_nothing_of_a_letter_that_is_sent_lies_in_the_database(issue, box):
    from django.db import connection

    plant_readers(3, at=NOON)
    send_slice(issue.pk)
    with connection.cursor() as cursor:
        for table in ("portal_newsletter_delivery", "portal_newsletter_run", "core_outboxmessage", "audit_auditevent"):
            cursor.execute(f"SELECT * FROM {table}")
            assert "example.net" not in str(cursor.fetchall())


def test_each_reader_gets_the_chosen_countries_and_topics_and_equal_wishes_are_rendered_once(issue, box, monkeypatch):
    general = issue.editions.get(language="en", country="")
    for n, (countries, topics) in enumerate([(["KH"], ["children"]), (["LA"], ["law"]), ([], ["law"])]):
        Item.objects.filter(edition=general, place=n + 1).update(countries=countries, topics=topics)
    an_edition(issue, "en", "VN", items=1)
    wishes = [
        (["KH", "LA"], []), (["LA", "KH"][::-1], []), (["VN", "LA"], []), (["VN"], []), ([], ["children"]), ([], ["work"]),
    ]  # fmt: skip
    for n, (countries, topics) in enumerate(wishes):
        plant_readers(1, at=NOON, first=n, countries=countries, topics=topics)
    rendered = []

    def counted(*told, **more):
        rendered.append(1)
        return as_html(*told, **more)

    monkeypatch.setattr(addressing, "as_html", counted)
    send_slice(issue.pk)

    def told(n):
        return sorted(set(re.findall(r"News (en\S+)", text_of(box.letters_to(f"reader-{n}@example.net")[0]))))

    assert [told(n) for n in range(5)] == [["en0", "en1", "en2"], ["en0", "en1", "en2"], ["en1", "en2", "enVN0"], ["enVN0"], ["en0"]]
    assert box.letters_to("reader-5@example.net") == []
    assert Delivery.objects.get(why=Why.TOPICS).state == Fate.SKIPPED
    assert len(rendered) == 4


def test_in_each_further_language_comes_one_letter_of_its_own(issue, box):
    plant_readers(1, at=NOON, more_languages=["th"])
    plant_readers(1, at=NOON, first=1, more_languages=["km"])
    queue_letters(issue, at=clock.now())
    queue_letters(issue, at=clock.now())
    send_slice(issue.pk)
    both = sorted(box.letters_to("reader-0@example.net"), key=lambda letter: letter["Content-Language"])  # two lines send: neither must be first
    assert [letter["Content-Language"] for letter in both] == ["en", "th"]
    assert both[0]["Message-ID"] != both[1]["Message-ID"]
    assert "/th/newsletter/leave/" in both[1]["List-Unsubscribe"]
    assert len(box.letters_to("reader-1@example.net")) == 1, "there is nothing in Khmer"
    assert fates(issue) == {Fate.SENT: 3, Fate.SKIPPED: 1}


def test_a_language_that_is_no_longer_wished_is_left_out(issue, box):
    plant_readers(1, at=NOON, more_languages=["th"])
    in_flight(issue)
    settle_the_dead(issue)
    Subscriber.objects.update(more_languages=[])
    send_slice(issue.pk)
    assert Delivery.objects.get(why=Why.LANGUAGE).language == "th"
    assert len(box.raw) == 1


def test_what_was_withdrawn_while_the_sender_was_held_does_not_leave(issue, box, people):
    plant_readers(4, at=NOON, languages=("en", "th"))
    in_flight(issue)
    settle_the_dead(issue)
    scheduling.pause(issue_id=issue.pk, by=people.publisher, at=clock.now())
    english = issue.editions.get(language="en")
    withdraw(issue_id=issue.pk, edition_ids={english.pk}, by=people.publisher, at=clock.now())
    scheduling.resume(issue_id=issue.pk, by=people.publisher, at=clock.now())
    send_slice(issue.pk)
    assert sorted(to for _sender, to, _content in box.raw) == ["reader-1@example.net", "reader-3@example.net"]
    assert set(Delivery.objects.filter(state=Fate.SKIPPED).values_list("why", flat=True)) == {Why.WITHDRAWN}


def test_a_withdrawn_issue_sends_nothing_again(issue, box, people):
    plant_readers(2, at=NOON)
    in_flight(issue)
    settle_the_dead(issue)
    withdraw(issue_id=issue.pk, edition_ids=set(issue.editions.values_list("pk", flat=True)), by=people.publisher, at=clock.now())
    send_slice(issue.pk)
    assert box.raw == []
    assert fates(issue) == {Fate.SKIPPED: 2}
    Issue.objects.update(state=IssueState.SENT)
    Delivery.objects.update(state=Fate.UNCERTAIN, why="")
    with pytest.raises(WrongState):
        scheduling.ask_again(issue_id=issue.pk, by=people.publisher, at=clock.now())
