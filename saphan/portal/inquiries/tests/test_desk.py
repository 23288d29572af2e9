"""What an officer does with an inquiry."""

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from saphan.audit.models import AuditEvent
from saphan.core import clock, outbox
from saphan.core.attachments import inspect_upload, open_attachment
from saphan.core.errors import Invalid, NotFound, Outdated, Refused, WrongState
from saphan.core.models import DataKey, OutboxMessage
from saphan.core.outbox import run_once
from saphan.core.sealing import unseal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.inquiries import answering, asking, presence
from saphan.portal.inquiries.asking import Question
from saphan.portal.inquiries.letters import received
from saphan.portal.inquiries.models import Draft, Entry, HandOver, Inquiry, MonthlyFigure
from saphan.portal.inquiries.passes import MAIL, pass_for
from saphan.portal.inquiries.states import State
from saphan.portal.inquiries.threads import thread_for_asker, whole_thread
from saphan.portal.mailroom import posting
from saphan.releases.models import SealedReport

pytestmark = pytest.mark.django_db
AGREED: Any = {"agreed_on": date(2026, 11, 1), "agreed_how": "written"}


def another(**more):
    told = {
        "kind": "research",
        "subject": "Again",
        "text": "A second question",
        "language": "en",
        "way": "mail",
        "email": "Nightingale4711@example.org",
    }
    inquiry, _words = asking.begin(question=Question(**{**told, **more}), at=clock.now())
    return Inquiry.objects.get(pk=inquiry.pk)


def answers(inquiry, by, text="Twelve.", **more):
    return answering.reply(inquiry_id=inquiry.pk, text=text, version=Inquiry.objects.get(pk=inquiry.pk).version, by=by, at=clock.now(), **more)


def parcel(inquiry, **more):
    return answering.parcel_of(inquiry, **{"text": "She asks for help.", "about": "self", "safe_contact": "by day only", **more})


def test_an_officer_takes_an_inquiry_and_a_colleague_gets_it(asked, inquiry_officer, inquiry_colleague):
    answering.assign(inquiry_id=asked.pk, to=inquiry_officer, by=inquiry_officer, at=clock.now())
    asked.refresh_from_db()
    assert (asked.state, asked.assigned_to) == (State.OPEN, inquiry_officer)
    answering.assign(inquiry_id=asked.pk, to=inquiry_colleague, by=inquiry_officer, at=clock.now())
    answering.assign(inquiry_id=asked.pk, to=None, by=inquiry_colleague, at=clock.now())
    asked.refresh_from_db()
    assert (asked.state, asked.assigned_to) == (State.OPEN, None)


def test_nobody_gets_an_inquiry_who_may_not_answer_it(asked, inquiry_officer, editor):
    with pytest.raises(Invalid):
        answering.assign(inquiry_id=asked.pk, to=editor, by=inquiry_officer, at=clock.now())


@pytest.mark.parametrize("act", ["close", "reject", "raise_danger"])
def test_a_stranger_finds_no_inquiry(asked, editor, act):
    with pytest.raises(NotFound):
        getattr(answering, act)(inquiry_id=asked.pk, by=editor, at=clock.now())


def test_an_answer_is_on_record_without_its_words_and_its_clock_rests(asked, inquiry_officer):
    entry = answers(asked, inquiry_officer)
    asked.refresh_from_db()
    assert (asked.state, asked.due_at, asked.assigned_to) == (State.ANSWERED, None, inquiry_officer)
    assert entry.fate == Entry.Fate.WAITING
    assert MonthlyFigure.objects.get(name="answered_1d").count == 1
    assert AuditEvent.objects.filter(action="inquiries:reply", target_id=str(asked.pk)).count() == 1
    assert "Twelve" not in str(list(AuditEvent.objects.values()))


def test_a_question_back_waits_for_the_asker(asked, inquiry_officer):
    answers(asked, inquiry_officer, waits=True)
    asked.refresh_from_db()
    assert asked.state == State.WAITING


def test_who_writes_on_an_older_thread_is_told_and_nothing_is_sent(asked, inquiry_officer, inquiry_colleague):
    read = asked.version
    answers(asked, inquiry_officer, "First.")
    with pytest.raises(Outdated):
        answering.reply(inquiry_id=asked.pk, text="Second.", version=read, by=inquiry_colleague, at=clock.now())
    assert asked.entries.filter(kind=Entry.Kind.OUT).count() == 1


def test_what_an_officer_has_begun_is_there_again_for_her_alone_and_sealed(asked, inquiry_officer, inquiry_colleague):
    presence.keep_draft(asked, inquiry_officer, "canary draft", clock.now())
    presence.keep_draft(asked, inquiry_officer, "canary draft two", clock.now())
    assert presence.draft_of(asked, inquiry_officer) == "canary draft two"
    assert presence.draft_of(asked, inquiry_colleague) == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM portal_inquiries_draft")
        assert b"canary" not in bytes(cursor.fetchone()[0])
    answers(asked, inquiry_officer)
    assert not Draft.objects.exists()


def test_an_emptied_draft_is_forgotten_and_none_is_kept_of_what_has_ended(asked, inquiry_officer):
    presence.keep_draft(asked, inquiry_officer, "words", clock.now())
    presence.keep_draft(asked, inquiry_officer, " ", clock.now())
    assert not Draft.objects.exists()
    answering.close(inquiry_id=asked.pk, by=inquiry_officer, at=clock.now())
    presence.keep_draft(asked, inquiry_officer, "words", clock.now())
    assert not Draft.objects.exists()


def test_colleagues_see_who_writes_until_they_are_gone(asked, inquiry_officer, inquiry_colleague):
    at = clock.now()
    presence.seen(asked, inquiry_officer, at)
    assert presence.others(asked, inquiry_colleague, at) == [inquiry_officer]
    assert presence.others(asked, inquiry_officer, at) == []
    assert presence.others(asked, inquiry_colleague, at + timedelta(minutes=1)) == []


def test_notes_are_for_the_office_only(asked, inquiry_officer):
    answering.note(inquiry_id=asked.pk, text="Ask the library.", by=inquiry_officer, at=clock.now())
    assert "Ask the library." in [word.text for word in whole_thread(asked).words]
    assert "Ask the library." not in [word.text for word in thread_for_asker(asked).words]


def test_tags_are_replaced_and_at_most_ten(asked, inquiry_officer):
    answering.tag(inquiry_id=asked.pk, words=["Figures", "figures ", "law", ""], by=inquiry_officer, at=clock.now())
    assert [tag.word for tag in asked.tags.all()] == ["figures", "law"]
    with pytest.raises(Invalid):
        answering.tag(inquiry_id=asked.pk, words=[str(n) for n in range(11)], by=inquiry_officer, at=clock.now())


def test_an_officer_who_sees_danger_starts_the_short_clock_and_another_takes_it_back(asked, inquiry_officer, inquiry_colleague):
    at = clock.now()
    answering.raise_danger(inquiry_id=asked.pk, by=inquiry_officer, at=at)
    asked.refresh_from_db()
    assert (asked.danger, asked.due_at) == (True, at + timedelta(hours=1))
    answering.lower_danger(inquiry_id=asked.pk, by=inquiry_colleague, at=at)
    asked.refresh_from_db()
    assert (asked.danger, asked.due_at) == (False, at + timedelta(hours=120))


def test_what_was_closed_opens_again_with_a_clock(asked, inquiry_officer):
    answering.close(inquiry_id=asked.pk, by=inquiry_officer, at=clock.now())
    with pytest.raises(WrongState):
        answering.close(inquiry_id=asked.pk, by=inquiry_officer, at=clock.now())
    answering.reopen(inquiry_id=asked.pk, by=inquiry_officer, at=clock.now())
    asked.refresh_from_db()
    assert (asked.state, bool(asked.due_at)) == (State.OPEN, True)


def test_two_inquiries_of_one_address_are_joined_with_words_and_clock(asked, inquiry_officer):
    answers(asked, inquiry_officer)
    second = another(text="help me, I am locked in")
    assert second.danger
    answering.merge(inquiry_id=second.pk, into_reference=asked.reference.lower(), reason="", by=inquiry_officer, at=clock.now())
    asked.refresh_from_db()
    second.refresh_from_db()
    assert (second.state, second.merged_into, second.due_at) == (State.MERGED, asked, None)
    assert (asked.state, asked.danger) == (State.OPEN, True)
    assert asked.due_at is not None
    assert "help me, I am locked in" in [word.text for word in thread_for_asker(asked).words]


def test_other_contacts_are_joined_only_with_a_reason_that_is_kept_as_a_note(asked, inquiry_officer):
    other = another(email="someone.else@example.org")
    join = {"inquiry_id": other.pk, "into_reference": asked.reference, "by": inquiry_officer, "at": clock.now()}
    with pytest.raises(Invalid):
        answering.merge(reason=" ", **join)
    answering.merge(reason="She said so on the telephone.", **join)
    assert any("She said so on the telephone." in word.text for word in whole_thread(asked).words)
    assert not any("telephone" in word.text for word in thread_for_asker(asked).words)


@pytest.mark.parametrize(("way", "into"), [("mail", "none"), ("code", "none"), ("mail", "code")])
def test_nobody_is_joined_to_where_the_answer_would_not_reach_her(people, inquiry_officer, way, into):
    waits, other = (another(way=one, email="a@example.org" if one == "mail" else "") for one in (way, into))
    for one in (waits, other):
        if one.state == State.BEGUN:
            asking.send(inquiry_id=one.pk, at=clock.now())
    with pytest.raises(Invalid) as refused:
        answering.merge(inquiry_id=waits.pk, into_reference=other.reference, reason="She said so.", by=inquiry_officer, at=clock.now())
    assert list(refused.value.fields) == ["into"]
    answering.merge(inquiry_id=other.pk, into_reference=waits.reference, reason="She said so.", by=inquiry_officer, at=clock.now())
    assert answers(waits, inquiry_officer).kind == Entry.Kind.OUT


@pytest.mark.parametrize("reference", ["IQ-NONE", "itself", "ended"])
def test_nothing_is_joined_to_what_is_not_there_or_has_ended(asked, inquiry_officer, reference):
    other = another()
    if reference == "ended":
        answering.reject(inquiry_id=other.pk, by=inquiry_officer, at=clock.now())
        reference = other.reference
    reference = asked.reference if reference == "itself" else reference
    with pytest.raises(Invalid):
        answering.merge(inquiry_id=asked.pk, into_reference=reference, reason="x", by=inquiry_officer, at=clock.now())


def test_a_second_question_becomes_an_inquiry_of_its_own_with_the_same_contact(asked, inquiry_officer):
    entry = asking.write_again(inquiry_id=asked.pk, text="And what of interpreters?", at=clock.now())
    part = answering.split(inquiry_id=asked.pk, entry_id=entry.pk, subject="Interpreters", by=inquiry_officer, at=clock.now())
    assert unseal(part, "email", "subject", org=PORTAL) == {"email": "nightingale4711@example.org", "subject": "Interpreters"}
    assert [word.text for word in thread_for_asker(part).words] == ["And what of interpreters?"]
    assert part.thread != asked.thread
    with pytest.raises(NotFound):
        answering.split(inquiry_id=part.pk, entry_id=entry.pk, subject="x", by=inquiry_officer, at=clock.now())


def test_one_return_code_leads_to_one_thread(people, inquiry_officer):
    held = another(way="code", email="")
    asking.send(inquiry_id=held.pk, at=clock.now())
    with pytest.raises(Invalid):
        answering.split(inquiry_id=held.pk, entry_id=held.entries.get().pk, subject="x", by=inquiry_officer, at=clock.now())


def test_no_answer_goes_to_somebody_who_wished_for_none(people, inquiry_officer):
    silent = another(way="none", email="")
    with pytest.raises(Refused):
        answers(silent, inquiry_officer)


def test_what_is_handed_over_leaves_nothing_readable_here_and_reaches_casework(asked, inquiry_officer):
    joined = another(text="canary words of the joined one")
    answering.merge(inquiry_id=joined.pk, into_reference=asked.reference, reason="", by=inquiry_officer, at=clock.now())
    presence.keep_draft(asked, inquiry_officer, "a draft", clock.now())
    answering.hand_over(inquiry_id=asked.pk, parcel=parcel(asked), by=inquiry_officer, at=clock.now(), **AGREED)
    asked.refresh_from_db()
    assert asked.state == State.HANDED_OVER
    assert asked.subject is asked.email is asked.name is None
    assert not Entry.objects.exists()
    assert not Draft.objects.exists()
    assert not DataKey.objects.filter(scope__in=[asked.pk, joined.pk]).exists()
    assert HandOver.objects.get().fields == ["about", "country", "danger", "language", "safe_contact", "text"]
    assert SealedReport.objects.get().kind == "concern"
    assert whole_thread(asked).words == []
    with pytest.raises(WrongState):
        answering.close(inquiry_id=asked.pk, by=inquiry_officer, at=clock.now())
    with pytest.raises(NotFound):
        asking.write_again(inquiry_id=asked.pk, text="more", at=clock.now())
    for gone in (asked, joined):
        with pytest.raises(Refused):
            answering.note(inquiry_id=gone.pk, text="canary note", by=inquiry_officer, at=clock.now())
        with pytest.raises(Refused):
            answering.tag(inquiry_id=gone.pk, words=["canary"], by=inquiry_officer, at=clock.now())
    assert not DataKey.objects.filter(scope__in=[asked.pk, joined.pk]).exists()


def test_nothing_is_handed_over_twice_or_with_an_agreement_of_tomorrow(asked, inquiry_officer):
    later: Any = {"agreed_on": clock.now().date() + timedelta(days=2), "agreed_how": "written"}
    with pytest.raises(Invalid):
        answering.hand_over(inquiry_id=asked.pk, parcel=parcel(asked), by=inquiry_officer, at=clock.now(), **later)
    answering.hand_over(inquiry_id=asked.pk, parcel=parcel(asked), by=inquiry_officer, at=clock.now(), **AGREED)
    with pytest.raises(Refused):
        answering.hand_over(inquiry_id=asked.pk, parcel=parcel(asked), by=inquiry_officer, at=clock.now(), **AGREED)


def test_a_hand_over_that_the_door_refuses_destroys_nothing(asked, inquiry_officer):
    with pytest.raises(Invalid):
        answering.hand_over(inquiry_id=asked.pk, parcel=parcel(asked, text="x" * 9000), by=inquiry_officer, at=clock.now(), **AGREED)
    asked.refresh_from_db()
    assert asked.state == State.NEW
    assert whole_thread(asked).words[0].text == "How many courses were held?"


def test_letters_of_an_inquiry_that_was_handed_over_are_not_sent(asked, inquiry_officer, mailoutbox):
    answering.hand_over(inquiry_id=asked.pk, parcel=parcel(asked), by=inquiry_officer, at=clock.now(), **AGREED)
    while run_once():
        pass
    assert [letter for letter in mailoutbox if "nightingale" in str(letter.to)] == []


def test_erasing_a_joined_inquiry_takes_its_words_and_later_ones_out_of_the_other_thread(asked, inquiry_officer):
    second = another(text="canary of the second")
    answering.merge(inquiry_id=second.pk, into_reference=asked.reference, reason="", by=inquiry_officer, at=clock.now())
    asking.write_again(inquiry_id=second.pk, text="canary written later", at=clock.now())
    told = [word.text for word in thread_for_asker(asked).words]
    assert {"canary of the second", "canary written later", "How many courses were held?"} <= set(told)
    assert [word.text for word in thread_for_asker(second).words] == ["canary of the second", "canary written later"]
    asking.erase(inquiry_id=second.pk, at=clock.now())
    assert [word.text for word in whole_thread(asked).words] == ["How many courses were held?"]
    assert not DataKey.objects.filter(scope=second.pk).exists()
    assert Inquiry.objects.get() == asked


def test_erasing_takes_the_parts_along_and_a_part_what_it_was_split_off(asked, inquiry_officer):
    for erased in ("whole", "part"):
        whole = another()
        entry = whole.entries.get()
        part = answering.split(inquiry_id=whole.pk, entry_id=entry.pk, subject="x", by=inquiry_officer, at=clock.now())
        asking.erase(inquiry_id={"whole": whole, "part": part}[erased].pk, at=clock.now())
        assert Inquiry.objects.get() == asked


def test_a_hand_over_destroys_the_parts_and_what_was_split_off_them(asked, inquiry_officer):
    part = answering.split(inquiry_id=asked.pk, entry_id=asked.entries.get().pk, subject="x", by=inquiry_officer, at=clock.now())
    answering.close(inquiry_id=asked.pk, by=inquiry_officer, at=clock.now())
    answering.hand_over(inquiry_id=part.pk, parcel=parcel(part), by=inquiry_officer, at=clock.now(), **AGREED)
    for one in (asked, part):
        one.refresh_from_db()
        assert (one.state, one.email, one.subject) == (State.HANDED_OVER, None, None)
    assert not Entry.objects.exists()
    assert not DataKey.objects.filter(scope__in=[asked.pk, part.pk]).exists()
    with pytest.raises(NotFound):
        asking.write_again(inquiry_id=asked.pk, text="more", at=clock.now())


def test_a_part_takes_the_files_of_its_word_along_and_its_asker_is_told_at_once(asked, inquiry_officer):
    file = inspect_upload(SimpleUploadedFile("list.txt", b"canary", "text/plain"))
    entry = asking.write_again(inquiry_id=asked.pk, text="And this?", files=[file], at=clock.now())
    part = answering.split(inquiry_id=asked.pk, entry_id=entry.pk, subject="x", by=inquiry_officer, at=clock.now())
    kept = part.entries.get().files.get().attachment
    assert kept.scope == part.pk
    assert open_attachment(kept, org=PORTAL) == b"canary"
    told = received(str(part.pk))
    assert told is not None
    assert asked.reference in told.text
    assert f"/inquiries/own/{pass_for(MAIL, part.pk, at=clock.now())[:10]}" in told.text
    assert OutboxMessage.objects.filter(key=f"inquiries.received {part.pk}").exists()


def test_what_was_joined_rests_only_when_the_other_does(asked, inquiry_officer):
    second = another()
    answering.merge(inquiry_id=second.pk, into_reference=asked.reference, reason="", by=inquiry_officer, at=clock.now())
    asking.write_again(inquiry_id=asked.pk, text="more", at=clock.now() + timedelta(days=700))
    assert asking.forget_old(clock.now() + timedelta(days=740)) == 0
    assert asking.forget_old(clock.now() + timedelta(days=1440)) in (1, 2)
    assert not Inquiry.objects.exists()


def test_a_reply_that_cannot_be_made_is_given_up_in_the_end(asked, inquiry_officer, monkeypatch):
    entry = answers(asked, inquiry_officer)
    monkeypatch.setitem(posting.MAKERS, "inquiries.reply", lambda _reference: (_ for _ in ()).throw(WrongState("a refused file")))
    OutboxMessage.objects.exclude(key__startswith="inquiries.reply").delete()
    OutboxMessage.objects.update(attempts=outbox.ATTEMPTS_AT_MOST - 1, available_at=clock.now() - timedelta(minutes=1))
    run_once()
    entry.refresh_from_db()
    assert entry.fate == Entry.Fate.GIVEN_UP
    assert "given up after" in entry.get_fate_display()


def test_the_copies_of_earlier_joins_are_forgotten(asked, inquiry_officer):
    second = another()
    answering.merge(inquiry_id=second.pk, into_reference=asked.reference, reason="", by=inquiry_officer, at=clock.now())
    asking.add_entry(asked, Entry.Kind.IN, "A second question", at=second.entries.get().at)
    change = import_module("saphan.portal.inquiries.migrations.0003_words_go_with_their_inquiry")
    change.forget_copies(apps, None)
    assert [word.text for word in thread_for_asker(asked).words].count("A second question") == 1
    assert second.entries.count() == 1
