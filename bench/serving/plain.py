"""Plants the plain site and counts its questions: `python -m bench.serving.plain plant N`, `… count PATH…`."""

import json
import sys
from typing import Any


def plant(count: int) -> None:
    from django.core.management import call_command
    from django.db import transaction
    from wagtail.models import Page, Site

    from bench.plain_wagtail.plain.models import ArticleIndexPage, ArticlePage, Country, HomePage
    from bench.serving.words import COUNTRIES, items

    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        Page.objects.filter(depth=2).delete()
        home = Page.objects.get(depth=1).add_child(instance=HomePage(title="A web resource", slug="home", introduction="<p>News and documents.</p>"))
        Site.objects.all().delete()
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name="Plain")
        for n in range(5):
            home.add_child(instance=ArticleIndexPage(title=f"Section {n}", slug=f"section-{n}", show_in_menus=True))
        index = home.add_child(instance=ArticleIndexPage(title="News", slug="news", show_in_menus=True))
        countries = {name: Country.objects.create(name=name) for name in COUNTRIES}
        for item in items(count):
            body: list[tuple[str, Any]] = []
            for number, paragraph in enumerate(item.paragraphs):
                body += [("heading", f"Part {number + 1}"), ("paragraph", f"<p>{paragraph}</p>")]
            page = ArticlePage(title=item.title, slug=f"a{item.number}", date=item.day, introduction=item.introduction, body=body)
            index.add_child(instance=page)
            page.countries.set(countries[name] for name in item.countries)
            page.tags.add(*item.topics)
            page.save()


def count(paths: list[str]) -> dict[str, dict[str, float]]:
    """Questions and milliseconds of a page, in the process."""
    from bench.serving.ours import asked

    return {path: asked(path) for path in paths}


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "plant":
        plant(int(sys.argv[2]))
    else:
        print(json.dumps(count(sys.argv[2:])))
