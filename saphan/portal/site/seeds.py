"""The standing pages of a new site in its languages, and the demonstration's news on them."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from saphan.portal.figures.models import FiguresPage
from saphan.portal.library.models import LibraryIndexPage
from saphan.portal.library.seeds import plant_library
from saphan.portal.news.models import NewsIndexPage
from saphan.portal.news.seeds import Writers, plant_news, plant_topics
from saphan.portal.pages import PublicPage
from saphan.portal.places.models import CountriesPage, TopicsPage
from saphan.portal.places.seeds import introduce_topics, link_documents, plant_countries, release_services
from saphan.portal.site.models import HelpPage, HomePage, StandardPage
from saphan.portal.site.services import prepare_editor_groups, sync_editor_groups

if TYPE_CHECKING:
    from saphan.access.seeds import People

FRAME = Path(__file__).resolve().parent / "frame"
OPERATOR: Writers = (None, None)
ROOMS: dict[str, type[PublicPage]] = {"countries": CountriesPage, "topics": TopicsPage, "library": LibraryIndexPage, "figures": FiguresPage}


def plant(people: "People") -> None:
    """The demonstration: the frame, and news written by one person and published by another."""
    _plant_pages((people.editor, people.publisher), contact="contact@demo.example")
    sync_editor_groups(people.editor)
    sync_editor_groups(people.publisher)
    plant_news((people.editor, people.publisher))
    plant_library((people.editor, people.publisher))
    link_documents((people.editor, people.publisher))
    release_services(people)


def plant_frame() -> None:
    """Without a demonstration: home, help, the list of news, and the standard pages, ready to be edited."""
    _plant_pages(OPERATOR, contact=settings.CONTACT_EMAIL)


@transaction.atomic
def _plant_pages(writers: Writers, *, contact: str) -> None:
    prepare_editor_groups()
    for code, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    plant_topics()
    introduce_topics()
    keys: dict[str, Any] = {}
    for code, _name in settings.LANGUAGES:
        if not (FRAME / f"{code}.toml").exists():
            continue
        frame = tomllib.loads((FRAME / f"{code}.toml").read_text(encoding="utf-8"))
        home = _plant_home(frame["home"], code, keys, writers)
        for told in frame["pages"]:
            if told["kind"] not in {"standard", "news", "help", *ROOMS}:
                continue
            page = _page(told, code, _contact_line(contact, frame["contact"]))
            _publish_under(home, page, told["slug"], keys, writers)
            if isinstance(page, CountriesPage):
                plant_countries(page, keys, writers)
        _fill_cards(home, frame["home"]["cards"], writers)


def _plant_home(told: dict[str, Any], code: str, keys: dict[str, Any], writers: Writers) -> HomePage:
    """The home page of a language; the first one becomes the root of the site in place of Wagtail's welcome page."""
    root = Page.objects.get(depth=1)
    home = HomePage(
        title=told["title"],
        slug=f"home-{code}",
        strapline=told["strapline"],
        introduction=told["introduction"],
        areas_title=told["areas_title"],
        areas=[("area", area) for area in told["areas"]],
        locale=Locale.objects.get(language_code=code),
    )
    _publish_under(root, home, "home", keys, writers)
    if code == settings.LANGUAGE_CODE:
        address = urlsplit(settings.SITE_URL)
        port = address.port or (443 if address.scheme == "https" else 80)
        Site.objects.all().delete()
        Site.objects.create(hostname=address.hostname or "localhost", port=port, root_page=home, is_default_site=True, site_name="Saphan")
        Page.objects.filter(depth=2).exclude(pk=home.pk).delete()
    return home


def _page(told: dict[str, Any], code: str, contact_line: str) -> PublicPage:
    body = told.get("body", "").replace("\n", " ").strip()
    common = {
        "title": told["title"],
        "slug": told["slug"],
        "introduction": told["introduction"],
        "show_in_menus": told.get("in_menu", False),
        "locale": Locale.objects.get(language_code=code),
    }
    if told["kind"] == "news":
        return NewsIndexPage(**common)
    if told["kind"] in ROOMS:
        return ROOMS[told["kind"]](**common)
    if told["kind"] == "help":
        return HelpPage(**common, body=body, hotlines=[("hotline", line) for line in told["hotlines"]])
    return StandardPage(**common, body=body.replace("{contact}", contact_line))


def _contact_line(address: str, told: dict[str, str]) -> str:
    link = f'<a href="mailto:{address}">{address}</a>'
    kind = "none" if not address else "invented" if address.endswith(".example") else "real"
    return told[kind].replace("{address}", link)


def _publish_under(parent: Page, page: Any, name: str, keys: dict[str, Any], writers: Writers) -> None:
    """Adds a page as the translation of the page of the same name in the languages before it, and publishes it."""
    if name in keys:
        page.translation_key = keys[name]
    page.live = False
    parent.refresh_from_db()
    parent.add_child(instance=page)
    keys[name] = page.translation_key
    writer, publisher = writers
    page.save_revision(user=writer).publish(user=publisher)
    page.refresh_from_db()


def _fill_cards(home: HomePage, cards: list[dict[str, Any]], writers: Writers) -> None:
    """The cards of the home page lead to pages that exist only after it."""
    pages = {page.slug: page for page in home.get_children()}
    home.refresh_from_db()
    home.cards = [("card", _card(told, pages)) for told in cards]
    writer, publisher = writers
    home.save_revision(user=writer).publish(user=publisher)


def _card(told: dict[str, Any], pages: dict[str, Page]) -> dict[str, Any]:
    """A card leads to a page by its slug, or to a page of a room by its address."""
    name = told["leads_to"]
    return {
        "title": told["title"],
        "text": told["text"],
        "page": pages.get(name),
        "room": "" if name in pages else name,
        "urgent": told.get("urgent", False),
    }
