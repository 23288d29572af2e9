"""Reads a document in a process of its own, so that a file that breaks the reader breaks nothing else."""

import base64
import json
import subprocess
import sys
from pathlib import Path

from django.utils.translation import gettext as _

from saphan.core.errors import Invalid
from saphan.core.inspection import pictures
from saphan.portal.library.extracting import PAGES_AT_MOST, Extract

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 25
PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from saphan.portal.library.extracting import main; main(sys.argv[2])"


def extract(kind: str, content: bytes) -> Extract:
    """What an inspected file says. Raises Invalid when it cannot be opened, has too many pages, or takes too long."""
    try:
        done = subprocess.run(  # noqa: S603  # our own program, no shell
            [sys.executable, "-I", "-B", "-c", PROGRAM, str(ROOT), kind],
            input=content, capture_output=True, timeout=SECONDS, check=False, env={"LANG": "C.UTF-8"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Invalid(
            _("This document took too long to read, so it cannot be kept. Print it as a PDF once more, or part it, and send that.")
        ) from None
    try:
        said = json.loads(done.stdout) if done.returncode == 0 else {"unreadable": "damaged"}
    except ValueError:
        said = {"unreadable": "damaged"}
    if "unreadable" in said:
        raise Invalid(_why(said["unreadable"]))
    return Extract(said["pages"], said["text"], said["partly"], _checked(base64.b64decode(said["cover"])))


def _checked(cover: bytes) -> bytes:
    """The picture of the first page drawn anew here: what comes from the other process is not believed either."""
    return pictures.inspect(cover, "webp") if cover else b""


def _why(reason: str) -> str:
    if reason == "pages":
        return _("This document has more than %(n)s pages, so it cannot be kept. Part it, and send the parts.") % {"n": PAGES_AT_MOST}
    return _("This document cannot be opened: it is damaged, locked, or no document of the kind that its name says.")
