"""The field kit as a browser has it: preparing, opening, looking into everything that it keeps."""

import re

from playwright.sync_api import Page, expect

PATIENCE = 120_000  # milliseconds; every wait ends as soon as it is true, a busy machine only takes longer
expect.set_options(timeout=PATIENCE)
KIT = "/desk/screening/kit/"
SAFE = ("yes", "not_needed", "yes", "yes", "yes", "some", "low")  # the answers of a safety check that passes, in the order of its points
EVERYTHING = """async () => {
  const text = (v) => v instanceof ArrayBuffer || ArrayBuffer.isView(v) ? new TextDecoder("latin1").decode(v) + new TextDecoder().decode(v)
    : v && typeof v === "object" ? Object.entries(v).map(([k, x]) => k + ":" + text(x)).join(" ") : String(v);
  const kept = [];
  for (const {name} of await indexedDB.databases()) {
    const db = await new Promise((done) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); });
    for (const store of db.objectStoreNames)
      kept.push(...await new Promise((done) => { const r = db.transaction(store).objectStore(store).getAll(); r.onsuccess = () => done(r.result.map((v) => store + " " + text(v))); }));
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) kept.push(request.url + " " + await (await cache.match(request)).text());
  }
  return kept.concat([JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie]);
}"""


def prepared(page: Page, address: str, alias: str, passphrase: str) -> None:
    """The device is prepared; its store is locked."""
    page.goto(f"{address}{KIT}prepare/")
    page.fill("[name=alias]", alias)
    for field in ("#passphrase", "#passphrase-again"):
        page.fill(field, passphrase)
    page.check("#understood")
    page.click("#prepare button.button")
    expect(page).to_have_url(re.compile(f"{KIT}$"))


def unlock(page: Page, passphrase: str) -> None:
    """The store is open, at its first screen."""
    page.fill("input[type=password]", passphrase)
    page.click("#open")
    expect(page.locator("#new-visit")).to_be_visible()


def until(page: Page, true: str) -> None:
    """Waits for what a script answers. Asked from outside: the page's own policy lets nobody evaluate a string in it."""
    for _turn in range(PATIENCE // 100):
        if page.evaluate(true):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {true}")


def pass_the_check(page: Page, answers: tuple[str, ...] = SAFE) -> None:
    """Every point of the safety check is met; who is present is asked next."""
    for group, answer in enumerate(answers):
        page.locator("fieldset").nth(group).locator(f"input[value={answer}]").check()
    page.click("#go")
    expect(page.locator("#main textarea")).to_be_visible()


def kept(page: Page) -> list[str]:
    """Everything that the browser keeps of the site, as text."""
    found: list[str] = page.evaluate(EVERYTHING)
    return found
