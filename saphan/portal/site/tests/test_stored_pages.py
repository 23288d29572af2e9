import gzip

import brotli
import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from saphan.portal.rendered.middleware import SHELF, address_of, coding_for
from tests.people import client_of

pytestmark = pytest.mark.django_db
HOME, ABOUT, HELP, NEWS, FEED = "/en/", "/en/about/", "/th/help/", "/en/news/", "/feeds/news.th.rss"
PAGES = [HOME, ABOUT, HELP, NEWS, FEED, "/en/search/", "/en/news/2007-08-08-ministry-and-iom-sign-a-pact/"]


@pytest.fixture
def reader(portal, store):
    return Client()


def is_stored(path, **headers):
    """Whether a reader gets the page without a question."""
    with CaptureQueriesContext(connection) as seen:
        Client(headers=headers).get(path)
    return not seen.captured_queries


@pytest.mark.parametrize("path", PAGES)
def test_the_second_reader_costs_no_question_and_gets_the_same(reader, path, django_assert_num_queries):
    first = reader.get(path)
    with django_assert_num_queries(0):
        second = Client().get(path)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert dict(first.items()) == dict(second.items())


@pytest.mark.parametrize("path", PAGES)
def test_a_stored_answer_says_what_a_fresh_one_says_of_safety(reader, settings, path):
    reader.get(path)
    stored = Client().get(path)
    settings.RENDERED = None
    fresh = Client().get(path)
    own = {"ETag", "Vary"}
    assert {n: v for n, v in stored.items() if n not in own} == {n: v for n, v in fresh.items() if n not in own}
    assert "default-src 'none'" in stored["Content-Security-Policy"]
    assert stored.content == fresh.content


def test_a_page_travels_compressed_as_the_reader_asks(reader):
    plain = reader.get(ABOUT).content
    for asked, coding, opened in [("br, gzip", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("", "", bytes)]:
        answer = Client().get(ABOUT, headers={"accept-encoding": asked})
        assert answer.get("Content-Encoding", "") == coding
        assert opened(answer.content) == plain
        assert answer["Vary"] == "Accept-Encoding"
        assert answer["Content-Length"] == str(len(answer.content))


def test_each_coding_has_its_own_tag_and_a_reader_who_has_it_gets_304(reader, django_assert_num_queries):
    tags = {}
    for asked in ("br", "gzip", ""):
        answer = reader.get(ABOUT, headers={"accept-encoding": asked})
        tags[asked] = answer["ETag"]
        assert not answer["ETag"].startswith("W/")
        with django_assert_num_queries(0):
            again = Client().get(ABOUT, headers={"accept-encoding": asked, "if-none-match": f'"other", {answer["ETag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == answer["ETag"]
        assert "Content-Type" not in again
        assert again["Cache-Control"] == answer["Cache-Control"]
    assert len(set(tags.values())) == 3


def test_a_first_reader_who_knows_the_tag_gets_304_too(reader, store):
    tag = reader.get(ABOUT)["ETag"]
    SHELF.clear()
    for folder in store.iterdir():
        if folder.is_dir():
            folder.rename(store.parent / "away")
    assert reader.get(ABOUT, headers={"if-none-match": tag}).status_code == 304


def test_head_has_the_headers_of_get(reader):
    body = reader.get(ABOUT)
    head = Client().head(ABOUT)
    assert head.content == b""
    assert dict(head.items()) == dict(body.items())


def test_the_store_survives_a_restart_and_is_shared_between_processes(reader, django_assert_num_queries):
    reader.get(ABOUT)
    SHELF.clear()  # another process, or the same one started again
    with django_assert_num_queries(0):
        assert Client().get(ABOUT).status_code == 200


def test_a_file_cut_short_is_not_shown(reader, store):
    whole = reader.get(ABOUT).content
    SHELF.clear()
    for path in store.rglob("*"):
        if path.is_file() and path.parent != store:
            path.write_bytes(path.read_bytes()[:-7])
    assert Client().get(ABOUT).content == whole


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/en/nothing/",
        "/en/search/?q=canary",
        "/en/about/?canary=1",
        "/en/about/?canary=",
        "/en/about/?canary",
        "/en/news/?year=1800",
        "/en/news/?page=99",
    ],
)
def test_what_is_no_page_or_asks_what_the_page_does_not_know_is_not_stored(reader, store, path):
    reader.get(path)
    assert not is_stored(path) or path == "/"  # the front door asks nothing anyway
    assert b"canary" not in Client().get(ABOUT).content
    assert not [p for p in store.rglob("*") if p.is_file() and b"canary" in p.read_bytes()]


def test_a_page_that_says_it_is_no_translation_is_stored_apart(reader):
    told, plain = reader.get("/th/news/?untranslated").content, reader.get("/th/news/").content
    assert told != plain
    assert (Client().get("/th/news/?untranslated").content, Client().get("/th/news/").content) == (told, plain)


def test_a_signed_in_editor_neither_fills_nor_reads_the_store(reader, editor):
    answer = client_of(editor).get(ABOUT)
    assert "no-store" in answer["Cache-Control"]
    assert not is_stored(ABOUT)
    reader.get(HOME)
    assert "no-store" in client_of(editor).get(HOME)["Cache-Control"]


def test_a_reader_with_a_waiting_message_or_an_unknown_cookie_fills_nothing(reader):
    for name in ("messages", "csrftoken", "_visitor"):
        other = Client()
        other.cookies[name] = "something"
        assert other.get(ABOUT).status_code == 200
    assert not is_stored(ABOUT)


def test_a_reader_with_a_foreign_cookie_reads_the_store(reader, django_assert_num_queries):
    reader.get(ABOUT)
    other = Client()
    other.cookies["_visitor"] = "something"
    with django_assert_num_queries(0):
        other.get(ABOUT)


@pytest.mark.parametrize(
    "headers", [{"host": "invented.example"}, {"host": "testserver:6666"}, {"authorization": "Bearer x"}, {"hx-request": "true"}]
)
def test_invented_hosts_and_special_requests_fill_nothing(reader, headers):
    reader.get(ABOUT, headers=headers)
    assert not is_stored(ABOUT, **headers)
    assert not is_stored(ABOUT)


def test_an_address_without_language_is_stored_for_each_language(reader):
    for language in ("en", "th", "en"):
        answer = Client().get("/feeds/news.rss", headers={"accept-language": language})
        assert answer["Vary"] == "Accept-Encoding, Accept-Language"
    asked = [RequestFactory().get("/feeds/news.rss", headers={"accept-language": language}) for language in ("en", "th", "th, en;q=0.5")]
    english, thai, also_thai = [address_of(request) for request in asked]
    assert english != thai
    assert thai == also_thai


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip, deflate, br, zstd", "br"), ("br;q=0, gzip;q=0.5", "gzip"), ("*", "br"), ("identity", ""), ("gzip;q=x", ""), ("BR", "br"), ("", "")],
)
def test_the_coding_is_the_best_that_the_reader_takes(accepted, coding):
    assert coding_for(accepted) == coding


def test_a_feed_reader_who_asks_by_date_gets_304(reader):
    feed = Client().get(FEED)
    changed = feed.get("Last-Modified")
    if changed:
        assert Client().get(FEED, headers={"if-modified-since": changed}).status_code == 304
        assert Client().get(FEED, headers={"if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"}).status_code == 200
    assert Client().get(ABOUT, headers={"if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"}).status_code == 200
