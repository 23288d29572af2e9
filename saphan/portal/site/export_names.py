"""Where an address of the site lies in a copy of it: names that any file system takes, links that work from a stick and from any server."""

import hashlib
import posixpath
import re
from urllib.parse import quote, unquote

# What file systems refuse or read otherwise; letters of all scripts stay.
UNSAFE = re.compile(r'[<>:"\\|?*\x00-\x1f\x7f]')
LONGEST = 120  # bytes of one name; file systems end at 255, and archives add to it
PAGE = "index.html"
ENDINGS = {"application/json": ".json", "application/feed+json": ".json", "text/plain": ".txt", "text/csv": ".csv", "application/xml": ".xml"}


def file_of(address: str, content_type: str) -> str:
    """The place of an address in the copy: `/en/news/?page=2` becomes `en/news/_page-2/index.html`, a file keeps its name."""
    path, _, query = address.partition("?")
    folders = [_safe(part) for part in path.strip("/").split("/") if part]
    if query:
        ending = posixpath.splitext(folders[-1])[1] if folders and not path.endswith("/") else ""
        folders.append("_" + _safe(unquote(query).replace("&", "_").replace("=", "-").rstrip("-") + ending))
    kind = content_type.partition(";")[0].strip()
    if kind == "text/html":
        return "/".join([*folders, PAGE])
    if folders and posixpath.splitext(folders[-1])[1]:
        return "/".join(folders)
    return "/".join([*folders, "index"]) + ENDINGS.get(kind, ".bin")


def link(source: str, target: str) -> str:
    """From one file of the copy to another, as it is written into a page."""
    return quote(posixpath.relpath(target, posixpath.dirname(source) or "."), safe="/~!$&'()*+,;=@")


def _safe(part: str) -> str:
    """One folder or file name. A changed or shortened one gets a mark of the whole, so that two never meet."""
    name = unquote(part)
    kept = UNSAFE.sub("-", name).strip(" .") or "-"
    if kept == name and len(kept.encode()) <= LONGEST:
        return kept
    stem, ending = posixpath.splitext(kept)
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{stem.encode()[: LONGEST - 20].decode(errors='ignore')}-{mark}{ending[:10]}"
