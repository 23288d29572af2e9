"""Answers of askers by mail, and answers of ours that are late."""

from datetime import timedelta

import pytest

from saphan.core import clock
from saphan.core.models import OutboxMessage
from saphan.core.outbox import run_once
from saphan.portal.inquiries import answering, asking
from saphan.portal.inquiries.hearing import escalate
from saphan.portal.inquiries.models import Entry, Inquiry
from saphan.portal.inquiries.states import State
from saphan.portal.inquiries.threads import thread_for_asker, whole_thread
from saphan.portal.mailroom import taking
from saphan.portal.mailroom.addresses import reply_address
from saphan.portal.mailroom.letters import Letter, LetterFile, compose
from saphan.portal.mailroom.posting import letter_id

pytestmark = pytest.mark.django_db
ASKER = "Ms Nightingale <nightingale4711@example.org>"


def letter(inquiry, text="And in 2026?", number=1, sender=ASKER, files=(), **head):
    message = compose(Letter(reply_address("inquiries", inquiry.thread), "Re: Your inquiry", text, auto=False, files=files))
    for name, value in {"From": sender, "Message-ID": f"<{number}@example.org>", **head}.items():
        del message[name]
        message[name] = value
    return message.as_bytes()


def comes(inquiry, *args, **more):
    return taking.receive(letter(inquiry, *args, **more), at=clock.now())


def answered(inquiry, officer, text="Twelve."):
    inquiry.refresh_from_db()
    return answering.reply(inquiry_id=inquiry.pk, text=text, version=inquiry.version, by=officer, at=clock.now())


def last(inquiry):
    return Entry.objects.filter(inquiry=inquiry).order_by("at", "pk").last()


def test_an_answer_by_mail_opens_an_answered_and_a_closed_inquiry_again(asked, inquiry_officer):
    answered(asked, inquiry_officer)
    assert comes(asked) == "taken"
    asked.refresh_from_db()
    assert (asked.state, bool(asked.due_at)) == (State.OPEN, True)
    assert thread_for_asker(asked).words[-1].text.strip() == "And in 2026?"
    answering.close(inquiry_id=asked.pk, by=inquiry_officer, at=clock.now())
    comes(asked, "Still there?", number=2)
    asked.refresh_from_db()
    assert asked.state == State.OPEN


def test_the_same_letter_comes_into_the_thread_once(asked):
    assert [comes(asked), comes(asked)] == ["taken", "twice"]
    assert asked.entries.count() == 2


def test_what_a_program_wrote_is_a_note_that_opens_nothing(asked, inquiry_officer):
    answered(asked, inquiry_officer)
    comes(asked, "I am away until Monday.", **{"Auto-Submitted": "auto-replied"})
    asked.refresh_from_db()
    assert asked.state == State.ANSWERED
    assert last(asked).kind == Entry.Kind.AUTO
    assert [word.entry.kind for word in thread_for_asker(asked).words] == ["in", "out"]


def test_a_letter_from_another_address_is_marked(asked):
    comes(asked, sender="someone.else@example.org")
    assert last(asked).other_sender
    comes(asked, number=2, sender="NIGHTINGALE4711@example.org")
    assert not last(asked).other_sender


def test_files_of_a_letter_are_kept_and_what_may_not_be_kept_is_said(asked):
    files = [LetterFile("list.txt", "text/plain", b"one two"), LetterFile("page.svg", "image/svg+xml", b"<svg onload='x()'/>")]
    comes(asked, files=tuple(files))
    entry = last(asked)
    assert entry.files.count() == 1
    assert "1 files of this letter were not taken" in whole_thread(asked).words[-1].text


def test_a_letter_to_a_joined_inquiry_goes_on_in_the_other(asked, inquiry_officer):
    other, _words = asking.begin(
        question=asking.Question("other", "Again", "Second", "en", "", "mail", "nightingale4711@example.org"), at=clock.now()
    )
    answering.merge(inquiry_id=other.pk, into_reference=asked.reference, reason="", by=inquiry_officer, at=clock.now())
    comes(Inquiry.objects.get(pk=other.pk), "To the second letter")
    assert "To the second letter" in thread_for_asker(asked).words[-1].text


@pytest.mark.parametrize("head", [{}, {"Auto-Submitted": "auto-replied"}])
def test_nothing_is_kept_of_letters_to_what_was_handed_over_or_erased(asked, inquiry_officer, head):
    parcel = answering.parcel_of(asked, text="Help is asked for.", about="self", safe_contact="")
    at = clock.now()
    again = asking.Question("other", "Again", "Second", "en", "", "mail", "nightingale4711@example.org")
    joined, _words = asking.begin(question=again, at=at)
    answering.merge(inquiry_id=joined.pk, into_reference=asked.reference, reason="", by=inquiry_officer, at=at)
    answering.hand_over(inquiry_id=asked.pk, parcel=parcel, agreed_on=at.date(), agreed_how="written", by=inquiry_officer, at=at)
    comes(asked, **head)
    comes(joined, number=3, **head)
    assert not Entry.objects.exists()
    raw = letter(asked, number=2, **head)
    asking.erase(inquiry_id=asked.pk, at=clock.now())
    taking.receive(raw, at=clock.now())
    assert not Inquiry.objects.exists()


def test_words_of_danger_in_a_letter_shorten_the_clock(asked):
    comes(asked, "Please help me, I am locked in")
    asked.refresh_from_db()
    assert asked.danger
    assert asked.due_at <= clock.now() + timedelta(hours=1)


def test_an_answer_names_the_letters_before_it(asked, inquiry_officer):
    from saphan.portal.inquiries.letters import answer

    comes(asked, "And in 2026?", number=7)
    sent = answer(str(answered(asked, inquiry_officer).pk))
    assert sent is not None
    assert sent.references == (letter_id("inquiries.received", str(asked.pk)), "<7@example.org>")
    assert sent.in_reply_to == "<7@example.org>"
    assert sent.reply_to == reply_address("inquiries", asked.thread)
    assert "courses" not in sent.subject


def test_late_answers_are_told_once_to_every_officer_in_words_that_say_nothing(asked):
    due = asked.due_at
    assert escalate(due + timedelta(hours=1)) == 0  # research: everybody is told two days later
    assert escalate(due + timedelta(hours=49)) == 1
    assert escalate(due + timedelta(hours=50)) == 0
    told = [message.payload for message in OutboxMessage.objects.filter(key__startswith="late ")]
    assert {payload["to"] for payload in told} == {"inquiry1@demo.example", "inquiry2@demo.example"}
    assert not any(asked.reference in str(payload) or "courses" in str(payload) for payload in told)


def test_where_somebody_may_be_in_danger_everybody_is_told_at_once_and_after_two_hours(people):
    question = asking.Question("other", "help", "I am locked in, help me", "en", "TH", "mail", "a@example.org")
    inquiry, _words = asking.begin(question=question, at=clock.now())
    assert any("inquiries.alert" in str(message.payload) for message in OutboxMessage.objects.all())
    assert escalate(clock.now() + timedelta(hours=2, minutes=1)) == 1
    inquiry.refresh_from_db()
    assert inquiry.escalated_at


def alerts():
    """How many letters the officers have been sent because somebody may be in danger."""
    while run_once():
        pass
    return OutboxMessage.objects.filter(topic="mail", key__startswith="alert ").count()


@pytest.mark.parametrize("between", ["answer", "close", "lower_danger"])
def test_a_second_cry_for_help_is_told_to_every_officer_again(asked, inquiry_officer, between):
    comes(asked, "Please help me, I am locked in")
    assert alerts() == 2
    comes(asked, "help me, I am locked in still", number=2)  # it stands first in the queue, and they know
    assert alerts() == 2
    if between == "answer":
        answered(asked, inquiry_officer)
    else:
        getattr(answering, between)(inquiry_id=asked.pk, by=inquiry_officer, at=clock.now())
    comes(asked, "He found me, help me", number=3)
    assert alerts() == 4
    asked.refresh_from_db()
    assert asked.danger
