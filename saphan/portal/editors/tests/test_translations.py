"""Translations: begun as drafts, approved by another person, brought up to the original without overwriting anybody's work."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page

from saphan.audit.models import AuditEvent
from saphan.core import clock
from saphan.core.errors import Refused, WrongState
from saphan.portal.editors.board import board
from saphan.portal.editors.making import approve, begin_translation, declare_machine_made, original_of, update_from_original
from saphan.portal.editors.models import TranslationMark
from saphan.portal.editors.origins import Standing
from saphan.portal.editors.seeds import mark_machine_made
from saphan.portal.editors.strings import counts, unreviewed
from saphan.portal.editors.tests.writing import draft, public
from saphan.portal.news.models import Topic
from saphan.portal.site.models import StandardPage
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def original(portal, editor, publisher):
    return public(by=editor, publisher=publisher, title="A school by the river", body="<p>Words of the original.</p>", introduction="Short.")


@pytest.fixture
def thai(original, editor):
    return begin_translation(page=original, language="th", by=editor, at=clock.now()).specific


def published(page, by, publisher, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(user=by).publish(user=publisher)
    return type(page).objects.get(pk=page.pk)


def cell(page, language):
    row = next(row for row in board({}).rows if row.title == page.title)
    return next(cell for cell in row.cells if cell.language == language)


def age(days):
    """Lets what is known of translations and publications lie some days back."""
    for page in Page.objects.all():
        Page.objects.filter(pk=page.pk).update(last_published_at=page.last_published_at and page.last_published_at - timedelta(days=days))
    for mark in TranslationMark.objects.all():
        TranslationMark.objects.filter(pk=mark.pk).update(made_from_at=mark.made_from_at - timedelta(days=days))


def test_a_translation_begins_as_a_draft_that_the_public_does_not_see(original, thai, editor):
    assert (thai.live, thai.locale.language_code, thai.title) == (False, "th", original.title)
    mark = TranslationMark.objects.get(page=thai)
    assert (mark.state, mark.made_by, mark.made_from, mark.machine_made) == ("draft", editor, original.live_revision, False)
    assert AuditEvent.objects.filter(action="translations:make", target_id=str(thai.pk)).count() == 1
    assert cell(original, "th").standing == Standing.DRAFT
    assert original_of(thai) == original.page_ptr
    assert original_of(original) is None


def test_a_second_translation_and_one_below_a_missing_page_are_refused(original, thai, editor):
    with pytest.raises(WrongState):
        begin_translation(page=original, language="th", by=editor, at=clock.now())
    parent = StandardPage.objects.live().filter(locale__language_code="en").first()
    child = StandardPage(title="Below", body="<p>x</p>", locale=parent.locale)
    parent.add_child(instance=child)
    parent.get_translation(Locale.objects.get(language_code="vi")).delete()
    with pytest.raises(WrongState) as refused:
        begin_translation(page=child, language="vi", by=editor, at=clock.now())
    assert "Translate it first" in refused.value.sentence


def test_publication_by_a_second_person_approves_a_translation_by_hand(original, thai, editor, publisher):
    thai = published(thai, editor, publisher, title="โรงเรียนริมน้ำ")
    assert TranslationMark.objects.get(page=thai).state == "approved"
    assert cell(original, "th").standing == Standing.APPROVED


def test_a_translation_is_stale_once_its_original_is_published_again(original, thai, editor, publisher):
    published(thai, editor, publisher, title="โรงเรียนริมน้ำ")
    age(3)
    published(original, editor, publisher, introduction="Longer.")
    assert cell(original, "th").standing == Standing.STALE
    page = Client().get(f"/en/news/{original.slug}/").content.decode()
    assert "the original has changed since" in page


def test_an_update_puts_only_what_changed_into_a_draft_and_leaves_the_public_text(original, thai, editor, publisher):
    thai = published(thai, editor, publisher, title="โรงเรียนริมน้ำ", body="<p>ข้อความ</p>", introduction="สั้น")
    age(3)
    original = published(original, editor, publisher, introduction="Longer now.")
    assert update_from_original(page=thai, by=editor, at=clock.now()) == ["introduction"]
    waiting = thai.get_latest_revision_as_object()
    assert (waiting.title, waiting.body, waiting.introduction) == ("โรงเรียนริมน้ำ", "<p>ข้อความ</p>", "Longer now.")
    thai = type(thai).objects.get(pk=thai.pk)
    assert (thai.introduction, thai.has_unpublished_changes) == ("สั้น", True)
    assert cell(original, "th").standing == Standing.STALE
    published(thai, editor, publisher, introduction="ยาวขึ้น")
    assert cell(original, "th").standing == Standing.APPROVED


def test_an_update_never_touches_a_draft_that_somebody_has_not_finished(original, thai, editor, publisher):
    thai = published(thai, editor, publisher, title="โรงเรียนริมน้ำ")
    thai.body = "<p>งานที่ยังไม่เสร็จ</p>"
    thai.save_revision(user=editor)
    published(original, editor, publisher, body="<p>New words.</p>")
    with pytest.raises(WrongState) as refused:
        update_from_original(page=type(thai).objects.get(pk=thai.pk), by=editor, at=clock.now())
    assert "nothing was overwritten" in refused.value.sentence
    assert thai.get_latest_revision_as_object().body == "<p>งานที่ยังไม่เสร็จ</p>"


def test_an_update_without_a_known_beginning_or_without_change_is_refused(original, thai, editor, publisher):
    thai = published(thai, editor, publisher, title="โรงเรียนริมน้ำ")
    with pytest.raises(WrongState):
        update_from_original(page=thai, by=editor, at=clock.now())
    TranslationMark.objects.update(made_from=None)
    with pytest.raises(WrongState) as refused:
        update_from_original(page=thai, by=editor, at=clock.now())
    assert "by hand" in refused.value.sentence


def test_a_machine_made_translation_says_so_in_public_until_another_person_approves_it(
    original, thai, editor, publisher, django_assert_max_num_queries
):
    thai = published(thai, editor, publisher, title="โรงเรียนริมน้ำ")
    declare_machine_made(page=thai, by=editor, at=clock.now())
    assert cell(original, "th").standing == Standing.NEEDS_REVIEW
    shown = Client().get(thai.get_url()).content.decode()
    assert 'role="note"' in shown
    assert f'href="{original.get_url()}" lang="en"' in shown
    assert "not yet checked by a person" in Client().get(original.get_url()).content.decode()
    with pytest.raises(Refused):
        approve(page=thai, by=editor, at=clock.now())
    approve(page=thai, by=publisher, at=clock.now())
    assert cell(original, "th").standing == Standing.APPROVED
    assert 'role="note"' not in Client().get(thai.get_url()).content.decode()
    assert AuditEvent.objects.filter(action="translations:approve", target_id=str(thai.pk)).count() == 1


def test_who_wrote_the_last_change_does_not_approve_either(original, thai, editor, publisher):
    thai = published(thai, editor, publisher, title="โรงเรียนริมน้ำ")
    declare_machine_made(page=thai, by=None, at=clock.now())
    thai.introduction = "ปรับคำ"
    thai.save_revision(user=publisher)
    with pytest.raises(Refused):
        approve(page=type(thai).objects.get(pk=thai.pk), by=publisher, at=clock.now())


def test_a_draft_cannot_be_approved_and_an_original_is_no_machines(original, thai, publisher, editor):
    with pytest.raises(WrongState):
        approve(page=thai, by=publisher, at=clock.now())
    with pytest.raises(WrongState):
        declare_machine_made(page=original, by=editor, at=clock.now())


def test_a_page_in_one_language_costs_one_query_more_and_no_note(original, django_assert_num_queries):
    from saphan.portal.editors.origins import how_made

    with django_assert_num_queries(1):
        assert how_made([original])[original.pk].original
    assert how_made([]) == {}


def test_planted_pages_of_machine_made_frames_wait_for_review(portal):
    assert mark_machine_made() > 20
    assert mark_machine_made() == 0, "a second time changes nothing"
    found = board({}).counts
    for code in ("lo", "km", "my", "vi"):
        assert found[code]["needs_review"] > 5, code
    assert "needs_review" not in found["th"]
    assert "needs_review" not in found["en"]
    shown = Client().get("/lo/about/").content.decode()
    assert 'role="note"' in shown
    assert 'href="/en/about/"' in shown


def test_the_board_is_narrowed_by_language_state_and_part_of_the_site(original, thai, editor, django_assert_max_num_queries):
    whole = board({})
    drafts = board({"state": "draft", "language": "th"})
    assert [row.title for row in drafts.rows] == [original.title]
    news = next(path for path, name in whole.sections.items() if name == "News & Updates")
    assert 0 < len(board({"section": news}).rows) < len(whole.rows)
    assert board({"language": "xx", "state": "'", "section": "\x00"}).chosen == {}
    with django_assert_max_num_queries(3):
        board({"language": "vi"})


def test_the_screens_of_the_board_work_by_plain_forms(original, editor, publisher):
    client = client_of(editor)
    shown = client.get(reverse("editors:board"), {"language": "th", "state": "missing"}).content.decode()
    assert original.title in shown
    done = client.post(reverse("editors:begin", args=[original.pk]), {"language": "th"})
    thai = original.get_translation(Locale.objects.get(language_code="th"))
    assert done["Location"] == reverse("wagtailadmin_pages:edit", args=[thai.pk])
    assert client.post(reverse("editors:begin", args=[original.pk]), {"language": "th"})["Location"] == reverse("editors:board")
    thai = published(thai, editor, publisher, title="โรงเรียนริมน้ำ")
    place = reverse("editors:translation", args=[thai.pk])
    assert "Words of the original." in client.get(place).content.decode()
    client.post(place, {"act": "machine"})
    assert "You made this translation" in client.get(place).content.decode()
    client_of(publisher).post(place, {"act": "approve"})
    assert TranslationMark.objects.get(page=thai).approved_by == publisher
    age(2)
    published(original, editor, publisher, body="<p>Changed words.</p>")
    assert "changed since" in client.get(place).content.decode()
    assert client.post(place, {"act": "update"})["Location"] == reverse("wagtailadmin_pages:edit", args=[thai.pk])
    assert client.get(reverse("editors:translation", args=[original.pk])).status_code == 200
    assert client.post(reverse("editors:begin", args=[original.pk]), {"language": "xx"}).status_code == 302


def test_the_screens_are_for_editors_alone(original, owner):
    for name, args in (("board", []), ("translation", [original.pk]), ("strings", ["lo"]), ("links", []), ("begin", [original.pk])):
        assert client_of(owner).get(reverse(f"editors:{name}", args=args)).status_code == 403, name
        assert Client().get(reverse(f"editors:{name}", args=args)).status_code == 302, name


def test_words_of_the_interface_that_wait_are_counted_and_listed(portal, editor, tmp_path, settings):
    folder = tmp_path / "lo" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8"\n\n# needs review\nmsgid "Help"\nmsgstr "ຊ່ວຍ"\n\nmsgid "Checked"\nmsgstr "ກວດແລ້ວ"\n'
    )
    settings.LOCALE_PATHS = [tmp_path]
    assert counts() == {"lo": 1}
    assert [(s.english, s.translation) for s in unreviewed("lo")] == [("Help", "ຊ່ວຍ")]
    client = client_of(editor)
    assert "ຊ່ວຍ" in client.get(reverse("editors:strings", args=["lo"])).content.decode()
    assert "No string" in client.get(reverse("editors:strings", args=["vi"])).content.decode()
    assert "No string" in client.get(reverse("editors:strings", args=["xx"])).content.decode()


def test_a_text_written_by_hand_in_two_languages_needs_no_mark(portal, editor, publisher):
    english = public(by=editor, publisher=publisher, title="Twice written")
    thai = draft(by=editor, title="เขียนสองครั้ง", language="th", translation_key=english.translation_key)
    assert cell(english, "th").standing == Standing.DRAFT
    thai.get_latest_revision().publish(user=publisher)
    assert cell(english, "th").standing == Standing.APPROVED
    assert timezone.now() >= thai.latest_revision_created_at


def test_readers_see_the_age_of_each_translation(original, thai, editor, publisher):
    thai = published(thai, editor, publisher, title="โรงเรียนริมน้ำ")
    assert "translated today" in Client().get(original.get_url()).content.decode()
    age(95)
    published(original, editor, publisher, introduction="Longer.")
    english = Client().get(original.get_url()).content.decode()
    assert "translated 3 months ago (" in english
    assert "; the original has changed since, on " in english
    assert "เดือนที่ผ่านมา" not in english
    assert f'href="{original.get_url()}" lang="en" hreflang="en">English</a> <span class="soft">' in Client().get(thai.get_url()).content.decode()


def test_a_translation_begins_with_the_topics_of_its_own_language(original, editor, publisher):
    original.topics = list(Topic.objects.filter(slug__in=["care", "training"], locale=original.locale))
    original = published(original, editor, publisher)
    thai = begin_translation(page=original, language="th", by=editor, at=clock.now()).specific.get_latest_revision_as_object()
    assert {(topic.slug, topic.locale.language_code) for topic in thai.topics.all()} == {("care", "th"), ("training", "th")}
    assert thai.revisions.count() == 1
