"""RSS 2.0, Atom 1.0 and JSON Feed 1.1. The first two are written by Django's generators; here stands what those leave out."""

import json
import re
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date

# XML 1.0 has no way to write these, escaped or not.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str) -> str:
    """The text without the control characters that no XML may hold."""
    return UNWRITABLE.sub("", text)


class Rss(Rss201rev2Feed):
    """RSS 2.0 with the whole text of an item."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def latest_post_date(self) -> Any:
        """When anything in it changed last; the same feed is the same bytes, so that a reader who has it gets 304."""
        return self.feed["changed_at"]

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "enclosures": item["enclosures"][:1]})  # RSS has room for one file
        if item["html"]:
            handler.addQuickElement("content:encoded", item["html"])


class Atom(Atom1Feed):
    """Atom 1.0 with the whole text of an item and its language."""

    def latest_post_date(self) -> Any:
        """When anything in it changed last."""
        return self.feed["changed_at"]

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["html"]:
            handler.addQuickElement("content", item["html"], {"type": "html"})


class JsonFeed(SyndicationFeed):
    """JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:  # noqa: ARG002  # JSON is always UTF-8
        feed = self.feed
        told = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed["title"],
            "home_page_url": feed["link"],
            "feed_url": feed["feed_url"],
            "description": feed["description"],
            "language": feed["language"],
            "authors": [{"name": feed["author_name"], "url": feed["author_link"]}],
            "items": [self._item(item) for item in self.items],
        }
        outfile.write(json.dumps({name: value for name, value in told.items() if value is not None}, ensure_ascii=False, indent=1))

    def _item(self, item: dict[str, Any]) -> dict[str, Any]:
        told = {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "summary": item["summary"],
            "language": item["language"],
            "date_published": rfc3339_date(item["pubdate"]),
            "date_modified": rfc3339_date(item["updateddate"]),
            "authors": [{"name": item["author_name"]}] if item["author_name"] else [],
            "tags": item["categories"],
            "attachments": [{"url": file.url, "mime_type": file.mime_type, "size_in_bytes": int(file.length)} for file in item["enclosures"]],
        }
        text = {"content_html": item["html"]} if item["html"] else {"content_text": item["summary"] or item["title"]}
        return {name: value for name, value in told.items() if value} | text


FORMATS: dict[str, type[SyndicationFeed]] = {"rss": Rss, "atom": Atom, "json": JsonFeed}
TYPES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
