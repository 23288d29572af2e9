"""Feeds as a reader's program meets them."""

import json
from datetime import date

import feedparser  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from saphan.core import clock
from saphan.portal.news.models import NewsArticlePage, newest_first
from saphan.portal.news.services import index_of
from saphan.portal.search.models import SearchEntry
from saphan.portal.site.tests.feed_rules import RULES

pytestmark = pytest.mark.django_db
SHAPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
NAMES = ["all", "news", "library", "country/TH", "topic/agreements", "search"]
PACT = "2007-08-08-ministry-and-iom-sign-a-pact"


@pytest.fixture
def reader():
    return Client()


def published(title, body="<p>Text.</p>", **more):
    """An article as the operator publishes it."""
    index = index_of("en")
    article = NewsArticlePage(title=title, slug=f"a-{NewsArticlePage.objects.count()}", published_on=date(2026, 11, 20), body=body, locale=index.locale, live=False, **more)  # fmt: skip
    index.add_child(instance=article)
    article.save_revision().publish()
    article.refresh_from_db()
    return article


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("language", ["en", "th", "lo", "all"])
@pytest.mark.parametrize("name", NAMES)
def test_every_feed_keeps_the_rules_of_its_format(portal, reader, name, language, shape):
    answer = reader.get(f"/feeds/{name}.{language}.{shape}", {"q": "bangkok"} if name == "search" else {})
    assert answer.status_code == 200
    assert answer["Content-Type"] == f"{SHAPES[shape]}; charset=utf-8"
    assert not answer.cookies
    assert RULES[shape](answer.content) == []
    assert answer["Content-Language"] == (language if language != "all" else "en")


@pytest.mark.parametrize("shape", ["rss", "atom"])
def test_a_reading_program_finds_every_field(portal, reader, shape):
    feed = feedparser.parse(reader.get(f"/feeds/news.en.{shape}").content)
    assert not feed.bozo
    assert feed.feed.title == "Saphan · News & Updates"
    assert feed.feed.language == "en"
    assert [link.href for link in feed.feed.links if link.rel == "self"] == [f"{settings.SITE_URL}/feeds/news.en.{shape}"]
    pact = next(entry for entry in feed.entries if entry.link.endswith(f"{PACT}/"))
    assert pact.title == "Ministry and IOM sign a pact on care, training and safe return"
    assert pact.published_parsed[:3] == (2007, 8, 8)
    assert pact.author == "The Bangkok Post"
    assert {tag.term for tag in pact.tags} >= {"Thailand", "Agreements"}
    assert pact.summary.startswith("Ten years of cooperation")
    assert "five areas" in pact.content[0].value
    assert "Adapted from: “Pact on human trafficking with IOM signed”, The Bangkok Post" in pact.content[0].value
    assert pact.id.startswith("urn:uuid:")


def test_the_three_formats_carry_the_same_entries_under_the_same_ids(portal, reader):
    ids = [[entry.id for entry in feedparser.parse(reader.get(f"/feeds/news.th.{shape}").content).entries] for shape in ("rss", "atom")]
    ids.append([item["id"] for item in json.loads(reader.get("/feeds/news.th.json").content)["items"]])
    assert ids[0] == ids[1] == ids[2]
    assert len(ids[0]) >= 4


def test_an_entry_keeps_its_id_when_its_page_moves_and_its_text_changes(portal, reader):
    def entry():
        (found,) = [e for e in feedparser.parse(reader.get("/feeds/news.en.rss").content).entries if e.link.endswith(("/moved/", f"{PACT}/"))]
        return found

    before = entry()
    article = NewsArticlePage.objects.get(slug=PACT, locale__language_code="en")
    article.slug, article.introduction = "moved", "Another introduction."
    article.save_revision().publish()
    after = entry()
    assert (after.id, after.summary) == (before.id, "Another introduction.")
    assert after.link != before.link


def test_a_country_a_topic_and_a_language_carry_what_is_theirs(portal, reader):
    def links(address):
        return [entry.link for entry in feedparser.parse(reader.get(address).content).entries]

    laos = links("/feeds/country/LA.rss")
    assert laos
    assert len(laos) < len(links("/feeds/news.rss"))
    assert all("/en/" in link for link in laos)
    assert all("/th/" in link for link in links("/feeds/country/LA.rss?lang=th"))
    assert {link.split("/")[3] for link in links("/feeds/country/LA.all.rss")} == {"en", "th"}
    assert any(link.endswith(f"{PACT}/") for link in links("/feeds/topic/agreements.en.atom"))
    assert "Saphan · ลาว" in feedparser.parse(reader.get("/feeds/country/LA.th.rss").content).feed.title.replace("สปป. ", "")


def test_a_saved_search_is_a_feed_with_its_newest_findings_first(portal, reader):
    feed = feedparser.parse(reader.get("/feeds/search.en.rss", {"q": "hotline"}).content)
    assert feed.feed.title == "Saphan · Search: hotline"
    assert feed.feed.link == f"{settings.SITE_URL}/en/search/?q=hotline"
    assert any("hotline officers" in entry.title for entry in feed.entries)
    days = [entry.published_parsed for entry in feed.entries if "/news/" in entry.link]
    assert days == sorted(days, reverse=True)


def test_a_saved_search_keeps_the_facets_that_were_chosen(portal, reader):
    feed = feedparser.parse(reader.get("/feeds/search.en.rss", {"q": "", "country": "LA", "kind": "news"}).content)
    assert feed.entries
    assert all("Lao" in " ".join(tag.term for tag in entry.tags) for entry in feed.entries)
    (own,) = [link.href for link in feed.feed.links if link.rel == "self"]
    assert own == f"{settings.SITE_URL}/feeds/search.en.rss?q=&kind=news&country=LA"
    assert feed.feed.link == f"{settings.SITE_URL}/en/search/?q=&kind=news&country=LA"


@pytest.mark.parametrize("question", ["", " ", '"', "((", "x" * 10_000, "\x00\x08", "<b>&", "%", "ก"])
def test_a_saved_search_never_fails(portal, reader, question):
    for shape in SHAPES:
        answer = reader.get(f"/feeds/search.th.{shape}", {"q": question})
        assert answer.status_code == 200
        assert RULES[shape](answer.content) == []


@pytest.mark.parametrize(
    "path",
    ["all.xml", "all.en.xml", "nothing.rss", "news.xx.rss", "news.rss?lang=xx", "country/ZZ.rss", "country/th.rss", "topic/nothing.en.atom", "topic/TH.rss", "all.", "all.en.rss/"],
)  # fmt: skip
def test_what_is_no_feed_is_404(portal, reader, path):
    assert reader.get(f"/feeds/{path}").status_code in {404} | ({302} if path.endswith("/") else set())


def test_old_addresses_stay(portal, reader):
    for path in ("news.rss", "news.th.rss", "news.rss?lang=th"):
        assert feedparser.parse(reader.get(f"/feeds/{path}").content).entries
    assert feedparser.parse(reader.get("/feeds/news.rss?lang=th").content).feed.language == "th"


def test_who_has_the_feed_already_gets_304(portal, reader):
    first = reader.get("/feeds/all.en.atom")
    for ask in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        again = reader.get("/feeds/all.en.atom", headers=ask)
        assert (again.status_code, again.content) == (304, b"")
    assert reader.get("/feeds/all.en.atom").content == first.content
    published("Something new")
    assert reader.get("/feeds/all.en.atom", headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("shape", SHAPES)
def test_a_feed_asks_the_database_at_most_four_times(portal, reader, shape, django_assert_max_num_queries):
    published("With links", f'<p><a linktype="page" id="{index_of("en").pk}">the news</a></p>')
    for name in NAMES[:-1]:
        reader.get(f"/feeds/{name}.en.{shape}")
        with django_assert_max_num_queries(4):
            reader.get(f"/feeds/{name}.en.{shape}")


@pytest.mark.parametrize("shape", SHAPES)
def test_any_text_makes_a_valid_feed(portal, reader, shape):
    odd = "A\x08\x0b <b>&amp; ]]> \ufffe\U0010ffff 5 < 6 “ก็” \u2028 end"
    article = published("Odd", '<p>One <b>bold <i>both</b> <a href="/en/about/">about</a><img src="x.png"><script>alert(1)</script></p><p>left open', author="A & B")  # fmt: skip
    SearchEntry.objects.filter(key=f"page:{article.pk}").update(title=odd, summary=odd, author=odd, topics=["none\x01"], countries=["Z<"])
    body = reader.get(f"/feeds/news.en.{shape}").content
    assert RULES[shape](body) == []
    assert b"alert(1)" not in body
    assert f"{settings.SITE_URL}/en/about/".encode() in body
    if shape != "json":
        feed = feedparser.parse(body)
        assert not feed.bozo
        assert any(entry.title.startswith("A") and "end" in entry.title for entry in feed.entries)


def test_a_link_inside_a_text_leads_to_the_whole_address_of_its_page(portal, reader):
    published("With links", f'<p><a linktype="page" id="{index_of("en").pk}">the news</a></p>')
    assert f'<a href="{settings.SITE_URL}/en/news/">the news</a>' in json.loads(reader.get("/feeds/news.en.json").content)["items"][0]["content_html"]


@pytest.mark.parametrize("name", NAMES)
def test_drafts_and_what_was_taken_down_never_appear(portal, reader, name):
    index = index_of("en")
    draft = NewsArticlePage(title="CANARYDRAFT", slug="canary", published_on=date(2026, 11, 1), body="<p>x</p>", locale=index.locale, live=False)
    index.add_child(instance=draft)
    draft.save_revision()
    gone = published("CANARYGONE")
    gone.unpublish()
    pact = newest_first("en").get(slug=PACT)
    pact.title = "CANARYCHANGE"
    pact.save_revision()
    late = published("CANARYLATE", expire_at=clock.now())
    late.refresh_from_db()
    from django.core.management import call_command

    call_command("publish_scheduled")
    for shape in SHAPES:
        assert b"CANARY" not in reader.get(f"/feeds/{name}.all.{shape}", {"q": "canarydraft"} if name == "search" else {}).content.replace(b"canarydraft", b"")  # fmt: skip


def test_the_page_of_feeds_lists_them_all_in_the_readers_language(portal, reader):
    page = reader.get("/th/feeds/")
    assert page.status_code == 200
    text = page.content.decode()
    for path in ("all.th.rss", "news.th.atom", "library.th.json", "country/LA.th.rss", "topic/agreements.th.rss", "all.en.rss", "all.all.rss"):
        assert f'href="/feeds/{path}"' in text
    assert "/th/feeds/" in reader.get("/th/").content.decode()


def test_every_page_tells_programs_of_the_feeds(portal, reader):
    page = reader.get("/th/about/").content.decode()
    for kind, path in (("rss+xml", "news.th.rss"), ("atom+xml", "all.th.atom"), ("feed+json", "all.th.json")):
        assert f'type="application/{kind}"' in page
        assert f'href="/feeds/{path}"' in page


def test_an_empty_site_has_valid_feeds(db, reader):
    for shape in SHAPES:
        answer = reader.get(f"/feeds/all.en.{shape}")
        assert RULES[shape](answer.content) == []
        assert reader.get(f"/feeds/all.en.{shape}").content == answer.content
    assert timezone.localdate(clock.now()).isoformat() in reader.get("/feeds/all.en.atom").content.decode()
