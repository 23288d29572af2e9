import json
import re
from datetime import date

import pytest
from django.test import Client

from saphan.directory.models import Country
from saphan.portal.library.models import DocumentLink, DocumentPage, LibraryIndexPage, RelatedItem
from saphan.portal.news.models import NewsArticlePage, Topic
from saphan.portal.search.models import SearchEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(portal):
    return Client()


def page_of(slug, language="en"):
    return DocumentPage.objects.get(slug=slug, locale__language_code=language)


def titles(reader, query="", language="en"):
    return [document.title for document in reader.get(f"/{language}/library/?{query}").context["listing"]]


def another(number, **changes):
    index = LibraryIndexPage.objects.get(locale__language_code="en")
    fields = {"introduction": "About it.", "document_type": "report", "publisher": "A house", "year": 1990, "licence": "cc0"}
    page = DocumentPage(title=f"Report {number}", slug=f"report-{number}", locale=index.locale, **{**fields, **changes})
    index.add_child(instance=page)
    return page


def test_the_list_shows_the_newest_first_with_type_year_and_languages(reader):
    page = reader.get("/en/library/").content.decode()
    years = [document.year for document in reader.get("/en/library/").context["listing"]]
    assert years == sorted(years, reverse=True)
    for words in (
        "8 documents",
        "Palermo Protocol",
        "Agreement",
        "15 November 2000",
        "United Nations",
        "ไทย",
        "At its publisher",
        "For demonstration",
    ):
        assert words in page, words


def test_a_thai_reader_gets_the_list_in_thai_with_thai_years(reader):
    page = reader.get("/th/library/").content.decode()
    assert "พระราชบัญญัติป้องกันและปราบปรามการค้ามนุษย์" in page
    assert "2551 (2008)" in page


def test_the_list_is_narrowed_and_wrong_values_are_left_aside(reader):
    assert titles(reader, "type=law") == ["Anti-Trafficking in Persons Act B.E. 2551"]
    assert titles(reader, "year=2004&country=LA") == titles(reader, "year=2004")
    assert len(titles(reader, "country=CN")) == 1
    assert set(titles(reader, "topic=training")) == {"The first conversation: a training sheet"}
    assert len(titles(reader, "language=th")) == 4  # three with a Thai file, one with a Thai text elsewhere
    assert len(titles(reader, "year=x&country=%27&topic=%00&language=xx&type=1&page=999")) == 8


def test_an_empty_choice_says_what_to_do(reader):
    page = reader.get("/en/library/?type=law&topic=training").content.decode()
    assert "No document fits these choices" in page
    assert "Show all" in page


def test_an_empty_library_says_so(reader):
    for page in DocumentPage.objects.all():
        page.unpublish()
    assert "There is no document here yet." in reader.get("/en/library/").content.decode()


def test_a_reader_of_another_language_is_led_to_the_languages_of_the_library(reader):
    page = reader.get("/vi/library/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert 'href="/en/library/"' in main
    assert 'href="/th/library/"' in main


def test_a_long_list_has_pages_and_costs_the_same(reader, django_assert_max_num_queries):
    for number in range(30):
        another(number)
    Client().get("/en/library/")
    with django_assert_max_num_queries(26):
        first = reader.get("/en/library/?page=2&type=report")
    assert 'rel="prev"' in first.content.decode()
    assert "page=3" in first.content.decode()
    assert len(first.context["listing"]) == 12


def test_a_document_tells_what_it_is_and_what_one_may_do(reader, django_assert_max_num_queries):
    reader.get("/en/library/recognise-the-signs/?x")
    with django_assert_max_num_queries(28):
        answer = reader.get("/en/library/recognise-the-signs/")
    page = answer.content.decode()
    assert not answer.cookies
    assert "csrf" not in page
    for words in (
        "Poster or leaflet",
        "15 January 2026",
        "PDF, 1 page, 12 kB",
        "PDF, 1 page, 19 kB",
        "Version 2",
        "1 older version",
        "https://creativecommons.org/licenses/by/4.0/",
        "Signs on the way, online fraud and children are new.",
        "The leaflet: a heading",
        "No office has approved it",
        page_of("recognise-the-signs").permanent_path,
    ):
        assert words in page, words


def test_the_reader_s_language_stands_first_and_every_language_is_there(reader):
    english = reader.get("/en/library/recognise-the-signs/").context["shelf"]
    thai = reader.get("/th/library/recognise-the-signs/").context["shelf"]
    assert [file.language.code for file in english.files] == ["en", "th"]
    assert [file.language.code for file in thai.files] == ["th", "en"]
    assert [file.label for file in thai.older] == ["1"]
    assert thai.cover != english.cover


def test_a_document_of_unknown_licence_only_leads_to_its_publisher(reader):
    page = reader.get("/en/library/palermo-protocol/").content.decode()
    assert "Nobody has told us under which licence" in page
    assert page.count('href="https://www.ohchr.org/') == 1
    assert "Download" not in page


def test_related_pages_are_chosen_or_share_a_topic(reader):
    page = page_of("palermo-protocol", "th")
    article = NewsArticlePage.objects.filter(locale__language_code="en").order_by("pk").first()
    page.related_items = [RelatedItem(target=article)]
    page.save_revision().publish()
    context = reader.get("/th/library/palermo-protocol/").context
    assert [other.locale.language_code for other in context["beside"]] == ["th"]
    assert context["others"]
    assert all(other.locale.language_code == "th" for other in context["others"])
    article.get_translation(page.locale).unpublish()
    assert [other.pk for other in Client().get("/th/library/palermo-protocol/?a=b").context["beside"]] == [article.pk]


def test_machines_are_told_files_licence_and_languages(reader):
    page = reader.get("/en/library/checklist-for-a-referral/").content.decode()
    block = re.search(r'<script type="application/ld\+json">(.+?)</script>', page)
    assert block
    thing = next(part for part in json.loads(block[1])["@graph"] if "encoding" in part)
    assert thing["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert thing["publisher"]["name"] == "Saphan"
    assert {file["encodingFormat"].rpartition(".")[2] for file in thing["encoding"]} == {"application/pdf", "document"}
    assert thing["inLanguage"] == ["en"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"published_on": date(1991, 1, 1)}, "published_on"),
        ({"licence": "permission"}, "licence_note"),
        ({"licence": "unknown"}, "source_url"),
    ],
)
def test_what_a_reader_would_miss_is_said_at_its_field(portal, changes, field):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as fault:
        another(1, **changes).clean()
    assert set(fault.value.message_dict) == {field}


def test_authors_are_told_one_by_one():
    assert DocumentPage(authors="Ada Lovelace; ; Office of Studies ").author_names == ["Ada Lovelace", "Office of Studies"]


def test_a_copy_is_another_document_and_a_translation_the_same(portal):
    page = page_of("commit-memorandum")
    copy = page.copy(update_attrs={"slug": "copy", "title": "Copy"})
    assert copy.public_id != page.public_id
    assert copy.links.count() == 0
    assert page_of("commit-memorandum", "th").public_id == page.public_id


def test_topics_countries_and_author_are_told_to_the_search(portal):
    entry = SearchEntry.objects.get(key=f"page:{page_of('commit-memorandum').pk}")
    assert (entry.kind, entry.published_on) == ("document", date(2004, 10, 29))
    assert set(entry.countries) == {"KH", "CN", "LA", "MM", "TH", "VN"}
    assert set(entry.topics) == {"agreements", "return"}
    assert entry.author.startswith("Coordinated Mekong")


def test_a_document_without_anything_to_read_says_so(portal):
    another(7)
    assert "There is no file yet." in Client().get("/en/library/report-7/").content.decode()


def test_texts_elsewhere_are_shown_on_every_language_once(portal):
    page = page_of("palermo-protocol", "th")
    page.links = [DocumentLink(language="th", url="https://law.example/th"), DocumentLink(language="en", url=page.source_url)]
    page.save_revision().publish()
    shelf = Client().get("/en/library/palermo-protocol/").context["shelf"]
    assert sorted(link.language.code for link in shelf.links) == ["en", "th"]
    assert Topic.objects.exists()
    assert Country.objects.exists()


def test_an_article_shows_the_documents_that_name_it(reader):
    article = NewsArticlePage.objects.filter(locale__language_code="en").first()
    document = page_of("recognise-the-signs")
    document.related_items = [RelatedItem(target=article)]
    document.save()
    assert f'<a href="{document.url}"' in reader.get(article.url).content.decode()
