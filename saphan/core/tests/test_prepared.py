"""A question worded once answers like the queryset that it was made of."""

from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import DateTimeField, UUIDField
from django.db.transaction import TransactionManagementError

from saphan.core import clock
from saphan.core.models import DataKey
from saphan.core.prepared import Prepared, Slot

pytestmark = pytest.mark.django_db(transaction=True)
OF_SCOPE = Prepared(lambda: DataKey.objects.filter(scope=Slot("scope", UUIDField()), created_at__lte=Slot("at", DateTimeField())).order_by("pk"))
HELD = Prepared(lambda: DataKey.objects.select_for_update().filter(scope=Slot("scope", UUIDField())))


def key(scope, **given):
    return DataKey.objects.create(scope=scope, sensitivity="plan", org=uuid4(), generation=1, org_key_version=1, wrapped=b"x" * 60, **given)


def test_it_answers_what_stands_there_now_for_each_value():
    mine, other = uuid4(), uuid4()
    first, _ = key(mine), key(other)
    assert OF_SCOPE.rows(scope=mine, at=clock.now()) == [first]
    second = key(mine)
    found = OF_SCOPE.rows(scope=mine, at=clock.now())
    assert found == [first, second]
    assert [(row.scope, row.org, bytes(row.wrapped)) for row in found] == [(row.scope, row.org, row.wrapped) for row in (first, second)]
    assert OF_SCOPE.rows(scope=uuid4(), at=clock.now()) == []


def test_a_record_found_so_is_saved_as_any_other():
    key(scope := uuid4())
    found = OF_SCOPE.rows(scope=scope, at=clock.now())[0]
    found.org_key_version = 7
    found.save(update_fields=["org_key_version"])
    assert OF_SCOPE.rows(scope=scope, at=clock.now())[0].org_key_version == 7


def test_nothing_is_asked_with_a_value_missing():
    with pytest.raises(ValueError, match="scope"):
        OF_SCOPE.rows(scope=None, at=clock.now())
    with pytest.raises(KeyError):
        OF_SCOPE.rows(scope=uuid4())


def test_rows_are_held_within_a_transaction_only():
    key(scope := uuid4())
    with transaction.atomic():
        assert len(HELD.rows(scope=scope)) == 1
    if connection.features.has_select_for_update:
        with pytest.raises(TransactionManagementError):
            HELD.rows(scope=scope)
