"""The desk as a browser meets it."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from saphan.audit.models import AuditEvent
from saphan.core import clock
from saphan.core.errors import NotFound
from saphan.portal.inquiries import answering, asking, publishing
from saphan.portal.inquiries.asking import Question
from saphan.portal.inquiries.figures import count
from saphan.portal.inquiries.hearing import escalate
from saphan.portal.inquiries.models import Answer, Entry, Inquiry, MonthlyFigure, Template
from saphan.portal.inquiries.states import FaqState, State
from saphan.portal.inquiries.texts import filled
from tests.people import NOON, client_of

pytestmark = pytest.mark.django_db
DESK = "/desk/inquiries/"
CROSSES = {"about": "self", "text": "She asks for help.", "safe_contact": "by day", "place": "", "agreed_on": "2026-11-01", "agreed_how": "written"}


@pytest.fixture
def officer(inquiry_officer):
    return client_of(inquiry_officer)


@pytest.fixture
def colleague(inquiry_colleague):
    return client_of(inquiry_colleague)


@pytest.fixture
def publisher(people):
    return client_of(people.publisher)


def another(text="A second question", **more):
    told = {"kind": "media", "subject": "Again", "language": "th", "way": "mail", "email": "b@example.org", **more}
    return asking.begin(question=Question(text=text, **told), at=clock.now())[0]


def page_of(client, inquiry, part=""):
    return client.get(f"{DESK}{inquiry.pk}/{part}").content.decode()


def sends(client, inquiry, part, **told):
    return client.post(f"{DESK}{inquiry.pk}/{part}/", told)


def listed(client, query=""):
    return re.findall(r"IQ-[0-9A-Z-]+", client.get(f"{DESK}?{query}").content.decode())


def test_only_officers_of_the_corner_enter(asked, editor, coordinator):
    for user in (editor, coordinator):
        assert client_of(user).get(DESK).status_code == 403
        assert client_of(user).get(f"{DESK}{asked.pk}/").status_code == 403


def test_danger_stands_first_whatever_the_clocks_say(asked, officer):
    Inquiry.objects.filter(pk=asked.pk).update(due_at=clock.now() - timedelta(days=9))
    urgent = another("help me, I am locked in")
    assert listed(officer) == [urgent.reference, asked.reference]


def test_queues_are_links_with_their_numbers(asked, officer, inquiry_officer):
    second = another()
    answering.assign(inquiry_id=second.pk, to=inquiry_officer, by=inquiry_officer, at=clock.now())
    assert listed(officer, "queue=mine") == [second.reference]
    assert listed(officer, "queue=unassigned") == [asked.reference]
    assert listed(officer, "queue=overdue") == []
    assert listed(officer, "queue=all&kind=media") == listed(officer, "queue=all&language=th") == [second.reference]
    page = officer.get(DESK).content.decode()
    assert re.search(r'queue=waiting" aria-current="page">To answer <span class="count">2<', page)


def test_reference_and_tag_find_an_inquiry_and_its_words_do_not(asked, officer, inquiry_officer):
    answering.tag(inquiry_id=asked.pk, words=["law"], by=inquiry_officer, at=clock.now())
    assert listed(officer, f"queue=all&words={asked.reference.lower()}")[0] == asked.reference
    assert listed(officer, "queue=all&words=Law")[0] == asked.reference
    assert listed(officer, "queue=all&words=courses") == []


@pytest.mark.parametrize("query", ["queue=invented", "kind=x", "after=%00", "language=xx&words=" + "x" * 99])
def test_nonsense_in_the_address_is_no_error(asked, officer, query):
    assert officer.get(f"{DESK}?{query}").status_code == 200


def test_reading_is_on_record_and_the_contact_is_shown_on_a_click_of_its_own(asked, officer):
    page = page_of(officer, asked)
    assert "How many courses were held?" in page
    assert "nightingale4711" not in page
    assert AuditEvent.objects.filter(action="inquiries:read").count() == 1
    assert "nightingale4711@example.org" in sends(officer, asked, "reveal").content.decode()
    assert AuditEvent.objects.filter(action="inquiries:reveal").count() == 1
    assert "nightingale" not in str(list(AuditEvent.objects.values()))


def test_an_answer_is_looked_at_then_sent_with_its_file(asked, officer):
    told = {"text": "Twelve courses.", "version": Inquiry.objects.get(pk=asked.pk).version}
    assert "As it will be read" in sends(officer, asked, "reply", act="preview", **told).content.decode()
    assert not Entry.objects.filter(kind="out").exists()
    file = SimpleUploadedFile("list.txt", b"one two", "text/plain")
    assert sends(officer, asked, "reply", act="send", attached=file, **told).status_code == 302
    entry = Entry.objects.get(kind="out")
    reference = entry.files.get().attachment.reference
    assert page_of(officer, asked).count("Twelve courses.") == 1
    got = officer.get(f"{DESK}{asked.pk}/files/{reference}/")
    assert b"".join(got.streaming_content if got.streaming else [got.content]) == b"one two"
    assert got["Content-Disposition"].startswith("attachment")


def test_the_second_of_two_writers_sees_what_the_first_sent_and_loses_nothing(asked, officer, colleague):
    version = Inquiry.objects.get(pk=asked.pk).version
    sends(officer, asked, "reply", act="send", text="First.", version=version)
    late = sends(colleague, asked, "reply", act="send", text="My own long answer.", version=version)
    page = late.content.decode()
    assert late.status_code == 409
    assert "First." in page
    assert "My own long answer." in page
    assert Entry.objects.filter(kind="out").count() == 1
    newer = re.findall(r'name="version" value="(\d+)"', page)[0]
    assert sends(colleague, asked, "reply", act="send", text="My own long answer.", version=newer).status_code == 302


def test_who_writes_is_told_of_the_other_and_the_words_wait_for_her(asked, officer, colleague):
    version = Inquiry.objects.get(pk=asked.pk).version
    sends(officer, asked, "writing", version=version, text="Half an answ")
    told = sends(colleague, asked, "writing", version=version, text="").content.decode()
    assert "Usa Prom has this inquiry open" in told
    assert "A word was added" not in told
    assert "A word was added" in sends(colleague, asked, "writing", version=version - 1, text="").content.decode()
    assert "Half an answ" in page_of(officer, asked)
    assert "Half an answ" not in page_of(colleague, asked)


def test_a_text_of_the_office_is_put_below_what_was_typed(asked, officer):
    officer.post(f"{DESK}templates/", {"language": "en", "title": "Thanks", "text": "Thank you for {reference}."})
    template = Template.objects.get()
    page = sends(officer, asked, "reply", act="begin", template=template.pk, text="My words.", version="2").content.decode()
    assert f"My words.\n\nThank you for {asked.reference}." in page
    assert sends(officer, asked, "reply", act="begin", template="nonsense", text="My words.", version="2").status_code == 200
    remove = f"{DESK}templates/{template.pk}/remove/"
    asked_first = officer.get(remove).content.decode()
    assert "Remove the text" in asked_first
    once = re.findall(r'name="once" value="([^"]+)"', asked_first)[0]
    assert Template.objects.exists()
    assert [officer.post(remove, {"once": once}).status_code for _ in range(2)] == [302, 302]
    assert not Template.objects.exists()


def test_a_text_of_the_office_speaks_of_day_and_kind_in_the_language_of_the_asker(asked):
    Inquiry.objects.filter(pk=asked.pk).update(language="th")
    asked.refresh_from_db()
    told = filled("{reference} {kind} {day} {corner} {other}", asked, NOON)
    assert asked.reference in told
    assert "/th/inquiries/" in told
    assert "2569 (2026)" in told
    assert told.endswith("{other}")


def test_late_ones_are_given_on_by_somebody_above_the_officers_who_sees_no_word(asked, people, officer, publisher, inquiry_officer):
    answering.assign(inquiry_id=asked.pk, to=inquiry_officer, by=inquiry_officer, at=clock.now())
    assert asked.reference not in publisher.get(f"{DESK}late/").content.decode()
    escalate(asked.due_at + timedelta(days=3))
    asked.refresh_from_db()
    assert asked.assigned_to is None, "it goes back to all"
    page = publisher.get(f"{DESK}late/").content.decode()
    assert asked.reference in page
    assert "courses" not in page
    assert asked.reference in publisher.get("/desk/").content.decode()
    assert publisher.get(f"{DESK}{asked.pk}/").status_code in (403, 404)
    assert officer.get(f"{DESK}late/").status_code == 403
    assert publisher.post(f"{DESK}{asked.pk}/give/", {"to": ""}).status_code == 422
    assert publisher.post(f"{DESK}{asked.pk}/give/", {"to": people.inquiry_colleague.pk}).status_code == 302
    asked.refresh_from_db()
    assert (asked.assigned_to, asked.state) == (people.inquiry_colleague, State.OPEN)


def test_only_who_sees_to_others_sees_which_are_very_late_and_none_of_their_words(asked, people, inquiry_officer):
    owner = people.publisher
    assert not Inquiry.very_late.visible_to(owner).exists(), "it is not late yet"
    escalate(asked.due_at + timedelta(days=3))
    assert list(Inquiry.very_late.visible_to(owner)) == [asked]
    for nobody in (inquiry_officer, people.colleague, people.stranger):  # those who answer see them in their own queue
        assert not Inquiry.very_late.visible_to(nobody).exists()
        with pytest.raises(NotFound):
            answering.give_late(inquiry_id=asked.pk, to=inquiry_officer, by=nobody, at=clock.now())
    sealed = {"subject", "email", "name", "comment"}
    assert Inquiry.very_late.visible_to(owner).get().get_deferred_fields() == sealed
    assert not Inquiry.objects.visible_to(owner).exists(), "the queue of those who answer stays closed to whoever only sees to it"
    Inquiry.objects.filter(pk=asked.pk).update(escalated_at=None)
    with pytest.raises(NotFound):
        answering.give_late(inquiry_id=asked.pk, to=inquiry_officer, by=owner, at=clock.now())


def test_the_tile_of_very_late_ones_counts_for_whom_it_is_shown(asked, publisher, officer):
    escalate(asked.due_at + timedelta(days=3))
    assert asked.reference in publisher.get("/desk/").content.decode()
    assert "Very late inquiries" not in officer.get("/desk/").content.decode()


def test_what_calls_for_no_answer_stands_in_a_queue_of_its_own(officer, people):
    silent = another(way="none", email="")
    assert silent.reference in officer.get(f"{DESK}?queue=read").content.decode()
    assert silent.reference not in officer.get(f"{DESK}?queue=waiting").content.decode()
    assert "hears nothing" in page_of(officer, silent, "split/")


def test_notes_tags_danger_and_states_are_changed_on_the_page(asked, officer):
    sends(officer, asked, "note", text="Ask the library.")
    sends(officer, asked, "tags", tags="law, figures")
    sends(officer, asked, "danger", act="raise")
    page = page_of(officer, asked)
    assert "Ask the library." in page
    assert "Somebody may be in danger" in page
    sends(officer, asked, "danger", act="lower")
    sends(officer, asked, "assign", act="take")
    sends(officer, asked, "move", act="close")
    asked.refresh_from_db()
    assert (asked.danger, asked.state, asked.assigned_to.name) == (False, State.CLOSED, "Usa Prom")
    assert sends(officer, asked, "move", act="invented").status_code == 404
    assert sends(officer, asked, "note", text="").status_code == 422


def test_joining_asks_first_and_says_at_the_field_what_is_missing(asked, officer):
    other = another()
    assert "cannot be taken back" in page_of(officer, other, "merge/")
    refused = sends(officer, other, "merge", into=asked.reference, reason="")
    assert refused.status_code == 422
    assert "The contacts differ" in refused.content.decode()
    assert sends(officer, other, "merge", into=asked.reference, reason="Said so.").status_code == 302


def test_one_word_becomes_an_inquiry_of_its_own(asked, officer):
    entry = asking.write_again(inquiry_id=asked.pk, text="And interpreters?", at=clock.now())
    assert "And interpreters?" in page_of(officer, asked, "split/")
    assert AuditEvent.objects.filter(action="inquiries:read", target_id=str(asked.pk)).count() == 1  # all words stand on it
    answer = sends(officer, asked, "split", entry=entry.pk, subject="Interpreters")
    assert Inquiry.objects.get(split_from=asked).pk.hex in answer["Location"].replace("-", "")


def test_nothing_crosses_that_was_not_shown(asked, officer):
    assert "How many courses were held?" in page_of(officer, asked, "hand-over/")
    shown = sends(officer, asked, "hand-over", act="show", **CROSSES).content.decode()
    assert "This crosses, and nothing else" in shown
    seen = re.findall(r'name="seen" value="(\w+)"', shown)[0]
    go = {**CROSSES, "act": "hand_over", "seen": seen}
    assert "Tick this" in sends(officer, asked, "hand-over", **go).content.decode()
    changed = sends(officer, asked, "hand-over", **{**go, "sure": "on", "text": "Something else."})
    assert "have changed since you looked" in changed.content.decode()
    assert Inquiry.objects.get().state == State.NEW
    assert sends(officer, asked, "hand-over", **{**go, "sure": "on"}).status_code == 302
    assert Inquiry.objects.get().state == State.HANDED_OVER
    page = page_of(officer, asked)
    assert "Nothing stands here any more" in page
    joined = another()
    Inquiry.objects.filter(pk=joined.pk).update(state=State.MERGED, merged_into=asked, due_at=None)
    for told in (page, page_of(officer, joined)):
        assert "Keep the note" not in told


@pytest.mark.parametrize("part", ["", "merge/", "split/", "hand-over/", "files/word/"])
def test_what_is_being_written_and_not_sent_is_not_there_for_the_desk(people, officer, part):
    held = asking.hold(question=Question("other", "x", "y", "en", "", "code"), at=clock.now())
    assert officer.get(f"{DESK}{held.pk}/{part}").status_code == 404


def test_a_public_answer_needs_a_second_person(officer, colleague, portal):
    told = {"language": "en", "question": "How long does it take?", "text": "A few days at most.", "topic": "time"}
    officer.post(f"{DESK}answers/new/", told)
    answer = Answer.objects.get()
    assert "Another officer makes it public" in officer.get(f"{DESK}answers/").content.decode()
    assert officer.post(f"{DESK}answers/{answer.pk}/publish/").status_code == 403
    address = f"/en/inquiries/answers/{answer.pk}/"
    assert officer.get(address).status_code == 404
    colleague.post(f"{DESK}answers/{answer.pk}/publish/")
    assert "A few days at most." in officer.get(address).content.decode()
    officer.post(f"{DESK}answers/{answer.pk}/", {**told, "text": "Three days at most."})
    assert Answer.objects.get().state == FaqState.PROPOSED
    assert officer.get(address).status_code == 404
    colleague.post(f"{DESK}answers/{answer.pk}/publish/")
    assert Answer.objects.get().state == FaqState.PROPOSED or Answer.objects.get().approved_by
    colleague.post(f"{DESK}answers/{answer.pk}/withdraw/")
    assert officer.get(address).status_code == 404


def test_what_gives_a_person_away_does_not_become_public(officer, people):
    told = {"language": "en", "question": "What became of her?", "text": "The girl N., 14 years old, was sent home.", "topic": ""}
    refused = officer.post(f"{DESK}answers/new/", told)
    assert refused.status_code == 422
    assert told["text"] in refused.content.decode()
    assert not Answer.objects.exists()


def test_the_same_question_stands_once_in_a_language(officer, inquiry_officer):
    one = publishing.propose(language="en", question="Q?", text="A.", topic="", by=inquiry_officer, at=clock.now())
    again = officer.post(f"{DESK}answers/new/?of={one.pk}", {"language": "en", "question": "Q?", "text": "A.", "topic": ""})
    assert again.status_code == 422
    assert officer.post(f"{DESK}answers/new/?of={one.pk}", {"language": "th", "question": "ถาม", "text": "ตอบ", "topic": ""}).status_code == 302
    assert Answer.objects.values("group").distinct().count() == 1


def test_figures_show_small_numbers_only_as_small(asked, officer):
    for _ in range(6):
        count("answered_3d", asked, clock.now())
    page = officer.get(f"{DESK}figures/").content.decode()
    assert "&lt;5" in page
    assert "within three days" in page
    file = officer.get(f"{DESK}figures/?as=csv")
    assert file["Content-Type"].startswith("text/csv")
    assert "came in,<5,0" in file.content.decode()
    assert "half of the first answers came,within three days,–" in file.content.decode()


def test_figures_are_of_one_kind_or_language_when_asked(asked, officer):
    for _ in range(7):
        count("came", asked, clock.now())
    assert "came in,8," in officer.get(f"{DESK}figures/?as=csv&kind=research&language=en").content.decode()
    assert "came in,0," in officer.get(f"{DESK}figures/?as=csv&kind=media").content.decode()
    assert MonthlyFigure.objects.get().count == 8


def test_my_day_leads_to_what_waits(asked, officer):
    page = officer.get("/desk/").content.decode()
    assert "Inquiries to answer" in page
    assert asked.reference in page
    assert "courses" not in page
