"""Languages, time, and where the package lies: what even a command needs that only reads files."""

import os
from pathlib import Path

from django.conf.locale import LANG_INFO

PACKAGE = Path(__file__).resolve().parent.parent
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("th", "ไทย"), ("lo", "ລາວ"), ("km", "ខ្មែរ"), ("my", "မြန်မာ"), ("vi", "Tiếng Việt")]
STAFF_LANGUAGES = LANGUAGES[:2]  # in which the desk and the editors' system speak; the others are for the public pages
LANG_INFO["lo"] = {"bidi": False, "code": "lo", "name": "Lao", "name_local": "ລາວ"}  # the one of the six that Django does not know
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = os.environ.get("SAPHAN_TIME_ZONE", "Asia/Bangkok")
