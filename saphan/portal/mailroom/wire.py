"""Hands a composed message to whatever Django's mail setting names: SMTP, a file, or a provider."""

from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import EmailMessage as DjangoMail

from saphan.portal.mailroom.addresses import bounce_address

OF_THE_ENVELOPE = {"from", "to", "subject", "content-type", "mime-version", "content-transfer-encoding"}


class _OnWire:
    """A composed message in the shape in which Django's backends ask for its bytes."""

    def __init__(self, message: EmailMessage) -> None:
        self._message = message

    def as_bytes(self, linesep: str = "\r\n", **_more: Any) -> bytes:
        return self._message.as_bytes(policy=self._message.policy.clone(linesep=linesep))

    def get_charset(self) -> None:
        return None


class _Composed(DjangoMail):
    """A message that is composed already; Django's way of sending does not change it."""

    def __init__(self, message: EmailMessage, sender: str, to: str, connection: Any) -> None:
        super().__init__(to=[to], from_email=sender, connection=connection)
        self._wire = _OnWire(message)

    def message(self) -> Any:
        return self._wire


def send_message(message: EmailMessage, to: str, connection: Any) -> None:
    """Sends one message in an envelope by whose sender a bounce is known to be ours. Raises what the connection raises."""
    if settings.EMAIL_BACKEND.startswith("anymail."):
        _for_provider(message, to, connection).send()
    else:
        _Composed(message, bounce_address(to), to, connection).send()


def _for_provider(message: EmailMessage, to: str, connection: Any) -> DjangoMail:
    """The parts of the message as a provider's programming interface takes them; the provider writes the envelope."""
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    headers = {name: str(value) for name, value in message.items() if name.lower() not in OF_THE_ENVELOPE}
    text = plain.get_content() if plain else ""
    mail = EmailMultiAlternatives(str(message["Subject"]), text, str(message["From"]), [to], headers=headers, connection=connection)
    if html:
        mail.attach_alternative(html.get_content(), "text/html")
    for part in message.iter_attachments():
        mail.attach(part.get_filename() or "file", part.get_content(), part.get_content_type())
    return mail
