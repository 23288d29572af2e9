import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from saphan.portal.library.models import DocumentPage, DocumentVersion, LibraryIndexPage, StoredFile
from saphan.portal.library.tests import papers
from saphan.portal.search import services as search
from saphan.portal.search.models import SearchEntry
from saphan.portal.search.selectors import find
from tests.people import client_of

pytestmark = pytest.mark.django_db
PHRASE = "ผู้เสียหายถูกยึดหนังสือเดินทาง"


@pytest.fixture
def index(portal):
    return LibraryIndexPage.objects.get(locale__language_code="en")


def form_of(*files, **changes):
    """What the editors' form sends for a new document with these files."""
    form = {
        "title": "A new paper", "slug": "a-new-paper", "introduction": "What it is about.", "document_type": "report", "authors": "", "publisher": "A house",
        "year": "2020", "published_on": "", "licence": "cc-by", "licence_note": "", "source_url": "", "picture": "", "picture_alt": "", "picture_rights": "",
        "picture_consent": "", "shows_first_page": "on", "seo_title": "", "search_description": "", "go_live_at": "", "expire_at": "",
    }  # fmt: skip
    for name in ("comments", "versions", "links", "related_items"):
        form |= {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0", f"{name}-MIN_NUM_FORMS": "0", f"{name}-MAX_NUM_FORMS": "1000"}
    for number, file in enumerate(files):
        line = {
            "file": file,
            "language": "th",
            "dated_on": "2020-05-01",
            "label": "1",
            "part": "",
            "changes": "",
            "ORDER": str(number + 1),
            "DELETE": "",
        }
        form |= {f"versions-{number}-{name}": value for name, value in line.items()} | {"versions-TOTAL_FORMS": str(number + 1)}
    return {**form, **changes}


def paper(content=None, name="paper.pdf"):
    return SimpleUploadedFile(name, papers.pdf(PHRASE, "thai") if content is None else content)


def send(editor, index, form):
    return client_of(editor).post(reverse("wagtailadmin_pages:add", args=["portal_library", "documentpage", index.pk]), form)


def document():
    return DocumentPage.objects.filter(slug="a-new-paper").first()


def test_an_editor_sends_a_file_another_publishes_and_a_phrase_inside_is_found(portal, editor, publisher, index):
    send(editor, index, form_of(paper()))
    page = document()
    draft = page.get_latest_revision_as_object()
    address = draft.shelf.files[0].address
    assert not page.live
    assert Client().get(address).status_code == 404
    assert not SearchEntry.objects.filter(key=f"page:{page.pk}").exists()
    page.get_latest_revision().publish(user=publisher)
    assert Client().get(address).status_code == 200
    found = find(PHRASE, language="en").findings
    assert any(finding.url == "/en/library/a-new-paper/" for finding in found)
    assert search.check().whole
    feed = Client().get(reverse("feeds:feed_in", args=["library", "en", "json"])).json()
    item = next(item for item in feed["items"] if item["title"] == "A new paper")
    assert item["attachments"][0]["url"].endswith(address)


def test_the_editor_does_not_publish_the_own_file(portal, editor, index):
    send(editor, index, form_of(paper(), **{"action-publish": "1"}))
    assert not document().live


@pytest.mark.parametrize(
    ("make", "name", "reason"),
    [(lambda: b"MZ", "paper.exe", "PDF and Word"), (papers.with_script, "paper.pdf", "scripts"), (lambda: b"x", "paper.pdf", "no sound PDF")],
)
def test_a_refused_file_is_told_at_its_field_and_nothing_typed_is_lost(portal, editor, index, make, name, reason):
    answer = send(editor, index, form_of(paper(make(), name)))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert reason in " ".join(answer.context["form"].formsets["versions"].errors[0]["file"])
    assert reason in page
    assert 'value="A new paper"' in page
    assert document() is None


def test_a_sound_file_is_kept_while_another_field_is_mended(portal, editor, index):
    answer = send(editor, index, form_of(paper(), licence="permission", **{"action-publish": "1"}))
    page = answer.content.decode()
    kept = re.search(r'name="versions-0-file-kept" value="([0-9a-f]{64})"', page)
    assert kept
    assert "PDF, 1 page" in page
    form = form_of("", licence="permission", licence_note="The house, by letter of 1 May 2020")
    del form["versions-0-file"]
    send(editor, index, {**form, "versions-0-file-kept": kept[1]})
    assert [version.file_id for version in document().get_latest_revision_as_object().versions.all()] == [kept[1]]


def test_a_row_without_a_file_is_told_so(portal, editor, index):
    form = form_of("x")
    del form["versions-0-file"]
    answer = send(editor, index, form)
    assert "Choose a PDF or Word file." in answer.content.decode()


def test_a_scan_is_kept_and_the_editor_is_told_that_it_cannot_be_searched(portal, editor, index):
    client = client_of(editor)
    address = reverse("wagtailadmin_pages:add", args=["portal_library", "documentpage", index.pk])
    page = client.post(address, form_of(paper(papers.scan())), follow=True).content.decode()
    assert "No text was found in 1 of the files" in page
    assert "No text was found in it" in page


def test_the_editors_form_says_what_is_kept_and_a_new_file_takes_its_place(portal, editor, publisher, index):
    send(editor, index, form_of(paper()))
    page = document()
    page.get_latest_revision().publish(user=publisher)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client = client_of(editor)
    version = page.versions.get()
    assert "letters of text can be searched" in client.get(address).content.decode()
    form = form_of(
        paper(papers.pdf("A second thought")), **{"versions-INITIAL_FORMS": "1", "versions-0-id": str(version.pk), "versions-0-label": "2"}
    )
    client.post(address, form)
    page.refresh_from_db()
    page.get_latest_revision().publish(user=publisher)
    assert "second thought" in SearchEntry.objects.get(key=f"page:{page.pk}").text
    assert PHRASE not in SearchEntry.objects.get(key=f"page:{page.pk}").text
    assert StoredFile.objects.filter(pk=version.file_id).exists()


def test_a_translation_shows_the_files_of_its_sister_and_finds_by_its_own_language(portal, editor, publisher, index):
    send(editor, index, form_of(paper()))
    page = document()
    page.get_latest_revision().publish(user=publisher)
    thai = page.copy_for_translation(LibraryIndexPage.objects.get(locale__language_code="th").locale)
    assert thai.versions.count() == 0
    assert PHRASE in SearchEntry.objects.get(key=f"page:{page.pk}").text
    thai.save_revision(user=editor).publish(user=publisher)
    assert [file.language.code for file in Client().get(thai.get_url()).context["shelf"].files] == ["th"]
    assert PHRASE in SearchEntry.objects.get(key=f"page:{thai.pk}").text
    assert PHRASE not in SearchEntry.objects.get(key=f"page:{page.pk}").text
    assert search.check().whole
    thai.refresh_from_db()
    thai.unpublish()
    assert PHRASE in SearchEntry.objects.get(key=f"page:{page.pk}").text
    thai.refresh_from_db()
    thai.save_revision(user=editor).publish(user=publisher)
    page.refresh_from_db()
    page.delete()
    assert PHRASE not in SearchEntry.objects.get(key=f"page:{thai.pk}").text
    assert search.check().whole


def test_a_crash_between_file_and_page_leaves_the_search_right(portal, editor, publisher, index, monkeypatch):
    send(editor, index, form_of(paper()))
    page = document()

    def power_cut(*_args):
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(search, "_write", power_cut)
        with pytest.raises(RuntimeError):
            page.get_latest_revision().publish(user=publisher)
    page.refresh_from_db()
    assert not page.live
    assert search.check().whole
    page.get_latest_revision().publish(user=publisher)
    assert search.check().whole


def test_comparing_revisions_shows_that_a_file_changed(portal, editor, index):
    send(editor, index, form_of(paper()))
    page = document()
    first = page.get_latest_revision()
    draft = page.get_latest_revision_as_object()
    draft.versions.add(
        DocumentVersion(file=StoredFile.objects.exclude(pk=draft.versions.get().file_id).first(), language="en", dated_on="2021-01-01")
    )
    second = draft.save_revision(user=editor)
    answer = client_of(editor).get(reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, second.pk]))
    assert answer.status_code == 200
