"""The words by which documents are described: their kinds, their languages, and what a reader may do with them."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentType(models.TextChoices):
    """What a document is for."""

    LAW = "law", _("Law")
    AGREEMENT = "agreement", _("Agreement")
    GUIDE = "guide", _("Guide or procedure")
    TRAINING = "training", _("Training material")
    RESEARCH = "research", _("Research")
    REPORT = "report", _("Report")
    POSTER = "poster", _("Poster or leaflet")


class Licence(models.TextChoices):
    """What a reader may do with a document. Where nobody knows, the library leads to the publisher and gives out no copy."""

    BY = "cc-by", _("CC BY 4.0: use it freely and name the author")
    BY_SA = "cc-by-sa", _("CC BY-SA 4.0: name the author, share changes alike")
    BY_NC = "cc-by-nc", _("CC BY-NC 4.0: name the author, not for profit")
    BY_NC_SA = "cc-by-nc-sa", _("CC BY-NC-SA 4.0: name the author, not for profit, share changes alike")
    BY_ND = "cc-by-nd", _("CC BY-ND 4.0: name the author, change nothing")
    BY_NC_ND = "cc-by-nc-nd", _("CC BY-NC-ND 4.0: name the author, not for profit, change nothing")
    BY_IGO = "cc-by-igo", _("CC BY 3.0 IGO: use it freely and name the organisation")
    BY_NC_SA_IGO = "cc-by-nc-sa-igo", _("CC BY-NC-SA 3.0 IGO: name the organisation, not for profit, share changes alike")
    ZERO = "cc0", _("CC0: no rights reserved")
    OFFICIAL = "official", _("Official text or public domain: free of copyright")
    PERMISSION = "permission", _("All rights reserved; kept here with permission")
    UNKNOWN = "unknown", _("Licence not known: to be read at its publisher")


LICENCE_ADDRESSES = {
    **{f"cc-{terms}": f"https://creativecommons.org/licenses/{terms}/4.0/" for terms in ("by", "by-sa", "by-nc", "by-nc-sa", "by-nd", "by-nc-nd")},
    "cc-by-igo": "https://creativecommons.org/licenses/by/3.0/igo/",
    "cc-by-nc-sa-igo": "https://creativecommons.org/licenses/by-nc-sa/3.0/igo/",
    "cc0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


class FileKind(models.TextChoices):
    """What the library keeps."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"


# Documents of the region come in more languages than the site speaks; names as their readers write them.
FILE_LANGUAGES = [
    *settings.LANGUAGES,
    ("zh", "中文"),
    ("ms", "Bahasa Melayu"),
    ("id", "Bahasa Indonesia"),
    ("tl", "Filipino"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ja", "日本語"),
]
LANGUAGE_NAMES = dict(FILE_LANGUAGES)


@dataclass(frozen=True)
class LanguageShown:
    """A language of a document as a page names it."""

    code: str

    @property
    def name(self) -> str:
        return str(LANGUAGE_NAMES.get(self.code, self.code))
