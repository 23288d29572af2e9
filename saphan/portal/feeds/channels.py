"""What a feed is about: everything, one kind, one country, one topic, or what a search finds."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from saphan.portal.search.sources import KINDS

EVERYTHING = "all"
KIND_OF = {"news": "news", "library": "document"}  # a room with a feed of its own adds its kind in `apps.ready()`
Chosen = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Channel:
    """`subject` is the code of a country, the slug of a topic or a question; `language` is a code, or `all` for every language."""

    name: str
    language: str
    subject: str = ""
    label: str = ""
    chosen: Chosen = ()  # facets of a saved search, as in its address

    @property
    def own_language(self) -> str | None:
        """The language of its entries, None when they speak several."""
        return self.language if self.language != EVERYTHING else None

    @property
    def spoken(self) -> str:
        """The language of its title."""
        return self.own_language or settings.LANGUAGE_CODE

    @property
    def title(self) -> str:
        return f"Saphan · {self.label or self.heading}"

    @property
    def heading(self) -> str:
        """What it carries, in a word or two."""
        if self.name == "search":
            return _("Search: %(question)s") % {"question": self.subject}
        known = {EVERYTHING: _("Everything new"), "news": _("News & Updates"), "library": _("Library")}
        return known.get(self.name) or str(KINDS.get(KIND_OF.get(self.name, ""), self.label))

    @property
    def description(self) -> str:
        return _("News of cooperation against human trafficking.") if self.name == "news" else _("New and changed on Saphan, a web resource for combating human trafficking.")  # fmt: skip

    @property
    def page(self) -> str:
        """The page that shows the same to a reader."""
        if self.name == "search":
            return f"/{self.spoken}/search/?{self.query}"
        return f"/{self.spoken}/"

    @property
    def query(self) -> str:
        """The question of a saved search as the tail of an address."""
        return urlencode([("q", self.subject), *self.chosen])

    def path(self, shape: str) -> str:
        """Its permanent address in one format. The language stands in the path, so that it also works on a plain web server."""
        if self.name in ("country", "topic"):
            return reverse(f"feeds:{self.name}_in", args=[self.subject, self.language, shape])
        query = f"?{self.query}" if self.name == "search" else ""
        return reverse("feeds:feed_in", args=[self.name, self.language, shape]) + query
