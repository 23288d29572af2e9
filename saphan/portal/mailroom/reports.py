"""Reports of the mail system: letters that did not arrive (RFC 3464) and letters that somebody marked as unwanted (RFC 5965)."""

import re
from dataclasses import dataclass
from email.message import EmailMessage, Message

STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True)
class Report:
    """What a report says: `soft`, `hard` or `complaint`; nothing where it only tells of a delay or a delivery."""

    kind: str


def read_report(message: EmailMessage) -> Report | None:
    """The report inside a message; None when it is none."""
    kind = message.get_content_type()
    reported = str(message.get_param("report-type", "")).lower()
    if kind == "multipart/report" and reported == "feedback-report":
        return Report("complaint")
    if kind == "multipart/report" and reported in {"delivery-status", ""}:
        return _delivery(message)
    return None


def complained_about(message: EmailMessage) -> list[str]:
    """The envelope senders that a complaint names (RFC 5965, Original-Mail-From): it comes to the address that the operator gave the mail system,
    and only by the signed sender of ours inside is it known whose letter was unwanted."""
    if message.get_param("report-type", "") != "feedback-report":
        return []
    return [
        found.strip().strip("<>")
        for part in message.walk()
        if part.get_content_type() == "message/feedback-report"
        for found in re.findall(r"^Original-Mail-From:\s*(\S+)", _fields(part), re.MULTILINE | re.IGNORECASE)
    ]


def _fields(part: Message) -> str:
    """The lines of a machine-readable part, whichever way the parser holds them."""
    payload = part.get_payload()
    return "\n".join(str(block) for block in payload) if isinstance(payload, list) else str(payload)


def _delivery(message: EmailMessage) -> Report | None:
    """The worst that the fields of a delivery report say."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            text = _fields(part)
            action = re.search(r"^Action:\s*(\w+)", text, re.MULTILINE | re.IGNORECASE)
            if action and action[1].lower() != "failed":
                return None
            codes = re.findall(r"^Status:\s*(\S+)", text, re.MULTILINE | re.IGNORECASE)
            worst = max((found[1] for code in codes if (found := STATUS.search(code))), default="")
            return Report("hard" if worst == "5" else "soft") if worst in {"4", "5"} else None
    return None
