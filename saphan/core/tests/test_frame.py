"""What stands around every page."""

import re
from typing import Any

import pytest
from django.test import Client, override_settings

from saphan.core.tests.weight import transferred

pytestmark = pytest.mark.urls("saphan.core.tests.parts_urls")
KB = 1024


@pytest.fixture
def visitor() -> Client:
    return Client()


def test_a_public_page_asks_neither_database_nor_session(visitor: Client) -> None:
    answer = visitor.get("/en/")  # without the db fixture a query would fail
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_the_switcher_of_a_public_page_leads_to_the_same_page(visitor: Client) -> None:
    html = visitor.get("/en/stop/404/?from=feed").content.decode()
    assert '<a href="/th/stop/404/?from=feed" lang="th" hreflang="th">' in html
    assert re.search(r'<a href="/en/stop/404/[^>]*aria-current="true"', html)


@override_settings(EXIT_URL="https://weather.example/")
def test_the_way_out_works_without_script_and_says_nothing_of_where_one_was(visitor: Client) -> None:
    html = visitor.get("/en/").content.decode()
    assert '<a class="button exit" href="https://weather.example/" rel="noreferrer noopener" data-exit>' in html


def test_a_staff_address_has_no_public_menu_and_a_switcher_that_posts(visitor: Client) -> None:
    html = visitor.get("/desk/stop/404/").content.decode()
    assert "data-exit" not in html
    assert "/desk/" in html


@pytest.mark.parametrize("path", ["/en/", "/th/", "/en/stop/404/"])
def test_a_public_page_is_light(visitor: Client, path: str) -> None:
    assert transferred(visitor.get(path).content.decode()) < 20 * KB  # leaves 40 KB of the 60 to the page's own words


@pytest.mark.django_db
@override_settings(DEMO=True)
def test_a_staff_page_is_light(visitor: Client) -> None:
    assert transferred(visitor.get("/parts/").content.decode()) < 120 * KB


@pytest.mark.django_db
def test_the_gallery_is_for_staff_and_demonstrations(visitor: Client) -> None:
    with override_settings(DEMO=False, LOGIN_URL="/in/"):
        assert visitor.get("/parts/").status_code == 302
    with override_settings(DEMO=True):
        answer = visitor.get("/parts/")
    assert answer.status_code == 200
    assert b"Demonstration" in answer.content


@pytest.mark.django_db
@override_settings(DEMO=True)
def test_every_part_has_its_own_id_and_every_label_its_control(visitor: Client) -> None:
    html = visitor.get("/parts/").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'\sfor="([^"]+)"', html)) <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "409", "422", "429", "500", "503"])
def test_every_stop_has_one_heading_and_a_way_on(visitor: Client, name: str) -> None:
    html = visitor.get(f"/en/stop/{name}/").content.decode()
    assert html.count("<h1>") == 1
    assert 'class="button"' in html
    assert "<title>Saphan</title>" in html


@pytest.mark.parametrize("name", ["400", "500", "503"])
def test_pages_for_a_broken_house_need_no_request_and_no_database(name: str) -> None:
    from django.template.loader import get_template

    assert "<h1>" in get_template(f"{name}.html").render()


def test_a_form_without_its_proof_shows_the_typed_words_but_no_secret(settings: Any) -> None:
    typed = {"words": "what I wrote", "password": "hunter2", "once": "x" * 20}
    answer = Client(enforce_csrf_checks=True).post("/write/", typed)
    assert answer.status_code == 403
    assert b"what I wrote</textarea>" in answer.content
    assert b"hunter2" not in answer.content
    assert "no-store" in answer["Cache-Control"]
