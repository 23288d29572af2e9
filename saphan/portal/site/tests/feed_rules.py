"""The rules of a feed validator, written down: RSS 2.0 (rssboard.org), Atom 1.0 (RFC 4287), JSON Feed 1.1 (jsonfeed.org)."""

import json
import re
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit

from defusedxml import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
VOID = {"br", "hr", "img", "wbr"}


def whole(address):
    parts = urlsplit(address)
    return parts.scheme in {"http", "https", "mailto", "tel"} and (parts.netloc or parts.scheme in {"mailto", "tel"}) and " " not in address


class Balanced(HTMLParser):
    """Reads HTML as strictly as XML: what is opened is closed, in order; no address is relative; nothing runs."""

    def __init__(self, html):
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(html)
        self.close()
        if self.open:
            self.faults.append(f"left open: {self.open}")

    def handle_starttag(self, tag, attrs):
        if tag in {"script", "style", "iframe", "form"}:
            self.faults.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (name in {"href", "src"} and not whole(value or "")):
                self.faults.append(f"{tag} {name}={value}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.faults.append(f"closed: {tag}")


def faults_of_rss(body):
    """What a validator would complain about."""
    root = ElementTree.fromstring(body)
    channel = root.find("channel")
    faults = [] if (root.tag, root.get("version")) == ("rss", "2.0") else ["root"]
    faults += [f"channel lacks {name}" for name in ("title", "link", "description", "lastBuildDate", "ttl") if not channel.findtext(name)]
    own = channel.find(f"{ATOM}link")
    if own is None or own.get("rel") != "self" or not whole(own.get("href")):
        faults.append("atom:link self")
    if not whole(channel.findtext("link")) or parsedate_to_datetime(channel.findtext("lastBuildDate")).tzinfo is None:
        faults.append("channel link or date")
    guids = [item.findtext("guid") for item in channel.findall("item")]
    faults += ["guids repeat"] if len(set(guids)) != len(guids) or None in guids else []
    for item in channel.findall("item"):
        faults += [f"item lacks {name}" for name in ("title", "link", "pubDate") if not item.findtext(name)]
        faults += ["item link"] if not whole(item.findtext("link")) else []
        faults += ["item date"] if parsedate_to_datetime(item.findtext("pubDate")).tzinfo is None else []
        faults += ["guid says it is a link"] if item.find("guid").get("isPermaLink") != "false" else []
        faults += ["author is no address"] if item.find("author") is not None else []
        faults += ["many enclosures"] if len(item.findall("enclosure")) > 1 else []
        for file in item.findall("enclosure"):
            faults += ["enclosure"] if not (whole(file.get("url")) and file.get("length").isdigit() and "/" in file.get("type")) else []
        for html in (item.findtext("description") or "", item.findtext(CONTENT) or ""):
            faults += Balanced(html).faults
    return faults


def faults_of_atom(body):
    """What a validator would complain about."""
    root = ElementTree.fromstring(body)
    faults = [] if root.tag == f"{ATOM}feed" else ["root"]
    faults += _atom_element(root, "feed")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    faults += ["feed links"] if not (whole(links.get("self", "")) and whole(links.get("alternate", ""))) else []
    faults += ["feed author"] if not root.findtext(f"{ATOM}author/{ATOM}name") else []
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    faults += ["ids repeat"] if len(set(ids)) != len(ids) else []
    for entry in entries:
        faults += _atom_element(entry, "entry")
        faults += ["published"] if not RFC3339.fullmatch(entry.findtext(f"{ATOM}published") or "") else []
        faults += ["one alternate"] if len([link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"]) != 1 else []
        faults += [f"link {link.get('href')}" for link in entry.findall(f"{ATOM}link") if not whole(link.get("href"))]
        faults += ["term"] if any(not category.get("term") for category in entry.findall(f"{ATOM}category")) else []
        for name in ("summary", "content"):
            faults += Balanced(entry.findtext(f"{ATOM}{name}") or "").faults
    return faults


def _atom_element(element, name):
    faults = [f"{name} lacks {part}" for part in ("id", "title", "updated") if not element.findtext(f"{ATOM}{part}")]
    faults += [f"{name} has two {part}" for part in ("id", "title", "updated") if len(element.findall(f"{ATOM}{part}")) > 1]
    if not RFC3339.fullmatch(element.findtext(f"{ATOM}updated") or ""):
        faults.append(f"{name} updated")
    if not urlsplit(element.findtext(f"{ATOM}id") or "").scheme:
        faults.append(f"{name} id")
    return faults


def faults_of_json(body):
    """What a validator would complain about."""
    feed = json.loads(body)
    faults = [] if feed["version"] == "https://jsonfeed.org/version/1.1" else ["version"]
    faults += [f"feed lacks {name}" for name in ("title", "items") if name not in feed]
    faults += [name for name in ("home_page_url", "feed_url") if not whole(feed[name])]
    ids = [item["id"] for item in feed["items"]]
    faults += ["ids repeat"] if len(set(ids)) != len(ids) else []
    for item in feed["items"]:
        faults += ["id"] if not isinstance(item["id"], str) or not item["id"] else []
        faults += ["content"] if not ("content_html" in item or "content_text" in item) else []
        faults += [name for name in ("date_published", "date_modified") if not RFC3339.fullmatch(item[name])]
        faults += ["url"] if not whole(item["url"]) else []
        faults += ["attachment" for file in item.get("attachments", []) if not (whole(file["url"]) and "/" in file["mime_type"])]
        faults += Balanced(item.get("content_html", "")).faults
    return faults


RULES = {"rss": faults_of_rss, "atom": faults_of_atom, "json": faults_of_json}
