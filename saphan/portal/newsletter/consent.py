"""What a subscriber agrees to. A changed text gets a new version; the old one stays here, so that it can be shown what somebody agreed to."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERSION = "2026-11"
TEXTS: dict[str, str | Promise] = {
    "2026-11": _(
        "I agree that my e-mail address is kept, sealed, in order to send me this newsletter once a month until I leave. "
        "It is given to nobody and used for nothing else. Leaving takes one press, and then the address is deleted."
    )
}
