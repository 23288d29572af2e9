"""What a first view may cost, in each of the six languages."""

import pytest
from django.conf import settings
from django.test import Client
from wagtail.models import Page

from saphan.core.tests.weight import first_view, letters

pytestmark = [pytest.mark.django_db, pytest.mark.once]
KB = 1024
CODES = [code for code, _name in settings.LANGUAGES]


def pages_of(language):
    """One page of each kind in a language."""
    kinds = {page.specific_class: page for page in Page.objects.live().filter(locale__language_code=language, depth__gt=1)}
    return [f"/{language}/search/", *(page.get_url() for page in kinds.values())]


@pytest.mark.parametrize("language", CODES)
def test_the_first_view_of_every_kind_of_page_is_at_most_60_kb_with_its_letters(portal, language):
    reader = Client()
    pages = {path: reader.get(path) for path in pages_of(language)}
    heavy = {path: size for path, answer in pages.items() if answer.status_code == 200 and (size := first_view(answer.content.decode())) > 60 * KB}
    assert heavy == {}


@pytest.mark.parametrize("language", CODES)
def test_get_help_now_is_at_most_30_kb_without_script(portal, language):
    answer = Client().get(f"/{language}/help/")
    if answer.status_code == 404:
        pytest.skip("no page in this language yet")
    page = answer.content.decode()
    assert "<script" not in page
    burmese = 26 * KB if language == "my" else 0  # the only letters it brings; the words are read before they arrive
    assert first_view(page) <= 30 * KB + burmese


def test_a_page_loads_the_letters_of_its_own_language_only(portal):
    english = letters(Client().get("/en/about/").content.decode())
    assert {name.partition("-4")[0].partition("-7")[0] for name in english} <= {"latin", "latin-more"}
    thai = letters(Client().get("/th/about/").content.decode())
    assert "thai-400.woff2" in thai
    assert not {"lao-400.woff2", "khmer-400.woff2", "myanmar-400.woff2"} & set(thai)
