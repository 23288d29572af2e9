"""What a browser keeps of the kit: addresses of the shell, the worker's script, the names on a telephone. Nothing personal is in any of it."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from saphan.care.fieldkit.words import sentences

LANGUAGES = ("en", "th")
SCRIPTS = ("js/fieldkit/db.js", "js/fieldkit/sending.js")
STYLES = ("css/tokens.css", "css/base.css", "css/parts.css", "css/rooms/screening.css", "css/rooms/fieldkit.css", "css/print.css")
PICTURES = ("mark.svg", "fieldkit/kit-192.png", "fieldkit/kit-512.png")


def _static_folder() -> Path:
    folder: Path = settings.PACKAGE / "static"
    return folder


def _modules() -> list[str]:
    """The page's modules load each other under their plain names, so they are kept under those."""
    return sorted(
        f"js/fieldkit/{path.name}" for path in (_static_folder() / "js" / "fieldkit").glob("*.js") if path.name not in {"sw.js", "prepare.js"}
    )


def _fonts() -> list[str]:
    return sorted(f"fonts/{path.name}" for path in (_static_folder() / "fonts").glob("*.woff2"))


def plain(name: str) -> str:
    """The address of a static file without the mark of its content."""
    return f"{settings.STATIC_URL}{name}"


def files() -> list[str]:
    """Every address that the worker keeps."""
    pages = [reverse("fieldkit:kit"), reverse("fieldkit:manifest"), *(reverse("fieldkit:words", args=[code]) for code in LANGUAGES)]
    return [*pages, *(plain(name) for name in _modules()), *(static(name) for name in (*STYLES, *PICTURES, *_fonts()))]


def version() -> str:
    """Changes with anything that is kept, so that a device takes the new shell whole."""
    with override("en"):  # the page differs by its first language only, which makes no new shell
        digest = hashlib.sha256(render_to_string("fieldkit/kit.html").encode())
    for name in (*_modules(), "js/fieldkit/sw.js", *STYLES, *PICTURES):
        digest.update((_static_folder() / name).read_bytes())
    for code in LANGUAGES:
        digest.update(json.dumps(sentences(code), sort_keys=True).encode())
    return digest.hexdigest()[:16]


def worker() -> str:
    """The script of the service worker with what it is to keep."""
    shell = {"page": reverse("fieldkit:kit"), "files": files(), "scripts": [plain(name) for name in SCRIPTS]}
    body = (_static_folder() / "js" / "fieldkit" / "sw.js").read_text(encoding="utf-8")
    return f"const VERSION = {json.dumps(version())};\nconst SHELL = {json.dumps(shell)};\n{body}"


def manifest() -> dict[str, Any]:
    """The web app manifest. The name is that of the house; it does not say what it is for."""
    page = reverse("fieldkit:kit")
    icons = [{"src": static(f"fieldkit/kit-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"} for size in (192, 512)]
    return {
        "id": page, "name": "Saphan", "short_name": "Saphan", "start_url": page, "scope": page, "display": "standalone", "background_color": "#fbfaf6",
        "theme_color": "#083e4b", "icons": icons,
    }  # fmt: skip


def strengths() -> dict[str, str]:
    """What the page says of a passphrase."""
    return {
        "short": _("Too short: at least 12 letters, or five words."),
        "easy": _("Too easy to guess: take words that do not belong together."),
        "fair": _("Enough. Five words that do not belong together are better."),
        "good": _("Good."),
        "different": _("The two are not the same. Type both again."),
        "understood": _("Tick that you have understood: a forgotten passphrase cannot be reset."),
        "offline": _("The office could not be reached. Preparing needs a network."),
    }
