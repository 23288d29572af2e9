import multiprocessing
import os
import stat
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from saphan.core import keyring, orgkeys
from saphan.core.errors import Invalid
from saphan.core.models import DataKey, ErasureLedger
from saphan.core.sealing import KeyMissing, replay_erasures, rotate_data_keys, rotate_org_key, seal, share_keys, shred, unseal, withdraw_keys
from saphan.core.tests.scratch import Note

pytestmark = pytest.mark.usefixtures("notes")


@pytest.fixture
def record(org) -> Note:
    record = Note(scope=uuid4())
    seal(record, org=org, name="Malee", illness="asthma")
    record.save()
    return record


def test_a_partner_reads_the_classes_shared_and_no_other(record, org, partner):
    share_keys(record.scope, ["identity"], from_org=org, to_org=partner)
    assert unseal(record, "name", org=partner) == {"name": "Malee"}
    with pytest.raises(KeyMissing):
        unseal(record, "illness", org=partner)


def test_sharing_twice_changes_nothing(record, org, partner):
    for _ in range(2):
        share_keys(record.scope, ["identity", "health"], from_org=org, to_org=partner)
    assert DataKey.objects.filter(org=partner).count() == 2


def test_a_partner_without_a_class_cannot_share_it(record, org, partner):
    share_keys(record.scope, ["identity"], from_org=partner, to_org=uuid4())
    assert not DataKey.objects.exclude(org=org).exists()


def test_a_withdrawn_key_closes_at_once(record, org, partner):
    share_keys(record.scope, ["identity"], from_org=org, to_org=partner)
    withdraw_keys(record.scope, ["identity"], org=partner)
    with pytest.raises(KeyMissing):
        unseal(record, "name", org=partner)
    assert unseal(record, "name", org=org) == {"name": "Malee"}


def test_the_last_holder_keeps_its_keys(record, org):
    with pytest.raises(Invalid):
        withdraw_keys(record.scope, ["identity"], org=org)
    assert unseal(record, "name", org=org) == {"name": "Malee"}


def test_a_shredded_scope_opens_for_nobody_and_cannot_be_begun_again(record, org, partner):
    share_keys(record.scope, ["identity"], from_org=org, to_org=partner)
    shred(record.scope)
    for who in (org, partner):
        with pytest.raises(KeyMissing):
            unseal(record, "name", org=who)
        with pytest.raises(KeyMissing):
            seal(record, org=who, name="again")
    assert ErasureLedger.objects.filter(scope=record.scope).exists()


def test_a_restored_backup_is_shredded_again_from_the_ledger(record, org):
    backup = list(DataKey.objects.all())
    shred(record.scope)
    DataKey.objects.bulk_create(backup)
    assert unseal(record, "name", org=org) == {"name": "Malee"}
    assert replay_erasures() == 2
    with pytest.raises(KeyMissing):
        unseal(record, "name", org=org)


def test_a_new_generation_reaches_all_holders(record, org, partner):
    share_keys(record.scope, ["identity"], from_org=org, to_org=partner)
    rotate_data_keys(record.scope)
    newer = Note(scope=record.scope)
    seal(newer, org=partner, name="b")
    assert newer.name is not None
    assert newer.name.ciphertext[4] == 2
    assert unseal(newer, "name", org=org) == {"name": "b"}
    assert unseal(record, "name", org=partner) == {"name": "Malee"}


def test_one_class_is_begun_by_one_organisation_only(record, org, partner):
    row = DataKey.objects.filter(scope=record.scope, sensitivity="identity").get()
    row.pk, row.org = None, partner
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_after_a_new_organisation_key_everything_opens_and_the_old_key_is_gone(record, org):
    old = orgkeys.path_of(org, 1).read_bytes()
    assert rotate_org_key(org) == 2
    assert orgkeys.versions(org) == [2]
    assert orgkeys.path_of(org, 2).read_bytes() != old
    assert unseal(record, "name", "illness", org=org) == {"name": "Malee", "illness": "asthma"}


@pytest.mark.parametrize("step", ["before", "half", "after"])
def test_a_rotation_cut_short_is_finished_by_the_next(record, org, step, monkeypatch):
    orgkeys.create(org, 2)
    if step == "half":
        row = DataKey.objects.filter(org=org)[0]
        row.wrapped, row.org_key_version = keyring._wrap(keyring._unwrap_row(row), row.scope, row.sensitivity, row.generation, org, 2), 2
        row.save()
    if step == "after":
        keyring._rewrap(org, 2)
    assert unseal(record, "name", "illness", org=org) == {"name": "Malee", "illness": "asthma"}
    rotate_org_key(org)
    assert orgkeys.versions(org) == [2]
    assert unseal(record, "name", "illness", org=org) == {"name": "Malee", "illness": "asthma"}


@pytest.mark.django_db(transaction=True)
def test_a_rotation_inside_another_transaction_is_refused_because_it_could_be_taken_back(record, org):
    with pytest.raises(RuntimeError), transaction.atomic():
        rotate_org_key(org)
    assert 1 in orgkeys.versions(org)


def test_an_organisation_without_a_key_cannot_rotate_it(partner):
    with pytest.raises(KeyMissing):
        rotate_org_key(partner)


def test_key_files_are_for_their_owner_only(record, org):
    assert stat.S_IMODE(os.stat(orgkeys.path_of(org, 1)).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(orgkeys.folder()).st_mode) == 0o700
    assert [file.name for file in orgkeys.folder().iterdir()] == [f"{org}.1.key"]


def _create_and_read(org: UUID) -> bytes:
    orgkeys.create(org, 1)
    return orgkeys.path_of(org, 1).read_bytes()


def test_many_processes_that_need_the_first_key_get_the_same_one(org):
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert len(set(pool.map(_create_and_read, [org] * 16))) == 1
    assert len(list(orgkeys.folder().iterdir())) == 1


def test_a_key_file_taken_away_closes_although_it_was_held_in_memory(record, org):
    unseal(record, "name", org=org)
    orgkeys.path_of(org, 1).unlink()
    with pytest.raises(KeyMissing):
        unseal(record, "name", org=org)


def test_at_most_so_many_organisation_keys_are_held(record, org):
    for _ in range(orgkeys.HELD_AT_MOST + 5):
        other = uuid4()
        orgkeys.create(other, 1)
        orgkeys.cipher(other, 1)
    assert len(orgkeys._held) == orgkeys.HELD_AT_MOST
    assert unseal(record, "name", org=org) == {"name": "Malee"}
