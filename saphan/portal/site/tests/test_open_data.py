"""The public API and the dump, as programs meet them."""

import csv
import hashlib
import io
import json
from datetime import date

import pytest
import schemathesis
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode

from saphan.core import clock
from saphan.portal.news.models import NewsArticlePage
from saphan.portal.news.services import index_of
from saphan.portal.opendata.dump import TABLES, write_dump
from saphan.portal.places.directory import PublicService
from saphan.portal.search.models import SearchEntry
from saphan.portal.site.tests.test_feeds import PACT, published

pytestmark = pytest.mark.django_db
PATHS = [f"/api/v1/{path}" for path in ("news", "news/{id}", "library", "library/{id}", "countries", "provinces", "services", "services/{id}", "topics")]  # fmt: skip
LISTS = ["news", "library", "countries", "provinces", "services", "topics"]


@pytest.fixture
def reader():
    return Client()


def items(reader, address, **asked):
    answer = reader.get(f"/api/v1/{address}", asked)
    assert answer.status_code == 200, answer.content
    return answer.json()["items"]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_comes_in_pages_that_lead_on(portal, reader, name):
    first = reader.get(f"/api/v1/{name}", {"size": 2}).json()
    whole = reader.get(f"/api/v1/{name}").json()
    assert first["count"] == whole["count"] == len(whole["items"])
    found, address = list(first["items"]), first["next"]
    while address:
        assert address.startswith(f"{settings.SITE_URL}/api/v1/{name}?")
        page = reader.get(address.removeprefix(settings.SITE_URL)).json()
        found, address = found + page["items"], page["next"]
    assert [one["id"] for one in found] == [one["id"] for one in whole["items"]]
    behind = reader.get(f"/api/v1/{name}", {"page": 500}).json()
    assert (behind["items"], behind["next"]) == ([], None)
    assert f"page={behind['pages']}" in behind["previous"]


def test_an_article_says_everything_that_its_page_says(portal, reader):
    pact = next(one for one in items(reader, "news", language="en") if one["url"].endswith(f"{PACT}/"))
    assert pact["published_on"] == "2007-08-08"
    assert pact["countries"] == ["TH"]
    assert "agreements" in pact["topics"]
    assert pact["adapted_from"]["source"] == "The Bangkok Post"
    assert "five areas" in pact["text_html"]
    assert [other["language"] for other in pact["translations"]] == ["th"]
    assert reader.get(f"/api/v1/news/{pact['id']}").json() == pact
    thai = reader.get(f"/api/v1/news/{pact['translations'][0]['id']}").json()
    assert thai["url"] == f"{settings.SITE_URL}/th/news/{PACT}/"
    assert reader.get(pact["permanent_url"].removeprefix(settings.SITE_URL))["Location"] == f"/en/news/{PACT}/"


def test_a_document_names_its_files_in_every_version(portal, reader):
    documents = items(reader, "library")
    if not documents:
        pytest.skip("the demonstration has no library yet")
    for one in documents:
        assert one["licence"]
        assert reader.get(f"/api/v1/library/{one['id']}").json() == one
        for version in one["versions"]:
            assert len(version["sha256"]) == 64
            assert version["url"].startswith(settings.SITE_URL) or version["url"] == ""
            if one["licence"] == "unknown":
                assert version["url"] == ""


@pytest.mark.parametrize(
    ("asked", "count"),
    [({"language": "th"}, None), ({"country": "LA"}, None), ({"topic": "agreements"}, None), ({"since": "2026-01-01"}, None), ({"until": "2004-12-31"}, None), ({"q": "hotline"}, None), ({"changed_since": "2999-01-01T00:00:00Z"}, 0), ({"changed_since": "2696-02-09T05:03:57+16:05"}, 0), ({"country": "ZZ"}, 0), ({"topic": "nothing"}, 0), ({"q": ""}, 0)],
)  # fmt: skip
def test_news_is_narrowed(portal, reader, asked, count):
    every = {one["id"] for one in items(reader, "news")}
    found = {one["id"] for one in items(reader, "news", **asked)}
    assert found < every
    assert len(found) == count if count is not None else found


def test_a_copy_is_kept_up_to_date_by_asking_what_changed(portal, reader):
    at = clock.now().replace(microsecond=0).isoformat()
    SearchEntry.objects.update(changed_at="2020-01-01T00:00:00Z")
    assert items(reader, "news", changed_since=at) == []
    published("New")
    assert [one["title"] for one in items(reader, "news", changed_since=at)] == ["New"]


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ("page=0&size=101&language=xx&country=th&topic=A%20B&since=1&until=2026-13-01&changed_since=2026-01-01", {"page", "size", "language", "country", "topic", "since", "until", "changed_since"}),
        ("page=x", {"page"}),
        ("languages=en", {"languages"}),
        ("q=" + "x" * 201, {"q"}),
        ("page=", {"page"}),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named(portal, reader, asked, fields):
    answer = reader.get(f"/api/v1/news?{asked}")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert {error["field"] for error in answer.json()["errors"]} == fields
    assert all(error["detail"].endswith(".") for error in answer.json()["errors"])


@pytest.mark.parametrize("path", ["nothing", "news/nothing", "news/aaaaaaaaaaaaaaaa.en", "services/00000000-0000-4000-8000-000000000000", "news/x/y"])
def test_what_is_not_there_is_a_problem_that_a_program_can_read(portal, reader, path):
    answer = reader.get(f"/api/v1/{path}")
    assert answer.status_code == (422 if path == "news/nothing" else 404)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code


def test_a_problem_speaks_the_readers_language(portal, reader):
    answer = reader.get("/api/v1/nothing", headers={"accept-language": "th"})
    assert answer["Content-Language"] == "th"
    assert "Accept-Language" in answer["Vary"]


def test_the_root_leads_to_everything(portal, reader):
    for address in reader.get("/api/v1/").json().values():
        assert reader.get(address.removeprefix(settings.SITE_URL)).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(portal, reader, method):
    answer = getattr(reader, method)("/api/v1/news")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_any_page_of_any_site_may_read_it_and_caches_may_keep_it(portal, reader):
    first = reader.get("/api/v1/news", headers={"origin": "https://other.example"})
    assert first["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in first
    assert not first.cookies
    assert "public" in first["Cache-Control"]
    again = reader.get("/api/v1/news", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["Access-Control-Allow-Origin"]) == (304, b"", "*")
    assert reader.options("/api/v1/news")["Access-Control-Allow-Headers"] == "If-None-Match"
    head = reader.head("/api/v1/news")
    assert (head.status_code, head["ETag"]) == (200, first["ETag"])


@pytest.mark.parametrize(("name", "most"), [("news", 7), ("library", 9), ("countries", 2), ("provinces", 2), ("services", 2), ("topics", 3)])
def test_a_list_asks_the_database_as_often_for_many_as_for_one(portal, reader, name, most, django_assert_max_num_queries):
    for size in (1, 100):
        with django_assert_max_num_queries(most):
            reader.get(f"/api/v1/{name}", {"size": size})


def canaries():
    """What no reader may see: a draft, what was taken down, a change that is not published, and a public thing for comparison."""
    index = index_of("en")
    draft = NewsArticlePage(title="CANARYDRAFT", slug="canary", published_on=date(2026, 11, 1), body="<p>CANARYBODY</p>", locale=index.locale, live=False)  # fmt: skip
    index.add_child(instance=draft)
    draft.save_revision()
    published("CANARYGONE").unpublish()
    pact = NewsArticlePage.objects.get(slug=PACT, locale__language_code="en")
    pact.title = "CANARYCHANGE"
    pact.save_revision()
    published("SEEN")


def test_drafts_and_what_was_taken_down_never_appear(portal, reader, tmp_path):
    canaries()
    told = b"".join(reader.get(f"/api/v1/{name}").content for name in LISTS) + reader.get("/sitemap-1.xml").content
    told += reader.get("/en/data/").content + reader.get(f"/en/news/{PACT}/").content
    write_dump(tmp_path)
    told += b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"CANARY" not in told
    assert b"SEEN" in told
    assert b"/canary/" not in told


def test_the_dump_holds_the_records_of_the_api_with_checksums_and_licence(portal, reader, tmp_path):
    counts = write_dump(tmp_path / "new" / "folder")
    folder = tmp_path / "new" / "folder"
    assert list(counts) == LISTS
    for name in LISTS:
        known = json.loads((folder / f"{name}.json").read_text())
        assert known == items(reader, name, size=100)
        rows = list(csv.DictReader(io.StringIO((folder / f"{name}.csv").read_text(encoding="utf-8-sig"))))
        assert [row["id"] for row in rows] == [one["id"] for one in known]
        assert len(known) == counts[name]
    package = json.loads((folder / "datapackage.json").read_text())
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert len(package["resources"]) == 2 * len(TABLES)
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
    assert "CC-BY-4.0" in (folder / "datapackage.json").read_text()
    assert "licence" in (folder / "README.md").read_text().lower()


def test_a_cell_of_the_dump_begins_no_formula(portal, tmp_path):
    published("=HYPERLINK(1)", author="@SUM(A1)")
    write_dump(tmp_path)
    row = next(row for row in csv.DictReader(io.StringIO((tmp_path / "news.csv").read_text(encoding="utf-8-sig"))) if "HYPERLINK" in row["title"])
    assert (row["title"], row["author"]) == ("'=HYPERLINK(1)", "'@SUM(A1)")


def test_no_address_can_be_told_of_a_service():
    names = {field.name for field in PublicService._meta.get_fields()} | set(next(t for t in TABLES if t.name == "services").shape.model_fields)
    assert not {name for name in names if "address" in name or "street" in name or "latitude" in name or "location" in name}


def test_the_description_is_openapi_3_1_and_the_page_for_people_needs_nothing_from_elsewhere(portal, reader):
    document = reader.get("/api/v1/openapi.json").json()
    assert list(document["paths"]) == PATHS
    assert document["openapi"].startswith("3.1")
    page = reader.get("/th/data/").content.decode()
    for path in document["paths"]:
        assert f"GET {path}" in page
    assert "<script" not in page.replace('<script src="/static/js/exit.js" defer></script>', "")
    assert "cdn" not in page


@pytest.fixture
def described(portal):
    """The description, asked through the whole program; its connection stays in the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("path", PATHS)
def test_the_api_keeps_what_its_description_promises(described, path):
    """Questions that the description allows, and broken ones: the answers have the shapes, codes and types that it names."""
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @hypothesis_settings(max_examples=8, database=None)
        @given(case=described[path]["GET"].as_strategy(generation_mode=mode))
        def asks(case):
            case.call_and_validate()

        asks()
