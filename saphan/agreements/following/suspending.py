"""While a signed agreement is suspended, the cases bound to it stand still: no further stage opens and no clock runs. Resumed, they run again.

It follows from the events of force alone (decision 0039). What has ended is no longer suspended: a case under way goes on under its version.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from saphan.access.rowlock import as_system
from saphan.agreements.following.models import Binding
from saphan.agreements.following.services import locked
from saphan.agreements.following.sitting import Sitting
from saphan.agreements.models import AgreementVersion

AT_ONCE = 500


def force_changed(version: AgreementVersion, at: datetime) -> None:
    """The force of a version changed: the cases under it are told in the same transaction; of very many, the rest by the next round of the upkeep."""
    keep_step(at=at, version=version)


def keep_step(*, at: datetime, version: AgreementVersion | None = None) -> int:
    """Notes in each running case that its agreement was suspended or resumed, where that is not noted yet. Answers in how many. Harmless when repeated."""
    with as_system():
        found = Binding.objects.out_of_step()
        if version is not None:
            found = found.filter(procedure__version=version)
        return sum(_note(pk, at) for pk in list(found.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def _note(binding_id: UUID, at: datetime) -> bool:
    binding = locked(binding_id)
    sitting = Sitting(binding, None, at)
    if sitting.standing.suspended == binding.is_held or sitting.standing.is_over:
        return False
    sitting.note("suspended" if binding.is_held else "resumed")
    sitting.close()
    return True
