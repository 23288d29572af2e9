"""The check stops a publication on every way: by a publisher, by many at once, by the workflow, by the operator; and says why."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from saphan.audit.models import AuditEvent
from saphan.core import clock
from saphan.core.errors import Invalid, Refused
from saphan.portal.editors.checking import findings_on, report_on
from saphan.portal.editors.models import PassedFinding
from saphan.portal.editors.passing import pass_findings
from saphan.portal.editors.tests.writing import draft
from saphan.portal.library.models import DocumentPage
from saphan.portal.pages import PublicPage, StopsPublication
from saphan.portal.site.models import HelpPage, HomePage, StandardPage
from saphan.portal.site.tests.test_editors import form_of
from tests.people import client_of

pytestmark = pytest.mark.django_db
HARD = "<p>A 17-year-old N. was found.</p>"
SOFT = "<p>Call 02 123 4567.</p>"


def check_page(page):
    return reverse("editors:check", args=[page.pk])


def publish_by_hand(page, by):
    return page.get_latest_revision().publish(user=by)


def test_the_demonstration_and_all_frames_raise_no_false_alarm(portal):
    pages = [page for page in Page.objects.live().filter(depth__gt=1).specific() if isinstance(page, PublicPage)]
    assert len({page.locale.language_code for page in pages}) == 6
    assert len(pages) > 40
    assert {page.slug: findings_on(page) for page in pages if findings_on(page)} == {}


def test_a_publisher_is_stopped_led_to_the_reason_and_the_draft_is_kept(portal, editor, publisher):
    page = draft(by=editor)
    typed = form_of(page, title="A 17-year-old N. was found")
    client_of(editor).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), typed)
    answer = client_of(publisher).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), {**typed, "action-publish": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == check_page(page)
    shown = answer.content.decode()
    assert "Not published: 1 passage could give a person away" in shown
    assert "<mark>17-year-old N.</mark>" in shown
    page.refresh_from_db()
    assert not page.live
    assert page.get_latest_revision().content["title"] == "A 17-year-old N. was found"


def test_a_workflow_is_stopped_and_stays_open(portal, editor, publisher):
    page = draft(by=editor)
    client_of(editor).post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(page, introduction="N., 17, was found.", **{"action-submit": "1"})
    )
    page.refresh_from_db()
    state = page.current_workflow_task_state
    answer = client_of(publisher).post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]), {"next": "/cms/", "comment": ""}
    )
    assert answer["Location"] == check_page(page)
    page.refresh_from_db()
    assert not page.live
    assert page.current_workflow_task_state.pk == state.pk
    assert page.current_workflow_task_state.status == "in_progress"


def test_a_submitted_text_goes_public_by_the_second_person(portal, editor, publisher):
    page = draft(by=editor)
    client_of(editor).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(page, title="Submitted", **{"action-submit": "1"}))
    page.refresh_from_db()
    state = page.current_workflow_task_state
    assert client_of(editor).post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]), {"comment": ""}
    ).status_code in (302, 403)
    page.refresh_from_db()
    assert not page.live
    client_of(publisher).post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]), {"next": "/cms/", "comment": ""})
    page.refresh_from_db()
    assert page.live
    assert "Submitted" in Client().get(page.get_url()).content.decode()


def test_many_at_once_are_stopped(portal, editor, publisher):
    page = draft(HARD, by=editor)
    answer = client_of(publisher).post(f"/cms/bulk/wagtailcore/page/publish/?id={page.pk}", {"next": "/cms/"})
    assert answer["Location"] == check_page(page)
    page.refresh_from_db()
    assert not page.live


def test_a_new_page_cannot_be_published_in_one_go(portal, publisher):
    parent = draft().get_parent()
    answer = client_of(publisher).post(
        reverse("wagtailadmin_pages:add", args=["portal_news", "newsarticlepage", parent.pk]),
        {**form_of(draft(), title="N., 17, was found", slug="x"), "action-publish": "1"},
    )
    made = Page.objects.get(slug="x")
    assert not made.live
    assert answer.status_code == 302


@pytest.mark.parametrize("by", ["publisher", None])
def test_a_revision_cannot_be_published_past_the_check_by_person_or_operator(portal, editor, publisher, by):
    page = draft(HARD, by=editor)
    with pytest.raises(StopsPublication) as stop:
        publish_by_hand(page, publisher if by else None)
    assert stop.value.look_at == check_page(page)
    assert "17" not in stop.value.sentence
    assert "N." not in stop.value.sentence.removeprefix("N")
    page.refresh_from_db()
    assert not page.live


@pytest.mark.parametrize("kind", [HomePage, StandardPage, HelpPage, DocumentPage])
def test_every_type_of_page_is_checked(portal, kind):
    page = kind.objects.live().filter(locale__language_code="en").first() or kind(title="x", introduction="")
    page.introduction = "น้องแก้ว อายุ 14 ปี"
    assert [f.rule for f in findings_on(page)] == ["age"]


def test_blocks_of_a_page_are_checked_and_their_public_numbers_are_not(portal):
    page = HelpPage.objects.live().filter(locale__language_code="en").get()
    page.hotlines = [
        (
            "hotline",
            {"country": "Thailand", "name": "Office", "number": "02 999 9999", "hours": "", "note": "Ask for Noi, 17, there", "confirmed_on": None},
        )
    ]
    assert [f.rule for f in findings_on(page)] == ["age"]
    page.introduction = "Call 02 999 9999."
    assert [f.rule for f in findings_on(page)] == ["age"], "the page's own hotline is known"


def test_a_picture_needs_words_rights_and_consent(portal, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    page = draft()
    page.picture = Image.objects.create(title="Bridge", file=get_test_image_file())
    assert [f.why.split(":")[0][:30] for f in findings_on(page)] == [
        "The picture has no words for r",
        "The picture has no rights",
        "It is not said whether somebod",
    ]
    page.picture_alt, page.picture_rights, page.picture_consent = "A bridge", "Ours", "nobody"
    assert findings_on(page) == []
    page.body = '<p>x</p><embed embedtype="image" id="1" format="left" alt="x"/>'
    assert [f.rule for f in findings_on(page)] == ["picture"]


def test_a_map_behind_a_link_is_found(portal):
    page = draft('<p><a href="https://www.google.com/maps/place/somewhere">here</a></p>')
    assert [f.rule for f in findings_on(page)] == ["coordinates"]


def test_a_publisher_passes_a_number_with_a_reason_that_is_kept_and_audited(portal, editor, publisher):
    page = draft(SOFT, by=editor)
    with pytest.raises(StopsPublication):
        publish_by_hand(page, publisher)
    client, [finding] = client_of(publisher), report_on(page).asking
    answer = client.post(check_page(page), {f"reason-{finding.key}": "The ministry's own switchboard"}, follow=True)
    assert "1 reason kept" in answer.content.decode()
    assert "The ministry&#x27;s own switchboard" in answer.content.decode()
    publish_by_hand(page, publisher)
    page.refresh_from_db()
    assert page.live
    event = AuditEvent.objects.filter(action="pages:pass_finding").get()
    assert (event.actor, event.target_id, event.fields) == (publisher.actor_id, str(page.pk), "telephone")
    assert "02 123" not in str(vars(event).values())


def test_a_reason_holds_as_long_as_its_passage_stands(portal, editor, publisher):
    page = draft(SOFT, by=editor)
    pass_findings(page=page, reasons={report_on(page).asking[0].key: "The ministry's own switchboard"}, by=publisher, at=clock.now())
    page.body = "<p>Call 02 123 4567 by day.</p>"
    page.save_revision(user=editor).publish(user=publisher)
    page.body = "<p>Call 02 123 4568 by day.</p>"
    with pytest.raises(StopsPublication):
        page.save_revision(user=editor).publish(user=publisher)


def test_a_short_reason_is_refused_and_what_was_typed_stays(portal, editor, publisher):
    page = draft(SOFT, by=editor)
    key = report_on(page).asking[0].key
    answer = client_of(publisher).post(check_page(page), {f"reason-{key}": "okay"})
    assert answer.status_code == 422
    assert 'value="okay"' in answer.content.decode()
    assert "at least 10 letters" in answer.content.decode()
    with pytest.raises(Invalid):
        pass_findings(page=page, reasons={"0" * 64: "a passage that is not there"}, by=publisher, at=clock.now())
    assert not PassedFinding.objects.exists()


def test_neither_an_editor_nor_the_writer_passes_and_nobody_passes_what_stops(portal, editor, publisher):
    page = draft(SOFT, by=publisher)
    key = report_on(page).asking[0].key
    for who in (editor, publisher):
        with pytest.raises(Refused):
            pass_findings(page=page, reasons={key: "a reason that is long enough"}, by=who, at=clock.now())
    hard = draft(HARD, by=editor)
    with pytest.raises(Invalid):
        pass_findings(page=hard, reasons={report_on(hard).stopping[0].key: "a reason that is long enough"}, by=publisher, at=clock.now())
    assert "reason-" not in client_of(editor).get(check_page(page)).content.decode()


def test_the_screen_is_for_editors_and_says_when_nothing_was_found(portal, editor, owner):
    page = draft(by=editor)
    assert "Nothing was found" in client_of(editor).get(check_page(page)).content.decode()
    assert client_of(owner).get(check_page(page)).status_code == 403
    assert Client().get(check_page(page))["Location"].startswith("/accounts/login/")
    assert client_of(editor).get(reverse("editors:check", args=[999999])).status_code == 404
    assert client_of(editor).get(reverse("editors:check", args=[Page.objects.get(depth=1).pk])).status_code == 404


def test_a_publisher_cannot_make_a_page_public_in_the_moment_of_its_birth(portal, publisher):
    parent = draft().get_parent()
    typed = {**form_of(draft(), title="My own words", slug="own"), "action-publish": "1"}
    client_of(publisher).post(reverse("wagtailadmin_pages:add", args=["portal_news", "newsarticlepage", parent.pk]), typed)
    assert not Page.objects.get(slug="own").live
    assert Client().get("/en/news/own/").status_code == 404


def test_opening_a_text_that_came_without_the_forms_keys_is_no_writing(portal, editor, publisher):
    page = draft("<p>Words</p>", by=editor)
    assert "data-block-key" not in page.get_latest_revision().content["body"]
    client_of(publisher).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(page, published_on="2026-11-01", **{"action-publish": "1"}))
    page.refresh_from_db()
    assert "data-block-key" in page.get_latest_revision().content["body"]
    assert page.live
