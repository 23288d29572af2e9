import re

import pytest
from django.conf import settings
from django.test import Client

from saphan.portal.figures.models import FiguresPage
from saphan.portal.search.selectors import find
from saphan.portal.search.sources import KINDS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "th"])
def test_the_page_says_honestly_that_nothing_was_released(portal, language):
    answer = Client().get(f"/{language}/figures/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert FiguresPage.objects.filter(locale__language_code=language).exists()


def test_no_number_stands_on_it(portal):
    page = Client().get("/en/figures/").content.decode()
    main = page[page.index("<main") : page.index('<section class="tongues')]
    assert "No figures have been released yet." in main
    assert "How figures are made" in main
    assert not re.search(r">[^<]*\d[^<]*<", main.replace(f"{settings.SITE_URL}/en/figures/", ""))


def test_it_is_found_by_its_own_kind(portal):
    assert "figures" in KINDS
    assert any(finding.url == "/en/figures/" for finding in find("figures released", language="en").findings) or find("figures").findings
