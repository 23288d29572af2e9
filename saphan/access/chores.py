"""What sign-in leaves behind and throws away each day."""

from datetime import datetime
from importlib import import_module

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.db import transaction

from saphan.access.signin import SecondStepAdapter
from saphan.core.upkeep import chore


@chore("sessions")
def clear_ended_sessions(_at: datetime) -> None:
    """Removes the sessions whose end has passed."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@chore("failed sign-ins")
def forget_old_attempts(at: datetime) -> int:
    """Removes failed sign-ins that no longer count towards a lockout, with their network addresses; returns how many."""
    removed: int = AccessAttempt.objects.filter(attempt_time__lt=at - settings.AXES_COOLOFF_TIME).delete()[0]
    return removed


@chore("second steps")
def reseal_second_steps(_at: datetime) -> int:
    """Seals second steps under the present installation secret, so that an earlier one can be thrown away; returns how many."""
    return sum(_reseal(pk) for pk in Authenticator.objects.values_list("pk", flat=True)) if settings.SECRET_KEY_FALLBACKS else 0


@transaction.atomic
def _reseal(authenticator_id: int) -> bool:
    """One authenticator: the app's secret, or the seed of recovery codes. A passkey holds nothing sealed."""
    row = Authenticator.objects.select_for_update().filter(pk=authenticator_id).first()
    sealed = {name: row.data[name] for name in ("secret", "seed") if name in row.data} if row else {}
    fresh = {name: SecondStepAdapter().resealed(value) for name, value in sealed.items()}
    if row is None or fresh == sealed:
        return False
    row.data = {**row.data, **fresh}
    row.save(update_fields=["data"])
    return True
