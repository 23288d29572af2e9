"""The desk's pages of issues and the archive, as a browser asks for them."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from saphan.core import clock
from saphan.core.outbox import run_once
from saphan.portal.mailroom import posting
from saphan.portal.newsletter import drafting, editing, scheduling
from saphan.portal.newsletter.begin import begin
from saphan.portal.newsletter.issue_states import Fate
from saphan.portal.newsletter.issues import Delivery, Issue
from saphan.portal.newsletter.testing import make
from saphan.portal.search.models import SearchEntry
from tests.people import NOON, client_of

AUGUST = date(2007, 8, 1)


@pytest.fixture
def draft(portal):
    return drafting.draft(month=AUGUST, by=portal.editor, at=NOON)


@pytest.fixture
def english(draft):
    return draft.editions.get(language="en", country="")


@pytest.fixture
def editor(portal):
    return client_of(portal.editor)


@pytest.fixture
def publisher(portal):
    return client_of(portal.publisher)


def url(name, *args):
    return reverse(f"newsletter_desk:{name}", args=args)


def test_the_editor_drafts_from_the_list(editor, portal):
    page = editor.get(url("list"))
    assert "No issue yet" in page.content.decode()
    first = re.findall(r'<option value="([\d-]+)"', page.content.decode())[0]
    answer = editor.post(url("draft"), {"month": first})
    assert answer["Location"] == url("issue", Issue.objects.get().pk)
    assert editor.post(url("draft"), {"month": first}).status_code == 422
    assert editor.post(url("draft"), {"month": "1999-01-01"}).status_code == 422


def test_every_page_of_an_issue_opens_for_the_editor_in_both_languages(editor, draft, english, portal):
    for language in ("en", "th"):
        portal.editor.language = language
        portal.editor.save()
        for address in [
            url("list"),
            url("issue", draft.pk),
            url("edition", english.pk),
            url("preview", english.pk),
            url("preview", english.pk) + "?discreet=1",
            url("letters", draft.pk),
            url("progress", draft.pk),
        ]:
            assert editor.get(address).status_code == 200, address


def test_a_stranger_has_no_such_pages(draft, english, portal):
    stranger = client_of(portal.stranger)
    assert {stranger.get(address).status_code for address in [url("list"), url("issue", draft.pk), url("edition", english.pk)]} == {403}


def test_the_letter_in_the_frame_may_do_nothing_but_show_itself(editor, english):
    answer = editor.get(url("letter", english.pk) + "?scheme=dark")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "@media all" in answer.content.decode()
    assert "frame-src 'self'" in editor.get(url("preview", english.pk))["Content-Security-Policy"]


def test_an_item_gets_other_words_another_place_and_is_hidden(editor, english):
    item = editing.in_order(english)[0]
    asked = {f"{item.pk.hex}-title": "Plain words", f"{item.pk.hex}-summary": ""}
    assert editor.post(url("write_item", item.pk), asked).status_code == 302
    assert editor.post(url("write_item", item.pk), {f"{item.pk.hex}-title": "", f"{item.pk.hex}-summary": "Kept as typed"}).status_code == 422
    assert (
        b"Kept as typed" in editor.post(url("write_item", item.pk), {f"{item.pk.hex}-title": "", f"{item.pk.hex}-summary": "Kept as typed"}).content
    )
    assert editor.post(url("move", item.pk), {"position": "2"}).status_code == 302
    assert editor.post(url("move", item.pk), {"position": "two"}).status_code == 422
    assert editor.post(url("hide", item.pk)).status_code == 302
    assert editor.post(url("show", item.pk)).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.hidden, item.place) == ("Plain words", False, 2)
    assert editor.post(url("drop", item.pk)).status_code == 422


def test_something_is_found_and_added(editor, english):
    other = SearchEntry.objects.filter(language="en", kind="news").exclude(permanent__in=english.items.values("permanent"))[0]
    page = editor.get(url("edition", english.pk), {"q": other.title}).content.decode()
    assert other.key in page
    assert editor.post(url("add", english.pk), {"key": other.key}).status_code == 302
    assert editor.post(url("add", english.pk), {"key": other.key}).status_code == 422
    item = english.items.get(key=other.key)
    assert editor.post(url("drop", item.pk)).status_code == 302


def test_a_test_letter_goes_to_who_asks(editor, english, portal, mailoutbox):
    assert editor.post(url("test", english.pk), {"face": "plain"}).status_code == 302
    while run_once():
        pass
    assert [mail.to for mail in mailoutbox] == [[portal.editor.email]]
    discreet, plain = (make(f"{english.pk} {portal.editor.pk} {face}") for face in ("discreet", "plain"))
    assert discreet
    assert plain
    assert discreet.subject.startswith("Your monthly reading")
    assert posting.MAKERS["newsletter.test"] is make
    assert not [name for name, _value in plain.headers if name == "List-Unsubscribe"]


def test_from_ready_to_cancelled_on_the_screen(editor, publisher, draft):
    assert editor.post(url("finish_writing", draft.pk)).status_code == 302
    assert editor.post(url("schedule", draft.pk)).status_code == 403
    assert publisher.post(url("schedule", draft.pk), {"on": "31/31/2026", "hour": ""}).status_code == 422
    assert publisher.post(url("schedule", draft.pk), {"on": "1/1/2020", "hour": "09:00"}).status_code == 422
    assert publisher.post(url("schedule", draft.pk), {"on": "", "hour": "09:00"}).status_code == 422
    assert publisher.post(url("schedule", draft.pk), {"on": "", "hour": ""}).status_code == 302
    begin(issue_id=draft.pk, at=clock.now() + timedelta(minutes=1))
    assert publisher.post(url("pause", draft.pk)).status_code == 302
    assert publisher.post(url("resume", draft.pk)).status_code == 302
    assert b"cannot be undone" in publisher.get(url("cancel", draft.pk)).content
    assert publisher.post(url("cancel", draft.pk)).status_code == 302
    assert publisher.post(url("resume", draft.pk)).status_code == 409


def test_the_progress_shows_numbers_and_lists_letters_without_addresses(publisher, draft, english):
    Issue.objects.filter(pk=draft.pk).update(state="sending", scheduled_at=NOON, scheduled_by=draft.changed_by, begun_at=NOON, queued_at=NOON)
    for n, fate in enumerate([Fate.SENT, Fate.SENT, Fate.UNCERTAIN, Fate.QUEUED]):
        Delivery.objects.create(issue=draft, edition=english, state=fate, code=250 * (n < 2), changed_at=NOON)
    page = publisher.get(url("progress", draft.pk)).content.decode()
    assert "3 of 4 letters are settled" in page
    assert 'value="3" max="4"' in page
    assert "hx-get" in page
    assert "Send once more" in publisher.get(url("ask_again", draft.pk)).content.decode()
    assert publisher.get(url("letters", draft.pk) + "?fate=queued").status_code == 404


def test_a_sent_issue_stands_in_the_archive_the_search_and_the_feed(draft, english, portal):
    reader = Client()
    assert reader.get("/en/newsletter/archive/").status_code == 200
    assert reader.get("/en/newsletter/archive/2007-08/").status_code == 404
    scheduling.finish_writing(issue_id=draft.pk, by=portal.editor, at=NOON)
    scheduling.schedule(issue_id=draft.pk, when=NOON, by=portal.publisher, at=NOON)
    begin(issue_id=draft.pk, at=NOON)
    title = english.items.first().title
    assert title in reader.get("/en/newsletter/archive/2007-08/").content.decode()
    assert "Newsletter, August 2007" in reader.get("/en/newsletter/archive/").content.decode()
    assert reader.get("/th/newsletter/archive/2007-08/").status_code == 200
    assert reader.get("/en/newsletter/archive/2007-13/").status_code == 404
    assert reader.get("/en/newsletter/archive/nonsense/").status_code == 404
    entry = SearchEntry.objects.get(kind="newsletter", language="en", countries=[])
    assert entry.url == "/en/newsletter/archive/2007-08/"
    feed = reader.get("/feeds/newsletter.en.rss").content.decode()
    assert "Newsletter, August 2007" in feed
    assert title.split()[0] in feed
