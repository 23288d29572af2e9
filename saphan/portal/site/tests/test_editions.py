import os
import time

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from wagtail.models import Page

from saphan.core.milestones import Milestone
from saphan.core.outbox import run_once
from saphan.directory.models import Country
from saphan.portal.rendered import edition
from saphan.portal.rendered.edition import BELIEVED, DUE, PATIENCE, ROW, TOPIC, present, renew, sweep
from tests.people import NOON

pytestmark = pytest.mark.django_db
ABOUT = "/en/about/"


@pytest.fixture
def reader(portal, store):
    present()
    return Client()


def article(path=ABOUT):
    return Page.objects.get(url_path__endswith=path.removeprefix("/en"), locale__language_code="en").specific


def grow_old(store, seconds):
    at = time.time() - seconds
    os.utime(store / "stamp", (at, at))


def renewed_in_vain():
    """A part of a transaction that is rolled back."""
    with transaction.atomic():
        renew()
        transaction.set_rollback(True)


def publish(page, title, people):
    page.title = title
    page.save_revision(user=people.editor).publish(user=people.publisher)


def test_a_published_change_is_seen_at_once(reader, portal, committed):
    assert "Brand new" not in reader.get(ABOUT).content.decode()
    with committed():
        publish(article(), "Brand new", portal)
    assert "Brand new" in reader.get(ABOUT).content.decode()


def test_a_draft_changes_nothing(reader, portal, committed):
    before = present()
    with committed() as calls:
        page = article()
        page.title = "Half a thought"
        page.save_revision(user=portal.editor)
    assert present() == before
    assert not any(call is edition._renewed for call in calls)


def test_a_new_draft_page_changes_nothing(reader, portal, committed):
    from saphan.portal.site.models import StandardPage

    before = present()
    with committed():
        home = Page.objects.get(slug="home-en")
        home.add_child(instance=StandardPage(title="Later", slug="later", body="<p>Not yet</p>", live=False, locale=home.locale))
    assert present() == before


@pytest.mark.parametrize("act", ["unpublish", "delete", "move"])
def test_a_page_that_goes_is_gone_at_once(reader, committed, act):
    assert reader.get(ABOUT).status_code == 200
    with committed():
        page = article()
        if act == "move":
            page.slug = "elsewhere"
            page.save()
        else:
            getattr(page, act)()
    assert reader.get(ABOUT).status_code != 200


def test_a_word_that_many_pages_show_renews_all(reader, committed):
    before = present()
    with committed():
        Country.objects.get(pk="LA").save()
    assert present() != before


def test_one_transaction_renews_once_and_a_rolled_back_one_not_at_all(reader, committed):
    with committed() as calls:
        renew()
        renew()
    assert sum(call is edition._renewed for call in calls) == 1
    before = Milestone.objects.get(name=ROW).version
    renewed_in_vain()
    assert Milestone.objects.get(name=ROW).version == before


def test_a_change_after_a_rolled_back_part_still_renews(reader, committed):
    with committed() as calls:
        renewed_in_vain()
        renew()
    assert sum(call is edition._renewed for call in calls) == 1


def test_after_a_death_between_commit_and_stamp_the_worker_renews(reader):
    before = present()
    renew()  # the commit's callbacks never run in this test: as if the process had died there
    assert present() == before
    assert run_once() >= 1
    assert present() != before


def test_another_machine_sees_it_within_a_minute_even_without_a_worker(reader, store):
    before = present()
    renew()
    grow_old(store, BELIEVED - 5)
    assert present() == before
    grow_old(store, BELIEVED + 1)
    assert present() != before


def test_the_stamp_is_compared_after_the_answer_has_left(reader, store, django_assert_num_queries):
    reader.get(ABOUT)
    renew()
    grow_old(store, DUE + 1)
    before = present()
    reader.get(ABOUT)  # the test client closes the answer as a server does
    assert present() != before


def test_a_stamp_from_the_future_is_compared(reader, store):
    before = present()
    renew()
    grow_old(store, -3600)
    assert present() != before


def test_stored_pages_outlive_a_database_that_is_away_but_not_for_ever(reader, store, monkeypatch):
    def away():
        raise DatabaseError

    first = present()
    monkeypatch.setattr(edition, "_token", away)
    grow_old(store, BELIEVED + 1)
    assert present() == first
    edition._resting["until"] = 0.0
    grow_old(store, PATIENCE + 1)
    assert present() is None


def test_a_stamp_that_cannot_be_written_closes_the_store(reader, store, monkeypatch):
    def full(token):
        raise OSError(28, "No space left on device")

    renew()
    monkeypatch.setattr(edition, "_write", full)
    assert edition.confirm() is None
    monkeypatch.undo()
    assert present() is not None


def test_another_day_and_another_program_are_another_edition(reader, monkeypatch):
    token, _program, day = str(present()).split("-")
    monkeypatch.setattr(edition, "fingerprint", lambda: "changed")
    assert present() == f"{token}-changed-{day}"


def test_folders_of_earlier_editions_are_thrown_away(reader, store, committed):
    reader.get(ABOUT)
    old = store / present()
    assert old.is_dir()
    with committed():
        renew()
    reader.get(ABOUT)
    assert sweep(NOON) == 1
    assert not old.exists()
    assert (store / present()).is_dir()


def test_a_release_taken_by_another_surface_renews_too(reader, store):
    from datetime import UTC, datetime

    from saphan.releases.models import Release

    before = present()
    Release.objects.bulk_create(
        [Release(kind="x", key="y", seq=1, digest="", signature="", key_id="", published_at=datetime(2026, 1, 1, tzinfo=UTC))]
    )
    grow_old(store, BELIEVED + 1)
    assert present() != before


def test_the_topic_has_its_handler():
    from saphan.core.outbox import HANDLERS

    assert TOPIC in HANDLERS
