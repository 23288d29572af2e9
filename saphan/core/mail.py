"""The handler of the topic "mail"."""

import hashlib
import re
import smtplib
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage

from saphan.core.faults import point
from saphan.core.outbox import CannotDeliver, handler

ABOUT_SIGNING_IN = {530, 535, 538}  # RFC 4954: our server's settings are wrong, not this mail


@lru_cache(maxsize=16)
def address_in(written: str) -> str:
    """The bare address of one that is written with a name. Asked for each letter of a newsletter, so it is read once."""
    return parseaddr(written)[1]


def message_id(key: str) -> str:
    """The same key always gives the same Message-ID, so that a mail delivered twice is shown once."""
    domain = address_in(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(f'{settings.SECRET_KEY} mail {key}'.encode()).hexdigest()[:40]}@{domain}>"


def is_our_own(identity: str) -> bool:
    """Whether a Message-ID has the form of ours: then a letter of ours has come back to us, and nobody has written it."""
    domain = message_id("").rpartition("@")[2]
    return re.fullmatch(rf"<[0-9a-f]{{40}}@{re.escape(domain)}", identity.strip()) is not None


@handler("mail")
def send_mail(payload: dict[str, Any], *, key: str) -> None:
    """Hands one mail to the mail server. A lasting refusal (5xx of this mail) is not tried again."""
    headers = {"Message-ID": message_id(key), "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(payload["subject"], payload["body"], to=[payload["to"]], headers=headers)
    try:
        mail.send()
    except (BadHeaderError, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
        if is_lasting(error):
            raise CannotDeliver from error
        raise
    point("mail:after_send")


def is_lasting(error: Exception) -> bool:
    """Whether the server will refuse this very mail tomorrow too (RFC 5321, section 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500 and error.smtp_code not in ABOUT_SIGNING_IN
    return True
