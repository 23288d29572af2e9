"""Models that exist only in these tests, outside the registry of the installation."""

from typing import ClassVar
from uuid import UUID

from django.db import connection, models
from django.test.utils import isolate_apps

from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity

with isolate_apps("saphan.core"):

    class Note(models.Model):
        """A record with sealed fields of three classes."""

        id = models.UUIDField(primary_key=True, default=new_id)
        scope = models.UUIDField()
        name = SealedField(Sensitivity.IDENTITY)
        alias = SealedField(Sensitivity.IDENTITY)
        illness = SealedField(Sensitivity.HEALTH)

        objects: ClassVar[models.Manager["Note"]] = models.Manager()

        class Meta:
            app_label = "core"

        @property
        def sealed_scope(self) -> UUID:
            return self.scope


def make_tables() -> None:
    """Once per test database, outside any transaction."""
    with connection.schema_editor() as editor:
        editor.create_model(Note)


def drop_tables() -> None:
    with connection.schema_editor() as editor:
        editor.delete_model(Note)
