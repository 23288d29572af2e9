"""Reports of the mail system: letters that did not arrive (RFC 3464) and letters that somebody marked as unwanted (RFC 5965)."""

import re
from dataclasses import dataclass
from email.message import EmailMessage

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


def _delivery(message: EmailMessage) -> Report | None:
    """The worst that the fields of a delivery report say."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            text = "\n".join(str(block) for block in part.get_payload()) if part.is_multipart() else str(part.get_payload())
            action = re.search(r"^Action:\s*(\w+)", text, re.MULTILINE | re.IGNORECASE)
            if action and action[1].lower() != "failed":
                return None
            codes = re.findall(r"^Status:\s*(\S+)", text, re.MULTILINE | re.IGNORECASE)
            worst = max((found[1] for code in codes if (found := STATUS.search(code))), default="")
            return Report("hard" if worst == "5" else "soft") if worst in {"4", "5"} else None
    return None
