"""The desk's pages of issues and the archive, as a browser asks for them."""

import re
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from saphan.core import clock
from saphan.core.errors import Refused
from saphan.core.outbox import run_once
from saphan.portal.mailroom import posting
from saphan.portal.newsletter import drafting, editing, scheduling
from saphan.portal.newsletter.begin import begin, draft_of_the_month
from saphan.portal.newsletter.drafting import DRAFT_DAY
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
    asked_first = publisher.post(url("schedule", draft.pk), {"on": "", "hour": ""})
    assert asked_first.status_code == 200
    assert "at once?" in asked_first.content.decode()
    draft.refresh_from_db()
    assert draft.scheduled_at is None, "one click mails nobody"
    assert publisher.post(url("schedule", draft.pk), {"on": "", "hour": "", "sure": "at_once"}).status_code == 302
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


def leaves(issue, portal):
    scheduling.finish_writing(issue_id=issue.pk, by=portal.editor, at=NOON)
    scheduling.schedule(issue_id=issue.pk, when=NOON, by=portal.publisher, at=NOON)
    begin(issue_id=issue.pk, at=NOON)


def test_what_has_left_is_withdrawn_from_archive_search_and_feed_and_a_corrected_one_has_its_own_address(draft, publisher, portal, english):
    leaves(draft, portal)
    assert "Withdraw the issue…" in publisher.get(url("issue", draft.pk)).content.decode()
    page = publisher.get(url("withdraw", draft.pk)).content.decode()
    ticked = re.findall(r'name="editions" value="([^"]+)"', page)
    assert publisher.post(url("withdraw", draft.pk), {"editions": []}).status_code == 422
    assert publisher.post(url("withdraw", draft.pk), {"editions": ticked[:1]}).status_code == 422, "first hold the sender"
    assert publisher.post(url("withdraw", draft.pk), {"editions": ticked}).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.withdrawn_by) == ("cancelled", portal.publisher)
    reader = Client()
    gone = reader.get("/en/newsletter/archive/2007-08/")
    assert gone.status_code == 410
    assert english.items.first().title not in gone.content.decode()
    assert "Newsletter, August 2007" not in reader.get("/en/newsletter/archive/").content.decode()
    assert not SearchEntry.objects.filter(kind="newsletter").exists()
    assert "August 2007" not in reader.get("/feeds/newsletter.en.rss").content.decode()
    assert publisher.get(url("withdraw", draft.pk)).status_code == 403

    corrected = drafting.draft(month=AUGUST, by=portal.editor, at=NOON)
    leaves(corrected, portal)
    assert corrected.slug == "2007-08-2"
    assert "Newsletter, August 2007 (2)" in reader.get("/en/newsletter/archive/2007-08-2/").content.decode()
    assert "/en/newsletter/archive/2007-08-2/" in reader.get("/en/newsletter/archive/2007-08/").content.decode()
    listed = reader.get("/en/newsletter/archive/").content.decode()
    assert listed.count("/en/newsletter/archive/2007-08") == listed.count("/en/newsletter/archive/2007-08-2/") == 1
    assert reader.get("/en/newsletter/archive/2007-08-1/").status_code == 404
    assert reader.get("/en/newsletter/archive/2007-08-3/").status_code == 404


def test_one_edition_is_withdrawn_and_the_others_stay(draft, publisher, portal, english):
    leaves(draft, portal)
    publisher.post(url("pause", draft.pk))
    assert publisher.post(url("withdraw", draft.pk), {"editions": [str(english.pk)]}).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.withdrawn_at) == ("paused", None)
    assert Client().get("/en/newsletter/archive/2007-08/").status_code == 410
    assert Client().get("/th/newsletter/archive/2007-08/").status_code == 200
    assert "withdrawn" in publisher.get(url("issue", draft.pk)).content.decode()


def test_an_issue_that_is_cancelled_on_its_way_may_be_taken_from_the_archive_with_it(draft, publisher, editor, portal):
    leaves(draft, portal)
    assert "take it out of the archive" in publisher.get(url("cancel", draft.pk)).content.decode()
    assert editor.get(url("withdraw", draft.pk)).status_code == 403
    assert publisher.post(url("cancel", draft.pk), {"also": "withdraw"}).status_code == 302
    assert Client().get("/en/newsletter/archive/2007-08/").status_code == 410


def test_the_issue_of_the_month_drafts_itself_and_my_day_reminds(editor, portal):
    early, day = NOON.replace(day=DRAFT_DAY - 1), NOON.replace(day=DRAFT_DAY)
    assert draft_of_the_month(early) == 0
    with clock.stopped_at(day):
        assert "no issue yet" in editor.get("/desk/").content.decode()
        assert draft_of_the_month(day) == 1
        issue = Issue.objects.get()
        assert (issue.month.month, issue.state, issue.changed_by) == (day.month, "draft", None)
        assert draft_of_the_month(day) == 1, "it follows what becomes public"
        assert "no issue yet" not in editor.get("/desk/").content.decode()
        assert url("issue", issue.pk) in editor.get("/desk/").content.decode()
        for page in ("list", "issue"):
            assert editor.get(url(page, *([issue.pk] if page == "issue" else []))).status_code == 200
        assert drafting.draft(month=day.date(), by=portal.editor, at=day) == issue
        assert draft_of_the_month(day) == 0, "it is the editor's now"
        scheduling.cancel(issue_id=issue.pk, by=portal.publisher, at=day)
        assert draft_of_the_month(day) == 0, "what somebody has cancelled is left to people"


def test_who_calls_an_untouched_draft_ready_does_not_give_the_date(portal):
    entry = SearchEntry.objects.filter(language="en", kind="news").values_list("pk", flat=True)[0]
    SearchEntry.objects.filter(pk=entry).update(published_on=NOON.date())
    draft_of_the_month(NOON.replace(day=DRAFT_DAY))
    issue = Issue.objects.get()
    scheduling.finish_writing(issue_id=issue.pk, by=portal.publisher, at=NOON)
    with pytest.raises(Refused):
        scheduling.schedule(issue_id=issue.pk, when=NOON, by=portal.publisher, at=NOON)


def test_issues_of_one_month_that_have_left_are_numbered_by_their_order(draft, portal):
    Issue.objects.filter(pk=draft.pk).update(state="cancelled", begun_at=NOON - timedelta(days=1))
    other = Issue.objects.create(month=AUGUST, drafted_at=NOON, changed_at=NOON, state="cancelled", number=7, begun_at=NOON)
    import_module("saphan.portal.newsletter.migrations.0002_wishes_and_withdrawals").number_what_has_left(apps, None)
    assert list(Issue.objects.order_by("number").values_list("pk", "number")) == [(draft.pk, 1), (other.pk, 2)]
