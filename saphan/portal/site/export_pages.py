"""Makes a page of the site a page of its copy: links between files, no form that nobody would answer, symbols in the page itself."""

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from saphan.portal.site.export_crawl import Copy, choices_of, inside, is_left_out
from saphan.portal.site.export_names import link

LINKS = [
    ("a", "href"),
    ("area", "href"),
    ("link", "href"),
    ("img", "src"),
    ("script", "src"),
    ("source", "src"),
    ("iframe", "src"),
    ("object", "data"),
]
SPRITE = "symbol-"


class PageOfCopy:
    """One page, taken apart and put together again. `address` is where it was, `name` where it lies now."""

    def __init__(self, copy: Copy, address: str, name: str, base_url: str) -> None:
        self.copy, self.address, self.name, self.base_url = copy, address, name, base_url
        self.page = BeautifulSoup((copy.folder / name).read_bytes(), "html.parser")
        self.language = str(self.page.html.get("lang", settings.LANGUAGE_CODE)) if self.page.html else settings.LANGUAGE_CODE
        self.lost: set[str] = set()

    def write(self, made_at: datetime) -> set[str]:
        """Rewrites the file; answers the addresses inside that lead nowhere."""
        with override(self.language):
            for element, attribute in LINKS:
                for found in self.page.find_all(element, attrs={attribute: True}):
                    self._lead(found, attribute)
            self._forms()
            self._heads()
            for found in self.page.find_all(["img", "source"], srcset=True):
                found["srcset"] = ", ".join(self._sized(one.strip()) for one in str(found["srcset"]).split(",") if one.strip())
            self._symbols()
            self._say_that_it_is_a_copy(made_at)
        (self.copy.folder / self.name).write_text(self.page.decode(formatter="html5"), encoding="utf-8")
        return self.lost

    def _lead(self, element: Tag, attribute: str) -> None:
        """One link: to a file of the copy, or outside as before. Where only the living site answers, or nobody, it stops being a link."""
        written = str(element[attribute])
        if written.startswith(("#", "data:", "mailto:", "tel:")) or "canonical" in element.get_attribute_list("rel"):
            return
        target = inside(written, self.address)
        if not target:
            return
        name = self.copy.file(target)
        if name is not None:
            fragment = urlsplit(written).fragment
            element[attribute] = link(self.name, name) + (f"#{fragment}" if fragment else "")
        elif element.name == "a":
            if not is_left_out(target):
                self.lost.add(target)
            element.name = "span"
            element.attrs = {key: value for key, value in element.attrs.items() if key in {"class", "lang", "id"}}
        else:
            element.decompose()

    def _sized(self, one: str) -> str:
        address, _, size = one.partition(" ")
        name = self.copy.file(inside(address, self.address))
        return f"{link(self.name, name) if name else address} {size}".strip()

    def _heads(self) -> None:
        """What the head says of addresses: those of the new home where there is one, else nothing."""
        for element in [*self.page.find_all("link", rel="canonical"), *self.page.find_all("meta", property=["og:url", "og:image"])]:
            attribute = "href" if element.name == "link" else "content"
            name = self.copy.file(inside(str(element.get(attribute, "")), self.address))
            if self.base_url and name:
                element[attribute] = absolute(self.base_url, name)
            else:
                element.decompose()

    def _forms(self) -> None:
        for form in self.page.find_all("form"):
            if str(form.get("role")) == "search" and (name := self.copy.file(inside(str(form.get("action") or ""), self.address))):
                form["action"] = link(self.name, name)
                continue
            groups = [group for select in form.find_all("select") if (group := self._group(form, select))]
            told = render_to_string("site/copy_form.html", {"groups": groups})
            form.replace_with(BeautifulSoup(told, "html.parser"))

    def _group(self, form: Tag, select: Tag) -> tuple[str, list[tuple[str, str]]] | None:
        """The choices of one field of a filter form that are pages of the copy, as links."""
        label = form.find("label", attrs={"for": select.get("id")})
        found = [(words, self.copy.files[address]) for words, address in choices_of(form, select, self.address).items() if address in self.copy.files]
        return (label.get_text(strip=True) if label else "", [(words, link(self.name, name)) for words, name in found]) if found else None

    def _symbols(self) -> None:
        """Browsers refuse symbols from another file on a stick, so those that the page uses are put into it."""
        used: dict[str, Tag] = {}
        for use in self.page.find_all("use", href=True):
            sheet, _, symbol = str(use["href"]).partition("#")
            name = self.copy.file(inside(sheet, self.address)) if sheet else None
            if name is None or not (drawn := symbols(self.copy.folder / name).get(symbol)):
                continue
            used[symbol] = drawn
            use["href"] = f"#{SPRITE}{symbol}"
        if used and self.page.body:
            drawn_all = "".join(re.sub(r' id="[^"]*"', f' id="{SPRITE}{name}"', str(tag), count=1) for name, tag in used.items())
            self.page.body.append(BeautifulSoup(f'<svg width="0" height="0" class="unseen" aria-hidden="true">{drawn_all}</svg>', "html.parser"))

    def _say_that_it_is_a_copy(self, made_at: datetime) -> None:
        for script in self.page.find_all("script", attrs={"data-server": True}):
            script.decompose()  # it would only ask a server that is not there
        told = BeautifulSoup(render_to_string("site/copy_notice.html", {"made_at": made_at}), "html.parser")
        skip = self.page.find("a", class_="skip")
        if isinstance(skip, Tag):
            skip.insert_after(told)
        elif self.page.body:
            self.page.body.insert(0, told)


@cache
def symbols(sheet: Path) -> dict[str, Tag]:
    """The symbols of a sprite by their names."""
    drawn = BeautifulSoup(sheet.read_text(encoding="utf-8"), "html.parser")
    return {str(symbol["id"]): symbol for symbol in drawn.find_all("symbol", id=True)}


def absolute(base_url: str, name: str) -> str:
    """The address of a file at the copy's new home; of a page without `index.html`."""
    return base_url.rstrip("/") + "/" + link("", name).removesuffix("index.html")


def write_addresses(copy: Copy, address: str, name: str, base_url: str) -> None:
    """Feeds and maps name whole addresses: at a new home they are its own, otherwise they stay what they were."""
    if not base_url:
        return
    place = copy.folder / name
    pattern = re.compile(re.escape(settings.SITE_URL) + r"""(/[^\s"'<>\\]*)""")

    def moved(found: re.Match[str]) -> str:
        target = copy.file(inside(found[1].replace("&amp;", "&"), address))
        return absolute(base_url, target) if target else found[0]

    place.write_text(pattern.sub(moved, place.read_text(encoding="utf-8")), encoding="utf-8")
