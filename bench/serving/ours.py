"""Plants our own site and looks into it: `python -m bench.serving.ours plant N`, `… count PATH…`, `… weigh`, `… unchanged PATH`."""

import json
import os
import statistics
import sys
import time
from typing import Any

TIMES = 30
UNCHANGED = 3000


def plant(count: int) -> None:
    """A thousand published articles beside the frame of the site."""
    from django.db import connection, transaction
    from wagtail.models import Locale

    from bench.serving.words import items
    from saphan.directory.models import Country
    from saphan.portal.news.models import NewsArticlePage, Topic
    from saphan.portal.news.services import index_of

    index, english = index_of("en"), Locale.objects.get(language_code="en")
    countries = list(Country.objects.order_by("pk")[:5])
    topics = list(Topic.objects.filter(locale=english)[:5])
    with transaction.atomic():
        for item in items(count):
            parts = "".join(f"<h2>Part {n + 1}</h2><p>{paragraph}</p>" for n, paragraph in enumerate(item.paragraphs))
            page = NewsArticlePage(
                title=item.title, slug=f"a{item.number}", published_on=item.day, introduction=item.introduction, body=parts, locale=english
            )
            page.countries = [countries[item.number % 5], countries[(item.number + 1) % 5]]
            page.topics = [topics[item.number % len(topics)], topics[(item.number + 2) % len(topics)]] if topics else []
            index.add_child(instance=page)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def asked(path: str) -> dict[str, float]:
    """The questions and the median milliseconds of one page, asked again and again in the process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    reader, times = Client(SERVER_NAME="localhost"), []
    for _ in range(TIMES):
        started = time.perf_counter()
        answer = reader.get(path)
        times.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    with CaptureQueriesContext(connection) as seen:
        reader.get(path)
    return {"queries": len(seen), "ms": statistics.median(times)}


def unchanged(path: str) -> dict[str, float]:
    """Milliseconds of the whole program for a reader who has the page already, without the web server around it."""
    from django.core.wsgi import get_wsgi_application
    from django.test import RequestFactory

    application = get_wsgi_application()
    heads: dict[str, Any] = {}

    def ask(tag: str) -> float:
        environ = (
            RequestFactory().get(path, headers={"accept-encoding": "br", **({"if-none-match": tag} if tag else {}), "host": "localhost"}).environ
        )
        started = time.perf_counter()
        answer = application(environ, lambda status, headers, *_: heads.update(status=status, **dict(headers)))
        b"".join(answer)
        answer.close()
        return (time.perf_counter() - started) * 1000

    ask("")
    tag = heads["ETag"]
    times = sorted(ask(tag) for _ in range(UNCHANGED))
    assert heads["status"].startswith("304"), heads
    return {"p50_ms": times[len(times) // 2], "p99_ms": times[int(len(times) * 0.99)]}


def weigh() -> dict[str, dict[str, float]]:
    """Kilobytes of the first view of home, list, help and an article in each language that has them, letters included, pictures not."""
    from django.conf import settings
    from django.test import Client

    from saphan.core.tests.weight import first_view
    from saphan.portal.news.models import NewsArticlePage

    weights: dict[str, dict[str, float]] = {}
    for code, _name in settings.LANGUAGES:
        article = NewsArticlePage.objects.live().filter(locale__language_code=code).first()
        paths = {"home": f"/{code}/", "list": f"/{code}/news/", "help": f"/{code}/help/", "article": article.get_url() if article else ""}
        answers = {name: Client(SERVER_NAME="localhost").get(path) for name, path in paths.items() if path}
        weights[code] = {name: first_view(plain(answer.content.decode())) / 1024 for name, answer in answers.items() if answer.status_code == 200}
    return weights


def plain(html: str) -> str:
    """The page with the names that its files have in the repository: the site serves them under names that carry their digest."""
    import re

    return re.sub(r'(/static/[^"#]+?)\.[0-9a-f]{12}(\.\w+)', r"\1\2", html)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saphan.settings.all")
    import django

    django.setup()
    verb, rest = sys.argv[1], sys.argv[2:]
    if verb == "plant":
        plant(int(rest[0]))
    else:
        told: Any = {"count": lambda: {path: asked(path) for path in rest}, "unchanged": lambda: unchanged(rest[0]), "weigh": weigh}[verb]()
        print(json.dumps(told))
