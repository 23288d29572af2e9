"""Forms that anybody may send, without an account: a trap for programs, a proof of work, and a limit by the hour."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from saphan.core import clock
from saphan.portal.doorway import proofs
from saphan.portal.doorway.limits import AN_HOUR, allow

SUMS_AN_HOUR = 3  # of one purpose and line: the sum costs a program nothing, so it opens the door less often than the proof of work


class OpenForm(forms.Form):
    """Give it `request`. Its page includes `doorway/_proof.html` inside the form. Whatever is refused, what was typed stands in the form again."""

    purpose: ClassVar[str] = "form"
    most_an_hour: ClassVar[int] = AN_HOUR

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.challenge = proofs.challenge_for(self.purpose, at=clock.now())
        self.bits = proofs.BITS
        self.wait = str(int(settings.DOORWAY_SECONDS * 1000))  # milliseconds
        self.key = proofs.key_of(self.challenge)
        self.addends = proofs.sum_of(self.challenge)

    def full_clean(self) -> None:
        """The door is asked last and only for a form that is right: a proof is not used up by a missing word."""
        super().full_clean()
        if not self.is_bound or self.errors:
            return
        if refusal := self._refusal():
            self.add_error(None, refusal)
        else:
            self.behind_the_door()

    def behind_the_door(self) -> None:
        """What a form checks at some cost, once the door has opened: a form says here what that is."""

    def _refusal(self) -> Any:
        """Why the door stays closed, or nothing."""
        at, challenge = clock.now(), str(self.data.get("challenge", ""))
        if self.data.get("website"):  # the trap: no person sees this field
            return _("Please leave the field “Website” empty. It is a trap for programs.")
        age = proofs.age_of(self.purpose, challenge, at=at)
        if age is None:
            return _("This form lay open too long, or your device could not load all of it. Please send it again.")
        if age < settings.DOORWAY_SECONDS:
            return _("This came back faster than anybody can type, so it may come from a program. Please send it again.")
        if not proofs.is_answered(challenge, str(self.data.get("answer", ""))):
            if not self._is_added_up(challenge):
                return _("Please wait a moment until your device has finished its sum, or write the sum that stands above the button.")
            if not allow(f"{self.purpose}.sum", self.request, most=SUMS_AN_HOUR):
                return _("This was sent very often from here within an hour. Please wait a while and try again.")
        if not allow(self.purpose, self.request, most=self.most_an_hour):
            return _("This was sent very often from here within an hour. Please wait a while and try again.")
        return "" if proofs.spend(challenge, at=at) else _("This form was already sent. Look whether it has arrived before you send it again.")

    def _is_added_up(self, challenge: str) -> bool:
        typed = str(self.data.get("sum", "")).strip()
        return len(typed) <= 3 and typed.isdecimal() and int(typed) == sum(proofs.sum_of(challenge))
