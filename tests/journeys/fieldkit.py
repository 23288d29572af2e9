"""The office's server for the journeys of the field kit, and what both of them do with a device: prepare it, open it, look at it, cut its line."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests import kit
from tests.judging import judged
from tests.kit import PATIENCE
from tests.running import ROOT, Site, bare

PASSPHRASE = "ห้าเรือเล็กข้ามแม่น้ำ five boats"
CANARIES = ("ZEBRA-NOTE", "ZEBRA-PLACE", "ZEBRA-PRESENT", "ZEBRA-CONDITIONS")
TELEPHONE = {"width": 390, "height": 844}


@dataclass
class House:
    """The office's server on one address: it can be stopped, and started again where it was."""

    data: Path
    port: int
    site: Site | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self, **extra: str) -> None:
        log = self.data.with_suffix(".log")
        environment = bare() | extra
        process = subprocess.Popen(
            [sys.executable, "-m", "saphan", "up", "--port", str(self.port), "--data", str(self.data), "--demo", "small"],
            env=environment, cwd=ROOT, stdout=log.open("ab"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        inside = environment | {"SAPHAN_DATA": str(self.data), "SAPHAN_DEMO": "1", "SAPHAN_SITE_URL": self.url}
        self.site = Site(self.url, self.data, process, inside, log)
        self.site.wait_until_ready()

    def close(self) -> None:
        if self.site and self.site.process.poll() is None:
            self.site.stop()

    def asked(self, code: str) -> str:
        assert self.site
        return self.site.run(code).strip()


def signed_in(house: House, context: BrowserContext, login: str) -> Page:
    assert house.site
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", f"{login}@demo.example")
    page.fill("[name=password]", house.site.password)
    page.locator("form:has([name=password]) button.button").first.click()
    page.fill("[name=code]", page.locator(".note b").inner_text())
    page.locator("form:has([name=code]) button.button").first.click()
    expect(page).to_have_url(re.compile("/desk/$"))
    context.add_cookies([{"name": "django_language", "value": "th", "url": house.url}])
    return page


def look(page: Page, name: str, *widths: int) -> None:
    for width in widths or (390,):
        page.set_viewport_size(TELEPHONE | {"width": width})
        assert judged(page, f"fieldkit-{name}") == [], f"{name} at {width}"
    page.set_viewport_size(TELEPHONE)


def heading(page: Page, words: str) -> None:
    expect(page.locator("h1")).to_have_text(words)


def unlock(page: Page) -> None:
    kit.unlock(page, PASSPHRASE)


def the_network_is_cut(house: House, context: BrowserContext) -> None:
    """Both ends: the browser is offline, and nobody listens on the port."""
    context.set_offline(True)
    house.close()


def nothing_readable_is_kept(page: Page) -> None:
    kept = kit.kept(page)
    assert len(kept) > 30
    assert [canary for canary in CANARIES for part in kept if canary in part] == []
    assert [part[:80] for part in kept if part.startswith("records ") and ("answers" in part or "โรงงาน" in part or "reading_token" in part)] == []
