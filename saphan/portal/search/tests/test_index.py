import pytest
from django.db import connection, transaction

from saphan.portal.search import services, vocabulary
from saphan.portal.search.models import CutText, SearchEntry, SearchWord
from saphan.portal.search.sources import Row
from saphan.portal.search.tests.rows import Shelf, found, thing

pytestmark = pytest.mark.django_db


def test_check_and_rebuild_cover_every_room(shelf, monkeypatch):
    other = Shelf()
    monkeypatch.setattr(services, "SOURCES", {"thing": shelf, "book": other})
    shelf.put(thing(1, "Pact"))
    other.things["book:1"] = Row(key="book:1", kind="other", url="/9/", language="en", title="Book", summary="", text="")
    assert services.check().missing == ["book:1"]
    heard: list[int] = []
    assert services.rebuild(heard.append) == 2
    assert heard == [2]
    assert services.check().whole
    assert found("book") == [9]


def test_the_check_tells_what_is_missing_surplus_or_stale(shelf):
    shelf.put(thing(1, "One"), thing(2, "Two"), thing(3, "Three"))
    shelf.things["thing:1"] = thing(1, "One, changed behind our back")
    del shelf.things["thing:2"]
    CutText.objects.get(entry__key="thing:3").delete()
    told = services.check()
    assert (told.stale, told.surplus, told.missing) == (["thing:1"], ["thing:2"], ["thing:3"])
    assert services.rebuild_if_needed() == "2 pages indexed"
    assert services.check().whole
    assert vocabulary.differences() == 0


def test_another_name_of_a_country_makes_its_things_stale(shelf):
    from saphan.directory.models import Country

    country = Country.objects.create(code="ZZ", name_en="Nowhere", name_th="ไม่มี")
    shelf.put(thing(1, "One", countries=["ZZ"]))
    Country.objects.filter(pk=country.pk).update(name_en="Elsewhere")
    assert services.check().stale == ["thing:1"]
    services.rebuild()
    assert found("elsewhere") == [1]


def test_a_rebuild_does_not_claim_that_all_has_changed(shelf):
    shelf.put(thing(1, "One"))
    before = SearchEntry.objects.get().changed_at
    pk = SearchEntry.objects.get().pk
    services.rebuild()
    assert SearchEntry.objects.get().changed_at == before
    assert SearchEntry.objects.get().pk == pk
    shelf.put(thing(1, "One more"))
    assert SearchEntry.objects.filter(changed_at__gt=before).exists()


def test_what_is_taken_back_while_the_index_is_rebuilt_stays_away(shelf, monkeypatch):
    shelf.put(thing(1, "One"), thing(2, "Two"))
    rows = list(shelf.rows())

    def slow(given):
        del shelf.things["thing:2"]
        services.forget("thing:2")
        yield rows

    with monkeypatch.context() as patch:
        patch.setattr(services, "_batches", slow)
        services.write_all([])
    assert found("two") == [2]
    services.rebuild()
    assert found("two") == []


def test_a_rebuild_holds_few_texts_at_once():
    long = [thing(number, "t", "x" * 200_000) for number in range(7)]
    assert [len(batch) for batch in services._batches(long)] == [3, 3, 1]
    assert [len(batch) for batch in services._batches(thing(number) for number in range(450))] == [200, 200, 50]
    assert [len(batch) for batch in services._batches([thing(1, "a"), thing(1, "b")])] == [1]


def test_a_crash_leaves_thing_entry_and_words_as_they_were(shelf, monkeypatch):
    shelf.put(thing(1, "Before the storm"))

    def crash(*_given):
        raise RuntimeError("power cut")

    monkeypatch.setattr(vocabulary, "change", crash)
    with pytest.raises(RuntimeError), transaction.atomic():
        shelf.put(thing(1, "After"))
    monkeypatch.undo()
    assert found("storm") == [1]
    assert found("after") == []
    assert vocabulary.differences() == 0


def test_what_no_database_takes_is_taken_out(shelf):
    shelf.put(thing(1, "Nul\x00and\ud800half", "text\x00more\udfff", summary="\x00", author="A\x00B"))
    assert found("half") == [1]
    assert services.check().whole


def test_many_things_are_renewed_together(shelf):
    shelf.put(thing(1, "One"), thing(2, "Two"))
    services.refresh_all([thing(1, "One"), thing(3, "Three")], {"thing:1", "thing:2", "thing:3"})
    assert sorted(SearchEntry.objects.values_list("key", flat=True)) == ["thing:1", "thing:3"]
    assert found("two") == []
    assert vocabulary.differences() == 0


def test_words_are_counted_as_things_come_change_and_go(shelf):
    shelf.put(thing(1, "Harbour harbour", "quay"), thing(2, "Harbour"))
    assert SearchWord.objects.get(word="harbour").entries == 2
    shelf.put(thing(1, "Quay"))
    assert SearchWord.objects.get(word="harbour").entries == 1
    shelf.take(2)
    assert not SearchWord.objects.filter(word="harbour").exists()
    assert vocabulary.differences() == 0
    SearchWord.objects.update(entries=9)
    assert vocabulary.differences() == 1
    assert vocabulary.recount() == 1
    assert vocabulary.differences() == 0


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL computes its columns itself")
def test_a_torn_engine_index_is_seen_and_mended(shelf):
    shelf.put(thing(1, "Whole"))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO portal_search_fts(portal_search_fts) VALUES('delete-all')")
    assert services.check().engine
    services.rebuild()
    assert services.check().whole
    assert found("whole") == [1]


def test_the_commands_tell_of_words_too(shelf):
    from typer.testing import CliRunner

    from saphan.portal.search.commands import search

    shelf.put(thing(1, "One hundred"))
    runner = CliRunner()
    SearchWord.objects.all().delete()
    answer = runner.invoke(search, ["check"])
    assert answer.exit_code == 1
    assert "words counted wrongly: 2" in answer.output
    assert "1 entries indexed" in runner.invoke(search, ["rebuild"]).output
    assert runner.invoke(search, ["check", "--json"]).exit_code == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_who_writes_an_entry_waits_for_who_takes_it_back(shelf):
    from threading import Event, Thread

    from django.db import connections

    asked, reading = Event(), Event()
    shelf.put(thing(1, "Withdrawn"))
    row = shelf.row

    def heard(key):
        reading.set()
        return row(key)

    def write():
        try:
            asked.set()
            services.refresh("thing:1")
        finally:
            connections.close_all()

    with transaction.atomic():
        services.forget("thing:1")
        shelf.row = heard
        writer = Thread(target=write)
        writer.start()
        asked.wait(5)
        assert not reading.wait(0.5)  # it has not looked before we are done
        del shelf.things["thing:1"]
    writer.join(10)
    assert reading.is_set()
    assert not SearchEntry.objects.exists()
