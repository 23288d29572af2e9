"""Pages come and go by the clock; what the check stops stays a draft, and the editors are told."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageLogEntry

from saphan.core.models import OutboxMessage
from saphan.core.upkeep import CHORES, EVERY
from saphan.portal.editors.calendar import HELD, MINUTE, keep_the_calendar
from saphan.portal.editors.models import PassedFinding
from saphan.portal.editors.tests.writing import draft, public
from saphan.portal.search.models import SearchEntry
from tests.people import client_of

pytestmark = pytest.mark.django_db
SOFT = "<p>Call 02 123 4567.</p>"


def schedule(page, by, publisher, *, minutes=10, **fields):
    page.go_live_at = timezone.now() + timedelta(minutes=minutes)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(user=by).publish(user=publisher)
    page.refresh_from_db()
    return page


def later(minutes=11):
    return timezone.now() + timedelta(minutes=minutes)


def test_the_worker_looks_at_the_calendar_each_minute():
    assert CHORES["pages by the clock"] is keep_the_calendar
    assert EVERY["pages by the clock"] == MINUTE


def test_a_page_becomes_public_at_its_time_and_not_before(portal, editor, publisher, monkeypatch):
    page = schedule(draft(by=editor, title="For tomorrow"), editor, publisher)
    assert not page.live
    assert keep_the_calendar(timezone.now()) is None
    come(monkeypatch)
    assert keep_the_calendar(later()) == "1 published, 0 held back, 0 expired"
    page.refresh_from_db()
    assert page.live
    assert "For tomorrow" in Client().get("/en/news/").content.decode()
    assert keep_the_calendar(later()) is None


def come(monkeypatch, minutes=11):
    """The moment has come: Wagtail asks the clock itself whether a page's time is past."""
    real = timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: real() + timedelta(minutes=minutes))


def test_a_newer_version_of_a_public_page_waits_for_its_time(portal, editor, publisher, monkeypatch):
    page = public(by=editor, publisher=publisher, title="As it was")
    schedule(page, editor, publisher, title="As it will be")
    assert page.live
    assert page.title == "As it was"
    at = later()
    come(monkeypatch)
    keep_the_calendar(at)
    page.refresh_from_db()
    assert page.title == "As it will be"


def test_an_expired_page_leaves_site_search_and_feeds(portal, editor, publisher, monkeypatch):
    page = public(by=editor, publisher=publisher, title="Until tonight", expire_at=timezone.now() + timedelta(minutes=10))
    assert SearchEntry.objects.filter(key=f"page:{page.pk}").exists()
    assert keep_the_calendar(later()) == "0 published, 0 held back, 1 expired"
    page.refresh_from_db()
    assert (page.live, page.expired) == (False, True)
    assert Client().get(f"/en/news/{page.slug}/").status_code == 404
    assert not SearchEntry.objects.filter(key=f"page:{page.pk}").exists()
    assert "Until tonight" not in Client().get("/feeds/news.rss").content.decode()


def test_what_the_check_stops_at_its_time_stays_a_draft_and_the_editors_are_told_without_a_word_of_it(portal, editor, publisher, monkeypatch):
    page = draft(SOFT, by=editor, title="Held title")
    reason = PassedFinding.objects.create(
        page=page, key=_key(page), rule="telephone", reason="the ministry's own number", by=publisher, at=timezone.now()
    )
    schedule(page, editor, publisher)
    reason.delete()  # the publisher took it back, or the rules have become stricter since
    good = schedule(draft(by=editor, title="Good"), editor, publisher)
    at = later()
    come(monkeypatch)
    assert keep_the_calendar(at) == "1 published, 1 held back, 0 expired"
    page.refresh_from_db()
    good.refresh_from_db()
    assert (page.live, good.live) == (False, True)
    assert page.get_latest_revision().approved_go_live_at is None
    letters = OutboxMessage.objects.filter(topic="mail", key__startswith="held back")
    assert {letter.payload["to"] for letter in letters} == {editor.email, publisher.email}
    for letter in letters:
        assert f"/cms/check/{page.pk}/" in letter.payload["body"]
        assert "Held title" not in str(letter.payload)
        assert "123" not in letter.payload["body"].replace(str(page.pk), "")
    assert PageLogEntry.objects.filter(page=page.pk, action=HELD).count() == 1
    assert "was stopped by the check" in client_of(editor).get(f"/cms/check/{page.pk}/").content.decode()
    assert keep_the_calendar(at) is None, "it is not tried again each minute"


def test_a_page_that_breaks_does_not_keep_the_others_from_their_day(portal, editor, publisher, monkeypatch, caplog):
    broken, good = (
        schedule(draft(by=editor, title="Broken"), editor, publisher, minutes=5),
        schedule(draft(by=editor, title="Good"), editor, publisher),
    )
    from wagtail.models import Revision

    publish = Revision.publish

    def fail(self, *args, **kwargs):
        if self.object_id == str(broken.pk):
            raise RuntimeError("CANARY")
        return publish(self, *args, **kwargs)

    monkeypatch.setattr(Revision, "publish", fail)
    at = later()
    come(monkeypatch)
    keep_the_calendar(at)
    good.refresh_from_db()
    assert good.live
    assert "RuntimeError" in caplog.text
    assert "CANARY" not in caplog.text


def _key(page):
    from saphan.portal.editors.checking import findings_on

    return findings_on(page)[0].key
