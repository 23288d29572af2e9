"""What every surface shares. Values that differ between installations come from the environment or from files in the data directory."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF

from saphan.settings.store import database_from, earlier_secrets, secret_from
from saphan.settings.words import *  # noqa: F403  # a Django settings module is a flat namespace
from saphan.settings.words import LANGUAGES, PACKAGE, STAFF_LANGUAGES

django_stubs_ext.monkeypatch()

DATA = Path(os.environ.get("SAPHAN_DATA", PACKAGE.parent / "data")).resolve()
KEYS = Path(os.environ.get("SAPHAN_KEYS", DATA / "keys")).resolve()
SECRET_KEY = secret_from(KEYS)
SECRET_KEY_FALLBACKS = earlier_secrets(KEYS)  # what they sealed still opens; nothing new is sealed with them
DEBUG = False
DEMO = os.environ.get("SAPHAN_DEMO", "") == "1"
COUNTRY = os.environ.get("SAPHAN_COUNTRY", "TH")  # the country whose ministry keeps this installation
SITE_URL = os.environ.get("SAPHAN_SITE_URL", "http://localhost:8000")
ALLOWED_HOSTS = os.environ.get("SAPHAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
HTTPS = SITE_URL.startswith("https://")

KERNEL_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "saphan.core",
    "saphan.xlsform",
    "saphan.directory",
    "saphan.audit",
    "saphan.access",
    "saphan.releases",
]
PORTAL_APPS = [
    "saphan.portal.editors",
    "saphan.portal.site",
    "saphan.portal.opendata",
    "saphan.portal.figures",
    "saphan.portal.exchange",
    "saphan.portal.inquiries",
    "saphan.portal.newsletter",
    "saphan.portal.agreements",
    "saphan.portal.places",
    "saphan.portal.library",
    "saphan.portal.news",
    "saphan.portal.feeds",
    "saphan.portal.search",
    "saphan.portal.mailroom",
    "saphan.portal.doorway",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.users",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.snippets",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
]
CASEWORK_APPS = [
    "saphan.agreements",
    "saphan.agreements.following",
    "saphan.agreements.scoring",
    "saphan.care.persons",
    "saphan.care.screening",
    "saphan.care.fieldkit",
    "saphan.care.cases",
    "saphan.care.referrals",
]
DESK = "saphan.desk"  # shows what the installed rooms bring, on either side of the wall; last, so that all have registered

MIDDLEWARE = [
    "saphan.core.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "saphan.core.middleware.StorageMiddleware",
    "saphan.core.plaintext.PlainTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "saphan.core.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "saphan.access.middleware.SessionLimitMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "saphan.access.middleware.SecondStepMiddleware",
    "saphan.access.middleware.RowSecurityMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "saphan.access.middleware.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "saphan.core.context.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "saphan.core.templatetags.parts",
                "saphan.core.templatetags.dates",
            ],
        },
    }
]
FORM_RENDERER = "saphan.core.forms.Renderer"

DATABASES = {"default": database_from(os.environ.get("SAPHAN_DATABASE", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Sign-in: Argon2, second step for everybody, lockout by name and address together (nobody can lock another out).
WSGI_APPLICATION = "saphan.settings.wsgi.application"
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "saphan.access.signin.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account begins with a link mailed to its address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip"}  # per address only: a limit per account would be a weapon against its owner
ACCOUNT_FORMS = {
    "login": "saphan.access.signin_forms.SignInForm",
    "reauthenticate": "saphan.access.signin_forms.ConfirmPasswordForm",
    "change_password": "saphan.access.signin_forms.NewPasswordForm",
    "reset_password": "saphan.access.signin_forms.ForgottenPasswordForm",
    "reset_password_from_key": "saphan.access.signin_forms.ResetPasswordForm",
}
MFA_ADAPTER = "saphan.access.signin.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the address was proved by the invitation
MFA_TOTP_ISSUER = "Saphan"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a found key alone opens nothing
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow passkeys without TLS on localhost only
MFA_FORMS = {
    "authenticate": "saphan.access.signin_forms.CodeForm",
    "reauthenticate": "saphan.access.signin_forms.ConfirmCodeForm",
    "activate_totp": "saphan.access.signin_forms.FirstCodeForm",
    "add_webauthn": "saphan.access.signin_forms.NewPasskeyForm",
    "edit_webauthn": "saphan.access.signin_forms.RenamePasskeyForm",
}
TRUSTED_PROXIES = int(os.environ.get("SAPHAN_TRUSTED_PROXIES", "0"))  # how many of the last X-Forwarded-For entries are ours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "saphan.access.lockout.account_mark"
AXES_CLIENT_IP_CALLABLE = "saphan.access.lockout.client_address"
AXES_LOCKOUT_CALLABLE = "saphan.access.lockout.locked_out"
AXES_SENSITIVE_PARAMETERS = ["login", "email", "username", "password", "code", "credential"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_AGE = None  # ends with the browser: a shared device does not tell that a form was opened
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_MINUTES = int(os.environ.get("SAPHAN_SESSION_IDLE_MINUTES", "30"))
SESSION_ABSOLUTE_HOURS = int(os.environ.get("SAPHAN_SESSION_ABSOLUTE_HOURS", "10"))

# What leaves the browser.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_REFERRER_POLICY = (
    "same-origin"  # nothing leaves for other sites; under "no-referrer" browsers send forms with "Origin: null", which the CSRF check refuses
)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

# Languages and time: in `words`.
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True

# Files.
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
RENDERED: Path | None = DATA / "rendered"  # public pages as they were sent (saphan/portal/rendered); None: nothing is stored
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA / "media"
ATTACHMENTS = DATA / "attachments"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
CLAMD_SOCKET = os.environ.get("SAPHAN_CLAMD_SOCKET", "/run/clamav/clamd.ctl")
DOORWAY_SECONDS = float(os.environ.get("SAPHAN_DOORWAY_SECONDS", "2"))  # a public form that comes back sooner was filled in by a program

# Mail: never a case fact in it, only "sign in to read".
EMAIL_HOST = os.environ.get("SAPHAN_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("SAPHAN_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("SAPHAN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("SAPHAN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("SAPHAN_SMTP_TLS", "") == "1"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("SAPHAN_MAIL_FROM", "Saphan <no-reply@localhost>")
NEWSLETTER_PER_SECOND = float(
    os.environ.get("SAPHAN_NEWSLETTER_PER_SECOND", "0")
)  # letters a second at most; 0: as fast as the mail server takes them
NEWSLETTER_LINES = max(1, int(os.environ.get("SAPHAN_NEWSLETTER_LINES", "2")))  # connections to the mail server at once
NEWSLETTER_DISCREET_NAME = os.environ.get("SAPHAN_NEWSLETTER_DISCREET_NAME", "")  # sender's name for who chose a discreet letter
MAIL_PROVIDER = os.environ.get("SAPHAN_MAIL_PROVIDER", "")  # a name that anymail knows, in place of SMTP
if MAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
    ANYMAIL = {name.removeprefix("SAPHAN_ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("SAPHAN_ANYMAIL_")}
POST_SECRET = os.environ.get("SAPHAN_POST_SECRET", "")  # the end of the address at which the provider tells of bounces
POST_DOMAIN = os.environ.get("SAPHAN_POST_DOMAIN", "")  # of the addresses to which answers and bounces come back
IMAP_HOST = os.environ.get("SAPHAN_IMAP_HOST", "")
IMAP_PORT = int(os.environ.get("SAPHAN_IMAP_PORT", "993"))
IMAP_USER = os.environ.get("SAPHAN_IMAP_USER", "")
IMAP_PASSWORD = os.environ.get("SAPHAN_IMAP_PASSWORD", "")
IMAP_FOLDER = os.environ.get("SAPHAN_IMAP_FOLDER", "INBOX")
IMAP_TLS = os.environ.get("SAPHAN_IMAP_TLS", "1") == "1"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "saphan.core.loglines.Line", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SAPHAN_LOG_LEVEL", "WARNING")},
    "loggers": {
        "axes": {"level": "ERROR"},  # its lines below name whoever tried
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},  # of the server for development
    },
}

# Where "Exit this page" leads: somewhere everybody has a reason to be.
EXIT_URL = os.environ.get("SAPHAN_EXIT_URL", "https://www.google.com")
CSRF_FAILURE_VIEW = "saphan.core.failures.stale_form"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"

CHECK_OUTSIDE_LINKS = (
    os.environ.get("SAPHAN_CHECK_LINKS", "") == "1"
)  # whether the worker may ask other sites if our links to them still lead somewhere
CONTACT_EMAIL = os.environ.get("SAPHAN_CONTACT", "")  # shown on the Contact Us page of a new site

# The editors' system: our own sign-in, no accounts kept in it, and no request to anybody outside.
WAGTAIL_SITE_NAME = "Saphan"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = STAFF_LANGUAGES
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "odt", "csv", "txt"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"

# Needs and resources
LEDGER_LIMIT = int(os.environ.get("SAPHAN_LEDGER_LIMIT", "50000"))  # above it a posting of money needs a second person
IATI_ORG = os.environ.get("SAPHAN_IATI_ORG", "")  # our identifier in the International Aid Transparency Initiative; empty: nothing is exported
IATI_NAME = os.environ.get("SAPHAN_IATI_NAME", "Saphan")  # how the organisation that reports calls itself there
IATI_ORG_TYPE = os.environ.get("SAPHAN_IATI_ORG_TYPE", "22")  # its kind in that list: 22 a national non-governmental organisation, 10 a government
IATI_SECTOR = os.environ.get("SAPHAN_IATI_SECTOR", "15160")  # the purpose code of the DAC: human rights
