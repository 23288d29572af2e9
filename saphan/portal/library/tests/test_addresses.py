import hashlib

import pytest
from django.test import Client

from saphan.core import clock
from saphan.portal.library import services
from saphan.portal.library.addresses import keys_of
from saphan.portal.library.models import DocumentPage

pytestmark = pytest.mark.django_db
SIGNS = "recognise-the-signs"


@pytest.fixture
def reader(portal):
    return Client()


@pytest.fixture
def page(portal):
    return DocumentPage.objects.get(slug=SIGNS, locale__language_code="en")


@pytest.fixture
def files(page):
    return page.shelf.files


def test_the_short_name_reads_back_into_the_key(page):
    keys = keys_of(page.public_id)
    assert keys is not None
    first, last = keys
    assert first <= page.translation_key <= last
    for wrong in ("", "x", page.public_id[:-1], page.public_id + "a", "1" * 16, "กกกกกกกกกกกกกกกก"):
        assert keys_of(wrong) is None


@pytest.mark.parametrize(("asked", "language"), [("th", "th"), ("en-GB", "en"), ("km", "en"), ("", "en")])
def test_the_permanent_address_leads_to_the_reader_s_language(reader, page, asked, language):
    answer = reader.get(page.permanent_path, headers={"accept-language": asked})
    assert (answer.status_code, answer["Location"]) == (302, f"/{language}/library/{SIGNS}/")
    assert "Accept-Language" in answer["Vary"]


def test_it_stays_when_the_page_moves(reader, page):
    before = page.permanent_path
    page.slug = "moved"
    page.save()
    assert reader.get(before)["Location"] == "/en/library/moved/"
    page.unpublish()
    assert reader.get(before)["Location"] == f"/th/library/{SIGNS}/"


def test_a_withdrawn_document_says_so_and_an_unknown_one_is_unknown(reader, page, files):
    for sister in DocumentPage.objects.filter(translation_key=page.translation_key):
        sister.unpublish()
    assert reader.get(page.permanent_path).status_code == 410
    assert "withdrawn" in reader.get(page.permanent_path).content.decode()
    assert reader.get(files[0].address).status_code == 404
    assert reader.get("/library/aaaaaaaaaaaaaaaa/", follow=True).status_code == 404
    assert reader.get("/library/nothing/", follow=True).status_code == 404


def test_a_draft_is_not_told_of(reader, page):
    draft = page.copy(update_attrs={"slug": "draft", "title": "Draft"}, keep_live=False)
    assert reader.get(draft.permanent_path, follow=True).status_code == 404


def test_a_file_comes_as_it_was_sent_and_harms_nobody(reader, page, files):
    answer = reader.get(files[0].address)
    content = answer.getvalue()
    assert hashlib.sha256(content).hexdigest() == files[0].digest
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Length"] == str(len(content))
    assert answer["Content-Disposition"] == 'attachment; filename="recognise-the-signs-a-leaflet-en-2.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "public, max-age=60"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_a_thai_title_names_the_file_safely(reader):
    page = DocumentPage.objects.get(slug="outline-for-a-memorandum", locale__language_code="th")
    disposition = reader.get(page.shelf.files[0].address)["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert disposition.isascii()


def test_a_reader_who_has_the_file_already_gets_304(reader, files):
    tag = reader.get(files[0].address)["ETag"]
    again = reader.get(files[0].address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_older_versions_keep_their_addresses(reader, page):
    older = page.shelf.older[0]
    assert reader.get(older.address).status_code == 200
    assert reader.get(f"/library/{page.public_id}/en.pdf")["Location"] == page.shelf.files[0].address
    assert reader.get(f"/library/{page.public_id}/th.pdf")["Location"] == page.shelf.files[1].address
    assert reader.get(f"/library/{page.public_id}/fr.pdf").status_code == 404


def test_the_cover_is_a_picture_and_can_be_taken_away(reader, page, files):
    answer = reader.get(files[0].cover_address)
    assert answer["Content-Type"] == "image/webp"
    assert answer.getvalue().startswith(b"RIFF")
    for sister in DocumentPage.objects.filter(translation_key=page.translation_key):
        sister.shows_first_page = False
        sister.save()
    assert reader.get(files[0].cover_address).status_code == 404
    assert "webp" not in reader.get("/en/library/").content.decode().split(SIGNS)[0][-400:]


def test_no_copy_is_given_out_while_the_licence_is_unknown(reader, page, files):
    for sister in DocumentPage.objects.filter(translation_key=page.translation_key):
        sister.licence, sister.source_url = "unknown", "https://source.example/"
        sister.save()
    for address in (files[0].address, files[0].cover_address, f"/library/{page.public_id}/en.pdf"):
        assert reader.get(address).status_code == 404
    assert "Download" not in reader.get(f"/en/library/{SIGNS}/").content.decode()


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "x.pdf", "0" * 12 + ".pdf", "0" * 64 + ".pdf", "en.exe", "%00.pdf", "th.webp"])
def test_other_names_lead_nowhere(reader, page, name):
    assert reader.get(f"/library/{page.public_id}/{name}").status_code == 404


def test_a_file_of_one_document_is_not_found_below_another(reader, files):
    other = DocumentPage.objects.get(slug="palermo-protocol", locale__language_code="en")
    assert reader.get(f"/library/{other.public_id}/{files[0].digest[:12]}.pdf").status_code == 404


def test_a_destroyed_file_is_gone_everywhere_and_its_page_says_so(reader, page, files):
    services.destroy(digest=files[0].digest, at=clock.now())
    assert reader.get(files[0].address).status_code == 410
    assert reader.get(files[0].cover_address).status_code == 404
    assert "This file was removed on" in reader.get(f"/en/library/{SIGNS}/").content.decode()


def test_a_file_asks_the_database_once(reader, files, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        reader.get(files[0].address)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_is_written_through_a_permanent_address(reader, page, files, method):
    assert getattr(reader, method)(page.permanent_path).status_code == 405
    assert getattr(reader, method)(files[0].address).status_code == 405
