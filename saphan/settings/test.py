"""Both surfaces, for the tests: fast hashing, mail in memory; SAPHAN_DATABASE chooses the engine."""

import os
import tempfile

os.environ.setdefault("SAPHAN_SECRET_KEY", "the same in every process of the tests, so that a planted template opens in each")
who = os.environ.get("PYTEST_XDIST_WORKER", "main")
if "SAPHAN_DATA" not in os.environ or os.environ.get("TEST_DATA_OF", who) != who:
    # A directory for each process of a run: they lay down keys and files of a planted demonstration, never where another reads.
    os.environ |= {"SAPHAN_DATA": tempfile.mkdtemp(prefix="saphan-test-"), "TEST_DATA_OF": who}

from saphan.settings.all import *  # noqa: E402, F403  # the data directory must be named first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DOORWAY_SECONDS = 0  # tests type fast
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
RENDERED = None  # a test's transaction never commits, so nothing would be purged; tests of the store turn it on
