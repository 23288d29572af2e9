import pickle
from uuid import uuid4

import pytest
from django.core import serializers
from django.db import connection
from django.forms import modelform_factory
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from saphan.core import orgkeys
from saphan.core.models import DataKey
from saphan.core.sealing import Broken, KeyMissing, Sealed, SealedField, reseal, rotate_data_keys, seal, seal_bytes, unseal, unseal_bytes, unseal_many
from saphan.core.sensitivity import Sensitivity
from saphan.core.tests.scratch import Note

pytestmark = pytest.mark.usefixtures("notes")
repeated = limits(max_examples=60)


def raw(record: Note, field: str = "name") -> bytes:
    """The ciphertext as it lies in the column."""
    value = getattr(record, field)
    assert isinstance(value, Sealed)
    return value.ciphertext


def note(org, **values) -> Note:
    record = Note(scope=uuid4())
    seal(record, org=org, **values)
    record.save()
    return Note.objects.get(pk=record.pk)


@repeated
@given(text=st.text(st.characters()))
def test_any_text_comes_back_as_it_was(org, text):
    assert unseal(note(org, name=text), "name", org=org) == {"name": text}


def test_nothing_stays_nothing_and_an_empty_text_stays_an_empty_text(org):
    record = note(org, name=None, alias="")
    assert record.name is None
    assert unseal(record, "name", "alias", "illness", org=org) == {"name": None, "alias": "", "illness": None}
    assert Note.objects.filter(name__isnull=True, alias__isnull=False).exists()


@repeated
@given(data=st.data())
def test_one_flipped_bit_anywhere_is_found(org, data):
    record = note(org, name="สมหญิง")
    flipped = bytearray(raw(record))
    bit = data.draw(st.integers(0, len(flipped) * 8 - 1))
    flipped[bit // 8] ^= 1 << bit % 8
    record.name = Sealed(bytes(flipped))
    with pytest.raises(Broken):
        unseal(record, "name", org=org)


@pytest.mark.parametrize("length", [0, 1, 4, 17, 32])
def test_a_shortened_ciphertext_is_found(org, length):
    record = note(org, name="สมหญิง")
    record.name = Sealed(raw(record)[:length])
    with pytest.raises(Broken):
        unseal(record, "name", org=org)


def test_a_ciphertext_moved_to_another_row_column_or_scope_does_not_open(org):
    first, second = note(org, name="a"), Note(scope=uuid4())
    seal(second, org=org, name="b")
    same_scope = Note(scope=first.scope)
    for thief, field in [(second, "name"), (same_scope, "name"), (first, "alias")]:
        setattr(thief, field, first.name)
        with pytest.raises(Broken) as refused:
            unseal(thief, field, org=org)
        assert refused.value.sentence


def test_a_health_text_moved_into_an_identity_column_does_not_open(org):
    record = note(org, name="a", illness="b")
    record.name = record.illness
    with pytest.raises(Broken):
        unseal(record, "name", org=org)


def test_an_organisation_without_the_key_gets_a_sentence_and_no_text(org, partner):
    record = note(org, name="a")
    with pytest.raises(KeyMissing) as refused:
        unseal(record, "name", org=partner)
    assert refused.value.sentence
    with pytest.raises(KeyMissing):
        seal(Note(scope=record.scope), org=partner, name="b")


def test_a_lost_key_file_is_a_clean_refusal_and_is_never_replaced_by_a_new_key(org):
    record = note(org, name="a")
    orgkeys.path_of(org, 1).unlink()
    with pytest.raises(KeyMissing):
        unseal(record, "name", org=org)
    with pytest.raises(KeyMissing):
        note(org, name="b")
    assert orgkeys.versions(org) == []


def test_a_damaged_wrapped_key_is_found(org):
    record = note(org, name="a")
    DataKey.objects.update(wrapped=b"\0" * 60)
    with pytest.raises(Broken):
        unseal(record, "name", org=org)


def test_a_wrapped_key_moved_to_another_scope_is_found(org):
    first, second = note(org, name="a"), note(org, name="b")
    stolen = DataKey.objects.get(scope=first.scope).wrapped
    DataKey.objects.filter(scope=second.scope).update(wrapped=stolen)
    with pytest.raises(Broken):
        unseal(second, "name", org=org)


def test_a_sealed_value_shows_nothing(org):
    record = note(org, name="CANARY-7731")
    assert repr(record.name) == str(record.name) == "[sealed]"
    shown = [repr(record.__dict__), repr(list(Note.objects.values())), serializers.serialize("json", [record]), pickle.dumps(record.name)]
    assert not any("CANARY-7731" in str(each) for each in shown)


def test_plain_text_cannot_be_saved_into_or_searched_in_a_sealed_column():
    with pytest.raises(TypeError) as refused:
        Note(scope=uuid4(), name="CANARY").save()
    assert "CANARY" not in str(refused.value)
    with pytest.raises(TypeError):
        Note.objects.filter(name="CANARY").exists()


def test_a_sealed_field_enters_no_form_and_remembers_its_class_in_migrations():
    field = Note._meta.get_field("illness")
    _name, path, args, options = field.deconstruct()
    assert "name" not in modelform_factory(Note, fields="__all__").base_fields
    assert (path, args, options) == ("saphan.core.sealed_field.SealedField", ["health"], {})
    with pytest.raises(ValueError):
        SealedField(Sensitivity.WORKING)


def test_a_dumped_record_loads_again(org):
    record = note(org, name="a")
    dumped = Note._meta.get_field("name").value_to_string(record)
    assert Note._meta.get_field("name").to_python(dumped) == record.name


def test_only_sealed_fields_can_be_sealed(org):
    with pytest.raises(TypeError):
        seal(Note(scope=uuid4()), org=org, scope="x")


def test_sealing_again_under_a_new_generation(org, partner):
    record = note(org, name="a", illness="b")
    before = raw(record)
    rotate_data_keys(record.scope)
    assert unseal(record, "name", "illness", org=org) == {"name": "a", "illness": "b"}
    reseal(record, org=org)
    record = Note.objects.get(pk=record.pk)
    assert raw(record)[1:5] == b"\0\0\0\2"
    assert before[1:5] == b"\0\0\0\1"
    assert unseal(record, "name", "illness", org=org) == {"name": "a", "illness": "b"}


def test_a_blob_is_bound_to_its_place(org):
    scope = uuid4()
    sealed = seal_bytes(b"content", scope=scope, sensitivity="legal", org=org, binding=["file", "1"])
    assert unseal_bytes(sealed, scope=scope, sensitivity="legal", org=org, binding=["file", "1"]) == b"content"
    with pytest.raises(Broken):
        unseal_bytes(sealed, scope=scope, sensitivity="legal", org=org, binding=["file", "2"])


def test_an_act_asks_for_keys_once(org, django_assert_num_queries):
    record = note(org, name="a", illness="b")
    others = [Note(scope=record.scope) for _ in range(3)]
    for other in others:
        seal(other, org=org, name="x")
    with django_assert_num_queries(1):
        seal(record, org=org, name="c", alias="d", illness="e")
    with django_assert_num_queries(1):
        unseal(record, "name", "alias", "illness", org=org)
    with django_assert_num_queries(1):
        unseal_many([record, *others], "name", org=org)
    with django_assert_num_queries(0):
        unseal(Note(scope=record.scope), "name", org=org)


def test_no_plain_text_lies_in_the_database_file(org, transactional_db, settings, tmp_path):
    """The canary is looked for in the bytes of the whole store: the file and its log."""
    if connection.vendor != "sqlite":
        pytest.skip("the embedded store is a file")
    canary = "CANARY-" + uuid4().hex
    with connection.cursor() as cursor:
        cursor.execute("ATTACH DATABASE %s AS raw", [str(tmp_path / "raw.sqlite3")])
        cursor.execute("PRAGMA raw.journal_mode=WAL")
        cursor.execute("CREATE TABLE raw.note (name, alias)")
        record = note(org, name=canary, alias="ลับ" + canary)
        cursor.execute("INSERT INTO raw.note SELECT name, alias FROM core_note WHERE id = %s", [record.pk.hex])
        cursor.execute("INSERT INTO raw.note VALUES ('visible', 1)")
        store = b"".join(file.read_bytes() for file in tmp_path.glob("raw.sqlite3*"))
        cursor.execute("DETACH DATABASE raw")
    assert b"visible" in store
    assert raw(record) in store
    assert canary.encode() not in store
    Note.objects.all().delete()
