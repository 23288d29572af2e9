"""When the safety check must be made again: whoever goes on another day, in another place, with another interpreter or worker, asks anew whether it is safe."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.models import User
from saphan.care.screening.models import Interview, SafetyCheck, Sitting
from saphan.core.errors import WrongState


def coming_sitting(interview: Interview) -> int:
    """The number of the sitting that would begin now."""
    return interview.sittings.count() + 1


def why_check(interview: Interview, *, by: User, at: datetime, elsewhere: bool = False) -> str:
    """Why the safety check comes first; empty when the last one holds for this worker, today, here."""
    last = interview.checks.last()
    if last is None or not last.passed:
        return _("The interview cannot start: the safety check has not passed yet.")
    if last.by_id != by.pk:
        return _("Another worker made the safety check. Make it again, briefly, before you ask.")
    if timezone.localdate(last.at) != timezone.localdate(at):
        return _("The safety check is of another day. Make it again, briefly, before you ask.")
    if elsewhere and last.sitting != coming_sitting(interview):
        return _("The place or the interpreter is another. Make the safety check again, briefly, before you ask.")
    return ""


def require_check(interview: Interview, *, by: User, at: datetime, elsewhere: bool = False) -> None:
    """Raises WrongState with the reason where the check must be made first."""
    if why := why_check(interview, by=by, at=at, elsewhere=elsewhere):
        raise WrongState(why)


def unchecked(interview: Interview) -> list[Sitting]:
    """What `unchecked_of` says of this interview."""
    return unchecked_of(list(interview.checks.all()), list(interview.sittings.all()))


def unchecked_of(checks: Sequence[SafetyCheck], sittings: Sequence[Sitting]) -> list[Sitting]:
    """The sittings before which another worker or another day went on without the check made again: devices with an older kit did not ask for it.

    Nothing of them is refused; whoever reads the interview sees it, and a supervisor asks.
    """
    made, found = sorted(checks, key=lambda check: check.seq), []
    for number, sitting in enumerate(sorted(sittings, key=lambda one: one.began_at), 1):
        last = next((check for check in reversed(made) if check.sitting <= number), None)
        if number > 1 and (last is None or last.by_id != sitting.worker_id or timezone.localdate(last.at) != timezone.localdate(sitting.began_at)):
            found.append(sitting)
    return found
